"""From the top of a pooled likelihood to estimates on the scale of tables, with what their standard errors need."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import Array, Mask
from estimation.choice.likelihoods.newton import Top
from estimation.choice.likelihoods.target import Pooled
from estimation.choice.maximum.mode import Mode
from estimation.choice.maximum.sandwich import usual
from estimation.choice.sampling.pooled_draws import of_groups
from estimation.choice.utilities.utility import Utility
from estimation.data.choices.table import ChoiceTable

STILL = 1e-6
"""Rate of a further parameter below which it stands at a bound, where it has no standard error."""
NUDGE, STEP = 1e-6, 1e-3
"""Steps of differences: of the scale of tables, and of scores, in standard errors."""
FLAT = 1e-9
"""Smallest curvature, relative to the largest after scaling, at which estimates have standard errors."""


def mode_of(model: Utility, table: ChoiceTable, likelihood: Pooled, top: Top) -> Mode:
    """Return the estimates at a top of the likelihood."""
    weights, further = likelihood.natural(top.parameters)
    rate = _rates(likelihood, top.parameters)
    inside = np.abs(rate).max(axis=0) > STILL
    names = [*likelihood.arrays.attributes, *(name for kind in likelihood.further for name in kind.names)]
    inverse = inverse_of(top.information[np.ix_(inside, inside)])
    told = rate[:, inside]
    still = np.abs(told).max(axis=1, initial=0.0) <= STILL
    covariance = told @ inverse @ told.T
    influence = _scores(likelihood, top.parameters, inside, np.sqrt(np.diag(inverse))) @ inverse @ told.T
    covariance[still], covariance[:, still], influence[:, still] = np.nan, np.nan, np.nan
    return Mode(
        model,
        table,
        top.value,
        likelihood.arrays.null_log_likelihood,
        pd.Series(weights, index=pd.Index(likelihood.arrays.attributes, name="coefficient"), name="estimate"),
        pd.Series(further, index=names[len(weights) :], name="estimate", dtype=float),
        likelihood.further,
        pd.DataFrame(covariance, index=names, columns=names),
        influence,
        usual(table),
    )


def _rates(likelihood: Pooled, parameters: Array) -> Array:
    """Return how the numbers of tables change with parameters, (number, parameter)."""
    step = np.diag(NUDGE * np.maximum(np.abs(parameters), 1.0))
    up, down = (np.concatenate(likelihood.natural((parameters + sign * step).T)) for sign in (1, -1))
    return np.asarray((up - down) / (2 * np.diag(step)))


def inverse_of(information: Array) -> Array:
    """Return the inverse of an information; NaN where the likelihood is flat in some direction."""
    scale = np.sqrt(np.maximum(np.diag(information), 1e-300))
    unit = information / np.outer(scale, scale)
    if np.linalg.eigvalsh(unit)[0] < FLAT:
        return np.full_like(information, np.nan)
    return np.asarray(np.linalg.inv(unit) / np.outer(scale, scale))


def _scores(likelihood: Pooled, parameters: Array, inside: Mask, error: Array) -> Array:
    """Return the derivatives of each situation's log likelihood, (situation, parameter inside)."""
    if np.isnan(error).any():
        return np.full((likelihood.arrays.situations, len(error)), np.nan)
    step = np.zeros((len(error), len(parameters)))
    step[:, inside] = np.diag(STEP * error)
    every = np.arange(likelihood.arrays.situations)
    up, down = (of_groups(likelihood, (parameters + sign * step).T, every) for sign in (1, -1))
    return np.asarray((up - down) / (2 * STEP * error))
