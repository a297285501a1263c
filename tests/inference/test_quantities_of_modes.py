"""Maxima of likelihoods of theories against loops over decisions: sums, slopes, sandwiches, units and numbers.

Everybody alike and people integrated out; formulas, columns that vary within people, kinds of people, learning.
About 15 processor seconds.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
import theory_grid as grid
from scipy import special, stats
from theory_grid import NATURAL, Ends, Pulling, pulled, seen

import estimation as est
from estimation.inference.pooled.likeliest import likeliest
from estimation.inference.problem import MessageProblem

STEP = 1e-3


def acting(frame, of_row, seed=5):
    """Decisions drawn one by one from what plain loops say of them, given effects of a row on the natural scale."""
    rng, rows = np.random.default_rng(seed), []
    for row in frame.to_dict("records"):
        chance = of_row(row)
        choice = rng.choice(list(chance), p=list(chance.values()))
        rows.append(row | {"message" if row["role"] == "sender" else "action": choice})
    return pd.DataFrame(rows)


def sandwich(by_person, at):
    """Return scores by person and the covariance clustered by person, by differences of a function of a vector."""
    steps = STEP * np.eye(len(at))
    score = np.array([(by_person(at + step) - by_person(at - step)) / (2 * STEP) for step in steps])
    information = np.empty((len(at), len(at)))
    for one, other in itertools.product(range(len(at)), repeat=2):
        near = [
            sign * again * by_person(at + sign * steps[one] + again * steps[other]).sum()
            for sign, again in itertools.product((1, -1), repeat=2)
        ]
        information[one, other] = -sum(near) / (2 * STEP) ** 2
    bread = np.linalg.inv(information)
    return score, bread @ (score @ score.T) @ bread


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
