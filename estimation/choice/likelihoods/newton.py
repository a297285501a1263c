"""The top of a log likelihood or of a log posterior: Newton's method with a step that never goes down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array
from estimation.choice.likelihoods.target import Smooth

TOLERANCE = 1e-9
"""Expected gain of another step at which the search ends, nats."""
STEPS = 200
FLOOR = 1e-10
"""Smallest curvature, relative to the largest after scaling, that is taken as it is."""


@dataclass(frozen=True, eq=False)
class Top:
    """Where a search for the top ended.

    Parameters
    ----------
    parameters : (parameter,)
    value
        Log likelihood plus log prior (if it was used) there, nats.
    information : (parameter, parameter)
        Minus the second derivative there.
    converged
        Whether no further step was expected to gain anything.
    """

    parameters: Array
    value: float
    information: Array
    converged: bool


def maximise(target: Smooth, *, prior: bool) -> Top:
    """Return the mode of the posterior, or of the likelihood if the prior is left out: the best that was found."""
    tops = [_maximise_from(target, start, prior) for start in target.starts(prior)]
    return max(tops, key=lambda top: top.value)


def _maximise_from(target: Smooth, here: Array, prior: bool) -> Top:
    value, slope = height(target, here, prior)
    for _ in range(STEPS):
        information = _information(target, here, prior)
        step = newton_step(information, slope)
        gain = float(slope @ step)
        if gain < TOLERANCE:  # one more step squares the error, though the gain is lost in rounding
            top = here + step
            return Top(top, height(target, top, prior)[0], _information(target, top, prior), True)
        length = 1.0
        for _ in range(60):
            there_value, there_slope = height(target, here + length * step, prior)
            if there_value >= value + 1e-4 * length * gain:
                break
            length /= 2
        else:
            return Top(here, value, information, gain < 1e3 * TOLERANCE * max(1.0, abs(value)))
        here, value, slope = here + length * step, there_value, there_slope
    return Top(here, value, _information(target, here, prior), False)


def newton_step(information: Array, slope: Array) -> Array:
    """Return the Newton step; curvatures that are flat or of the wrong sign are made safe."""
    scale = np.sqrt(np.maximum(np.maximum(np.abs(np.diag(information)), np.abs(slope)), 1e-150))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    largest = np.abs(values).max() or 1.0  # none where every choice is certain
    safe = np.maximum(np.abs(values), FLOOR * largest)
    return np.asarray((vectors @ ((vectors.T @ (slope / scale)) / safe)) / scale)


def height(target: Smooth, parameters: Array, prior: bool) -> tuple[float, Array]:
    """Return the log likelihood, plus the log prior if it is used, and its gradient."""
    value, slope = target.slope(parameters)
    if not prior:
        return value, slope
    return value + float(target.log_prior(parameters[:, None])[0]), slope + target.prior_slope(parameters)[0]


def _information(target: Smooth, parameters: Array, prior: bool) -> Array:
    information = target.information(parameters)
    return information + np.diag(target.prior_slope(parameters)[1]) if prior else information
