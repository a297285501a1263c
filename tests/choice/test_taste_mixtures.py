"""Mixtures of normals over people: labels, integrals by quadrature, the prior where nothing is seen, recovery."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame
from scipy import stats
from scipy.special import logsumexp

import estimation as est
from estimation.choice.hierarchy.conjugate import Moments, draw_given
from estimation.choice.hierarchy.integral import Integral
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.proposals import Proposal
from estimation.choice.mixtures.chain import EQUAL, Mixture
from estimation.choice.mixtures.integral import MixtureDensities, MixtureIntegral
from estimation.choice.mixtures.labels import ordered, orders_of
from estimation.choice.mixtures.problem import TasteMixture, mixture_from_prior
from estimation.choice.mixtures.sampler import sample_mixture

MODEL = est.MultinomialLogit(["price", "quality"], random="all", components=2)
KIND = (np.arange(60) % 10 >= 7).astype(int)
MEANS, SPREAD = np.array([[-2.0, 0.5], [-0.3, 2.5]]), 0.3


@pytest.fixture(scope="module")
def table():
    """Sixty people: 42 watch prices, 18 want quality."""
    offered, rng = est.read_choices(choice_frame(60, 10)), np.random.default_rng(1)
    own = MEANS[KIND] + SPREAD * rng.normal(size=(60, 2))
    weights = pd.DataFrame(own, index=offered.subjects, columns=["price", "quality"])
    return est.simulate_choices(est.MultinomialLogit(["price", "quality"], random="all"), offered, weights, seed=2)


@pytest.fixture(scope="module")
def problem(table) -> TasteMixture:
    return MODEL.on(table)


@pytest.fixture(scope="module")
def found(problem):
    return sample_mixture(problem.hierarchy, 2, seed=1, draws=300, chains=1)


@pytest.fixture(scope="module")
def posterior(problem, found):
    return problem._posterior(found)


def test_components_and_their_shares_are_found_again(posterior, found):
    middle, error = posterior.mean(("chain", "draw")), posterior.std(("chain", "draw"))
    np.testing.assert_allclose(middle["share"], [0.7, 0.3], atol=0.12)
    gap = np.abs(middle["component_mean"].to_numpy() - MEANS)
    assert (gap < 3.5 * error["component_mean"].to_numpy()).all()
    own = (found.label[0].mean(axis=0) > 0.5).astype(int)
    assert (own == KIND).mean() > 0.9


def test_moments_over_everybody_and_new_people_are_those_of_the_mixture(problem, posterior):
    draw, rng = posterior.isel(chain=0, draw=5), np.random.default_rng(0)
    share, mean = draw["share"].to_numpy(), draw["component_mean"].to_numpy()
    middle = share @ mean
    np.testing.assert_allclose(draw["mean"], middle)
    covariance = np.einsum("k,kij->ij", share, draw["component_covariance"].to_numpy())
    covariance += np.einsum("k,ki,kj->ij", share, mean - middle, mean - middle)
    np.testing.assert_allclose(draw["covariance"], covariance)
    new = problem.new_people(posterior, 200, rng).reshape(-1, 2)
    np.testing.assert_allclose(new.mean(axis=0), posterior["mean"].mean(("chain", "draw")), atol=0.06)
    np.testing.assert_allclose(new.std(axis=0), posterior["sd"].mean(("chain", "draw")), rtol=0.1)


def test_a_persons_likelihood_under_a_mixture_is_the_integral_by_quadrature(problem, posterior, found, table):
    node, weight = np.polynomial.hermite_e.hermegauss(40)
    grid = np.stack(np.meshgrid(node, node, indexing="ij"), axis=-1).reshape(-1, 2)
    log_weight = np.log(np.outer(weight, weight).ravel() / weight.sum() ** 2)
    place, draw = 7, posterior.isel(chain=0, draw=9)
    rows = table.frame[table.frame["subject"] == table.subjects[place]]
    terms = []
    for k in range(2):
        root = np.linalg.cholesky(draw["component_covariance"].to_numpy()[k])
        tastes = draw["component_mean"].to_numpy()[k] + grid @ root.T
        total = np.log(float(draw["share"][k])) + log_weight
        for _, offered in rows.groupby("situation", observed=True):
            utility = offered[["price", "quality"]].to_numpy() @ tastes.T
            total = total + utility[offered["chosen"].to_numpy().argmax()] - logsumexp(utility, axis=0)
        terms.append(logsumexp(total))
    values, _ = MixtureIntegral(problem.hierarchy, found.sites, found, 4000).person(place, np.random.default_rng(1))
    assert values[9] == pytest.approx(logsumexp(terms), abs=0.1)


def test_nodes_around_each_component_tell_more_than_as_many_around_one_normal(problem, found):
    """The components are a distance of eight of their spreads apart; most people may be in either."""

    class AroundOne(MixtureIntegral):
        proposal = Integral.proposal

    errors = []
    for kind in (MixtureIntegral, AroundOne):
        _, quality = kind(problem.hierarchy, found.sites, found, 400).everybody(seed=3)
        errors.append(np.sqrt(sum(one.error**2 for one in quality)))
    assert errors[0] < 0.75 * errors[1]


def test_nodes_of_several_parts_are_weighed_by_the_density_of_all():
    """The integral of a mixture is one, whatever shares of nodes its parts get, and all nodes are used."""
    root = np.array([np.diag([1.0, 2.0]), np.diag([0.2, 0.1]), np.diag([0.3, 3.0])])
    proposal = Proposal(np.array([0.331, 0.1, 0.569]), np.array([[0.0, 0.0], [9.0, 1.0], [-5.0, 5.0]]), root)
    nodes, log_proposal = proposal.nodes(20_000, np.random.default_rng(4))
    assert nodes.shape == (20_000, 2)
    parts = [stats.multivariate_normal(mean, cov) for mean, cov in (([0, 0], np.eye(2)), ([-5, 5], 4 * np.eye(2)))]
    ratio = (0.6 * parts[0].pdf(nodes) + 0.4 * parts[1].pdf(nodes)) / np.exp(log_proposal)
    assert ratio.mean() == pytest.approx(1, abs=4 * ratio.std() / np.sqrt(len(nodes)))


def test_spreads_and_correlations_within_components_have_the_prior_that_is_printed(problem):
    """Half-t(4) at the scale of each weight, correlations r with density 3/4 (1 - r²): Kolmogorov and Smirnov."""
    drawn = [mixture_from_prior(problem.hierarchy, 2, rng) for rng in np.random.default_rng(9).spawn(800)]
    covariance = np.linalg.inv(np.concatenate([one.precision for one in drawn]))
    sd = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    for place, scale in enumerate(problem.hierarchy.prior.spread):
        tails = stats.kstest(sd[:, place] / scale, lambda x: 2 * stats.t(4).cdf(x) - 1)
        assert tails.pvalue > 1e-4
    r = covariance[:, 0, 1] / sd.prod(axis=1)
    assert stats.kstest(r, lambda x: 0.5 + 0.75 * x - 0.25 * x**3).pvalue > 1e-4
    priors = {row[0]: row[3] for row in problem.parameter_rows()}
    assert priors["price, SD"].startswith("half-t(4), scale")
    assert priors["correlation"] == "density ∝ (1 − r²)^1"


def test_draws_given_nobody_are_those_of_the_prior(problem):
    """Shares of draws below quartiles of half-t(4), against the error of as many independent draws as every tenth."""
    hierarchy, rng, kept = problem.hierarchy, np.random.default_rng(10), []
    nobody = Moments(np.zeros((2, 1)), np.zeros((1, 1)), np.zeros((2, 1)), np.zeros((2, 2)))
    now = TastePopulation(np.zeros((2, 1)), np.eye(2), np.empty(0))
    for _ in range(20_000):
        now = draw_given(hierarchy, nobody, now, rng)
        kept.append(np.sqrt(np.diag(np.linalg.inv(now.precision))) / hierarchy.prior.spread)
    for chance in (0.25, 0.5, 0.75):
        below = np.mean(np.array(kept) < stats.t(4).ppf((1 + chance) / 2), axis=0)
        np.testing.assert_allclose(below, chance, atol=4 * np.sqrt(chance * (1 - chance) / 2000))


def test_a_fit_of_a_mixture_says_what_it_found_and_whether_it_can_be_believed(table, tmp_path, monkeypatch):
    monkeypatch.setattr("estimation.choice.mixtures.sampler.ROUNDS", 1)  # chains that are too short say so as well
    fit = est.fit(MODEL, table.of(table.subjects[::5]), seed=1, draws=50, chains=2, progress=False)
    assert {"R-hat", "bulk ESS", "Pareto k"} <= set(est.diagnose(fit).table.index)
    assert fit.people.shape == (12, 2)
    assert fit.tree["posterior"].sizes["component"] == 2
    np.testing.assert_allclose(fit.tree["posterior"]["share"].sum("component"), 1)
    assert "component_sd[component 2, quality]" in str(fit)
    again = est.load_fit(fit.save(tmp_path / "mixture.fit"))
    assert again.people.equals(fit.people)


@pytest.mark.slow
def test_a_mixture_predicts_people_of_two_kinds_better_than_one_normal(table):
    models = {"two": MODEL, "one": est.MultinomialLogit(["price", "quality"], random="all")}
    fits = {name: est.fit(model, table, seed=1, draws=300) for name, model in models.items()}
    assert all(est.diagnose(fit).table["passed"].all() for fit in fits.values())
    elpd = est.compare(fits).table["elpd"]
    assert elpd["two"] > elpd["one"]
    assert fits["two"].people.shape == (60, 2)


def test_the_density_of_tastes_is_that_of_the_mixture(table):
    problem: MixedLogit = MODEL.on(table).hierarchy
    mixture = mixture_from_prior(problem, 3, np.random.default_rng(3))
    nodes = np.random.default_rng(4).normal(size=(6, 2))
    parts = [
        share * stats.multivariate_normal(mean, np.linalg.inv(precision)).pdf(nodes)
        for share, mean, precision in zip(*mixture, strict=True)
    ]
    np.testing.assert_allclose(MixtureDensities([mixture]).of(nodes, np.ones(1))[:, 0], np.log(np.sum(parts, axis=0)))


@pytest.mark.slow
def test_where_choices_say_nothing_draws_are_those_of_the_prior():
    """Attributes of a millionth: sweeps then leave the prior as it is, whatever moves between components."""
    frame = choice_frame(6, 1).assign(price=lambda rows: 1e-6 * rows["price"])
    model = est.MultinomialLogit(["price"], random="all", components=2, prior_scale=1e-6)
    problem = model.on(est.read_choices(frame)).hierarchy
    found = sample_mixture(problem, 2, seed=5, draws=6000, chains=1)
    share = np.sort(found.share[0], axis=1)[:, 1]
    expected = np.maximum(*np.random.default_rng(6).dirichlet([EQUAL, EQUAL], 100_000).T)
    assert share.mean() == pytest.approx(expected.mean(), abs=0.01)
    mean, sd = found.moments[0][0, :, 0], float(problem.prior.shift_sd[0, 0])
    truth = [mixture_from_prior(problem, 2, rng).moments for rng in np.random.default_rng(7).spawn(4000)]
    expected = np.array([one[0][0] for one in truth])
    assert np.mean(np.abs(mean) < 0.5 * sd) == pytest.approx(np.mean(np.abs(expected) < 0.5 * sd), abs=0.05)
    spread, wanted = found.moments[1][0, :, 0, 0], np.array([one[1][0, 0] for one in truth])
    for chance in (0.25, 0.5, 0.75):
        assert np.mean(spread < np.quantile(wanted, chance)) == pytest.approx(chance, abs=0.05)


def test_components_that_chains_exchange_keep_their_names():
    rng, count = np.random.default_rng(8), 3
    truth = np.repeat([0, 1, 2], [10, 6, 4])
    swaps = np.array([rng.permutation(count) for _ in range(50)])
    labels = np.array([swap[np.where(rng.random(20) < 0.1, rng.integers(0, 3, 20), truth)] for swap in swaps])
    orders = orders_of(labels, count)
    np.testing.assert_array_equal(orders, swaps)
    values = np.array([[10.0, 6.0, 4.0]]).repeat(50, axis=0)
    shuffled = np.take_along_axis(values, np.argsort(swaps, axis=1), axis=1)
    np.testing.assert_array_equal(ordered(shuffled[..., None], orders)[..., 0], values)


def test_moments_do_not_depend_on_names():
    mixture = Mixture(np.array([0.2, 0.8]), MEANS, np.array([np.eye(2), 2 * np.eye(2)]))
    turned = Mixture(mixture.share[::-1], mixture.shift[::-1], mixture.precision[::-1])
    for ours, theirs in zip(mixture.moments, turned.moments, strict=True):
        np.testing.assert_allclose(ours, theirs)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"components": 0}, "1 or a larger"),
        ({"components": 2, "random": None}, "needs random coefficients"),
        ({"components": 2, "random": ["price"]}, r"\['quality'\] are the same for everybody"),
        ({"components": 2, "covariates": ["income"]}, "takes no covariates"),
    ],
)
def test_mixtures_that_cannot_be_are_refused(table, options, said):
    with pytest.raises(est.ChoiceError, match=said):
        est.MultinomialLogit(["price", "quality"], **({"random": "all"} | options)).on(table)


def test_a_mixture_has_no_maximum(table):
    with pytest.raises(est.ChoiceError, match="no maximum"):
        est.mode(MODEL, table)
    assert isinstance(MODEL.on(table), TasteMixture)


def test_the_table_of_components_holds_their_shares_means_and_spreads(problem, posterior):
    *_, table = problem.estimates(posterior, "sixty people")
    assert table.head == ("", *(f"component {n}: estimate (90 % interval)" for n in (1, 2)))
    about = ["share of people, %", *(f"{name}, {of}" for name in ("price", "quality") for of in ("mean", "SD"))]
    assert [row[0] for row in table.rows] == about
    shown = {row[0]: [float(cell.split()[0].replace("−", "-")) for cell in row[1:]] for row in table.rows}
    middle = posterior.median(("chain", "draw"))
    np.testing.assert_allclose(shown["share of people, %"], 100 * middle["share"], rtol=0.05)
    np.testing.assert_allclose(shown["price, mean"], middle["component_mean"].sel(coefficient="price"), rtol=0.1)
    np.testing.assert_allclose(shown["quality, SD"], middle["component_sd"].sel(coefficient="quality"), rtol=0.1)
