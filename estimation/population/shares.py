"""Shares of kinds of people that consist of independent parts, such as a kind as a sender and one as a receiver."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from estimation.arrays import Array


def product_shares(parts: Sequence[Array]) -> Array:
    """Return the shares (..., kind) of all combinations of parts that have shares (..., kind of the part)."""
    return reduce(lambda one, other: _pairs(one, other).reshape(*one.shape[:-1], -1), parts)


def drawn_shares(rng: np.random.Generator, *concentrations: Sequence[float]) -> Array:
    """Draw shares, (kind,): Dirichlet in each independent part."""
    return product_shares([rng.dirichlet(each) for each in concentrations])


def _pairs(one: Array, other: Array) -> Array:
    return np.asarray(one[..., :, None] * other[..., None, :])
