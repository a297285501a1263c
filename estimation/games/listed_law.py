"""Sums over laws given as lists, where forecast sharing has no closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from estimation.arrays import Module, Numbers
from estimation.errors import GameError
from estimation.games.distribution import Discrete


def excess(law: Discrete, threshold: Numbers) -> Numbers:
    """Return E max(threshold - x, 0) (any shape): straight between the listed values, so interpolation is exact."""
    knots, weights = law.values, law.probabilities
    at_knots = np.maximum(knots[:, None] - knots[None, :], 0.0) @ weights
    return np.interp(threshold, knots, at_knots) + np.maximum(threshold - knots[-1], 0.0)


def trusting_excess(
    prior: Discrete, unsold: Callable[[Numbers], Numbers], action: Numbers, message: Numbers, trust: Numbers
) -> Numbers:
    """Return the expected unsold capacity under the trusting belief (broadcasts), units.

    Averages ``unsold(action - believed state)`` over the prior cut off at the message, one state at a time. A message
    below every state of positive weight can only be taken literally.
    """
    message = np.asarray(message)
    shape = np.broadcast_shapes(np.shape(action), message.shape, np.shape(trust))
    total, mass = np.zeros(shape), np.zeros(shape)
    for state, weight in zip(prior.values, prior.probabilities, strict=True):
        kept = weight * (state <= message + 1e-9)
        total += kept * unsold(action - trust * message - (1 - trust) * state)
        mass += kept
    return np.where(mass > 0, total / np.where(mass > 0, mass, 1.0), unsold(action - message))


def require_arrays(xp: Module) -> None:
    """Refuse to build a graph: these sums are over arrays.

    Raises
    ------
    GameError
        Unless `xp` is NumPy.
    """
    if xp is not np:
        raise GameError(
            "There is no joint model of this game:",
            ["laws given as lists are summed over in arrays; use uniform ones, or method='automatic'"],
        )
