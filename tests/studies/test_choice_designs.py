"""Designs of choice experiments: published D-errors, every design of a tiny problem, and simulated experiments."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement, product

import numpy as np
import pandas as pd
import pytest

import estimation as est

MODEL = est.MultinomialLogit(["a", "b", "c"])
LETTERS = np.array(["x", "y", "z"])
NAMES = ["a[T.y]", "a[T.z]", "b[T.y]", "b[T.z]", "c[T.y]", "c[T.z]"]
UTILITIES = np.tile([-1.0, 0.0, 1.0], 3)
EFFECTS = 3.0
"""Errors by indicators of levels divided by those by effects, three attributes of three levels: 27 ** (2 / 6)."""


def cyclic() -> est.ChoiceTable:
    """Return the design 3^3/3/9 of Huber and Zwerina (1996, table 1): an orthogonal array, its levels shifted twice."""
    first = np.array([(i, j, (i + j) % 3) for i, j in product(range(3), repeat=2)])
    rows = []
    for task, profile in enumerate(first):
        for shift in range(3):
            levels = dict(zip("abc", LETTERS[(profile + shift) % 3], strict=True))
            rows.append({"situation": task, "alternative": str(shift), "chosen": shift == 0, **levels})
    return est.read_choices(pd.DataFrame(rows), synthetic=True)


SEED = 1


def indicators(utilities, scale=1.0) -> dict[str, float]:
    """Return weights of indicators of levels from the worth of each level."""
    worth = scale * np.asarray(utilities).reshape(3, 3)
    return dict(zip(NAMES, (worth[:, 1:] - worth[:, :1]).ravel(), strict=True))


@pytest.mark.parametrize(("scale", "published"), [(0.0, 0.192), (0.75, 0.305)])
def test_errors_of_a_cyclic_design_are_those_that_huber_and_zwerina_printed(scale, published):
    found = est.design_error(cyclic(), MODEL, indicators(UTILITIES, scale)) / EFFECTS
    assert found == pytest.approx(published, abs=0.0006)


def test_errors_by_indicators_are_three_times_those_by_effects():
    assert est.design_error(cyclic(), MODEL) == pytest.approx(0.577, abs=0.0005)


@pytest.mark.parametrize(("scale", "published"), [(1.0, 0.280), (1.25, 0.311)])
def test_designs_found_are_no_worse_than_those_that_were_printed(scale, published):
    levels = dict.fromkeys("abc", tuple(LETTERS))
    prior = indicators(UTILITIES, scale)
    design = est.efficient_design(MODEL, levels, tasks=9, alternatives=3, prior=prior, starts=12, seed=SEED)
    assert design.error / EFFECTS <= published
    assert design.error == pytest.approx(est.design_error(design, prior=prior))


def determinant_error(tasks, weights) -> float:
    """Return the D-error of tasks, each a list of rows of terms, from the definition."""
    errors = []
    for weight in weights:
        told = np.zeros((len(weight), len(weight)))
        for rows in tasks:
            x = np.array(rows, dtype=float)
            chance = np.exp(x @ weight) / np.exp(x @ weight).sum()
            told += x.T @ (np.diag(chance) - np.outer(chance, chance)) @ x
        height = np.linalg.det(told)
        errors.append(np.inf if height < 1e-12 else height ** (-1 / len(weight)))
    return float(np.mean(errors))


PRICES, SIZES = (1.0, 2.0, 4.0), (0.0, 1.0)
TINY = est.MultinomialLogit(["price", "size"])
POINTS = pd.DataFrame({"price": [-0.3, -0.9, -1.4], "size": [0.2, 0.9, 0.5]})


@pytest.mark.parametrize("outside", [None, "none"])
def test_no_design_of_a_tiny_problem_is_better_than_the_one_that_is_found(outside):
    """Every pair of tasks with two of six profiles each: a thousand designs, by a loop from the definition."""
    nothing = [[0.0, 0.0]] if outside else []
    tasks = [[*pair, *nothing] for pair in combinations(product(PRICES, SIZES), 2)]
    best = min(determinant_error(both, POINTS.to_numpy()) for both in combinations_with_replacement(tasks, 2))
    levels = {"price": PRICES, "size": SIZES}
    design = est.efficient_design(TINY, levels, tasks=2, outside=outside, prior=POINTS, starts=20)
    assert design.error == pytest.approx(best, rel=1e-9)


def test_a_bayesian_design_stands_what_a_design_for_one_point_does_not():
    prior = {"price": (-0.8, 0.6), "size": (1.0, 0.8)}
    levels, options = (
        {"price": np.arange(1.0, 7.0), "size": [0.0, 1.0, 2.0]},
        {"tasks": 6, "alternatives": 2, "seed": 1},
    )
    wide = est.efficient_design(TINY, levels, prior=prior, **options)
    point = est.efficient_design(TINY, levels, prior={"price": -0.8, "size": 1.0}, **options)
    assert wide.error < est.design_error(point, prior=prior)
    assert point.error < est.design_error(wide, prior={"price": -0.8, "size": 1.0})


def test_profiles_that_are_not_allowed_are_not_shown_and_versions_differ():
    levels = {"price": PRICES, "size": SIZES}

    def allowed(rows):
        return ~((rows["price"] == 1) & (rows["size"] == 1))

    design = est.efficient_design(TINY, levels, tasks=3, versions=2, prior=POINTS, allowed=allowed)
    assert not ((design.frame["price"] == 1) & (design.frame["size"] == 1)).any()
    assert design.frame.groupby(["version", "task"]).size().tolist() == [2] * 6
    table = design.for_people(5)
    assert (len(table.subjects), len(table)) == (5, 15)


def test_overlap_counts_tasks_whose_alternatives_share_a_level():
    rows = pd.DataFrame({"task": [1, 1, 1, 2, 2, 2], "price": [1, 1, 1, 1, 2, 2], "size": [0, 1, 2, 0, 0, 0]})
    found = est.level_overlap(rows)
    assert found.loc["price"].tolist() == [2, 0, 0.5, 0.5, 2, 4]
    assert found.loc["size"].tolist() == [3, 0.5, 0, 0.5, 1, 4]
    assert (est.level_overlap(cyclic())["all differ"] == 1).all()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tasks": 1}, "1 tasks cannot tell 2 coefficients"),
        ({"tasks": 0}, "tasks must be a whole number of at least 1, not 0"),
        ({"tasks": 4, "alternatives": 1}, "alternatives must be at least 2"),
        ({"tasks": 4, "prior": {"prize": 1.0}}, "there is no coefficient 'prize'"),
        ({"tasks": 4, "prior": {"price": (1.0, -1.0)}}, "must be a number"),
        ({"tasks": 4, "allowed": lambda rows: rows["price"] < 0}, "no profile is allowed"),
    ],
)
def test_designs_that_cannot_be_made_are_refused_with_the_reason(options, words):
    with pytest.raises(est.StudyError) as caught:
        est.efficient_design(TINY, {"price": PRICES, "size": SIZES}, **options)
    assert words in str(caught.value)


@pytest.fixture(scope="module")
def design():
    levels = {"price": [1.0, 2.0, 3.0, 4.0], "size": [0.0, 1.0, 2.0]}
    return est.efficient_design(TINY, levels, tasks=8, outside="none", prior={"price": -0.7, "size": 0.9}, starts=2)


@pytest.mark.parametrize("repeats", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_intervals_are_as_wide_as_simulated_experiments_say(design, repeats):
    """The information matrix against maximum likelihood in simulated experiments with 100 people each."""
    precision = est.design_precision(design, {"price": -0.7, "size": 0.9})
    found = precision.simulated(100, repeats, seed=3).loc["size"]
    expected = precision.width(100)["size"]
    error = 0.885 / np.sqrt(repeats)  # of the distance between the quantiles .05 and .95 of a normal sample, relative
    assert found["width"] == pytest.approx(expected, rel=3 * error)
    assert found["median"] == pytest.approx(0.9 / 0.7, abs=3 * 1.25 * expected / 3.29 / np.sqrt(repeats))
    assert found["refused"] == 0


def test_people_are_as_many_as_the_width_asks_for(design):
    precision = est.design_precision(design, {"price": -0.7, "size": 0.9})
    count = int(precision.people_for(0.2)["size"])
    assert precision.width(count)["size"] <= 0.2 < precision.width(count - 1)["size"]
    twice = precision.by_tasks(0.2, [8, 16])["size"]
    assert twice[8] == count
    assert twice[16] == pytest.approx(count / 2, abs=1)


def test_standard_errors_follow_from_the_definition(design):
    """One person's information, task by task, and the delta method by differences."""
    weight, told = np.array([-0.7, 0.9]), np.zeros((2, 2))
    for _, rows in design.frame.groupby("task"):
        x = np.vstack([rows[["price", "size"]], [0, 0]])
        chance = np.exp(x @ weight) / np.exp(x @ weight).sum()
        told += x.T @ (np.diag(chance) - np.outer(chance, chance)) @ x
    step = 1e-6
    slopes = [-(((0.9 + step) / -0.7) - (0.9 - step) / -0.7) / (2 * step)]
    slopes.insert(0, -((0.9 / (-0.7 + step)) - 0.9 / (-0.7 - step)) / (2 * step))
    error = np.sqrt(np.array(slopes) @ np.linalg.inv(told) @ slopes)
    precision = est.design_precision(design, {"price": -0.7, "size": 0.9})
    assert precision.per_person["size"] == pytest.approx(error, rel=1e-6)


def test_where_tastes_differ_more_tasks_help_less_and_no_spread_is_a_limit(design):
    weights = {"price": -0.7, "size": 0.9}
    alike = est.design_precision(design, weights)
    nearly = est.design_precision(design, weights, spread={"price": 1e-4, "size": 1e-4})
    assert nearly.per_person["size"] == pytest.approx(alike.per_person["size"], rel=1e-4)
    apart = est.design_precision(design, weights, spread={"price": 0.3, "size": 0.8})
    people = apart.by_tasks(0.2, [4, 8, 10_000])["size"]
    assert people[4] < 2 * people[8]
    ratio = np.hypot(0.8, 0.3 * 0.9 / 0.7) / 0.7  # all weights known exactly: the spread of tastes alone is left
    assert people[10_000] == pytest.approx((2 * 1.645 * ratio / 0.2) ** 2, rel=0.02)
    with pytest.raises(est.StudyError, match="people differ"):
        apart.simulated(10)


def test_what_is_not_known_of_a_design_is_said(design):
    for weights, options, words in [
        ({"price": -1.0}, {}, "the weight of 'size' is missing"),
        ({"price": 0.0, "size": 1.0}, {}, "must not be zero"),
        ({"price": -1.0, "size": 1.0}, {"price": "cost"}, "price 'cost' is none of"),
        ({"price": -1.0, "size": 1.0}, {"level": 1.5}, "between 0 and 1"),
    ]:
        with pytest.raises(est.StudyError) as caught:
            est.design_precision(design, weights, **options)
        assert words in str(caught.value)


def test_designs_and_their_precision_show_themselves_and_are_written(design, tmp_path):
    precision = est.design_precision(design, {"price": -0.7, "size": 0.9})
    assert "8 tasks, 2 alternatives each, or none: D-error" in repr(design)
    assert "<table" in design._repr_html_()
    assert "<table" in precision._repr_html_()
    assert "90 % intervals" in repr(precision)
    pd.testing.assert_frame_equal(
        pd.read_csv(design.to_csv(tmp_path / "design.csv"), dtype={"alternative": str}), design.frame, check_dtype=False
    )


def test_a_pilots_posterior_is_a_prior():
    table = est.simulate_choices(
        TINY,
        est.efficient_design(TINY, {"price": PRICES, "size": SIZES}, tasks=6).for_people(30),
        {"price": -0.8, "size": 0.9},
        seed=4,
    )
    pilot = est.fit(TINY, table, seed=1, draws=200)
    design = est.efficient_design(TINY, {"price": PRICES, "size": SIZES}, tasks=4, prior=pilot, draws=64)
    draws = pd.DataFrame(pilot.problem.tastes(pilot.tree, "new", 64, 0).weights[:, 0], columns=["price", "size"])
    assert design.error == pytest.approx(est.design_error(design, prior=draws))
