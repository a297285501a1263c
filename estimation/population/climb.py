"""Find the peak and the curvature of every person's posterior, all people at once and without derivatives.

Each step evaluates a small star of points one posterior standard deviation wide, fits a parabola, and walks to its top.
A star of that width sees the shape that an importance proposal needs, and looks past kinks and ripples that an
infinitesimal derivative would trip over.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from estimation.arrays import Array

LogDensity = Callable[[Array], Array]
"""theta (kind, person, dim, point) → log posterior density (kind, person, point), up to a constant"""

_SHORTENED = np.array([1.0, 0.5, 0.2, 0.05])  # fractions of the step to the parabola's top that are tried
_LONGEST = 4.0  # standard deviations walked at most in one step
_CURVATURE = (0.04, 25.0)  # a width changes by at most a factor of five in one step


def climb(log_density: LogDensity, centre: Array, root: Array, steps: int) -> tuple[Array, Array]:
    """Return peaks and Cholesky-like roots of the inverse curvature.

    Parameters
    ----------
    centre : (kind, person, dim) array
        Where to start.
    root : (kind, person, dim, dim) array
        Its columns are the axes of the first star.
    """
    star, pairs = _star(centre.shape[-1])
    for _ in range(steps):
        value = log_density(centre[..., None] + root @ star)
        slope, curvature = _parabola(value, centre.shape[-1], pairs)
        axes = _widths(curvature)
        step = (axes @ np.swapaxes(axes, -1, -2) @ slope[..., None])[..., 0]
        length = np.linalg.norm(step, axis=-1, keepdims=True)
        step = root @ (step * np.minimum(1, _LONGEST / np.maximum(length, 1e-12)))[..., None]
        tried = centre[..., None] + step * _SHORTENED
        better = log_density(tried)
        best = better.argmax(axis=-1)[..., None]
        improved = np.take_along_axis(better, best, -1) > value[..., :1]
        walked = np.take_along_axis(tried, best[..., None, :], -1)[..., 0]
        centre = np.where(improved, walked, centre)
        root = root @ axes
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
