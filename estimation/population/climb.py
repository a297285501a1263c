"""Climb to the peaks of many densities at once: Newton's method on parabolas through stars of points."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from estimation.arrays import Array, Indices

Climbed = Callable[[Array, Indices], Array]
"""theta (kind, person, dim, point) of some people (positions) → log density (kind, person, point), up to a constant"""

_SHORTENED = np.array([1.0, 0.5, 0.2, 0.05])  # fractions of the step to the parabola's top that are tried
_LONGEST = 4.0  # standard deviations walked at most in one step
_HIGHER, _BENT = 0.01, 0.7  # nats that a step gains, and change of the logarithm of a width, that make one go on
_CURVATURE = (0.04, 25.0)  # a width changes by at most a factor of five in one step


def peaks(log_density: Climbed, centre: Array, root: Array, steps: int) -> tuple[Array, Array]:
    """Return peaks and Cholesky-like roots of the inverse curvature.

    Parameters
    ----------
    centre : (kind, person, dim) array
        Where to start.
    root : (kind, person, dim, dim) array
        Its columns are the axes of the first star.
    steps
        How many are made at most: whom a step brings no higher and shows no other curvature stays there.
    """
    star, pairs = _star(centre.shape[-1])
    centre, root, going = centre.copy(), root.copy(), np.arange(centre.shape[1])
    for _ in range(steps):
        here, axes = centre[:, going], root[:, going]
        value = log_density(here[..., None] + axes @ star, going)
        slope, curvature = _parabola(value, centre.shape[-1], pairs)
        widths = _widths(curvature)
        step = (widths @ np.swapaxes(widths, -1, -2) @ slope[..., None])[..., 0]
        length = np.linalg.norm(step, axis=-1, keepdims=True)
        step = axes @ (step * np.minimum(1, _LONGEST / np.maximum(length, 1e-12)))[..., None]
        tried = here[..., None] + step * _SHORTENED
        better = log_density(tried, going)
        best = better.argmax(axis=-1)[..., None]
        gain = np.take_along_axis(better, best, -1) - value[..., :1]
        walked = np.take_along_axis(tried, best[..., None, :], -1)[..., 0]
        centre[:, going] = np.where(gain > 0, walked, here)
        root[:, going] = axes @ widths
        bent = np.abs(np.log(np.linalg.norm(widths, axis=-2))).max(axis=-1, initial=0.0)
        going = going[((gain[..., 0] > _HIGHER) | (bent > _BENT)).any(axis=0)]
        if not len(going):
            break
    return centre, root


def _star(dims: int) -> tuple[Array, list[tuple[int, int]]]:
    """Return the star (dim, point): the centre, both ends of each axis, and one corner for each pair of axes."""
    pairs = [(d, e) for d in range(dims) for e in range(d)]
    unit = np.eye(dims)
    points = [np.zeros(dims), *unit, *(-unit), *(unit[d] + unit[e] for d, e in pairs)]
    return np.stack(points, axis=1), pairs


def _parabola(value: Array, dims: int, pairs: list[tuple[int, int]]) -> tuple[Array, Array]:
    """Return slope (..., dim) and negative curvature (..., dim, dim) at the centre of the star."""
    value = np.maximum(value, value.max(axis=-1, keepdims=True) - 1e4)
    middle, up, down = value[..., 0], value[..., 1 : dims + 1], value[..., dims + 1 : 2 * dims + 1]
    slope = (up - down) / 2
    curvature = np.zeros((*middle.shape, dims, dims))
    curvature[..., range(dims), range(dims)] = 2 * middle[..., None] - up - down
    for index, (d, e) in enumerate(pairs):
        corner = value[..., 2 * dims + 1 + index]
        curvature[..., d, e] = curvature[..., e, d] = up[..., d] + up[..., e] - middle - corner
    return slope, curvature


def _widths(curvature: Array) -> Array:
    """Return the root of the inverse curvature (..., dim, dim), kept positive and within bounds."""
    size, direction = np.linalg.eigh(curvature)
    return np.asarray(direction / np.sqrt(np.clip(size, *_CURVATURE))[..., None, :])
