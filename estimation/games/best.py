"""The best of several options, and which of several equally good ones is taken."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array


def tied_options(payoff: Array, tolerance: float = 1e-9) -> Array:
    """Return whether each option is as good as the best along the last axis (shape of `payoff`, bool).

    Payoffs count as equal within `tolerance`, relative to the size of the best.
    """
    best = payoff.max(axis=-1, keepdims=True)
    return np.asarray(payoff >= best - tolerance * (1 + np.abs(best)))


def first_best(payoff: Array) -> Array:
    """Return the best option's index along the last axis; among ties the first, whatever rounding says."""
    return np.asarray(np.argmax(tied_options(payoff), axis=-1))


def best_option(payoff: Array, preference: Array) -> Array:
    """Return the best option's index along the last axis; among ties the one of highest preference.

    `payoff` (..., option) in payoff units; `preference` broadcasts against it.
    """
    return np.asarray(np.argmax(np.where(tied_options(payoff), preference, -np.inf), axis=-1))
