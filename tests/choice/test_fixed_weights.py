"""Weights that are known: offsets and fixed coefficients, by likelihoods written out, and in what is done with fits."""

from __future__ import annotations

import numpy as np
import pytest
from choice_builders import WEIGHTS, choice_frame, with_outside
from scipy import optimize, special

import estimation as est

FIXED = est.MultinomialLogit(["price", "quality"], fixed={"price": -0.8})


def by_hand(table, known, free):
    """Maximise a logit with a known part of utility, situation by situation: weights and log likelihood."""
    groups = [
        (known(rows), rows[free].to_numpy(), np.flatnonzero(rows["chosen"])[0])
        for _, rows in table.frame.groupby("situation", observed=True)
    ]

    def loss(weights):
        utilities = [(offset + x @ weights, taken) for offset, x, taken in groups]
        return sum(special.logsumexp(utility) - utility[taken] for utility, taken in utilities)

    found = optimize.minimize(loss, np.zeros(len(free)), method="BFGS", options={"gtol": 1e-6})
    return found.x, -found.fun


@pytest.fixture(scope="module")
def table():
    return with_outside(15, 5)


def test_the_other_weights_are_those_of_the_likelihood_with_a_known_part(table):
    expected, height = by_hand(table, lambda rows: -0.8 * rows["price"].to_numpy(), ["quality"])
    found = est.mode(FIXED, table)
    np.testing.assert_allclose(found.coefficients, expected, atol=1e-5)
    assert found.log_likelihood == pytest.approx(height, abs=1e-8)
    assert "Not estimated: price = -0.8." in repr(found)


def test_an_offset_need_not_be_among_the_attributes(table):
    model = est.MultinomialLogit(["quality"], fixed={"np.log(1 + price)": 1.0})

    def inside(rows):
        return np.log1p(rows["price"].to_numpy()) * (rows["alternative"] != "nothing").to_numpy()

    expected, height = by_hand(table, inside, ["quality"])
    found = est.mode(model, table)
    np.testing.assert_allclose(found.coefficients, expected, atol=1e-5)
    assert found.log_likelihood == pytest.approx(height, abs=1e-8)


def test_weights_fixed_at_their_estimates_leave_the_others_where_they_were(table):
    free = est.mode(est.MultinomialLogit(["price", "quality"], constants=True), table)
    fixed = {name: float(free.coefficients[name]) for name in ("price", "a")}
    held = est.mode(est.MultinomialLogit(["price", "quality"], constants=True, fixed=fixed), table)
    np.testing.assert_allclose(held.coefficients, free.coefficients.drop(["price", "a"]), atol=1e-6)
    assert held.log_likelihood == pytest.approx(free.log_likelihood, abs=1e-8)
    nest = est.NestedLogit(["quality"], nests={"near": ["a", "b"]}, fixed={"price": float(fixed["price"])})
    assert np.isfinite(est.mode(nest, table).log_likelihood)


@pytest.fixture(scope="module")
def fit(table):
    return est.fit(FIXED, table, seed=1, draws=200, chains=2)


def test_a_posterior_with_a_fixed_weight_has_quantities_in_its_units(fit, table):
    assert list(fit.summary.index) == ["coefficients[quality]"]
    quality = fit.posterior["coefficients"].to_numpy().reshape(-1)
    worth = est.willingness_to_pay(fit, draws=len(quality)).draws.to_numpy().ravel()
    np.testing.assert_allclose(np.sort(worth), np.sort(quality / 0.8))
    weights = {"quality": float(quality[0])}
    made = est.simulate_choices(FIXED, table, weights, seed=3)
    full = est.simulate_choices(est.MultinomialLogit(["price", "quality"]), table, weights | {"price": -0.8}, seed=3)
    assert (made.frame["chosen"] == full.frame["chosen"]).all()
    shares = est.shares(fit, draws=50).table["median"]
    assert shares.sum() == pytest.approx(1.0, abs=0.01)


def test_fits_are_read_back_with_what_was_fixed(fit, tmp_path):
    assert est.load_fit(fit.save(tmp_path / "fixed.nc")).model.fixed == {"price": -0.8}
    rows = {row[0]: row[3] for row in fit.problem.parameter_rows()}
    assert rows["price"] == "fixed at -0.8"


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (lambda: est.MultinomialLogit(["price"], random="all", fixed={"price": -1}), "everybody shares"),
        (lambda: est.LatentClassLogit(["price"], fixed={"price": -1}), "everybody shares"),
        (lambda: est.MultinomialLogit(["price"], fixed={"price": "a"}), "finite number"),
        (lambda: est.mode(est.MultinomialLogit(["price"], fixed={"price": -1}), with_outside(4, 2)), "nothing to est"),
        (lambda: est.mode(est.MultinomialLogit(["price"], fixed={"prize": -1}), with_outside(4, 2)), "prize"),
    ],
)
def test_what_cannot_be_fixed_is_refused(run, said):
    with pytest.raises(est.ChoiceError, match=said):
        run()


def test_a_known_price_weight_is_recovered_around():
    frame = choice_frame(80, 6)
    found = est.mode(est.MultinomialLogit(["quality"], fixed={"price": WEIGHTS["price"]}), est.read_choices(frame))
    assert abs(found.coefficients["quality"] - WEIGHTS["quality"]) < 4 * found.standard_errors["quality"]
