"""Maximum likelihood of a mixed logit: a population of tastes, to be held against published tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import linalg, optimize

from estimation.arrays import Array
from estimation.choice.design import arrays_of, design_of
from estimation.choice.hierarchy.maximum import Maximum, maximum
from estimation.choice.hierarchy.problem import MixedLogit
from estimation.choice.hierarchy.vector import parameters, population_of
from estimation.choice.identification import check_identified
from estimation.choice.mode import MixedMode
from estimation.choice.utility import Utility
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError


def mixed_mode(model: Utility, choices: ChoiceTable, problem: MixedLogit, seed: int = 0) -> MixedMode:
    """Return the maximum-likelihood estimate of a mixed logit in which every coefficient differs between people.

    Raises
    ------
    ChoiceError
        If some coefficients are fixed, something cannot be identified, or the search does not end.
    """
    if problem.fixed:
        names = [design_of(model, choices).names[place] for place in problem.fixed]
        advice = f"{names} are the same for everybody; use estimation.fit, or let all coefficients differ"
        raise ChoiceError(f"There is no quick mode of the {model.name}:", [advice])
    check_identified(arrays_of(model, choices), choices)
    top = maximum(problem, seed)
    if not top.converged:
        advice = "a spread may be zero or without bound; simplify the model, or use estimation.fit"
        raise ChoiceError("The search for the maximum did not end:", [advice])
    return _as_mode(model, choices, problem, top)


def _as_mode(model: Utility, choices: ChoiceTable, problem: MixedLogit, top: Maximum) -> MixedMode:
    names = pd.Index([problem.choices.attributes[place] for place in problem.random], name="coefficient")
    covariance = linalg.inv(top.population.precision)
    spreads, shift = np.sqrt(np.diag(covariance)), top.population.shift
    effects = pd.DataFrame(shift[:, 1:], names, pd.Index(model.covariates, name="covariate"))
    correlations = pd.DataFrame(covariance / np.outer(spreads, spreads), names, names)
    index = [f"mean of {name}" for name in names] + [f"sd of {name}" for name in names]
    index += [f"{name}: {of}" for name in names for of in model.covariates]
    sizes = np.diff(problem.choices.first_row)
    return MixedMode(
        model,
        choices,
        top.log_likelihood,
        top.error,
        float(-problem.choices.weight @ np.log(sizes)),
        pd.Series(shift[:, 0], names),
        pd.Series(spreads, names),
        effects,
        correlations.iloc[:0, :0] if problem.diagonal else correlations,
        pd.Series(_standard_errors(problem, top), index),
    )


def _standard_errors(problem: MixedLogit, top: Maximum) -> Array:
    """Return the standard errors of means, spreads and effects, by the delta method."""

    def reported(x: Array) -> Array:
        population = population_of(x, problem)
        spreads = np.sqrt(np.diag(linalg.inv(population.precision)))
        return np.concatenate([population.shift[:, 0], spreads, population.shift[:, 1:].ravel()])

    slope = optimize.approx_fprime(parameters(top.population, problem.diagonal), reported, 1e-6)
    return np.asarray(np.sqrt(np.diag(slope @ top.covariance @ slope.T)))
