"""Which dissimilarities of nests no choices on a table could tell: probabilities do not change with them."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.choice.logit import LogitLikelihood
from estimation.choice.nested import Nested
from estimation.choice.newton import maximise

PLACE = 0.4
"""Logit of the dissimilarities at which derivatives are taken: inside, and of no special meaning."""
STEP = 1e-4
"""Of the differences, in standard deviations of an attribute, or logits."""
NONE = 1e-6
"""Smallest change of probabilities, relative to the largest, that is one."""


def untold(likelihood: Nested) -> list[str]:
    """Say which nests have a dissimilarity that other parameters can make up for, so that only the prior tells it.

    The rank of the derivatives of all probabilities shows it (Rothenberg 1971, Econometrica 39:577-591): nests that
    hold everything that is offered, whose alternatives are never offered together, or which are as free as constants.
    """
    spread = likelihood.arrays.within_sd
    weights = maximise(LogitLikelihood(likelihood.arrays, likelihood.prior_sd), prior=True).parameters
    here = np.append(weights, np.full(len(likelihood.nests), PLACE))
    steps = STEP * np.append(1 / spread, np.ones(len(likelihood.nests)))
    change = [_chances(likelihood, here + move) - _chances(likelihood, here - move) for move in np.diag(steps)]
    size = np.linalg.norm(change, axis=1)
    still = size < NONE * size.max()
    unit = np.array(change).T / np.where(still, 1.0, size)
    values, vectors = np.linalg.eigh(unit.T @ unit)
    free = np.abs(vectors[:, values < NONE]).max(axis=1, initial=0.0)[len(spread) :] > np.sqrt(NONE)
    return [
        f"nothing tells the dissimilarity τ of nest {nest!r}: it needs situations that offer two of its alternatives "
        "and one of another nest, and attributes that differ inside the nest beyond constants; leave the nest out"
        for nest, is_free in zip(likelihood.nests, free, strict=True)
        if is_free
    ]


def _chances(likelihood: Nested, parameters: Array) -> Array:
    """Return the probability of each alternative, (sorted row,)."""
    weights, dissimilarity = likelihood.natural(parameters)
    grouping = likelihood.grouping
    _, within, _, between, *_ = grouping.chances(likelihood.arrays.x @ weights, dissimilarity, likelihood.unscaled)
    return np.asarray(within * np.repeat(between, np.diff(grouping.first_in_nest)))
