"""Separation: a combination of attributes that never predicts wrongly, so that the likelihood grows without end.

Albert and Anderson (1984), Biometrika 71:1-10: the maximum-likelihood estimate exists if and only if no direction d has
(x_chosen - x_j)'d ≥ 0 for every alternative that was turned down, with one inequality strict. A search that ends is
proof that there is none; otherwise a linear program finds the direction.
"""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.choice.arrays import ChoiceArrays
from estimation.choice.logit import situation_log_likelihood
from estimation.choice.newton import maximise
from estimation.choice.target import LogitLikelihood, within_sd

LARGEST = 15.0
"""Logits that a standard deviation of an attribute may be worth before separation is suspected."""
VISIBLE = 1e-6


def separating(arrays: ChoiceArrays) -> Array | None:
    """Return a direction that separates the choices, (coefficient,), each entry times its attribute's spread; or None.

    The columns must not depend on each other.
    """
    spread = within_sd(arrays)
    top = maximise(LogitLikelihood(arrays, np.full(len(spread), np.inf)), prior=False)
    if top.converged and bool(np.all(np.abs(top.parameters * spread) < LARGEST)):
        certain = situation_log_likelihood(arrays, top.parameters) > -1e-6
        if not certain.any():
            return None
    return _direction(arrays, spread)


def _direction(arrays: ChoiceArrays, spread: Array) -> Array | None:
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to import, needed only where separation is suspected

    chosen = np.repeat(arrays.chosen, np.diff(arrays.first_row))
    better = (arrays.x[chosen] - arrays.x) / spread
    better = np.unique(better[chosen != np.arange(len(chosen))], axis=0)
    bounds = [(-1.0, 1.0)] * len(spread)
    found = linprog(-better.sum(axis=0), A_ub=-better, b_ub=np.zeros(len(better)), bounds=bounds, method="highs")
    separated = found.status == 0 and -found.fun > VISIBLE
    return np.asarray(found.x) if separated else None
