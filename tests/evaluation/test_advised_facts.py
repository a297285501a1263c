"""Facts of advised people, and the benchmark that knows who advised them, against loops over decisions."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from advised import advised
from judges import judged

import estimation as est
from estimation.errors import ComparisonError
from estimation.evaluation.comparison.advised_cells import advised_cell
from estimation.evaluation.comparison.benchmark import BENCHMARK, NOTHING, benchmark_scores
from estimation.evaluation.facts.advised import advised_facts
from estimation.evaluation.facts.averaged import advised_tilts
from estimation.evaluation.facts.facts import facts

AFTER = "following after the adviser was right, minus after a mistake"
AGREES = "following if own information agrees, minus if it does not"
LATER = "following in the later half of periods, minus in the earlier"


def of_people(table):
    """Rows of each person as dictionaries, in the order of time."""
    return [rows.sort_values("period").to_dict("records") for _, rows in table.frame.groupby("subject")]


def apart(yes, no):
    return np.mean(yes) - np.mean(no)


def by_hand(table, own):
    """Return the facts on following, person by person and decision by decision."""
    after, agrees, late, by_adviser = ([], []), ([], []), ([], []), {}
    middle = (table.frame["period"].min() + table.frame["period"].max()) / 2
    for rows in of_people(table):
        last, outcomes = {}, []
        for row in rows:
            follows = row["action"] == row["message"]
            by_adviser.setdefault(row["partner"], []).append(follows)
            if row["partner"] in last:
                after[0 if last[row["partner"]] else 1].append(follows)
            if own == "told":
                agrees[0 if (row["own_probability"] > 0.5) == (row["message"] == 1) else 1].append(follows)
            elif outcomes:
                agrees[0 if outcomes[-1] == row["message"] else 1].append(follows)
            late[0 if row["period"] > middle else 1].append(follows)
            last[row["partner"]] = row["state"] == row["message"]
            outcomes.append(row["state"])
    shares = {f"share that follows adviser {name}": np.mean(found) for name, found in by_adviser.items()}
    return shares | {AFTER: apart(*after), AGREES: apart(*agrees), LATER: apart(*late)}


@pytest.mark.parametrize("own", ["told", "experience"])
def test_what_people_follow_and_after_what_is_counted(own):
    table = advised(people=5, decisions=20, own=own)
    shown = facts(table.frame.sample(frac=1, random_state=1), table)  # in whatever order rows stand
    found = dict(zip(shown["statistic"], shown["value"], strict=True))
    for name, value in by_hand(table, own).items():
        assert found[name] == pytest.approx(value), name


def test_weights_on_advice_are_slopes_and_who_keeps_the_own_estimate_is_counted():
    table = judged(people=4, decisions=20)
    rows = table.frame
    rows.loc[rows.index[::5], "action"] = rows["first_estimate"].round()
    found = {name: one.of(rows["action"].to_numpy()) for name, one in advised_facts(table.games["dates"], rows).items()}
    assert found["share that keeps the own estimate"] == pytest.approx(
        np.mean(rows["action"] == rows["first_estimate"].round())
    )
    for who in ("near", "far"):
        met = rows[rows["partner"] == who]
        design = (met["message"] - met["first_estimate"]).to_numpy()[:, None]
        slope = np.linalg.lstsq(design, (met["action"] - met["first_estimate"]).to_numpy(), rcond=None)[0][0]
        assert found[f"weight on advice of {who}"] == pytest.approx(slope)


def test_advisers_who_say_what_people_think_have_no_weight():
    """One weight for all where the game lists nobody; none of an adviser whose word is always the own estimate."""
    frame, listed = judged().frame, judged().games["dates"]
    near = frame["partner"] == "near"
    table = est.Table.from_frame(
        frame.assign(message=frame["message"].where(~near, frame["first_estimate"])), {"dates": listed}
    )
    assert set(advised_facts(listed, table.frame)) == {"share that keeps the own estimate", "weight on advice of far"}
    game = est.JudgeAdvisor(lowest=0, highest=100, step=1)
    fact = advised_facts(game, frame)["weight on advice"]
    distance = frame["message"] - frame["first_estimate"]
    slope = (distance * (frame["action"] - frame["first_estimate"])).sum() / (distance**2).sum()
    assert fact.of(frame["action"].to_numpy(float)) == pytest.approx(slope)


def test_what_options_add_makes_the_fact():
    """The table by option that costs are told by holds, at what was chosen, the terms of the sum."""
    for table in (advised(people=3, decisions=12, own="told"), judged(people=3, decisions=8)):
        (condition,), frame = table.conditions, table.frame
        shown = facts(frame, table).set_index("statistic")["value"]
        for name, tilt in advised_tilts(table, "receiver", condition).items():
            total = 0.0
            for subject in table.subjects:
                places = np.flatnonzero(frame["subject"] == subject)
                total += _chosen(tilt, table.games[condition], frame, places)
            assert total == pytest.approx(shown[name]), name


def _chosen(tilt, game, frame, places):
    one = SimpleNamespace(block=SimpleNamespace(rows=places, options=game.actions))
    chosen = [int(np.argmin(np.abs(game.actions - action))) for action in frame["action"].to_numpy()[places]]
    return tilt(one)[np.arange(len(places)), chosen].sum()


def following(rule, people=24, decisions=30, seed=3, **game):
    """People who follow by a rule: (row, last outcome of this adviser's word, generator) → whether they do."""
    table, rng = advised(people=people, decisions=decisions, seed=seed, **game), np.random.default_rng(seed)
    frame = table.frame
    for _, rows in frame.groupby("subject"):
        last = {}
        for place, row in rows.sort_values("period").iterrows():
            follows = rule(row, last.get(row["partner"]), rng)
            frame.loc[place, "action"] = row["message"] if follows else 1 - row["message"]
            last[row["partner"]] = row["state"] == row["message"]
    return est.Table.from_frame(frame, table.games, name="rule", synthetic=True)


@pytest.mark.parametrize(
    "rule",
    [
        lambda row, _last, _rng: row["partner"] == "good",
        lambda _row, last, _rng: bool(last),
        lambda row, _last, _rng: (row["own_probability"] > 0.5) == (row["message"] == 1),
    ],
    ids=["by adviser", "by the last outcome", "by own information"],
)
def test_a_rule_of_following_is_learnt_from_others(rule):
    """People left out are predicted far better than by chance, log 2 = .69 nats a decision."""
    assert benchmark_scores(following(rule, own="told")).sum() / (24 * 30) > -0.25


def test_a_coin_is_not_predicted():
    score = benchmark_scores(following(lambda _row, _last, rng: rng.random() < 0.5, own="told")).sum() / (24 * 30)
    assert -0.75 < score < -0.68


def test_circumstances_hold_every_decision_once_and_tables_are_distributions():
    for states in (("down", "up"), ("a", "b", "c")):
        table = advised(people=3, decisions=15, states=states, own="experience")
        cell = advised_cell(table, "bets")
        np.testing.assert_array_equal(cell.counts.sum(axis=(1, 2)), 15)
        follows = (table.frame["action"] == table.frame["message"]).groupby(table.frame["subject"]).sum()
        np.testing.assert_array_equal(cell.counts[:, :, 0].sum(axis=1), follows)
        np.testing.assert_allclose(cell.smoothed(cell.counts.sum(axis=0), 8.0, 1.0).sum(axis=1), 1)


def test_theories_of_advice_have_a_completeness_and_judges_none():
    scale = est.benchmark(
        following(lambda _row, last, rng: rng.random() < (0.9 if last else 0.2), people=12, own="told")
    )
    assert scale[BENCHMARK].sum() > scale[NOTHING].sum() + 20
    with pytest.raises(ComparisonError, match="first estimate"):
        est.benchmark(judged(people=3, decisions=8))
