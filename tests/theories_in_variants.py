"""Theories of messages in every variant, small games for them, and parameters around their prior's centre."""

from __future__ import annotations

import numpy as np
import pytest
from builders import estimation_game, forecast_game

from estimation.theories import (
    THEORIES,
    CognitiveHierarchy,
    CostlyLying,
    DynamicTrust,
    FixedDiscount,
    Honest,
    LevelK,
    LevelKLying,
    QuantalResponse,
    TrustEmbedded,
)
from estimation.theories.messages.accusation import Accusation

GAMES = {
    "over": estimation_game("over", highest=12),
    "under, dear lies": estimation_game("under", 2.0, highest=12),
    "forecast, dear": forecast_game(60.0, 4.0, 6.0),
    "forecast, cheap": forecast_game(15.0, 4.0, 6.0),
}


def elsewhere(theory):
    """Theories of accusation and of advice have tests of their own, for they say nothing about other games."""
    return issubclass(theory, Accusation) or bool(theory().lacking(GAMES["over"], ("sender", "receiver")))


VARIANTS = {
    "trust-embedded, separate belief": lambda **options: TrustEmbedded("separate", **options),
    "trust-embedded, fixed belief": lambda **options: TrustEmbedded(0.4, **options),
    "trust-embedded, personal discount": lambda **options: TrustEmbedded(discount="personal", **options),
    "trust-embedded, prior": lambda **options: TrustEmbedded(default_belief="prior", **options),
    "trust-embedded, personal default": lambda **options: TrustEmbedded(
        0.4, discount="personal", default_belief="personal", **options
    ),
    "honest, errors as lies": lambda **options: Honest(errors="lie size", **options),
    "dynamic trust, counting": lambda **options: DynamicTrust(rule="counts", **options),
    "dynamic trust, comparing": lambda **options: DynamicTrust(rule="accuracy", **options),
    "fixed discount, free slope": lambda **options: FixedDiscount("free", **options),
    "level-k": lambda **options: LevelK(2, **options),
    "level-k, largest lies": lambda **options: LevelK(2, "C", "max", "literal", **options),
    "cognitive hierarchy": lambda **options: CognitiveHierarchy(3, **options),
    "cognitive hierarchy, steps redrawn": lambda **options: CognitiveHierarchy(3, "decision", **options),
    "level-k with lying cost": lambda **options: LevelKLying(2, "C", **options),
    "level-k, noisy others": lambda **options: LevelK(2, beliefs="separate", **options),
    "cognitive hierarchy, noisy others": lambda **options: CognitiveHierarchy(2, beliefs="separate", **options),
    "level-k with lying cost, others noisy as oneself": lambda response="logit", **options: LevelKLying(
        2, beliefs={"logit": "own", "normal": "separate"}[response], response=response, **options
    ),
    "level-k with lying cost, separate beliefs": lambda **options: LevelKLying(
        2, beliefs="separate", believed_cost="separate", **options
    ),
    "costly lying, separate belief": lambda **options: CostlyLying("separate", **options),
    "quantal response": lambda response="logit", **options: QuantalResponse(
        {"logit": "own", "normal": "separate"}[response], response=response, **options
    ),
}
MAKERS = {theory.name: theory for theory in THEORIES.values() if not elsewhere(theory)} | VARIANTS
ROLES = ("sender", "receiver")
RESPONSES = ("logit", "normal")
games = pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
makers = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
roles = pytest.mark.parametrize("role", ROLES)
responses = pytest.mark.parametrize("response", RESPONSES)


def middle(theory, game, count=1, spread=1.0, **fixed):
    """Parameters around their prior's centre, (count, 1, 1) each."""
    rng = np.random.default_rng(3)
    values = {}
    for parameter in theory.parameters([game], ROLES):
        draw = parameter.centre + spread * parameter.centre_sd * rng.standard_normal((count, 1, 1))
        values[parameter.name] = np.asarray(parameter.natural(draw))
    return values | {name: np.full((count, 1, 1), float(value)) for name, value in fixed.items()}


def seen_and_options(game, role):
    return (game.states, game.messages) if role == "sender" else (game.messages, game.actions)
