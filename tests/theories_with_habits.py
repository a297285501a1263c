"""Theories that may have habits of response, a small game for them, and parameters around their prior's centre."""

from __future__ import annotations

import numpy as np
import pytest
from builders import estimation_game
from theories_in_variants import ROLES

from estimation.theories import THEORIES, AdviceTaking, AdviceWeighting, CognitiveHierarchy, QuantalResponse
from estimation.theories.messages.accusation import Accusation

GAME = estimation_game("over", highest=20)
SHARES = {
    "sender": ["sender_rounding", "sender_tens", "sender_truth"],
    "receiver": ["receiver_rounding", "receiver_tens", "receiver_literal"],
}
MAKERS = {
    theory.name: (lambda theory=theory, **options: theory(**options))
    for theory in THEORIES.values()
    if not issubclass(theory, Accusation | AdviceTaking | AdviceWeighting)
} | {
    "cognitive hierarchy, steps redrawn": lambda **options: CognitiveHierarchy(2, "decision", **options),
    "quantal response": lambda response="logit", **options: QuantalResponse(
        {"logit": "own", "normal": "separate"}[response], response=response, **options
    ),
}
makers = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def middle(theory, game, shape=(3, 1, 1), seed=1, **fixed):
    """Parameters around their prior's centre."""
    rng = np.random.default_rng(seed)
    drawn = {
        p.name: p.natural(p.centre + 0.5 * p.centre_sd * rng.standard_normal(shape))
        for p in theory.parameters([game], ROLES)
    }
    return drawn | {name: np.full(shape, float(value)) for name, value in fixed.items()}
