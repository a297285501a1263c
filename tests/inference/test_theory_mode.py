"""Maxima of likelihoods of theories are maxima, by an independent sum over a grid too; errors are those of people."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from sandwiches import information
from scipy import special, stats

import estimation as est
from estimation.errors import ComparisonError
from estimation.inference.pooled.likeliest import Peak, likeliest
from estimation.inference.problem import MessageProblem
from estimation.report.methods.modes import mode_methods

PEOPLE = {"trust": (0.7, 0.8), "receiver_precision": (0.5, 0.4)}
THEORY = est.TrustEmbedded(lapse=False)


@pytest.fixture(scope="module")
def table():
    game = est.EstimationGame("over", highest=20)
    situations = est.design({"over": game}, people=30, decisions=20, seed=1, roles=("receiver",))
    return est.simulate(THEORY, situations, PEOPLE, seed=2)[0]


@pytest.fixture(scope="module")
def found(table):
    return est.mode(THEORY, table)


@pytest.fixture(scope="module")
def shared(table):
    return est.mode(THEORY, table, pooled=True)


def on_a_grid(table, mean, log_sd, points=61):
    """Sum over a grid of people's two parameters: a route that shares nothing with nodes."""
    crowd = MessageProblem(THEORY, table).crowd
    axes = [m + s * np.linspace(-6, 6, points) for m, s in zip(mean, np.exp(log_sd), strict=True)]
    weight = [stats.norm.logpdf(axis, axis.mean(), s) for axis, s in zip(axes, np.exp(log_sd), strict=True)]
    cell = np.log(axes[0][1] - axes[0][0]) + np.log(axes[1][1] - axes[1][0])
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
    density = (weight[0][:, None] + weight[1]).ravel() + cell
    return sum(float(special.logsumexp(crowd.evaluate(0, who, grid) + density)) for who in range(len(crowd)))


def test_the_maximum_is_that_of_a_sum_over_a_grid_and_no_neighbour_is_higher(table, found):
    estimate = found.summary["estimate"]
    mean = [special.logit(estimate["trust"]), np.log(estimate["receiver_precision"])]
    vector = np.array([*mean, *np.log(estimate[["spread of trust", "spread of receiver_precision"]])])
    top = on_a_grid(table, vector[:2], vector[2:])
    assert found.log_likelihood == pytest.approx(top, abs=4 * found.error)
    for step in np.concatenate([0.15 * np.eye(4), -0.15 * np.eye(4)]):
        assert on_a_grid(table, (vector + step)[:2], (vector + step)[2:]) < top


def test_the_truth_lies_within_four_standard_errors(found):
    truth = {"trust": 0.7, "spread of trust": 0.8, "receiver_precision": 0.5, "spread of receiver_precision": 0.4}
    z = (found.summary["estimate"] - pd.Series(truth)) / found.summary["standard_error"]
    assert (z.abs() < 4).all(), z


def test_standard_errors_are_clustered_by_person():
    """Ten equal observations of each person say no more of a mean than one: the naive error would be a third of it."""
    own = np.random.default_rng(1).normal(size=40)
    peak = likeliest(
        lambda vector: -5 * (own - vector[0][:, None]) ** 2, np.zeros(1), np.full(1, -9.0), np.full(1, 9.0)
    )
    assert peak.vector[0] == pytest.approx(own.mean(), abs=1e-6)
    assert np.sqrt(peak.covariance[0, 0]) == pytest.approx(own.std(ddof=1) / np.sqrt(40), rel=1e-4)


@pytest.mark.parametrize("people", [1, 2])
def test_errors_of_no_more_people_than_numbers_are_those_of_the_curvature_and_say_so(table, people):
    """Scores of few people add up to zero: clustered errors of one person would be zero, of two people too small.

    Losses are distances, so that likelihoods have kinks: how fast they fall over an error is what counts.
    """
    some = table.of(table.subjects[:people])
    found = est.mode(THEORY, some, pooled=True)
    problem = MessageProblem(THEORY, some)
    at = np.array([p.transformed(found.summary["estimate"][p.name]) for p in problem.parameters])

    def by_person(vector):
        return np.array([problem.crowd.evaluate(0, who, vector[:, None])[0] for who in range(people)])

    error = np.sqrt(np.diag(np.linalg.inv(information(by_person, at))))
    slopes = [found.summary["estimate"]["trust"] * (1 - found.summary["estimate"]["trust"]), np.exp(at[1])]
    np.testing.assert_allclose(found.summary["standard_error"], error * slopes, rtol=1e-3)
    assert "from the curvature of the likelihood" in found.errors_in_words
    assert "too few to cluster by" in mode_methods(found).text
    assert "too few to cluster by" in est.estimates_table({"few": found}).note
    assert "too few to cluster by" in repr(found)


def test_numbers_are_not_free_of_charge_where_one_person_is_estimated(table):
    """With people as units the penalty of one person was the log of one; each of their decisions is a unit."""
    one = table.of(table.subjects[:1])
    found = est.mode(THEORY, one, pooled=True)
    assert found.bic == pytest.approx(-2 * found.log_likelihood + found.numbers * np.log(len(one)))
    assert "BIC counts decisions, as there is one person only." in repr(found)
    assert "BIC counts" not in repr(est.mode(THEORY, table.of(table.subjects[:2]), pooled=True))


def test_errors_clustered_by_fewer_than_twenty_people_say_that_they_are_too_small(table, shared):
    few = est.mode(THEORY, table.of(table.subjects[:6]), pooled=True)
    assert "There are 6 clusters only" in repr(few)
    assert "clusters only" not in repr(shared)


def test_people_who_differ_are_likelier_than_people_who_are_all_alike(found, shared):
    assert shared.numbers == 2
    assert found.numbers == 4
    assert found.log_likelihood > shared.log_likelihood
    assert shared.log_likelihood == pytest.approx(shared.by_person.sum())
    ratio = est.likelihood_ratio(shared, found)
    assert ratio["ratio"] == pytest.approx(2 * (found.log_likelihood - shared.log_likelihood))
    assert ratio["p"] == pytest.approx(stats.chi2.sf(ratio["ratio"], 2))


def test_shares_of_types_are_estimated_where_everybody_shares_the_rest(table):
    types = est.mode(est.LevelK(max_level=1, lapse=False), table, pooled=True)
    assert list(types.summary.index) == ["receiver_precision", "level 0", "level 1"]
    assert types.summary.loc[["level 0", "level 1"], "estimate"].sum() == pytest.approx(1)
    assert types.numbers == 2


def test_the_table_of_likelihoods_is_in_order_and_tests_by_person(found, shared):
    rows = est.likelihood_table({"alike": shared, "differing": found})
    assert list(rows.index) == ["differing", "alike"]
    assert rows["bic"].iloc[0] == pytest.approx(-2 * found.log_likelihood + 4 * np.log(30))
    difference = shared.by_person - found.by_person
    corrected = difference.sum() + np.log(30)
    assert rows["vuong"].iloc[1] == pytest.approx(corrected / (np.sqrt(30) * difference.std(ddof=0)))
    assert np.isnan(rows["vuong"].iloc[0])


def test_theories_that_differ_only_by_where_searches_ended_are_not_tested_against_each_other(shared):
    nearly = shared.by_person + 1e-6 * np.cos(np.arange(30))
    wider = replace(shared, by_person=nearly, log_likelihood=nearly.sum(), numbers=3)
    rows = est.likelihood_table({"wider": wider, "plain": shared})
    assert list(rows.index) == ["plain", "wider"]
    assert rows[["vuong", "p"]].isna().all(axis=None)


def test_what_cannot_be_compared_is_refused(found, shared, table):
    other = est.mode(THEORY, table.of(table.subjects[:10]), pooled=True)
    with pytest.raises(ComparisonError, match=r"'b' is of .*10 of 30 people"):
        est.likelihood_table({"a": found, "b": other})
    with pytest.raises(ComparisonError, match=r"swap them"):
        est.likelihood_ratio(found, shared)
    with pytest.raises(ComparisonError, match=r"'a' is a TrustEmbedded"):
        est.likelihood_table({"a": THEORY})
    with pytest.raises(ComparisonError, match="there is none"):
        est.likelihood_table({})


def test_methods_say_of_whom_the_likelihood_is_and_whose_errors_are_told(found, shared):
    differing, alike = mode_methods(found), mode_methods(shared)
    for methods in (differing, alike):
        assert "We analysed 600 simulated decisions by 30 people" in methods.text
        assert THEORY.citation in methods.references
        assert "Standard errors are clustered by person." in methods.text
    assert "what differs between people integrated out by importance sampling" in differing.text
    assert "the same for everybody" in alike.text


@pytest.mark.parametrize("certainty", [1.0, 4.0])
def test_where_likelihoods_have_kinks_errors_are_those_of_the_estimate_from_sample_to_sample(certainty):
    """The median is the maximum where losses are distances, at any certainty; its error over samples is known."""
    rng, people, errors = np.random.default_rng(5), 41, []
    for _ in range(200):
        own = rng.standard_normal(people)
        peak = Peak(np.median(own)[None], partial(_distance, own, certainty), np.array([True]))
        errors.append(float(np.sqrt(peak.covariance[0, 0])))
    truth = np.std(np.median(rng.standard_normal((4000, people)), axis=1))
    assert np.median(errors) == pytest.approx(truth, rel=0.2)


def _distance(own, certainty, vector):
    return -certainty * np.abs(own - vector[0][:, None])
