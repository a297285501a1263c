"""Whether the comparison names the theory that made the data, in ten simulated experiments of each theory."""

from __future__ import annotations

import pytest
from engine import GAMES, LEVELS, TRUST

import estimation as est

pytestmark = pytest.mark.slow


def test_the_theory_that_made_the_data_wins_at_least_nine_times_in_ten():
    """40 people x 40 decisions: 20 as sender and 20 as receiver."""
    study = est.model_recovery(
        {"trust": est.TrustEmbedded(), "level-k": est.LevelK()},
        est.design(GAMES, people=40, decisions=20, seed=1),
        {"trust": TRUST, "level-k": LEVELS},
        simulations=10,
        seed=1,
        executor=2,
        progress=False,
    )
    assert study.pairs["named"].min() >= 0.9, study.pairs
    assert study.indistinguishable == []


FORECASTS = {"sender_precision": (0.03, 0.4), "receiver_precision": (0.01, 0.4), "lapse": (0.03, 0.6)}


def assert_recovered(theory, table, true):
    """The truth lies inside the central 99 % interval of every typical value."""
    fit = est.fit(theory, table, seed=1, progress=False)
    assert est.diagnose(fit).ok, est.diagnose(fit).verdict
    posterior = fit.tree["posterior"].dataset["mean"]
    for parameter in fit.problem.parameters:
        low, high = posterior.sel(parameter=parameter.name).quantile([0.005, 0.995]).to_numpy()
        assert low < parameter.transformed(true[parameter.name]) < high, parameter.name
    return fit


def test_forecast_sharing_parameters_recover_under_trust():
    true = {name: typical for name, (typical, _) in FORECASTS.items()} | {"trust": 0.6, "lying_cost": 6.0}
    assert_recovered(est.TrustEmbedded(), est.load("simulated_forecast_sharing"), true)


def test_forecast_sharing_parameters_and_levels_recover_under_level_k():
    shares = {"level 0": 0.4, "level 1": 0.3, "level 2": 0.3}
    theory, design = est.LevelK(max_level=2), est.load("simulated_forecast_sharing")
    table, truth = est.simulate(theory, design, FORECASTS, shares=shares, seed=3)
    fit = assert_recovered(theory, table, {name: typical for name, (typical, _) in FORECASTS.items()})
    for group, kinds in fit.problem.distinct_kinds.items():
        share = fit.tree["posterior"].dataset["share"].isel(kind=kinds).sum("kind")
        low, high = share.quantile([0.005, 0.995]).to_numpy()
        assert low < truth["kind"].isin(group.split(" or ")).mean() < high, group
