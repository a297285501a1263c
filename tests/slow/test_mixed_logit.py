"""The hierarchical logit on data of people (electricity), and against PyMC: the long checks."""

from __future__ import annotations

import arviz as az
import numpy as np
import pytest
import xarray as xr
from oracles.choice_calibration import choices_of, design, problem_of

import estimation as est
from estimation.choice.fit import without
from estimation.choice.hierarchy.integral import integral_of_new
from estimation.choice.hierarchy.problem import DEGREES, TastePopulation
from estimation.choice.hierarchy.sampler import sample
from estimation.choice.quantities.decisions import decision_likelihoods
from estimation.replication.listing import printed_values

pytestmark = pytest.mark.slow

TERMS = ["pf", "cl", "loc", "wk", "tod", "seas"]
TABLE = printed_values("electricity/xlogit-mixed-logit")
MEANS, SPREADS = (np.array([TABLE[f"{what} of {term}"] for term in TERMS]) for what in ("mean", "sd"))


@pytest.fixture(scope="module")
def table():
    return est.load("electricity")


@pytest.fixture(scope="module")
def diagonal(table):
    return est.fit(est.MultinomialLogit(TERMS, random="all", covariance="diagonal"), table, seed=1, progress=False)


def test_where_it_differs_from_the_table_the_likelihood_is_higher(diagonal, table):
    """The table maximises a likelihood simulated with 600 draws; integrated to 1 nat, ours is not worse."""
    posterior = diagonal.tree["posterior"].dataset.mean(("chain", "draw"))
    ours = posterior["mean"].to_numpy(), posterior["sd"].to_numpy()
    problem, found = diagonal.model.hierarchy(table), []
    for means, spreads in (ours, (MEANS, SPREADS)):
        population = TastePopulation(means[:, None], np.diag(spreads**-2.0), np.empty(0))
        found.append(integral_of_new(problem, population, [population]).everybody(seed=2)[0].sum())
    assert found[0] > found[1] - 1


def test_leaving_people_out_equals_ten_folds_where_conditional_sums_do_not(table):
    fit = est.fit(est.MultinomialLogit(TERMS, random="all"), table, seed=1, progress=False)
    score = est.compare({"mixed": fit, "again": fit}).scores["mixed"]
    assert (score.pareto_k < score.good_k).all()
    names = np.array(table.subjects)
    fold = np.random.default_rng(0).permutation(len(names)) % 10
    exact: dict[str, float] = {}
    for number in range(10):
        exact |= without(fit.problem, names[fold == number], seed=number).scores
    gap = score.elpd.to_numpy() - np.array([exact[name] for name in score.elpd.index])
    assert abs(gap.sum()) < 2 * np.hypot(np.sqrt(len(gap)) * gap.std(), score.error)
    decisions = decision_likelihoods(fit)["decisions"].to_numpy()[0]
    people = np.add.reduceat(decisions, table.first_situation[:-1], axis=1)[None]
    tree = xr.DataTree.from_dict({"log_likelihood": xr.Dataset({"p": (("chain", "draw", "subject"), people)})})
    with pytest.warns(UserWarning, match="Pareto"):
        conditional = az.loo(tree, var_name="p", pointwise=True, reff=1.0)
    assert float(conditional.elpd) > score.elpd.sum() + 200
    assert int((conditional.pareto_k > 0.7).sum()) > 100


def test_the_posterior_is_that_of_a_plain_pymc_model():
    """Thirty SYNTHETIC people, two correlated tastes, Huang and Wand's prior with its auxiliary scales summed out."""
    import pymc as pm
    import pytensor.tensor as pt

    rng = np.random.default_rng(51)
    x = design(rng, people=30)
    weights = rng.multivariate_normal([0.8, -0.5], [[0.8, 0.3], [0.3, 0.5]], size=30)
    choices = choices_of(x, weights, rng)
    problem = problem_of(choices)
    chosen = (choices.chosen - choices.first_row[:-1]).reshape(30, -1)
    with pm.Model():
        mean = pm.Normal("mean", 0, problem.prior.shift_sd[:, 0], shape=2)
        log_sd, rho = pm.Flat("log_sd", shape=2), pm.Uniform("rho", -1, 1)
        sd = pt.exp(log_sd)
        rest = 1 - rho**2
        inner = DEGREES / (sd**2 * rest) + 1 / problem.prior.spread**2
        wishart = -(DEGREES + 4) / 2 * (2 * log_sd.sum() + pt.log(rest)) - (DEGREES + 2) / 2 * pt.log(inner).sum()
        pm.Potential("prior", wishart + 3 * log_sd.sum())  # dΣ = 4 s₁² s₂² ds₁ ds₂ dρ, ds = s d log s
        z = pm.Normal("z", shape=(30, 2))
        first = mean[0] + sd[0] * z[:, 0]
        second = mean[1] + sd[1] * (rho * z[:, 0] + pt.sqrt(rest) * z[:, 1])
        utility = first[:, None, None] * x[..., 0] + second[:, None, None] * x[..., 1]
        log_p = utility - pt.logsumexp(utility, axis=-1, keepdims=True)
        people, situations = np.indices(chosen.shape)
        pm.Potential("choices", log_p[people, situations, chosen].sum())
        theirs = pm.sample(1500, tune=1000, chains=4, random_seed=1, progressbar=False, target_accept=0.95)
    ours = sample(problem, seed=2, draws=1500, chains=4)
    sds = np.sqrt(np.diagonal(ours.covariance, axis1=2, axis2=3))
    pairs = [(ours.shift[..., k, 0], theirs["posterior"]["mean"].to_numpy()[..., k]) for k in range(2)]
    pairs += [(np.log(sds[..., k]), theirs["posterior"]["log_sd"].to_numpy()[..., k]) for k in range(2)]
    pairs += [(ours.covariance[..., 0, 1] / sds.prod(axis=-1), theirs["posterior"]["rho"].to_numpy())]
    for mine, other in pairs:
        error = np.hypot(*(draws.std() / np.sqrt(float(az.ess(draws))) for draws in (mine, other)))
        assert abs(mine.mean() - other.mean()) < 3 * error
