"""Paths of trust, and advisers who are right, trusted and followed, against loops over decisions.

Draws of people are made up (`theory_grid`). About 8 processor seconds.
"""

from __future__ import annotations

from statistics import fmean

import pytest
import theory_grid as grid
from advised import advised
from engine import messages_with_outcomes
from theory_grid import SAMPLES, drawn, natural

import estimation as est


@pytest.mark.parametrize("about", ["everyone", "partner"])
def test_trust_in_each_decision_counts_what_was_borne_out_before_it(about):
    table = messages_with_outcomes(people=3, decisions=10, partners=3)
    names = dict(zip(table.subjects, ["10", "2", "1"], strict=True))
    frame = table.frame.assign(subject=table.frame["subject"].map(names)).sample(frac=1.0, random_state=1)
    table = est.Table.from_frame(frame, table.games, synthetic=True)
    fit = grid.with_draws(est.DynamicTrust(rule="counts", about=about), table)
    found = est.predict(fit, what="trust", by=["subject", "period"], draws=SAMPLES, interval=0.5)
    rows = frame.to_dict("records")
    for one in found.to_dict("records"):
        (now,) = (row for row in rows if (row["subject"], row["period"]) == (one["subject"], one["period"]))
        values = []
        for sample in range(SAMPLES):
            value = natural(fit, drawn(fit, sample, now["subject"])[1])
            before = [
                1 - abs(row["message"] - row["state"]) / 20
                for row in rows
                if row["subject"] == now["subject"] and row["period"] < now["period"]
                if about == "everyone" or row["partner"] == now["partner"]
            ]
            first = value["first_weight"]
            values.append((first * value["trust"] + sum(before)) / (first + len(before)))
        assert one["mean"] == pytest.approx(fmean(values)), one


def test_following_and_trust_of_advisers_are_those_of_their_record():
    """Advisers have numbers for names; weights of log odds, trust that follows what each was right in."""
    names = {"10": 0.8, "2": 0.5, "1": 0.2}
    table = advised(people=3, decisions=12, right=names)
    fit = grid.with_draws(est.AdviserLearning(combine="log-odds"), table)
    rows = table.frame.to_dict("records")
    trust, follow = {}, {}
    for row in rows:
        for sample in range(SAMPLES):
            value = natural(fit, drawn(fit, sample, row["subject"])[1])
            before = [one for one in rows if one["subject"] == row["subject"] and one["period"] < row["period"]]
            met = [one["message"] == one["state"] for one in before if one["partner"] == row["partner"]]
            first = value["first_weight"]
            now = (first * value["trust"] + sum(met)) / (first + len(met))
            chance = now ** value["advice_weight"] / (
                now ** value["advice_weight"] + (1 - now) ** value["advice_weight"]
            )
            chance = (1 - value["lapse"]) * chance + value["lapse"] / 2
            trust.setdefault(row["partner"], {}).setdefault(sample, []).append(now)
            follow.setdefault(row["partner"], {}).setdefault(sample, []).append(chance)
    for what, expected in {"trust": trust, "follow": follow}.items():
        found = est.predict(fit, what=what, by="partner", draws=SAMPLES).set_index("partner")
        assert set(found.index) == set(names)
        for who, by_sample in expected.items():
            assert found.loc[who, "mean"] == pytest.approx(fmean(fmean(own) for own in by_sample.values())), (what, who)


@pytest.mark.parametrize("change", [0.1, -0.1])
def test_advisers_are_right_as_much_more_often_as_asked_for_however_few_of_their_words_a_person_heard(change):
    table = advised(people=30, decisions=9)
    frames = [one.frame for one in (table, est.with_accuracy(table, change, seed=2))]
    for who in ("good", "even", "bad"):
        shares, count = [], 0
        for frame in frames:
            told = [row for row in frame.to_dict("records") if row["partner"] == who]
            shares.append(fmean(row["message"] == row["state"] for row in told))
            count = len(told)
        assert shares[1] - shares[0] == pytest.approx(change, abs=1 / count)


def test_people_who_were_told_accuracies_are_told_the_new_ones():
    table = advised(people=10, decisions=30, accuracies={"even": 0.5})
    other = est.with_accuracy(table, 0.1)
    assert other.games["bets"].accuracies == {"even": 0.6}
    fit = grid.with_draws(est.AdviceTaking(own="ignored"), table)
    found = est.effect(fit, other, table, what="trust", by="partner", draws=SAMPLES).set_index("partner")
    assert found.loc["even", ["mean", "low", "high"]].tolist() == pytest.approx([0.1] * 3)
    assert found.loc[["good", "bad"], "mean"].tolist() == [0.0, 0.0]
