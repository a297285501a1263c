"""Chains that do not agree: the taste that holds them up is named, with what to try."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from estimation.choice.hierarchy.stuck import advice


def posterior(shift: float, low: float) -> xr.Dataset:
    """Return draws of two tastes; chains are a shift apart in the spread of `feat`, which is drawn from `low` on."""
    rng = np.random.default_rng(0)
    mean = rng.standard_normal((4, 500, 2))
    sd = rng.uniform([1.0, low], [2.0, low + 1], (4, 500, 2))
    sd[0, :, 1] += shift
    dims = ("chain", "draw", "coefficient")
    return xr.Dataset({"mean": (dims, mean), "sd": (dims, sd)}, coords={"coefficient": ["price", "feat"]})


def test_chains_that_agree_need_no_advice():
    assert advice(posterior(0.0, 0.0), diagonal=False) == []


def test_a_spread_that_may_be_zero_is_named_and_everybody_may_share_the_taste():
    (said,) = advice(posterior(0.5, 0.0), diagonal=False)
    assert "the spread of feat" in said
    assert 'distributions={"feat": "fixed"}' in said
    assert 'covariance="diagonal"' in said


@pytest.mark.parametrize("diagonal", [False, True])
def test_a_spread_well_above_zero_is_not_said_to_be_shared_and_nothing_is_advised_that_is_so_already(diagonal):
    (said,) = advice(posterior(0.5, 1.0), diagonal=diagonal)
    assert "fixed" not in said
    assert ("covariance" in said) is not diagonal


def test_a_taste_that_everybody_shares_is_not_watched():
    found = posterior(0.5, 0.0)
    found["sd"][..., 1] = 0.0
    assert advice(found, diagonal=False) == []
