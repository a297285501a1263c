"""Two hundred simulations each: posteriors of theories and models of choice are what they claim to be."""

from __future__ import annotations

import pytest
from engine import GAMES
from oracles.calibrated import MODELS, THEORIES, situations

import estimation as est

pytestmark = pytest.mark.slow
OPTIONS = {"simulations": 200, "seed": 7, "executor": 2, "progress": False}


@pytest.mark.parametrize("name", THEORIES)
def test_theories_are_calibrated(name):
    study = est.calibrate(THEORIES[name], est.design(GAMES, people=16, decisions=8, seed=1), **OPTIONS)
    assert study.ok, study


@pytest.mark.parametrize("name", MODELS)
def test_models_of_choice_are_calibrated(name):
    study = est.calibrate(MODELS[name], situations(), **OPTIONS)
    assert study.ok, study
