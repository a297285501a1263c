"""Proposals around the mode draw what chains would, on as many nodes as they need; where they fail, chains are run."""

from __future__ import annotations

import subprocess
import sys

import arviz as az
import numpy as np
import pytest
from engine import level_experiment, trust_experiment
from scipy import stats

import estimation as est
from estimation.fits.job import Settings
from estimation.inference.importance import Target
from estimation.inference.population_sampler import PLENTY, PopulationSampler
from estimation.inference.sampling import bound_population, sample
from estimation.population.flat import FlatNodes
from estimation.population.nodes import PER_DIMENSION

QUICK = {"draws": 300, "tune": 200, "chains": 2, "progress": False}


@pytest.mark.parametrize(
    ("theory", "people", "roles", "accuracy"),
    [
        (est.TrustEmbedded(), 6, "receiver", 0.25),
        pytest.param(est.TrustEmbedded(), 12, "receiver", 1.0, marks=pytest.mark.slow),
        pytest.param(est.TrustEmbedded(), 16, "both", 1.0, marks=pytest.mark.slow),
        pytest.param(est.LevelK(), 16, "both", 1.0, marks=pytest.mark.slow),
        # ten more numbers, the correlations, need more people: with sixteen, proposals fail their check
        pytest.param(est.TrustEmbedded(correlated=True), 40, "both", 1.0, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_proposals_around_the_mode_have_the_posterior_of_the_chains(theory, people, roles, accuracy):
    """On equal nodes, so that only the two samplers differ; tried six times, proposals tell how they err."""
    make = {"trust-embedded": trust_experiment, "level-k": level_experiment}[theory.name]
    table = make(people=people, decisions=10)[0]
    table = table if roles == "both" else table.only(roles)
    how = {"seed": 1, "method": "importance", "draws": 1000, "chains": 2, "progress": False}
    quick = est.fit(theory, table, accuracy=accuracy, **how)
    assert est.diagnose(quick).table.loc["Pareto k of proposals", "passed"]
    structure = quick.problem.structure
    flats = tuple(FlatNodes.from_dataset(node.dataset) for node in quick.tree["nodes"].children.values())
    chains = sample(bound_population(flats, structure), Settings(draws=1000, chains=4), range(4))["posterior"].dataset
    middle, tried = structure.draws(quick.tree["posterior"].dataset).middle, []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        target = Target.of(flats, structure, fewer=tuple(flat.halves(rng)[0] for flat in flats))
        tried.append(target.weighed(target.explored(middle, rng), rng, PLENTY).resampled(1, 2000, rng))
    for name in ("mean", "sd", "share", "correlation"):
        if name not in chains or name not in tried[0]:
            continue
        of_chains = chains[name].to_numpy().reshape(4000, -1)
        drawn = np.array([found[name].to_numpy().reshape(2000, -1) for found in tried])
        # the error of a standard deviation depends on the tails: sd² (kurtosis - 1) / (4 draws)
        spread_error = np.sqrt((stats.kurtosis(of_chains, fisher=False) - 1) / 4 / float(az.ess(chains)[name].min()))
        errors = az.mcse(chains[[name]])[name].to_numpy().ravel(), spread_error
        for of, of_their_draws in zip((np.mean, log_spread), errors, strict=True):
            each = of(drawn, axis=1)
            gap = np.abs(each.mean(axis=0) - of(of_chains, axis=0))
            error = np.hypot(of_their_draws, each.std(axis=0, ddof=1) / np.sqrt(len(each)))
            assert (gap < stats.t.ppf(0.9995, len(each) - 1) * error).all(), (name, gap / error)


def log_spread(draws, axis):
    return np.log(np.std(draws, axis=axis))


def test_where_proposals_fail_chains_are_run_instead(monkeypatch):
    monkeypatch.setattr("estimation.inference.importance.EFFECTIVE", 10**6)
    table, _ = trust_experiment(people=6, decisions=6, roles=("receiver",))
    fit = est.fit(est.TrustEmbedded(), table, **QUICK)
    assert "proposals" not in fit.tree
    assert "R-hat" in est.diagnose(fit).table.index
    assert fit.manifest["sampler"]["name"].startswith("NUTS, because proposals do not cover the posterior (Pareto k")


def test_who_asks_for_proposals_alone_gets_them_and_is_told_that_they_fail(monkeypatch):
    monkeypatch.setattr("estimation.inference.importance.EFFECTIVE", 10**6)
    monkeypatch.setattr("estimation.evaluation.diagnosis.EFFECTIVE", 10**6)
    table, _ = trust_experiment(people=6, decisions=6, roles=("receiver",))
    fit = est.fit(est.TrustEmbedded(), table, **QUICK | {"method": "importance"})
    assert "proposals" in fit.tree
    assert not est.diagnose(fit).ok


def test_drawing_by_proposals_loads_no_compiler_of_models():
    """PyMC, PyTensor and nutpie take seconds to import, and are needed for chains only."""
    code = """
import sys, estimation as est
table = est.load("simulated_forecast_sharing").only("receiver").of(["s01", "s02"])
fit = est.fit(est.TrustEmbedded(), table, draws=50, chains=1, accuracy=0.1, progress=False)
assert fit.manifest["sampler"]["name"].startswith("importance sampling"), fit.manifest["sampler"]
assert not {"pymc", "pytensor", "nutpie", "matplotlib"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=300)


@pytest.mark.parametrize(
    ("accuracy", "errors", "times"),
    [(1.0, [1.3], 2), (1.0, [1.3, 1.3], 4), (1.0, [2.0], 4), (1.0, [9.0, 9.0], 4), (1.0, [np.nan], 4), (0.5, [9.0], 1)],
)
def test_proposals_get_as_many_more_nodes_as_the_error_of_integrals_asks_for_up_to_four_times(
    accuracy, errors, times, monkeypatch
):
    table, _ = trust_experiment(people=3, decisions=4, roles=("receiver",))
    left, finest, again = iter([*errors, *[0.1] * 5]), [], PopulationSampler._again

    def watched(*arguments):
        finest.append(arguments[-1].fineness)
        return again(*arguments)

    monkeypatch.setattr(PopulationSampler, "_integral_error", lambda *_: next(left))
    monkeypatch.setattr(PopulationSampler, "_again", watched)
    fit = est.fit(est.TrustEmbedded(), table, **QUICK | {"method": "importance", "accuracy": accuracy})
    assert "proposals" in fit.tree
    fineness = fit.problem.builder(np.random.default_rng(), 1, accuracy).fineness
    assert max(finest, default=fineness) == times * fineness
    least = PER_DIMENSION * len(fit.problem.parameters) * fineness
    assert (fit.tree["integration"]["nodes"] >= times * least).all()
