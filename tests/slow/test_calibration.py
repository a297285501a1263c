"""Two hundred simulations each: posteriors of theories and models of choice are what they claim to be."""

from __future__ import annotations

import pytest
from oracles.calibrated import cases

import estimation as est

pytestmark = pytest.mark.slow
CASES = cases()


@pytest.mark.parametrize("name", CASES)
def test_posteriors_are_what_they_claim_to_be(name):
    study = est.calibrate(*CASES[name], simulations=200, seed=7, executor=2, progress=False)
    assert study.ok, study
