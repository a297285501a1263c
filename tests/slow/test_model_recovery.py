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


def test_forecast_sharing_parameters_recover():
    table = est.load("simulated_forecast_sharing")
    fit = est.fit(est.TrustEmbedded(), table, seed=1, progress=False)
    assert est.diagnose(fit).ok, est.diagnose(fit).verdict
    true = {
        "trust": 0.6,
        "lying_cost": 6.0,
        "sender_precision": 0.03,
        "receiver_precision": 0.01,
        "lapse": 0.03,
    }
    posterior = fit.tree["posterior"].dataset["mean"]
    for parameter in fit.parameters:
        low, high = posterior.sel(parameter=parameter.name).quantile([0.005, 0.995]).to_numpy()
        assert low < parameter.transformed(true[parameter.name]) < high, parameter.name
