"""Nests with one τ together, with τ above 1, and nests that share alternatives: brute force, optimisers, limits."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from oracles.choice_loops import cross_nested_shares, logit_shares, nested_shares

import estimation as est

NESTS = {"near": ["a", "b"], "far": ["c", "d"]}
CROSSED = {"near": ["a", "b"], "middle": ["b", "c"], "far": ["c", "d", "b"]}
TERMS = ["x", "y"]


def four(situations: int, seed: int, shares=None) -> est.ChoiceTable:
    """Choices among up to four alternatives; `shares` says how likely each is, given its utility x - y / 2."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(situations):
        labels = ["a", "b", "c", "d"] if number % 3 else ["a", "b", "c"]
        x, y = rng.normal(size=(2, len(labels)))
        value = dict(zip(labels, x - y / 2, strict=True))
        chance = (shares or (lambda v: dict(zip(v, logit_shares(list(v.values())), strict=True))))(value)
        best = rng.choice(labels, p=[chance[label] for label in labels])
        rows += [(number // 4, number, label, x[k], y[k], int(label == best)) for k, label in enumerate(labels)]
    return est.read_choices(pd.DataFrame(rows, columns=["subject", "situation", "alternative", "x", "y", "chosen"]))


@pytest.fixture(scope="module")
def nested():
    return four(300, 1, lambda value: nested_shares(value, NESTS, {"near": 0.5, "far": 0.5}))


@pytest.fixture(scope="module")
def apart():
    """Alternatives of the nest are less alike than others: τ is 1.6."""
    return four(300, 2, lambda value: nested_shares(value, NESTS, {"near": 1.6, "far": 1.0}))


@cache
def written(table):
    """Return the situations of a table: labels, terms, and the label that was taken."""
    return [
        (list(rows["alternative"]), rows[TERMS].to_numpy(), rows["alternative"][rows["chosen"]].iloc[0])
        for _, rows in table.frame.groupby("situation", observed=True)
    ]


def height(table, weights, shares) -> float:
    """Return the log likelihood, situation by situation; `shares` makes chances of utilities by label."""
    return sum(
        np.log(shares(dict(zip(labels, x @ weights, strict=True)))[taken]) for labels, x, taken in written(table)
    )


def assert_top(table, numbers, shares) -> None:
    """Hold that a step away in any number loses; `shares` makes chances of utilities by label and further numbers."""
    numbers = np.asarray(numbers, dtype=float)
    top = height(table, numbers[:2], lambda value: shares(value, numbers[2:]))
    for step in np.concatenate([np.eye(len(numbers)), -np.eye(len(numbers))]):
        moved = numbers + 0.01 * step
        assert height(table, moved[:2], lambda value, at=moved: shares(value, at[2:])) < top


def test_nests_that_share_a_dissimilarity_have_the_one_that_is_best_for_both(nested):
    model = est.NestedLogit(TERMS, nests=NESTS, shared=True)
    found = est.mode(model, nested)
    assert list(found.dissimilarity.index) == ["near, far"]
    tau = float(found.dissimilarity.iloc[0])
    both = {"near": tau, "far": tau}
    weights = found.coefficients.to_numpy()
    assert found.log_likelihood == pytest.approx(height(nested, weights, lambda v: nested_shares(v, NESTS, both)))
    apart = est.mode(est.NestedLogit(TERMS, nests=NESTS), nested)
    plain = est.mode(est.MultinomialLogit(TERMS), nested)
    assert plain.log_likelihood < found.log_likelihood <= apart.log_likelihood
    assert apart.dissimilarity.min() <= tau <= apart.dissimilarity.max()
    assert est.mode(
        est.NestedLogit(TERMS, nests=NESTS, shared=["near", "far"]), nested
    ).log_likelihood == pytest.approx(found.log_likelihood)
    assert abs(tau - 0.5) < 4 * found.standard_errors["τ[near, far]"]


def test_a_dissimilarity_above_one_is_found_if_it_is_asked_for(apart):
    nests = {"near": ["a", "b"]}
    found = est.mode(est.NestedLogit(TERMS, nests=nests, above_one=True), apart)
    bound = est.mode(est.NestedLogit(TERMS, nests=nests), apart)
    assert bound.dissimilarity["near"] == pytest.approx(1.0)
    assert "stands at its bound 1" in repr(bound)
    numbers = [*found.coefficients, *found.further]
    assert_top(apart, numbers, lambda value, tau: nested_shares(value, nests, {"near": tau[0]}))
    assert found.dissimilarity["near"] > 1
    assert "above 1: no maximisation of utility" in repr(found)


def test_gradients_are_those_of_differences(nested):
    models = [
        est.NestedLogit(TERMS, nests=NESTS, shared=True),
        est.NestedLogit(TERMS, nests=NESTS, above_one=True),
        est.NestedLogit(TERMS, nests=NESTS, above_one=True, unscaled=True, shared=True),
        est.CrossNestedLogit(TERMS, nests=CROSSED),
        est.CrossNestedLogit(TERMS, nests=CROSSED, allocation="equal"),
    ]
    for model in models:
        likelihood = model.likelihood(nested)
        here = np.random.default_rng(3).normal(size=len(likelihood.starts(False)[0])) / 2
        steps = 1e-6 * np.eye(len(here))
        slope = [(likelihood.slope(here + e)[0] - likelihood.slope(here - e)[0]) / 2e-6 for e in steps]
        np.testing.assert_allclose(likelihood.slope(here)[1], slope, rtol=1e-6, atol=1e-6)
        up, down = (likelihood.log_prior((here + sign * steps).T) for sign in (1, -1))
        np.testing.assert_allclose(likelihood.prior_slope(here)[0], (up - down) / 2e-6, rtol=1e-6, atol=1e-6)


def test_the_cross_nested_likelihood_is_that_of_brute_force(nested):
    model = est.CrossNestedLogit(TERMS, nests=CROSSED)
    likelihood = model.likelihood(nested)
    rng = np.random.default_rng(5)
    for _ in range(3):
        parameters = rng.normal(size=2 + 3 + 2 + 1)
        weights, further = likelihood.natural(parameters)
        kinds = model.further(nested)
        tau = dict(zip(kinds[0].labels, further[:3], strict=True))
        parts = {tuple(label.split(", ")): value for label, value in zip(kinds[1].labels, further[3:], strict=True)}
        assert sum(value for (label, _), value in parts.items() if label == "b") == pytest.approx(1)
        expected = height(nested, weights, lambda v, t=tau, p=parts: cross_nested_shares(v, CROSSED, t, p))
        assert likelihood.slope(parameters)[0] == pytest.approx(expected, rel=1e-12)
        assert likelihood.situations(parameters).sum() == pytest.approx(expected, rel=1e-12)
        halves = [likelihood.part(0, 130), likelihood.part(130, 300)]
        assert sum(half.slope(parameters)[0] for half in halves) == pytest.approx(expected, rel=1e-12)


def test_gumbel_errors_of_the_cross_nested_logit_are_a_generating_function():
    """Chances are derivatives of G (McFadden 1978): y_j G_j / G, by differences."""
    value = {"a": 0.3, "b": -0.2, "c": 0.8, "d": 0.1}
    tau = {"near": 0.4, "middle": 0.7, "far": 0.9}
    parts = {("b", "near"): 0.5, ("b", "middle"): 0.2, ("b", "far"): 0.3, ("c", "middle"): 0.6, ("c", "far"): 0.4}

    def log_generating(v):
        inside = {
            nest: sum((parts.get((j, nest), 1.0) * np.exp(v[j])) ** (1 / tau[nest]) for j in members)
            for nest, members in CROSSED.items()
        }
        return np.log(sum(total ** tau[nest] for nest, total in inside.items()))

    expected = {
        j: (log_generating(value | {j: v + 1e-6}) - log_generating(value | {j: v - 1e-6})) / 2e-6
        for j, v in value.items()
    }
    assert cross_nested_shares(value, CROSSED, tau, parts) == pytest.approx(expected, abs=1e-8)


TRUE_PARTS = {("b", "near"): 0.7, ("b", "far"): 0.3}
OVERLAP = {"near": ["a", "b"], "far": ["b", "c", "d"]}


@pytest.fixture(scope="module")
def crossed():
    return four(900, 7, lambda v: cross_nested_shares(v, OVERLAP, {"near": 0.3, "far": 0.4}, TRUE_PARTS))


def test_a_cross_nested_mode_is_a_top_and_near_the_truth(crossed):
    found = est.mode(est.CrossNestedLogit(TERMS, nests=OVERLAP), crossed)
    assert list(found.further.index) == ["τ[near]", "τ[far]", "α[b, near]", "α[b, far]"]
    tau = found.dissimilarity.to_dict()
    parts = dict(zip(TRUE_PARTS, found.further.iloc[2:], strict=True))
    weights = found.coefficients.to_numpy()
    at = height(crossed, weights, lambda v: cross_nested_shares(v, OVERLAP, tau, parts))
    assert found.log_likelihood == pytest.approx(at, rel=1e-10)

    def shares(value, further):
        own = {("b", "near"): further[2], ("b", "far"): 1 - further[2]}
        return cross_nested_shares(value, OVERLAP, dict(zip(OVERLAP, further[:2], strict=True)), own)

    assert_top(crossed, [*weights, *found.further.iloc[:3]], shares)
    z = (found.further - [0.3, 0.4, 0.7, 0.3]) / found.standard_errors[found.further.index]
    assert np.abs(z).max() < 3.5, found
    assert found.standard_errors["α[b, near]"] == pytest.approx(found.standard_errors["α[b, far]"])


def test_a_cross_nested_posterior_simulates_and_predicts_as_its_definition_says(crossed):
    model = est.CrossNestedLogit(TERMS, nests=OVERLAP)
    fit = est.fit(model, crossed.of(crossed.subjects[:60]), seed=2, draws=150, chains=2)
    draw = fit.posterior.isel(chain=0, draw=0)
    tau = dict(zip(OVERLAP, draw["dissimilarity"].to_numpy(), strict=True))
    parts = dict(zip(TRUE_PARTS, draw["allocation"].to_numpy(), strict=True))
    total = dict.fromkeys("abcd", 0.0)
    for _, rows in fit.table.frame.groupby("situation", observed=True):
        value = dict(zip(rows["alternative"], rows[TERMS].to_numpy() @ draw["coefficients"].to_numpy(), strict=True))
        for label, share in cross_nested_shares(value, OVERLAP, tau, parts).items():
            total[label] += share / len(fit.table)
    found = est.shares(fit, draws=10_000).draws[0]
    assert {str(k): float(found.sel(alternative=k)) for k in "abcd"} == pytest.approx(total, rel=1e-9)
    made = est.simulate_choices(
        model,
        crossed,
        {"x": 1.0, "y": -0.5},
        dissimilarity={"near": 0.3, "far": 0.4},
        allocation={"b, near": 0.7, "b, far": 0.3},
    )
    frequency = made.frame.groupby("alternative", observed=True)["chosen"].mean()
    taken = crossed.frame.groupby("alternative", observed=True)["chosen"].mean()
    np.testing.assert_allclose(frequency, taken, atol=4 * np.sqrt(2 * 0.25 / 900))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"nests": NESTS}, "no alternative is in several nests"),
        ({"nests": {"near": ["a"], "far": ["a", "b"]}}, "needs at least two alternatives"),
        ({"nests": CROSSED, "allocation": "some"}, "allocation must be '"),
    ],
)
def test_cross_nested_logits_that_are_none_are_refused(options, said):
    with pytest.raises(est.ChoiceError, match=said):
        est.CrossNestedLogit(TERMS, **options)


def test_parts_and_dissimilarities_that_nothing_tells_are_refused(nested):
    constants = est.CrossNestedLogit([], constants=True, nests=CROSSED)
    with pytest.raises(est.ChoiceError, match="nothing tells the part α of 'b, near'"):
        est.mode(constants, nested)
    with pytest.raises(est.ChoiceError, match="none of the nests"):
        est.NestedLogit(TERMS, nests=NESTS, shared=["near", "other"])
