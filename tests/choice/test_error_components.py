"""Error components against integrals by quadrature, and what they do to substitution."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame
from scipy import optimize
from scipy.special import logsumexp

import estimation as est
from estimation.choice.hierarchy.integral import integral_of_new
from estimation.choice.hierarchy.problem import TastePopulation

PAIR = {"pair": ["a", "b"]}
DIAGONAL = {"covariance": "diagonal"}
MODEL = est.MultinomialLogit(["price", "quality"], error_components=PAIR, **DIAGONAL)


@pytest.fixture(scope="module")
def table():
    """Eighty people who see a and b as one kind, with a spread of two logits."""
    offered, rng = est.read_choices(choice_frame(80, 8)), np.random.default_rng(1)
    own = {"price": -0.8, "quality": 1.2, "pair": 2.0 * rng.normal(size=80)}
    return est.simulate_choices(MODEL, offered, pd.DataFrame(own, index=offered.subjects), seed=2)


def log_likelihood_of(rows: pd.DataFrame, price: float, quality: float, common: np.ndarray) -> np.ndarray:
    """Return log P(a person's choices) for each value of what a and b have in common."""
    total = np.zeros(len(common))
    for _, offered in rows.groupby("situation", observed=True):
        fixed = price * offered["price"] + quality * offered["quality"]
        utility = fixed.to_numpy()[:, None] + offered["alternative"].isin(["a", "b"]).to_numpy()[:, None] * common
        total += utility[offered["chosen"].to_numpy().argmax()] - logsumexp(utility, axis=0)
    return total


def test_a_persons_likelihood_is_the_integral_over_what_the_group_has_in_common(table):
    node, weight = np.polynomial.hermite_e.hermegauss(60)
    problem = MODEL.on(table).hierarchy
    population = TastePopulation(np.zeros((1, 1)), np.array([[1 / 1.5**2]]), np.array([-0.7, 1.1]))
    found, _ = integral_of_new(problem, population, [population], 20_000).everybody(seed=1)
    for place, (_, rows) in zip(range(4), table.frame.groupby("subject", observed=True), strict=False):
        values = log_likelihood_of(rows, -0.7, 1.1, 1.5 * node)
        assert found[0, place] == pytest.approx(logsumexp(values, b=weight / weight.sum()), abs=0.02)


@pytest.fixture(scope="module")
def fit(table):
    return est.fit(MODEL, table, seed=1, draws=200, chains=2)


def test_the_spread_is_that_of_the_maximum_by_quadrature_and_the_mean_is_zero(fit, table):
    rows, first, posterior = table.frame, table.first_row[:-1], fit.posterior
    node, weight = np.polynomial.hermite_e.hermegauss(40)
    of_pair, chosen = rows["alternative"].isin(["a", "b"]).to_numpy(float), rows["chosen"].to_numpy()
    person = rows["subject"].cat.codes.to_numpy()[first]

    def loss(parameters):
        fixed = rows[["price", "quality"]].to_numpy() @ parameters[:2]
        utility = fixed[:, None] + of_pair[:, None] * np.exp(parameters[2]) * node
        choices, people = utility[chosen] - np.log(np.add.reduceat(np.exp(utility), first)), np.zeros((80, len(node)))
        np.add.at(people, person, choices)
        return -logsumexp(people, b=weight / weight.sum(), axis=1).sum()

    top = np.exp(optimize.minimize(loss, [-0.8, 1.2, 0.0], method="BFGS").x[2])
    spread = posterior["sd"].sel(coefficient="pair")
    assert abs(float(spread.mean()) - top) < 0.5 * float(spread.std())  # a maximum is no mean
    assert float(np.abs(posterior["mean"].sel(coefficient="pair")).max()) == 0
    own = fit.tree["people"].dataset["coefficients"].sel(coefficient="pair").mean("sample")
    assert float(own.std()) > 0.5
    assert "pair, SD" in {row[0] for row in fit.problem.parameter_rows()}
    assert set(est.willingness_to_pay(fit).table.index) == {"quality"}


def test_members_of_a_group_are_closer_substitutes(fit, table):
    plain = est.fit(est.MultinomialLogit(["price", "quality"]), table, seed=1, draws=300)
    market = est.scenario(table, pd.DataFrame({"alternative": list("abc"), "price": 3.0, "quality": 0.0}))
    to_pair = [est.diversion(one, market, people="new").draws.sel(removed="a", alternative="b") for one in (fit, plain)]
    close, alike = (float(draws.median()) for draws in to_pair)
    assert close > alike + 0.05
    assert alike == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"error_components": PAIR}, 'covariance="diagonal"'),
        ({"error_components": {"all": ["a", "b", "c"]}} | DIAGONAL, "could be exchanged"),
        ({"error_components": {"one": ["a"], "rest": ["b", "c"]}} | DIAGONAL, "could be exchanged"),
        ({"error_components": {"odd": ["a", "z"]}} | DIAGONAL, r"\['z'\] are none of"),
    ],
)
def test_components_that_nothing_can_tell_are_refused(table, options, said):
    with pytest.raises(est.ChoiceError, match=said):
        est.MultinomialLogit(["price"], **options).on(table).check()
