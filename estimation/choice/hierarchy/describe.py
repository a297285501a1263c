"""From a model's description and a table of choices to the problem that is sampled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.checks.sample_weights import once_each
from estimation.choice.hierarchy.problem import FIXED, SIGNS, MixedLogit, TastePrior
from estimation.choice.hierarchy.triangular import HALF_WIDTH, TRIANGULAR
from estimation.choice.likelihoods.target import sd_of
from estimation.choice.utilities.design import arrays_of
from estimation.choice.utilities.utility import Utility
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all

LOG_SD = 1.5
"""Prior sd of the mean of log |β|: the typical contrast of an attribute is worth 1/20 to 20 logits."""


PINNED = 1e-7
"""Prior sd of the mean of an error component, in prior sds of a weight: it is zero."""


def problem_of(
    model: Utility,
    choices: ChoiceTable,
    kinds: Sequence[str],
    *,
    is_diagonal: bool,
    price: int = -1,
    spread: Array | None = None,
) -> MixedLogit:
    """Return what is sampled for a model with random coefficients.

    The prior sd of a mean is ``model.prior_scale`` over the attribute's sd within situations, the scale of a
    coefficient's spread over people half of it; of log-normal coefficients the log of the typical size is
    N(log(1 / sd), `LOG_SD`²) and the scale of its spread 1. Amounts of money are as wide in units of price as weights
    are in logits: one sd of an attribute is worth up to ``model.prior_scale`` sds of price.

    Parameters
    ----------
    kinds
        The distribution of each coefficient, see `SIGNS`.
    is_diagonal
        Whether tastes are independent of each other.
    price
        The position of the price coefficient if all others are amounts of money; or -1.
    spread : (coefficient,)
        Standard deviations of attributes within situations, where the table holds some of the choices only.

    Raises
    ------
    ChoiceError
        If covariates do not describe people.
    """
    arrays = arrays_of(model, choices)
    arrays = once_each(arrays) if choices.is_sample_weighted else arrays
    free = tuple(place for place, kind in enumerate(kinds) if kind not in (FIXED, TRIANGULAR))
    triangles = tuple(place for place, kind in enumerate(kinds) if kind == TRIANGULAR)
    random = (*free, *triangles)
    fixed = tuple(place for place, kind in enumerate(kinds) if kind == FIXED)
    sign = np.array([-1.0 if place == price else SIGNS[kinds[place]] for place in (*random, *fixed)])
    covariates = standardised(model, choices)
    scale = sd_of(arrays.within_sd if spread is None else spread, model.prior_scale, price)
    logs = np.log(scale / model.prior_scale)
    own, normal = scale[list(free)], sign[: len(free)] == 0
    shift_sd = np.repeat(np.where(normal, own, LOG_SD)[:, None], covariates.shape[1], axis=1)
    shift_sd[:, 1:] /= 2
    errors = np.array([arrays.attributes[place] in model.groups for place in free], dtype=bool)
    shift_sd[errors] = PINNED * own[errors, None]
    location = np.where(normal, 0.0, logs[list(free)])
    shared, is_price = list(fixed), np.array(fixed) == price
    fixed_sd, fixed_location = np.where(is_price, LOG_SD, scale[shared]), np.where(is_price, logs[shared], 0.0)
    wide = scale[list(triangles)]
    fixed_sd, fixed_location = (
        np.concatenate([fixed_sd, wide, np.ones(len(wide))]),
        np.pad(fixed_location, (0, 2 * len(wide))),
    )
    prior = TastePrior(location, shift_sd, np.where(normal, own / 2, 1.0), fixed_sd, fixed_location)
    place = (*random, *fixed).index(price) if price >= 0 else -1
    return MixedLogit(arrays, random, fixed, sign, covariates, is_diagonal, prior, place, HALF_WIDTH * wide / 2)


def standardised(model: Utility, choices: ChoiceTable) -> Array:
    """Return a column of ones and the covariates, standardised over people, (person, 1 + covariate)."""
    values, _, scale = covariates_of(model.covariates, choices)
    problems = [
        f"covariate {name!r} is the same for everybody, so that its effect cannot be seen; drop it"
        for name, spread in zip(model.covariates, scale, strict=True)
        if not spread > 0
    ]
    raise_all(problems, ChoiceError, f"The {model.name} cannot be fitted to {choices.label}:")
    return np.column_stack([np.ones(len(values)), (values - values.mean(axis=0)) / scale])


def covariates_of(names: Sequence[str], choices: ChoiceTable) -> tuple[Array, Array, Array]:
    """Return the covariates of people (person, covariate), their means and their standard deviations.

    Raises
    ------
    ChoiceError
        Listing columns that are absent, not numbers, or not constant within people.
    """
    frame, problems = choices.rows, []
    for name in names:
        if name not in choices.covariates:
            problems.append(f"{name!r} does not describe people; columns that do are {choices.covariates}")
        elif not pd.api.types.is_numeric_dtype(frame[name].dtype):
            problems.append(f"covariate {name!r} holds labels; make a 0/1 column of each but one")
        elif frame[name].isna().any():
            problems.append(f"covariate {name!r} is empty for some people; fill it in, or leave them out")
    raise_all(problems, ChoiceError, "These covariates cannot be used:")
    first = choices.first_row[choices.first_situation[:-1]]
    values = frame[list(names)].to_numpy(dtype=float)[first].reshape(len(first), len(names))
    return values, values.mean(axis=0), values.std(axis=0)
