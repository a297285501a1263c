"""Stacking weights that stay right however small likelihoods are (Yao et al. 2018, Bayesian Analysis 13:917-1007)."""

from __future__ import annotations

import numpy as np

from estimation.games.game import Array


def stacking_weights(elpd: Array, steps: int = 5000, tolerance: float = 1e-10) -> Array:
    """Return the mixture of models that predicts best.

    Maximises ``sum_i log sum_k w_k exp(elpd_ik)`` over weights that sum to one. Only differences within a row matter,
    so each row's maximum is taken off first: exp(-1000) is zero on a computer, and a few hundred decisions of
    a person get there. The fixed-point iteration never lowers the objective, which is concave.

    Parameters
    ----------
    elpd : (unit, model) array, nats

    Returns
    -------
    (model,) array
    """
    likelihood = np.exp(elpd - elpd.max(axis=1, keepdims=True))
    weight = np.full(elpd.shape[1], 1 / elpd.shape[1])
    for _ in range(steps):
        share = likelihood * weight
        share /= share.sum(axis=1, keepdims=True)
        new = share.mean(axis=0)
        if np.abs(new - weight).max() < tolerance:
            return np.asarray(new)
        weight = new
    return np.asarray(weight)
