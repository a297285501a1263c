"""Calibration accepts posteriors that are what they claim, those of theories from their priors too, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from small_recovery import small_design

import estimation as est
from estimation.studies import trial
from estimation.studies.bands import is_uniform, simultaneous_band
from estimation.studies.calibration import calibration_of

QUIET = {"progress": False, "seed": 3}


def results(rng, spread, count=200):
    """Return trials of a posterior that claims a spread of 1 where the truth has another."""
    rows = []
    for _ in range(count):
        data = rng.normal()
        truth = {"x": data + spread * rng.normal(), "y": rng.uniform()}
        draws = {"x": data + rng.normal(size=400), "y": rng.uniform(size=400)}
        rows.append(trial.summary(truth, draws, rng) | {"ok": True})
    return rows


def test_calibration_accepts_posteriors_that_are_right_and_refuses_those_that_are_too_sure():
    rng = np.random.default_rng(1)
    right = calibration_of("right", results(rng, 1.0), {"simulations": 200})
    assert right.ok, right
    said = "ranks are uniform and intervals hold the truth as often as they say."
    assert right.verdict == f"right, 200 simulations of 2 quantities: {said}"
    sure = calibration_of("too sure", results(rng, 1.6), {"simulations": 200})
    assert not sure.table.loc["x", "covered"]
    assert not sure.table.loc["x", "uniform"]
    assert sure.table.loc["y", ["covered", "uniform"]].all()
    assert "x are not what they claim" in sure.verdict
    assert len(sure.plot().get_lines()) == 2


def test_bands_hold_whole_distribution_functions_as_often_as_they_say():
    rng = np.random.default_rng(2)
    held = np.mean([is_uniform(rng.uniform(size=100), 0.9) for _ in range(1000)])
    assert abs(held - 0.9) < 3.5 * np.sqrt(0.9 * 0.1 / 1000) + 0.01  # the band's width is simulated itself
    points, lower, upper = simultaneous_band(100, 0.9)
    assert (lower <= points).all()
    assert (points <= upper + 1e-12).all()


@pytest.mark.parametrize(
    "theory", [est.Honest(), pytest.param(est.LevelK(max_level=1), marks=pytest.mark.slow)], ids=str
)
def test_theories_are_calibrated_from_their_prior(theory):
    prior = est.calibrate(theory, small_design(), simulations=20, **QUIET)
    assert prior.ok, prior
    assert "log likelihood" in prior.table.index
    assert prior.ranks.shape == (20, len(prior.table))
