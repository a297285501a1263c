"""Draw from people's posteriors by a crowd of walkers that learn each other's directions.

Differential evolution Monte Carlo (ter Braak 2006, Statistics and Computing 16:239-249): a walker steps along the
difference of two others, so steps have the size and the direction of the posterior, however thin or tilted it is. It
needs no derivative and no tuning; it finds thin bent sheets that importance sampling alone would take ages to find.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from estimation.arrays import Array

LogDensity = Callable[[Array], Array]
"""theta (kind, person, dim, point) → log posterior density (kind, person, point), up to a constant"""

LONG_JUMPS = 10  # every so many steps, walkers try the whole difference: jumps between peaks
SHORTEST = 0.01  # of the usual step
JITTER = 1e-3  # of the difference, added so that walkers are not confined to a lattice


def walk(log_density: LogDensity, walkers: Array, steps: int, keep: int, rng: np.random.Generator) -> Array:
    """Return where walkers were in the last steps, (kind, person, dim, walker and step).

    Parameters
    ----------
    walkers : (kind, person, dim, walker) array
        Where they start: an even number of them.
    steps, keep
        How often each walker moves, and how many of the last positions are returned (evenly spread over the second
        half).
    """
    half, dims = walkers.shape[-1] // 2, walkers.shape[-2]
    place, height = walkers.copy(), log_density(walkers)
    kept_at = set(np.linspace(steps // 2, steps - 1, keep).round().astype(int).tolist())
    kept = []
    for step in range(steps):
        # One half moves along differences within the other, which stands still: detailed balance holds.
        for movers, others in ((slice(0, half), slice(half, None)), (slice(half, None), slice(0, half))):
            first, second = _two(place[..., others], half, rng)
            stretch = 1.0 if step % LONG_JUMPS == LONG_JUMPS - 1 else 2.38 / np.sqrt(2 * dims) * _shrunk(first, rng)
            noise = JITTER * rng.standard_normal(first.shape)
            tried = place[..., movers] + stretch * (1 + noise) * (first - second)
            value = log_density(tried)
            taken = np.log(rng.random(value.shape)) < value - height[..., movers]
            place[..., movers] = np.where(taken[..., None, :], tried, place[..., movers])
            height[..., movers] = np.where(taken, value, height[..., movers])
        if step in kept_at:
            kept.append(place.copy())
    return np.concatenate(kept, axis=-1)


def _shrunk(step: Array, rng: np.random.Generator) -> Array:
    """Return a factor for each walker, 1 for half of them and down to SHORTEST: bends are taken in short steps."""
    size = (*step.shape[:2], 1, step.shape[-1])
    return np.where(rng.random(size) < 0.5, 1.0, SHORTEST ** rng.random(size))


def _two(others: Array, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return two different walkers out of `others` for each of `count` movers, (kind, person, dim, mover) each."""
    size = others.shape[-1]
    one = rng.integers(size, size=(*others.shape[:2], 1, count))
    other = (one + rng.integers(1, size, size=one.shape)) % size
    return np.take_along_axis(others, one, -1), np.take_along_axis(others, other, -1)
