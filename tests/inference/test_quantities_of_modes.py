"""Maxima with everybody alike against loops over decisions: sums, slopes, sandwiches, units and numbers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import theory_grid as grid
from engine import LEARNING, messages_with_outcomes
from sandwiches import sandwich
from scipy import special
from theory_grid import NATURAL, Ends, Pulling, acting, pulled

import estimation as est
from estimation.inference.pooled.likeliest import likeliest
from estimation.inference.problem import MessageProblem

LEARNT = {name: value for name, value in LEARNING.items() if name != "lapse"}
AGE = "pull: age"
EFFECTS = ["pull", "pull: late", "sender_precision", "receiver_precision", "lapse"]
SCALES = {"pull": "logit", "pull: late": "identity", "lapse": "logit"}


@pytest.fixture(scope="module")
def moving():
    """Six people with odd names, some in one role only: pull goes with age, and with a column that varies within."""
    frame = grid.decisions(periods=24)
    frame["age"] = 100 * frame["age"]

    def of_row(row):
        own = {"pull": -0.8 + 0.0003 * (row["age"] - 3700) - 0.9 * row["late"], "lapse": -3.0}
        value = {name: NATURAL["logit"](effect) for name, effect in own.items()}
        value |= {"sender_precision": 1.2, "receiver_precision": 0.9}
        return grid.chances(row, pulled(row, value), value)

    return acting(frame, of_row)


def together(frame, vector):
    """Return log likelihoods of people, by name, if everybody has the effects and the coefficient of a vector."""
    *effects, coefficient = vector
    centre_age, centre_late = frame.groupby("subject")["age"].first().mean(), frame["late"].mean()
    total = dict.fromkeys(sorted(frame["subject"].unique()), 0.0)
    own = dict(zip(EFFECTS, effects, strict=True))
    for row in frame.to_dict("records"):
        pull = own["pull"] + coefficient * (row["age"] - centre_age) + own["pull: late"] * (row["late"] - centre_late)
        value = {name: NATURAL[SCALES.get(name, "log")](effect) for name, effect in own.items()}
        value["pull"] = NATURAL["logit"](pull)
        total[row["subject"]] += math.log(grid.chances(row, pulled(row, value), value)[grid.done(row)])
    return total


@pytest.fixture(scope="module")
def alike(moving):
    return est.mode(Pulling(pull="~ age + late"), grid.table_of(moving), pooled=True)


def transformed(mode):
    inverse = {"logit": special.logit, "log": np.log, "identity": float}
    estimate = mode.summary["estimate"]
    return np.array([inverse[SCALES.get(name, "log")](estimate[name]) for name in EFFECTS] + [estimate[AGE]])


def test_everybody_alike_has_formulas_too(moving, alike):
    """The likelihood, its slopes at the estimate and the sandwich are those of loops; so are numbers and BIC."""
    at, unit = transformed(alike), np.array([1, 1, 1, 1, 1, 1e-3])
    own = together(moving, at)
    assert alike.by_person.to_dict() == pytest.approx(own, abs=1e-8)
    assert alike.log_likelihood == pytest.approx(sum(own.values()))
    assert list(alike.summary.index) == [*EFFECTS, AGE]
    assert alike.numbers == 6
    assert alike.bic == pytest.approx(-2 * sum(own.values()) + 6 * math.log(6))
    score, covariance = sandwich(lambda z: np.array(list(together(moving, z * unit).values())), at / unit)
    assert np.abs(score.sum(axis=1)).max() < 5e-3
    natural = dict.fromkeys(EFFECTS, 1.0) | {name: alike.summary["estimate"][name] for name in EFFECTS}
    slope = {"logit": lambda x: x * (1 - x), "log": lambda x: x, "identity": lambda _: 1.0}
    slopes = np.array([*(slope[SCALES.get(name, "log")](natural[name]) for name in EFFECTS), 1.0]) * unit
    np.testing.assert_allclose(alike.summary["standard_error"], np.sqrt(np.diag(covariance)) * slopes, rtol=5e-3)


@pytest.mark.parametrize("times", [1e3, 1e-6])
def test_the_unit_of_a_column_changes_nothing(moving, alike, times):
    other = est.mode(Pulling(pull="~ age + late"), grid.table_of(moving.assign(age=times * moving["age"])), pooled=True)
    assert other.log_likelihood == pytest.approx(alike.log_likelihood, abs=1e-4)
    again = other.summary.mul([*[1.0] * 5, times], axis=0)
    np.testing.assert_allclose(again, alike.summary, rtol=5e-3)


def test_kinds_of_people_who_are_alike_otherwise():
    """Shares are summed over, person by person; who decides more often counts as one person."""
    frame = grid.decisions(periods=12)
    kind = {who: place % 3 == 0 for place, who in enumerate(grid.NAMES)}
    value = {"sender_precision": 0.6, "receiver_precision": 0.4, "lapse": 0.1}

    def aim(row, high):
        return high * grid.GAMES[row["condition"]].highest

    frame = acting(frame, lambda row: grid.chances(row, aim(row, kind[row["subject"]]), value))
    found = est.mode(Ends(), grid.table_of(frame), pooled=True)
    estimate = found.summary["estimate"]
    own = {who: [math.log(estimate[name]) for name in ("low", "high")] for who in found.by_person.index}
    for row in frame.to_dict("records"):
        for high in (0, 1):
            own[row["subject"]][high] += math.log(grid.chances(row, aim(row, high), estimate)[grid.done(row)])
    wanted = {who: special.logsumexp(both) for who, both in own.items()}
    assert found.by_person.to_dict() == pytest.approx(wanted)
    chances = [special.softmax(both)[1] for both in own.values()]
    assert estimate["high"] == pytest.approx(np.mean(chances), abs=1e-3)  # at a maximum shares are mean probabilities
    assert found.numbers == 4


def test_who_learns_has_seen_what_came_before():
    """Everybody alike: the likelihood is that of people with these numbers, one by one; gain and loss are told."""
    situations = messages_with_outcomes(people=10, decisions=18)
    table, _ = est.simulate(est.DynamicTrust(lapse=False), situations, LEARNT, seed=3)
    found = est.mode(est.DynamicTrust(lapse=False), table, pooled=True)
    problem = MessageProblem(est.DynamicTrust(lapse=False), table)
    theta = np.array([p.transformed(found.summary["estimate"][p.name]) for p in problem.parameters])
    own = [problem.crowd.evaluate(0, who, theta[:, None])[0] for who in range(len(problem.crowd))]
    np.testing.assert_allclose(found.by_person, own, atol=1e-6)
    gain = [p.name for p in problem.parameters].index("trust_gain")
    for step in (-0.5, 0.5):
        near = theta + step * (np.arange(len(theta)) == gain)
        assert sum(problem.crowd.evaluate(0, who, near[:, None])[0] for who in range(len(own))) < sum(own)


def test_nothing_is_said_of_the_error_of_what_nothing_depends_on():
    """Of three numbers one is told, and two only by their sum: theirs have no error, and that of the sum has one."""
    own = np.random.default_rng(2).normal(size=30)
    limits = np.full(3, 9.0)
    peak = likeliest(
        lambda z: -((own - z[0][:, None]) ** 2) - (2 * own + 1 - (z[1] + z[2])[:, None]) ** 2,
        np.array([0.3, 0.1, 0.7]),
        -limits,
        limits,
    )
    assert peak.tells(np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1], [0, 0, 0]])).tolist() == [
        *(True, False, False, True, False)
    ]
    total = np.array([0.0, 1.0, 1.0])
    assert total @ peak.covariance @ total == pytest.approx(4 * own.var(ddof=1) / 30, rel=1e-3)


def test_tables_of_maxima_hold_people_by_name_whatever_the_order_of_rows(moving):
    """Schwarz's criterion, Vuong's statistic, likelihood ratios: from sums over people by name, in loops."""
    backwards = moving.iloc[::-1].reset_index(drop=True)
    modes = {
        "plain": est.mode(Pulling(), grid.table_of(moving), pooled=True),
        "late": est.mode(Pulling(pull="~ late"), grid.table_of(backwards), pooled=True),
        "ends": est.mode(Ends(), grid.table_of(moving), pooled=True),
    }
    found = est.likelihood_table(modes)
    bic = {name: -2 * sum(one.by_person) + len(one.summary) * math.log(6) for name, one in modes.items()}
    bic["ends"] -= math.log(6)  # of two shares one is free
    assert list(found.index) == sorted(bic, key=bic.get)
    assert found["bic"].to_dict() == pytest.approx(bic)
    best = modes[found.index[0]]
    for name in found.index[1:]:
        gaps = [modes[name].by_person[who] - best.by_person[who] for who in moving["subject"].unique()]
        corrected = sum(gaps) - (found["numbers"][name] - found["numbers"].iloc[0]) / 2 * math.log(6)
        statistic = corrected / math.sqrt(sum((gap - sum(gaps) / 6) ** 2 for gap in gaps))
        assert found["vuong"][name] == pytest.approx(statistic)
        assert found["p"][name] == pytest.approx(math.erfc(abs(statistic) / math.sqrt(2)))
    ratio = est.likelihood_ratio(modes["plain"], modes["late"])
    assert ratio["numbers"] == 1
    assert ratio["ratio"] == pytest.approx(2 * sum(modes["late"].by_person - modes["plain"].by_person))
    assert ratio["p"] == pytest.approx(math.erfc(math.sqrt(ratio["ratio"] / 2)))
    printed = est.estimates_table(modes)
    for name, mode in modes.items():
        own = printed.frame[name].to_numpy()
        for place, quantity in enumerate(printed.frame.index):
            if quantity in mode.summary.index:
                text, beneath = own[place].replace("\N{MINUS SIGN}", "-"), own[place + 1].strip("()")
                value, error = mode.summary.loc[quantity]
                assert float(text) == pytest.approx(value, abs=0.06 * error if error > 0 else 0.01)
                assert (float(beneath) == pytest.approx(error, rel=0.06)) if error > 0 else beneath == "–"
            elif quantity in SCALES:
                assert own[place] == own[place + 1] == ""
    lines = printed.to_latex().splitlines()
    assert lines[2] == r" & plain & late & ends \\"
    assert f"BIC & {' & '.join(f'{bic[name]:.1f}' for name in modes)} " in printed.to_latex()


def test_constants_are_found_on_scales_of_any_length():
    """Senders who put about 22 on the truth, on a scale to 100: the maximum is that of a loop over constants."""
    game, rng = est.EstimationGame("over", highest=100), np.random.default_rng(4)
    rows = [
        {"subject": str(who), "role": "sender", "period": period, "condition": "up", "state": float(state)}
        for who in range(5)
        for period, state in enumerate(rng.integers(0, 60, 6), 1)
    ]
    frame = pd.DataFrame(rows)
    frame["message"] = frame["state"] + rng.integers(17, 28, len(frame))
    table = est.Table.from_frame(frame.assign(action=np.nan), {"up": game}, name="far", synthetic=True)
    found = est.mode(est.FixedDiscount(lapse=False), table, pooled=True).summary
    constant, precision = found["estimate"]["inflation"], found["estimate"]["sender_precision"]
    options = np.arange(101.0)

    def height(constant):
        utility = -precision * np.abs(options - np.clip(frame["state"].to_numpy() + constant, 0, 100)[:, None])
        return special.log_softmax(utility, axis=1)[np.arange(len(frame)), frame["message"].astype(int)].sum()

    tried = np.arange(0.0, 60.0, 0.05)
    best = tried[np.argmax([height(one) for one in tried])]
    assert height(constant) >= height(best) - 0.01
    assert constant == pytest.approx(best, abs=0.2)
    assert found.index.tolist() == ["inflation", "sender_precision"]
