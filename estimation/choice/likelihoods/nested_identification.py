"""Which further parameters no choices on a table could tell: probabilities do not change with them."""

from __future__ import annotations

import numpy as np

from estimation.choice.likelihoods.target import Pooled

PLACE = 0.4
"""Further parameters at which derivatives are taken: inside, and of no special meaning."""
STEP = 1e-4
"""Of the differences, in standard deviations of an attribute, or logits."""
NONE = 1e-6
"""Smallest change of probabilities, relative to the largest, that is one."""


def untold(likelihood: Pooled) -> list[str]:
    """Say which further parameters others can make up for, so that only the prior tells them.

    The rank of the derivatives of all probabilities shows it (Rothenberg 1971, Econometrica 39:577-591): nests that
    hold everything that is offered, whose alternatives are never offered together, or which are as free as constants;
    scales of people to whom nothing matters.
    """
    said = likelihood.untold()
    if not said:
        return []
    spread = likelihood.arrays.within_sd
    here = likelihood.starts(True)[0].copy()
    here[len(spread) :] = PLACE
    steps = STEP * np.append(1 / spread, np.ones(len(said)))
    change = [likelihood.chances(here + move) - likelihood.chances(here - move) for move in np.diag(steps)]
    size = np.linalg.norm(change, axis=1)
    still = size < NONE * size.max()
    unit = np.array(change).T / np.where(still, 1.0, size)
    values, vectors = np.linalg.eigh(unit.T @ unit)
    free = np.abs(vectors[:, values < NONE]).max(axis=1, initial=0.0)[len(spread) :] > np.sqrt(NONE)
    return [text for text, is_free in zip(said, free, strict=True) if is_free]
