"""Multinomial and nested logit against loops, differences and limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame, choice_table
from oracles.choice_loops import log_likelihood as in_loops, nested_shares
from scipy.optimize import minimize

import estimation as est
from estimation.choice.sampling.pooled_draws import of_groups

TERMS = ["price", "quality", "income:c"]
MNL = est.MultinomialLogit(TERMS)
NESTED = [
    est.NestedLogit(TERMS, nests={"near": ["a", "b"]}),
    est.NestedLogit(TERMS, nests={"near": ["a", "b"], "far": ["c"]}, unscaled=True),
]
BETA = np.array([-0.7, 1.1, -0.2])


def differences(function, at, step=1e-6):
    """Return the gradient of a scalar function by central differences."""
    return np.array([(function(at + e) - function(at - e)) / (2 * step) for e in np.eye(len(at)) * step])


def test_the_likelihood_is_the_one_written_out_in_loops():
    table = choice_table()
    frame = table.frame.assign(**{"income:c": lambda rows: rows["income"] * (rows["alternative"] == "c")})
    value, _ = MNL.likelihood(table).slope(BETA)
    assert value == pytest.approx(in_loops(frame, TERMS, BETA), rel=1e-12)


def test_gradient_and_curvature_are_those_of_differences():
    likelihood = MNL.likelihood(choice_table(20))
    slope = likelihood.slope(BETA)[1]
    np.testing.assert_allclose(slope, differences(lambda b: likelihood.slope(b)[0], BETA), rtol=1e-6, atol=1e-6)
    second = np.array([differences(lambda b, k=k: likelihood.slope(b)[1][k], BETA) for k in range(3)])
    np.testing.assert_allclose(likelihood.information(BETA), -second, rtol=1e-6, atol=1e-6)


def test_weights_count_like_copies():
    frame = choice_frame()
    weight = 1.0 + (frame["subject"] == "s2")
    copy = frame[frame["subject"] == "s2"].assign(situation=lambda rows: rows["situation"] + "-again")
    weighted = est.mode(MNL, est.read_choices(frame.assign(weight=weight), weight="weight", counts=True))
    copied = est.mode(MNL, est.read_choices(pd.concat([frame, copy])))
    np.testing.assert_allclose(weighted.coefficients, copied.coefficients, rtol=1e-7)
    assert weighted.log_likelihood == pytest.approx(copied.log_likelihood)


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_utilities_of_ten_thousand_neither_overflow_nor_lose_the_gradient(size):
    frame = choice_frame()
    frame["chosen"] = (frame["alternative"] == "a").astype(int)
    frame["huge"] = np.where(frame["alternative"] == "a", size, 0.0)
    likelihood = est.MultinomialLogit(["huge", "price"]).likelihood(est.read_choices(frame))
    arrays = likelihood.arrays
    with np.errstate(all="raise", under="ignore"):
        each = likelihood.situations(np.array([1.0, 0.0]))
        value, slope = likelihood.slope(np.array([1.0, 0.0]))
    best_of_rest = np.array([max(0.0, size) - size] * arrays.situations)
    sizes = np.diff(arrays.first_row)
    expected = np.zeros(len(sizes)) if size > 0 else -best_of_rest - np.log(sizes - 1)
    np.testing.assert_allclose(each, expected, atol=1e-9)
    assert value == pytest.approx(expected.sum())
    assert slope[0] == pytest.approx(0.0 if size > 0 else size * arrays.situations)
    nest = est.NestedLogit(["huge", "price"], nests={"x": ["a", "b"]})
    nested = nest.likelihood(est.read_choices(frame))
    with np.errstate(all="raise", under="ignore"):
        value, slope = nested.slope(np.array([1.0, 0.0, 0.3]))
    assert np.isfinite([value, *slope]).all()
    if size < 0:
        assert abs(slope[0]) > 1e4


@pytest.mark.parametrize("model", NESTED, ids=["scaled", "unscaled"])
def test_the_nested_likelihood_is_the_one_written_out_in_loops(model):
    table, frame = choice_table(), choice_table().frame
    likelihood = model.likelihood(table)
    parameters = np.concatenate([BETA, [-0.4, 0.7][: len(model.nests)]])
    tau = dict(zip(model.nests, likelihood.natural(parameters)[1], strict=True))
    total = 0.0
    for _, rows in frame.groupby("situation", observed=True):
        utility = {
            row.alternative: BETA[0] * row.price
            + BETA[1] * row.quality
            + BETA[2] * row.income * (row.alternative == "c")
            for row in rows.itertuples()
        }
        shares = nested_shares(utility, {n: list(m) for n, m in model.nests.items()}, tau, model.unscaled)
        assert sum(shares.values()) == pytest.approx(1)
        total += np.log(shares[rows["alternative"][rows["chosen"]].iloc[0]])
    assert likelihood.slope(parameters)[0] == pytest.approx(total, rel=1e-12)
    assert likelihood.situations(parameters).sum() == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("model", NESTED, ids=["scaled", "unscaled"])
def test_the_nested_gradient_is_that_of_differences(model):
    likelihood = model.likelihood(choice_table(20))
    at = np.concatenate([BETA, [-0.4, 0.7][: len(model.nests)]])
    slope = likelihood.slope(at)[1]
    np.testing.assert_allclose(slope, differences(lambda p: likelihood.slope(p)[0], at), rtol=1e-6, atol=1e-6)
    prior = differences(lambda p: likelihood.log_prior(p[:, None])[0], at)
    np.testing.assert_allclose(likelihood.prior_slope(at)[0], prior, rtol=1e-6, atol=1e-6)


def test_nests_without_dissimilarity_are_no_nests():
    table = choice_table(20)
    likelihood = NESTED[0].likelihood(table)
    same = likelihood.slope(np.append(BETA, 40.0))[0]
    assert same == pytest.approx(MNL.likelihood(table).slope(BETA)[0], rel=1e-12)


@pytest.mark.parametrize("model", [MNL, *NESTED], ids=["logit", "scaled", "unscaled"])
def test_blocks_of_situations_and_draws_add_up(model, monkeypatch):
    likelihood = model.likelihood(choice_table(20))
    size = len(likelihood.starts(False)[0])
    draws = np.random.default_rng(1).normal(size=(size, 7))
    one_by_one = np.stack([likelihood.arrays.weight * likelihood.situations(draw) for draw in draws.T], axis=1)
    people = np.add.reduceat(one_by_one, likelihood.arrays.first_situation[:-1], axis=0)
    for block, at_once in ((17, 3), (10_000, 256)):
        monkeypatch.setattr("estimation.choice.sampling.pooled_draws.BLOCK", block)
        monkeypatch.setattr("estimation.choice.sampling.pooled_draws.DRAWS", at_once)
        np.testing.assert_allclose(of_groups(likelihood, draws, likelihood.arrays.person), people, rtol=1e-10)
        together = of_groups(likelihood, draws, np.zeros(likelihood.arrays.situations, dtype=int))
        np.testing.assert_allclose(together[0], people.sum(axis=0), rtol=1e-10)


@pytest.mark.parametrize("model", [MNL, NESTED[0]], ids=["logit", "nested"])
def test_the_mode_is_where_an_independent_optimiser_ends(model):
    table = choice_table(60, 6)
    likelihood, found = model.likelihood(table), est.mode(model, table)
    start = np.zeros(len(likelihood.starts(False)[0]))
    other = minimize(
        lambda p: -likelihood.slope(p)[0],
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 5000},
    )
    assert found.log_likelihood == pytest.approx(-other.fun, abs=1e-6)
    np.testing.assert_allclose(found.coefficients, other.x[:3], atol=2e-4)
    assert found.log_likelihood > found.null_log_likelihood


def test_standard_errors_are_those_of_the_curvature():
    table = choice_table(30)
    found = est.mode(MNL, table).with_errors("information")
    information = MNL.likelihood(table).information(found.coefficients.to_numpy())
    np.testing.assert_allclose(found.standard_errors, np.sqrt(np.diag(np.linalg.inv(information))), rtol=1e-8)


def test_there_is_no_quick_mode_of_classes_of_people():
    with pytest.raises(est.ChoiceError, match=r"use estimation\.fit"):
        est.mode(est.LatentClassLogit(["price"], classes=2), choice_table())
