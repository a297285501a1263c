"""Climbs where nothing can be told, in odd units, and from many starts: one answer each. All data SYNTHETIC."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_table
from test_mixed_mode import crowd

import estimation as est
from estimation.choice.hierarchy import maximum as module
from estimation.choice.hierarchy.likelihood import expansion
from estimation.choice.hierarchy.maximum import maximum
from estimation.choice.hierarchy.problem import natural
from estimation.choice.hierarchy.vector import limits_of, parameters, population_of, start_of, within_reach
from estimation.choice.likelihoods.newton import newton_step

BETWEEN = [pytest.param(*noise, marks=pytest.mark.slow) for noise in ((1, 1e-9), (2, 1e-6), (3, 1e-3))]
NOISE = [(0, 1e-12), *BETWEEN, (4, 0.5)]
TASTES = est.MultinomialLogit(["x", "z"], random="all", covariance="diagonal", covariates=["age"])


def alike(people):
    """People who all met the same situations and chose alike."""
    table = crowd(2)
    one = table.of(table.subjects[:1]).rows[["situation", "alternative", "chosen", "x"]]
    one = one.assign(situation=one["situation"].astype(int))
    copies = [one.assign(subject=n, situation=one["situation"] + 100 * n) for n in range(people)]
    return est.read_choices(pd.concat(copies, ignore_index=True))


def started_elsewhere(monkeypatch, seed, size):
    noise = np.random.default_rng(seed)
    monkeypatch.setattr(
        module, "start_of", lambda problem: start_of(problem) + size * noise.standard_normal(len(start_of(problem)))
    )


@pytest.mark.parametrize(("seed", "size"), NOISE)
def test_people_who_do_the_same_have_no_spread_wherever_the_climb_starts(monkeypatch, seed, size):
    started_elsewhere(monkeypatch, seed, size)
    with pytest.raises(est.ChoiceError, match="a spread may be zero"):
        est.mode(est.MultinomialLogit(["x"], random="all"), alike(10), seed=seed)


@pytest.mark.parametrize(("people", "reason"), [(1, "the choices of one person"), (2, "a spread may be zero")])
def test_one_or_two_people_have_no_spread(people, reason):
    with pytest.raises(est.ChoiceError, match=reason):
        est.mode(est.MultinomialLogit(["x"], random="all"), alike(people))


@pytest.fixture(scope="module")
def settled():
    problem = TASTES.hierarchy(crowd(60))
    return problem, maximum(problem)


@pytest.mark.parametrize(("seed", "size"), NOISE)
def test_where_spreads_are_told_the_answer_is_one_wherever_the_climb_starts(settled, monkeypatch, seed, size):
    problem, top = settled
    started_elsewhere(monkeypatch, seed, size)
    other = maximum(problem)
    assert other.converged
    assert abs(other.log_likelihood - top.log_likelihood) < top.error
    at, there = (parameters(found.population, problem.diagonal) for found in (top, other))
    assert (np.abs(at - there) < 0.1 * np.sqrt(np.diag(top.covariance))).all()


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_an_attribute_changes_its_coefficient_only(settled, unit):
    _, top = settled
    frame = crowd(60).rows
    problem = TASTES.hierarchy(est.read_choices(frame.assign(x=frame["x"] * unit)))
    found = maximum(problem)
    assert found.converged
    assert abs(found.log_likelihood - top.log_likelihood) < top.error
    scale = np.array([unit, 1.0])
    error = np.sqrt(np.diag(top.covariance))[:4].reshape(2, 2)
    assert (np.abs(found.population.shift * scale[:, None] - top.population.shift) < 0.1 * error).all()


@pytest.mark.parametrize("covariance", ["diagonal", "full"])
def test_at_the_corners_of_the_limits_likelihoods_are_numbers(covariance):
    problem = est.MultinomialLogit(["x", "z"], random="all", covariance=covariance).hierarchy(crowd(5))
    limits = limits_of(problem)
    nodes = module.evaluated(problem, population_of(start_of(problem), problem), seed=0)
    rng = np.random.default_rng(1)
    for _ in range(50):
        corner = np.where(rng.random(len(limits.low)) < 0.5, *limits)
        value, slope = nodes.negative(corner)
        assert np.isfinite(value)
        assert np.isfinite(slope).all()
        assert limits.ends_at(corner)
        assert np.isfinite(nodes.about_spreads(corner)).all()
    near = within_reach(limits.high, problem)
    assert (near.high <= limits.high).all()
    assert not limits.ends_at(start_of(problem))


def test_information_about_a_spread_is_that_of_normal_likelihoods():
    """With one taste and information h about it: twice the square of the share σ² / (σ² + 1/h), averaged."""
    problem = est.MultinomialLogit(["x"], random="all").hierarchy(crowd(5))
    nodes = module.evaluated(problem, population_of(start_of(problem), problem), seed=0)
    variance = np.exp(-2 * start_of(problem)[-1])
    share = variance / (variance + 1 / nodes.information[:, 0, 0])
    np.testing.assert_allclose(nodes.about_spreads(start_of(problem)), [2 * (share**2).mean()])


@pytest.mark.parametrize("size", [-1e6, -800.0, 800.0, 1e6])
def test_log_normal_tastes_of_any_size_are_numbers(size):
    problem = est.MultinomialLogit(["x"], random="all", distributions={"x": "lognormal"}).hierarchy(crowd(5))
    theta = np.full((5, 1), size)
    for part in expansion(problem.crowd, theta):
        assert np.isfinite(part).all()
    assert np.isfinite(problem.coefficients(theta)).all()
    assert np.isfinite(natural(theta, np.ones(1))).all()


def test_where_all_choices_are_certain_a_newton_step_stays():
    assert (newton_step(np.zeros((2, 2)), np.zeros(2)) == 0).all()


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_the_mode_of_shared_weights_has_the_unit_of_its_attribute(unit):
    frame = crowd(20).rows
    model = est.MultinomialLogit(["x", "z"])
    plain = est.mode(model, est.read_choices(frame))
    found = est.mode(model, est.read_choices(frame.assign(x=frame["x"] * unit)))
    np.testing.assert_allclose(found.coefficients * [unit, 1.0], plain.coefficients, rtol=1e-6)
    np.testing.assert_allclose(found.standard_errors * [unit, 1.0], plain.standard_errors, rtol=1e-6)


@pytest.mark.parametrize("noise", [0.0, 1e-15, 1e-12])
def test_a_weight_that_separates_is_refused_to_the_last_bit(noise):
    frame = crowd(10).rows
    told = frame["chosen"] + noise * np.random.default_rng(0).standard_normal(len(frame))
    with pytest.raises(est.ChoiceError, match="separation"):
        est.mode(est.MultinomialLogit(["x", "z"]), est.read_choices(frame.assign(x=told)))


def test_attributes_far_from_zero_are_to_be_centred_and_then_have_their_weight():
    """Years in seconds, say: of numbers near 1e9 that differ by ones, squares keep no digit of the difference."""
    frame = choice_table(30).frame
    expected = est.mode(est.MultinomialLogit(["price"]), choice_table(30)).coefficients["price"]
    with pytest.raises(
        est.ChoiceError, match=r"'price' is near 1e\+09 and differs by .* subtract a number near its mean"
    ):
        est.mode(est.MultinomialLogit(["price"]), est.read_choices(frame.assign(price=frame["price"] + 1e9)))
    centred = frame["price"] + 1e9 - 1e9
    found = est.mode(est.MultinomialLogit(["price"]), est.read_choices(frame.assign(price=centred)))
    assert found.coefficients["price"] == pytest.approx(expected, rel=1e-5)
