"""Scores by smoothed weights where the tail of a unit is one draw, drawn again and again: told, beside the others."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import special

from estimation.evaluation.scores.smoothed import Smoothed


def tree_of(values):
    """Return log likelihoods (draw, unit) as the group that fits have."""
    units = [f"u{place}" for place in range(values.shape[1])]
    found = xr.Dataset({"people": (("chain", "draw", "subject"), values[None])}, {"subject": units})
    return xr.DataTree.from_dict({"/": xr.Dataset(), "log_likelihood": found})


@pytest.fixture
def values():
    return np.random.default_rng(5).normal(-1.0, 0.1, size=(400, 3))


def test_a_tail_of_one_draw_is_not_trusted_and_scored_by_the_weights_as_they_are(values):
    alone = values.copy()
    alone[:120, 1] = -4.0  # a third of the draws are one draw, the unlikeliest
    found = Smoothed.of(tree_of(alone), "people", "subject", reff=1.0)
    assert found.poor == ["u1"]
    assert found.pareto_k["u1"] == np.inf
    harmonic = np.log(len(alone)) - special.logsumexp(-alone[:, 1])  # Gelfand and Dey: the mean of 1 / likelihood
    assert found.elpd["u1"] == pytest.approx(harmonic)


def test_the_other_units_are_scored_as_if_they_were_alone(values):
    alone = values.copy()
    alone[:120, 1] = -4.0
    found = Smoothed.of(tree_of(alone), "people", "subject", reff=1.0)
    others = Smoothed.of(tree_of(values), "people", "subject", reff=1.0)
    for unit in ("u0", "u2"):
        assert found.elpd[unit] == pytest.approx(others.elpd[unit], rel=1e-12)
        assert found.pareto_k[unit] == pytest.approx(others.pareto_k[unit], rel=1e-12)
    np.testing.assert_allclose(found.pull.sel(subject="u0"), others.pull.sel(subject="u0"), rtol=1e-10)
