"""A trajectory of Hamiltonian dynamics that asks for densities where it goes, whoever computes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.coordinates import TasteCoordinates

LENGTH = 2.5  # of a trajectory, in standard deviations: more than a quarter of a turn, since spreads are a bit larger
MOST_STEPS = 16
TARGET = 0.75  # acceptance that the step size aims at

Trajectory = Generator[Array, tuple[float, Array], tuple[Array, float, Array]]
"""Yields coordinates, takes the log density there and its gradient, and returns its end, the change of the log density
of place and momentum, and the gradient where it began."""


def trajectory(coordinates: TasteCoordinates, q: Array, step: float, rng: np.random.Generator) -> Trajectory:
    """Return a trajectory from coordinates on, with a step in standard deviations of each."""
    root = coordinates.root
    momentum = rng.standard_normal(len(q))
    step = step * rng.uniform(0.8, 1.2)
    steps = min(MOST_STEPS, max(1, round(LENGTH * rng.uniform(0.5, 1.5) / step)))
    value, slope = yield q
    begin, first = value - 0.5 * float(momentum @ momentum), slope
    for _ in range(steps):
        momentum = momentum + 0.5 * step * (slope @ root)
        q = q + step * (root @ momentum)
        if not coordinates.is_possible(q):
            return q, -math.inf, first
        value, slope = yield q
        momentum = momentum + 0.5 * step * (slope @ root)
        if not math.isfinite(value):
            return q, -math.inf, first
    return q, value - 0.5 * float(momentum @ momentum) - begin, first


def followed(path: Trajectory, density: Callable[[Array], tuple[float, Array]]) -> tuple[Array, float, Array]:
    """Return what a trajectory returns, its densities computed as it asks for them."""
    place = next(path)
    while True:
        try:
            place = path.send(density(place))
        except StopIteration as end:
            return end.value[0], end.value[1], end.value[2]


def acceptance(change: float) -> float:
    """Return the probability of going to the end of a trajectory."""
    return math.exp(min(0.0, change)) if math.isfinite(change) else 0.0


def next_step(step: float, accepted: float, sweeps: int) -> float:
    """Return the step size after so many sweeps of adaptation."""
    step *= math.exp((accepted - TARGET) / math.sqrt(sweeps + 3))
    return min(1.5, max(0.02, step))
