"""Stacking weights that stay right however small likelihoods are (Yao et al. 2018, Bayesian Analysis 13:917-1007)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from estimation.arrays import Array

STEPS = 500  # of the fixed-point iteration, which is safe anywhere and slow near corners
OPTIMAL = 1e-9  # nats per unit that better weights could gain


def stacking_weights(elpd: Array) -> Array:
    """Return the mixture of models that predicts best.

    Maximises ``sum_i log sum_k w_k exp(elpd_ik)`` over weights that sum to one, a concave function. Only differences
    within a row matter, so each row's maximum is taken off first: exp(-1000) is zero on a computer, and a few hundred
    decisions of a person get there. No weights predict better by more than the log of the largest mean ratio of a
    model's likelihood to the mixture's: that bound says when the iteration is done, and sequential quadratic
    programming finishes what it does not reach.

    Parameters
    ----------
    elpd : (unit, model) array, nats

    Returns
    -------
    (model,) array
    """
    likelihood = np.exp(elpd - elpd.max(axis=1, keepdims=True))
    weight = np.full(elpd.shape[1], 1 / elpd.shape[1])
    for _ in range(STEPS):
        ratio = _ratio(likelihood, weight)
        if np.log(ratio.max()) < OPTIMAL:
            return weight
        weight = weight * ratio
    found = minimize(
        lambda w: -np.log(_mixture_likelihood(likelihood, w)).mean(),
        weight,
        jac=lambda w: -_ratio(likelihood, w),
        method="SLSQP",
        bounds=[(0.0, 1.0)] * len(weight),
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like},
        options={"ftol": 1e-15, "maxiter": 500},
    )
    finished = np.maximum(found.x, 0.0) / np.maximum(found.x, 0.0).sum()
    return min(weight, finished, key=lambda w: float(_ratio(likelihood, w).max()))


def _mixture_likelihood(likelihood: Array, weight: Array) -> Array:
    """Return each unit's likelihood under the mixture, (unit,); never zero, so that a corner may be tried."""
    return np.asarray(np.maximum(likelihood @ weight, 1e-300))


def _ratio(likelihood: Array, weight: Array) -> Array:
    """Return the mean over units of each model's likelihood relative to the mixture's, (model,)."""
    return np.asarray((likelihood / _mixture_likelihood(likelihood, weight)[:, None]).mean(axis=0))
