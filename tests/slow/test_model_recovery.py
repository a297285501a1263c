"""Whether the comparison names the theory that made the data, in ten simulated experiments of each theory."""

from __future__ import annotations

import pytest
from engine import level_experiment, trust_experiment

import estimation as est

pytestmark = pytest.mark.slow
MAKE = {"trust": trust_experiment, "level-k": level_experiment}


@pytest.mark.parametrize("truth", ["trust", "level-k"])
def test_the_theory_that_made_the_data_wins_at_least_nine_times_in_ten(truth):
    wins = []
    for seed in range(10):
        table, _ = MAKE[truth](people=40, decisions=20, seed=seed)  # 20 as sender and 20 as receiver
        theories = {"trust": est.TrustEmbedded(), "level-k": est.LevelK()}
        fits = {name: est.fit(theory, table, seed=seed, progress=False) for name, theory in theories.items()}
        study = est.compare(fits)
        wins.append(study.table.index[0] == truth and "cannot" not in study.verdict)
    assert sum(wins) >= 9, wins


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
