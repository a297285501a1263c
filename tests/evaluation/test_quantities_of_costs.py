"""What theories miss and what it costs, against loops: tilts of each decision, and strengths searched person by person.

Draws of people are made up (`theory_grid`). About 5 processor seconds.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import fmean, stdev

import numpy as np
import pytest
import theory_grid as grid
from scipy import optimize
from theory_grid import DIRECTION, GAMES, SAMPLES, Pulling, done, drawn, natural, pulled, seen

import estimation as est
from estimation.evaluation.facts.averaged import BETWEEN, FACTS, choices_of, habits_of
from estimation.evaluation.facts.tilts import HELD, personal, tilted


@pytest.fixture(scope="module")
def frame():
    """Odd names, one role of two, one decision of somebody: some repeat themselves, some round."""
    rows = grid.decisions(periods=20)
    did = np.where(rows["role"] == "sender", rows["message"], rows["action"])
    did = np.where(rows["subject"].isin(["10", "é"]), 5.0, did)
    return rows.assign(
        message=np.where(rows["role"] == "sender", did, rows["message"]),
        action=np.where(rows["role"] == "receiver", did, rows["action"]),
    )


@pytest.fixture(scope="module")
def fit(frame):
    return grid.with_draws(Pulling(), grid.table_of(frame), theta={"lapse": -2.0})


def gap_of(row, option):
    sign = DIRECTION[row["condition"]] * (1 if row["role"] == "sender" else -1)
    return sign * (option - seen(row))


def tilts(frame, role, condition):
    """Return the numbers of facts and habits by name: (row, option) → T; and the decisions there by person, in time."""
    here = frame[(frame["role"] == role) & (frame["condition"] == condition)].sort_values("period")
    rows = here.to_dict("records")
    top, every = GAMES[condition].highest, [gap_of(row, done(row)) for row in rows]
    gap, given, period = fmean(every), fmean(map(seen, rows)), fmean(row["period"] for row in rows)
    people, last = {}, {}
    for row in rows:
        mine = people.setdefault(row["subject"], [])
        last[row["subject"], row["period"]] = done(mine[-1]) if mine else None
        mine.append(row)
    word, far = ("message", top if DIRECTION[condition] > 0 else 0) if role == "sender" else ("action", None)
    plain = "true messages" if role == "sender" else "messages taken literally"
    gaps = "exaggeration" if role == "sender" else "correction"
    facts = {
        f"mean {gaps}": gap_of,
        f"sd of {gaps}": lambda row, option: (gap_of(row, option) - gap) ** 2,
        f"share of {plain}": lambda row, option: gap_of(row, option) == 0,
        ("slope of message on state" if role == "sender" else "slope of action on message"): (
            lambda row, option: option * (seen(row) - given)
        ),
    }
    if far is not None:
        facts["share of messages at the far end"] = lambda _, option: option == far
    habits = {
        f"{word}s of 0 (the lowest)": lambda _, option: option == 0,
        f"{word}s of {top} (the highest)": lambda _, option: option == top,
        plain: lambda row, option: gap_of(row, option) == 0,
        "repeating the last choice": lambda row, option: option == last[row["subject"], row["period"]],
        "drift over periods": lambda row, option: option * (row["period"] - period),
    }
    return facts, habits, people


@cache
def chances(fit, sample, who, key):
    row = dict(key)
    value = natural(fit, drawn(fit, sample, who)[1])
    return grid.chances(row, pulled(row, value), value)


def chances_of(fit, sample, row):
    kept = ("role", "condition", "state", "message")
    return chances(fit, sample, row["subject"], tuple((name, row[name]) for name in kept))


def expected(fit, row, tilt, power=lambda t: t):
    """The mean of a number of a choice over options and draws of the person."""
    parts = (chances_of(fit, sample, row) for sample in range(SAMPLES))
    return fmean(sum(p * power(tilt(row, option)) for option, p in chance.items()) for chance in parts)


def gain_of(fit, rows, tilt, strength):
    """log E[exp(strength Σ T - Σ log Z)], by draws of a person."""
    logs = []
    for sample in range(SAMPLES):
        total = 0.0
        for row in rows:
            chance = chances_of(fit, sample, row)
            normal = sum(p * math.exp(strength * tilt(row, option)) for option, p in chance.items())
            total += strength * tilt(row, done(row)) - math.log(normal)
        logs.append(total)
    return math.log(fmean(map(math.exp, logs)))


def scale_of(fit, rows, tilt):
    """The standard deviation of T under the theory, by decision and draw."""
    inside = []
    for row in rows:
        for sample in range(SAMPLES):
            chance = chances_of(fit, sample, row)
            mean = sum(p * tilt(row, option) for option, p in chance.items())
            inside.append(sum(p * (tilt(row, option) - mean) ** 2 for option, p in chance.items()))
    return math.sqrt(fmean(inside))


def most(function):
    return optimize.minimize_scalar(lambda at: HELD * at**2 - function(at), bounds=(-3, 3), method="bounded").x


def of_a_tilt(fit, people, tilt, others):
    """Means of T, what it costs to be off, its error, and by how much the tilt moves means of other numbers."""
    rows = [row for own in people.values() for row in own]
    scale, scores = scale_of(fit, rows, tilt), []

    def gain(strength, some):
        return sum(gain_of(fit, people[who], tilt, strength / scale) for who in some)

    for who in people:
        rest = [other for other in people if other != who]
        scores.append(gain(most(lambda strength, rest=rest: gain(strength, rest)), [who]))
    best = most(lambda strength: gain(strength, people)) / scale
    moved = {
        name: fmean(moved_by(fit, row, tilt, best, other) - expected(fit, row, other) for row in rows)
        for name, other in others.items()
    }
    observed, predicted = fmean(tilt(row, done(row)) for row in rows), fmean(expected(fit, row, tilt) for row in rows)
    return observed, predicted, sum(scores), stdev(scores) * math.sqrt(len(scores)), moved


def moved_by(fit, row, tilt, strength, other):
    """The mean of a number of a choice under the tilted theory."""
    found = []
    for sample in range(SAMPLES):
        raised = {o: p * math.exp(strength * tilt(row, o)) for o, p in chances_of(fit, sample, row).items()}
        found.append(sum(p * other(row, o) for o, p in raised.items()) / sum(raised.values()))
    return fmean(found)


@pytest.mark.parametrize(("role", "condition"), [("sender", "up"), ("sender", "down"), ("receiver", "sale")])
def test_means_costs_and_what_tilts_move_are_those_of_loops(frame, fit, role, condition):
    """Each person is scored by the strength that suits all others, few as they are: three to five people."""
    people = choices_of(fit, role, condition, 0)
    facts, habits, mine = tilts(frame, role, condition)
    known = {name: tilt for name, tilt in FACTS.items() if name in facts} | habits_of(people[0].block)
    assert set(known) >= {*facts, *habits}
    two = {name: facts[name] for name in list(facts)[:2]}
    for name, tilt in (facts | habits).items():
        found = tilted(people, known[name], {other: known[other] for other in two})
        observed, predicted, cost, error, moved = of_a_tilt(fit, mine, tilt, two)
        assert found.observed == pytest.approx(observed), name
        assert found.predicted == pytest.approx(predicted, rel=1e-5), name
        assert found.cost == pytest.approx(cost, abs=0.03), name
        assert found.se == pytest.approx(error, abs=0.03), name
        for other, value in moved.items():
            assert found.moved[other] == pytest.approx(value, rel=0.02, abs=0.01), (name, other)


def test_rows_of_what_is_missed_hold_their_own_role_and_condition(frame):
    """All facts are taken for missed; of how people differ, the cost is that of tilts of their own."""
    frame = frame[(frame["condition"] == "sale") | ((frame["condition"] == "up") & (frame["role"] == "receiver"))]
    fit = grid.with_draws(Pulling(), grid.table_of(frame), theta={"lapse": -2.0})
    checked = est.predictive_check(fit, draws=4).assign(surprising=True)
    found = est.missed(fit, checked)
    rows = found[found["what"] == "fact"].set_index(["statistic", "role", "group"])
    for role, condition in (("sender", "sale"), ("receiver", "sale"), ("receiver", "up")):
        people, gaps = choices_of(fit, role, condition, 0), "exaggeration" if role == "sender" else "correction"
        mean = rows.loc[(f"mean {gaps}", role, condition)]
        decided = frame[(frame["role"] == role) & (frame["condition"] == condition)].to_dict("records")
        assert mean["observed"] == pytest.approx(fmean(gap_of(row, done(row)) for row in decided))
        assert mean["cost"] == tilted(people, FACTS[f"mean {gaps}"], {}).cost
        between = rows.loc[(f"sd of people's mean {gaps}", role, condition)]
        assert between["cost"] == personal(people, BETWEEN[f"sd of people's mean {gaps}"])[0]


def test_tilts_of_peoples_own_are_integrated_out(frame, fit):
    """By a fine grid of strengths, normal around zero: each person with the spread that suits all others."""
    role, condition = "receiver", "up"
    _, _, mine = tilts(frame, role, condition)
    rows = [row for own in mine.values() for row in own]
    scale, strength = scale_of(fit, rows, gap_of), np.linspace(-3, 3, 241)
    likelihood = {who: np.exp([gain_of(fit, own, gap_of, at / scale) for at in strength]) for who, own in mine.items()}

    def scores(spread):
        weight = np.exp(-0.5 * (strength / spread) ** 2)
        return np.array([math.log(own @ weight / weight.sum()) for own in likelihood.values()])

    tried = np.array([np.zeros(len(mine)), *(scores(spread) for spread in np.geomspace(0.02, 1.0, 18))])
    best = [np.delete(tried, who, axis=1).sum(axis=1).argmax() for who in range(len(mine))]
    wanted = tried[best, np.arange(len(mine))]
    cost, error = personal(choices_of(fit, role, condition, 0), lambda one: one.gap)
    assert cost == pytest.approx(wanted.sum(), abs=0.05)
    assert error == pytest.approx(stdev(wanted) * math.sqrt(len(mine)), rel=0.02)


def test_nothing_is_said_of_one_person_by_the_others(fit):
    (someone, *_) = choices_of(fit, "sender", "up", 0)
    found = tilted([someone], FACTS["mean exaggeration"], {})
    assert found.cost == pytest.approx(0, abs=0.01)
    assert math.isnan(found.se)
