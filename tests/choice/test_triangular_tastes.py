"""Fits with triangular tastes: an exact grid, the truth, what follows from fits, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame, choice_table
from oracles.choice_calibration import choices_of, design
from scipy import special, stats

import estimation as est
from estimation.choice.hierarchy.problem import DEGREES, MixedLogit, TastePrior
from estimation.choice.hierarchy.sampler import sample
from estimation.choice.hierarchy.triangular import HALF_WIDTH, ends_of

GRID, NODES = 33, 24


def test_the_posterior_is_the_exact_one_on_a_grid():
    """Twenty SYNTHETIC people, one coefficient: mean and log half-width, people integrated out by quadrature."""
    import arviz as az

    rng = np.random.default_rng(21)
    choices = choices_of(design(rng, people=20, size=1), rng.triangular(-2, 0.7, 3.4, (20, 1)), rng)
    prior = TastePrior(np.zeros(0), np.ones((0, 1)), np.zeros(0), np.ones(2), np.zeros(2))
    one = MixedLogit(choices, (0,), (), np.zeros(1), np.ones((20, 1)), False, prior, half_width=np.array([HALF_WIDTH]))
    points, weights = np.polynomial.legendre.leggauss(NODES)
    place, share = np.concatenate([(points - 1) / 2, (points + 1) / 2]), np.tile(weights / 2, 2)
    share = np.log(share * (1 - np.abs(place)))
    x, chosen = choices.x.reshape(-1, 3), choices.chosen - choices.first_row[:-1]
    means, logs = np.linspace(-2.5, 3.5, GRID), np.linspace(-5.0, 4.0, GRID)
    value = np.empty((GRID, GRID))
    for i, mean in enumerate(means):
        for j, log_sd in enumerate(logs):
            utility = x[..., None] * (mean + HALF_WIDTH * np.exp(log_sd) * place)
            log_p = utility[np.arange(len(x)), chosen] - special.logsumexp(utility, axis=1)
            people = special.logsumexp(log_p.reshape(20, -1, 2 * NODES).sum(axis=1) + share, axis=1).sum()
            half_t = stats.t(DEGREES).logpdf(np.exp(log_sd)) + log_sd
            value[i, j] = people - mean**2 / 2 + half_t
    p = np.exp(value - value.max())
    p /= p.sum()
    drawn = sample(one, seed=3, draws=1500, chains=2)
    found = drawn.fixed[..., 0], np.log(ends_of(drawn.fixed, one.half_width).half_width[..., 0] / HALF_WIDTH)
    for draws, grid in zip(found, (means[:, None] + 0 * logs, logs + 0 * means[:, None]), strict=True):
        middle = (p * grid).sum()
        sd = np.sqrt((p * (grid - middle) ** 2).sum())
        error = draws.std() / np.sqrt(float(az.ess(draws)))
        assert abs(draws.mean() - middle) < 3 * error + 0.01 * sd
        assert abs(draws.std() / sd - 1) < 0.12


MODEL = est.MultinomialLogit(["price", "quality"], random="all", distributions={"price": "triangular"})
TRUE = {"mean[price]": -2.0, "half_width[price]": 1.5, "mean[quality]": 0.8, "sd[quality]": 0.6}


@pytest.fixture(scope="module")
def table():
    """Sixty SYNTHETIC people: nobody cares less for prices than half a logit, and nobody more than 3.5."""
    offered, rng = est.read_choices(choice_frame(60, 20)), np.random.default_rng(1)
    own = {"price": rng.triangular(-3.5, -2.0, -0.5, 60), "quality": rng.normal(0.8, 0.6, 60)}
    terms = est.MultinomialLogit(["price", "quality"])
    return est.simulate_choices(terms, offered, pd.DataFrame(own, index=offered.subjects), seed=2)


@pytest.fixture(scope="module")
def fit(table):
    return est.fit(MODEL, table, seed=1, chains=2, progress=False)


def test_the_truth_is_recovered_and_every_check_passes(fit):
    z = {n: (fit.summary.loc[n, "mean"] - value) / fit.summary.loc[n, "sd"] for n, value in TRUE.items()}
    assert max(map(abs, z.values())) < 3.5, z
    assert est.diagnose(fit).ok, est.diagnose(fit)


def test_spreads_are_those_of_triangles_independent_of_other_tastes(fit):
    posterior = fit.posterior
    half, sd = posterior["half_width"].sel(triangle="price"), posterior["sd"].sel(coefficient="price")
    np.testing.assert_allclose(half, HALF_WIDTH * sd)
    assert float(np.abs(posterior["covariance"].sel(coefficient="price", other="quality")).max()) == 0


@pytest.mark.parametrize("people", ["known", "new"])
def test_nobody_is_beyond_the_ends(fit, people):
    posterior = fit.posterior
    weights = fit.problem.tastes(fit.tree, people, 10**6, seed=0).weights[..., 0]
    mean, half = posterior["mean"].sel(coefficient="price"), posterior["half_width"].sel(triangle="price")
    if people == "new":
        gap = np.abs(weights - mean.to_numpy().reshape(-1, 1)) / half.to_numpy().reshape(-1, 1)
        assert gap.max() <= 1
        assert stats.kstest(gap.ravel()[::7], lambda share: 1 - (1 - share) ** 2).pvalue > 1e-4
    assert weights.min() > float((mean - half).min())
    assert weights.max() < float((mean + half).max())


def test_what_follows_from_weights_follows(fit, table):
    market = est.scenario(table, pd.DataFrame({"alternative": list("abc"), "price": [1.0, 2.0, 3.0], "quality": 0.0}))
    shares = est.shares(fit, market, people="new").table["median"]
    assert shares.is_monotonic_decreasing
    assert est.elasticities(fit, "price", market).table["median"].min() < 0
    assert np.isfinite(est.willingness_to_pay(fit, price="price").table["median"]).all()
    assert fit.people["price"].between(-4.0, -0.2).all()
    score = est.compare({"triangular": fit, "again": fit}).scores["triangular"]
    assert (score.pareto_k < score.good_k).all()


def test_tables_show_the_ends(fit):
    tables = {text.caption.partition(" (")[0]: text for text in fit.problem.estimates(fit.posterior, "here")}
    (row,) = tables["Triangular tastes"].rows
    low, high = (float(cell.replace("\N{MINUS SIGN}", "-")) for cell in row[-2:])
    middle = fit.posterior["mean"].sel(coefficient="price") - fit.posterior["half_width"].sel(triangle="price")
    assert low == pytest.approx(float(middle.median()), abs=0.06)
    assert low < -2.5 < -1.5 < high
    rows = {name: why for name, *_, why in fit.problem.parameter_rows()}
    assert "√6" in rows["price, SD"]
    assert "√6" not in rows["quality, SD"]
    assert "correlation" not in rows


def test_a_fit_is_read_back_as_it_was(fit, tmp_path):
    again = est.load_fit(fit.save(tmp_path / "tastes.nc"))
    assert again.model == fit.model
    pd.testing.assert_frame_equal(again.summary, fit.summary)


def test_a_fit_that_was_interrupted_goes_on_where_it_was(table, tmp_path):
    from estimation.choice.hierarchy.adaptation import started
    from estimation.choice.hierarchy.rounds import arrays_of, read_round

    problem = MODEL.on(table).hierarchy
    chain = started(problem, np.random.default_rng(1))
    for _ in range(5):
        chain.sweep(adapt=True)
    kept = {name: value.copy() for name, value in arrays_of([chain], [[]]).items()}
    (again,), _ = read_round(problem, kept)
    for one in (chain, again):
        one.settle(one.sites, problem.whole(one.coordinates.reference))
        for _ in range(3):
            one.sweep()
    np.testing.assert_array_equal(chain.theta, again.theta)
    np.testing.assert_array_equal(chain.population.fixed, again.population.fixed)


def test_truths_have_the_prior_that_is_written_down():
    problem = est.MultinomialLogit(["price"], random="all", distributions={"price": "triangular"}).on(choice_table(3))
    truths = [problem.truth(np.random.default_rng(seed)) for seed in range(400)]
    scale = problem.prior_sd[0]
    mean, sd = (np.array([truth.quantities[f"price: {of}"] for truth in truths]) for of in ("mean", "sd"))
    assert stats.kstest(mean / scale, "norm").pvalue > 1e-3
    assert stats.kstest(2 * sd / scale, lambda x: 2 * stats.t(DEGREES).cdf(x) - 1).pvalue > 1e-3
    place = np.concatenate([(t.weights["price"] - m) / s for t, m, s in zip(truths, mean, sd, strict=True)])
    assert stats.kstest(place / HALF_WIDTH, stats.triang(0.5, loc=-1, scale=2).cdf).pvalue > 1e-3


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"covariates": ["income"]}, "covariates"),
        ({"components": 2}, "components"),
        ({"wtp_space": "quality"}, "wtp_space"),
        ({"error_components": {"pair": ["a", "b"]}, "covariance": "diagonal"}, "error_components"),
    ],
)
def test_what_triangles_do_not_go_with_is_refused(options, word):
    with pytest.raises(est.ChoiceError, match=f"'price' is triangular, which goes with no {word}"):
        est.MultinomialLogit(["price", "quality"], random="all", distributions={"price": "triangular"}, **options)


def test_there_is_no_quick_mode(table):
    with pytest.raises(est.ChoiceError, match="no quick mode of triangular tastes"):
        est.mode(MODEL, table)


def test_a_report_says_whose_weights_are_triangular_and_cites_it(fit, tmp_path):
    said = est.report(fit, tmp_path / "report.md").read_text()
    assert "with a triangular distribution over people of price (Hensher and Greene 2003)" in said
    assert "Triangular tastes" in said
