"""Facts of people who talk, and decisions that are simulated for them, against loops over decisions.

Draws of people are made up (`theory_grid`). About 10 processor seconds.
"""

from __future__ import annotations

import math
from statistics import fmean, stdev

import numpy as np
import pandas as pd
import pytest
import theory_grid as grid
from advised import advised
from engine import trust_experiment
from theory_grid import DIRECTION, GAMES, Pulling, done, drawn, natural, pulled, seen

import estimation as est

FRAME = grid.decisions()
SURE = {"sender_precision": 12.0, "receiver_precision": 12.0, "lapse": -40.0}  # who aims somewhere takes the nearest


def nearest(row, value):
    """The option nearest to the aim."""
    return min(range(GAMES[row["condition"]].highest + 1), key=lambda option: abs(option - pulled(row, value)))


def decided(row, value):
    """The row with the option nearest to the aim."""
    return row | {"message" if row["role"] == "sender" else "action": nearest(row, value)}


def gap(row):
    """By how much a message exceeds the state in the sender's interest, or an action stays behind what was heard."""
    sign = DIRECTION[row["condition"]]
    return sign * (done(row) - seen(row)) if row["role"] == "sender" else sign * (seen(row) - done(row))


def spread(values):
    return stdev(values) if len(values) > 1 else math.nan


def slope(pairs):
    x, y = zip(*pairs, strict=True)
    middle, level = fmean(x), fmean(y)
    down = sum((one - middle) ** 2 for one in x)
    return sum((one - middle) * (other - level) for one, other in pairs) / down if down else math.nan


def correlation(pairs):
    x, y = ([pair[place] - fmean(one[place] for one in pairs) for pair in pairs] for place in (0, 1))
    both = sum(one * other for one, other in zip(x, y, strict=True))
    apart = sum(one**2 for one in x) * sum(one**2 for one in y)
    return both / math.sqrt(apart) if apart else math.nan


def facts(rows):
    """Return the named facts of some decisions by (statistic, condition, role)."""
    found, said, heard = {}, {}, {}
    for condition in GAMES:
        for role, gaps in {"sender": "exaggeration", "receiver": "correction"}.items():
            here = [row for row in rows if (row["condition"], row["role"]) == (condition, role)]
            values = [gap(row) for row in here]
            people = {}
            for row in here:
                people.setdefault(row["subject"], []).append(gap(row))
                (said if role == "sender" else heard).setdefault(row["subject"], []).append(gap(row))
            plain = "share of true messages" if role == "sender" else "share of messages taken literally"
            up = "slope of message on state" if role == "sender" else "slope of action on message"
            mine = {f"mean {gaps}": fmean(values), f"sd of {gaps}": spread(values)}
            mine |= {plain: fmean(value == 0 for value in values), up: slope([(seen(row), done(row)) for row in here])}
            mine |= {f"sd of people's mean {gaps}": spread([fmean(own) for own in people.values()])}
            if role == "sender":
                end = GAMES[condition].highest if DIRECTION[condition] > 0 else 0
                mine["share of messages at the far end"] = fmean(done(row) == end for row in here)
            found |= {(name, condition, role): value for name, value in mine.items()}
    found["correlation of people's exaggeration and correction", "all", "both"] = correlation(
        [(fmean(said[who]), fmean(heard[who])) for who in said if who in heard]
    )
    return found


def test_facts_are_those_of_the_decisions_and_of_what_each_person_would_do():
    """People of the fit are the same in all draws and choose the option that they aim at: predictions are exact."""
    table = grid.table_of(FRAME)
    pull = np.random.default_rng(9).normal(size=6)
    fit = grid.with_draws(Pulling(), table, theta={"pull": pull, **SURE})
    again = [
        row
        | {
            "message" if row["role"] == "sender" else "action": nearest(
                row, natural(fit, drawn(fit, 0, row["subject"])[1])
            )
        }
        for row in FRAME.to_dict("records")
    ]
    observed = facts(FRAME.to_dict("records"))
    predicted = facts(again)
    found = est.predictive_check(fit, draws=4)
    assert (found["low"] == found["high"]).all()
    seen_facts = 0
    for row in found.to_dict("records"):
        key = row["statistic"], row["group"], row["role"]
        if key in observed:
            seen_facts += 1
            assert row["observed"] == pytest.approx(observed[key]), key
            assert row["predicted"] == pytest.approx(predicted[key]), key
    assert seen_facts == sum(not math.isnan(observed[key] + predicted[key]) for key in observed)


def test_people_are_checked_at_the_columns_of_another_table():
    """Coefficients are so large that everybody of country B moves by the whole range, and nobody of A."""
    here = grid.table_of(FRAME)
    fit = grid.with_draws(Pulling(pull="~ country"), here, theta={"pull": -30.0, **SURE})
    fit.posterior["coefficient"][:] = 60.0
    country = FRAME.groupby("subject")["country"].first()
    for theirs in "AB":
        found = est.predictive_check(fit, grid.table_of(FRAME.assign(country=theirs)), draws=3)
        rows = []
        for row in FRAME.to_dict("records"):
            moved = -30.0 + 60.0 * ((theirs == "B") - (country[row["subject"]] == "B"))
            value = {"pull": 1 / (1 + math.exp(-moved))}
            rows.append(decided(row, value))
        predicted = facts(rows)
        for row in found.to_dict("records"):
            key = row["statistic"], row["group"], row["role"]
            if key in predicted:
                assert row["predicted"] == pytest.approx(predicted[key]), (theirs, key)


def test_simulated_people_do_what_their_own_parameters_say():
    table = grid.table_of(FRAME)
    fit = grid.with_draws(Pulling(pull="~ age"), table, mean=SURE)
    simulated, truth = est.simulate(fit, table, seed=3)
    own = truth.set_index("subject")["pull"]
    assert own.nunique() == 6
    for row in simulated.frame.to_dict("records"):
        value = {"pull": own[row["subject"]]}
        apart = abs(done(row) - pulled(row, value)) - abs(nearest(row, value) - pulled(row, value))
        assert apart < 0.1, row  # as near as it can be; options that are as far nearly are as good


def test_accusations_are_corrections_whatever_direction_lies_have():
    """Reports are accepted or called a lie, in games in which high reports score and in which low ones do."""
    games = {name: est.AccusationGame(name, highest=6) for name in ("over", "under")}
    table = est.design(games, 8, 6, seed=1)
    rng = np.random.default_rng(2)
    frame = table.frame.assign(
        action=np.where(table.frame["role"] == "receiver", rng.integers(2, size=len(table)), np.nan)
    )
    table = est.Table.from_frame(frame, games, synthetic=True)
    rows = frame[frame["role"] == "receiver"].to_dict("records")
    accused = {name: fmean(row["action"] for row in rows if row["condition"] == name) for name in games}
    fit = grid.with_draws(est.NaiveAccusation(), table)
    found = est.predictive_check(fit, draws=2)
    corrections = found[found["statistic"] == "mean correction"].set_index("group")["observed"]
    assert corrections.to_dict() == pytest.approx(accused)


@pytest.mark.parametrize("column", ["state", "outcome"])
def test_facts_of_advice_are_counted_by_adviser_and_after_what_came_of_the_last_word(column):
    table = advised(people=4, decisions=15, right={"10": 0.8, "2": 0.5, "1": 0.2})
    frame = table.written.rename(columns={"state": column}).assign(**({} if column == "state" else {"state": None}))
    table = est.Table.from_frame(frame.sample(frac=1.0, random_state=2), table.games, synthetic=True)
    rows = frame.to_dict("records")
    follows = {who: fmean(r["action"] == r["message"] for r in rows if r["partner"] == who) for who in ("10", "2", "1")}
    expected = {f"share that follows adviser {who}": share for who, share in follows.items()}
    after = {True: [], False: []}
    for row in rows:
        met = [r for r in rows if (r["subject"], r["partner"]) == (row["subject"], row["partner"])]
        before = [r for r in met if r["period"] < row["period"]]
        if before:
            last = max(before, key=lambda one: one["period"])
            after[last["message"] == last[column]].append(row["action"] == row["message"])
    name = "following after the adviser was right, minus after a mistake"
    expected[name] = fmean(after[True]) - fmean(after[False])
    found = est.predictive_check(est.AdviceTaking(own="ignored"), table, draws=2).set_index("statistic")["observed"]
    for name, value in expected.items():
        assert found[name] == pytest.approx(value), name


def test_how_people_differ_is_no_fact_where_only_one_person_decided():
    table, _ = trust_experiment(people=8, decisions=10)
    frame = table.frame
    only = (frame["condition"] == "over") & (frame["subject"] != table.subjects[0])
    checked = est.predictive_check(est.TrustEmbedded(), est.Table.from_frame(frame[~only], table.games), draws=20)
    assert checked.notna().all(axis=None)
    differences = checked[checked["statistic"].str.startswith("sd of people's")]
    assert "over" not in set(differences["group"])
    assert "under" in set(differences["group"])


def test_receivers_hear_what_was_sent_in_their_own_game():
    """A partner who sent in another game the period before has said nothing to them."""
    games = {name: est.EstimationGame("over", highest=10, prior_a=a) for name, a in {"one": 1.0, "two": 2.0}.items()}
    rows = []
    for period in range(1, 7):
        common = {"period": period, "state": 4.0, "action": 5.0, "message": 9.0}
        condition = "one" if period < 4 else "two"
        rows.append(common | {"subject": "10", "role": "sender", "partner": "2", "condition": condition})
        rows.append(common | {"subject": "2", "role": "receiver", "partner": "10", "condition": condition})
    table = grid.table_of(pd.DataFrame(rows), games)
    truthful = {"sender_precision": (200.0, 1e-9), "receiver_precision": (5.0, 1e-9)}
    simulated, _ = est.simulate(est.Honest(lapse=False), table, truthful, seed=1)
    heard = simulated.frame.query("role == 'receiver'").set_index("period")["message"]
    assert heard.to_dict() == {1: 9.0, 2: 4.0, 3: 4.0, 4: 9.0, 5: 4.0, 6: 4.0}
    hidden = table.frame["period"].isin([2, 5]) & (table.frame["role"] == "receiver")
    table = grid.table_of(table.frame.assign(state=table.frame["state"].mask(hidden)), games)
    simulated, _ = est.simulate(est.Honest(lapse=False), table, truthful, seed=1)
    assert simulated.frame["state"].isna().equals(hidden)  # what was not shown does not come out
