"""Maximum likelihood of a mixed logit: a population of tastes, to be held against published tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import linalg, optimize

from estimation.arrays import Array
from estimation.choice.design import arrays_of, design_of
from estimation.choice.hierarchy.describe import problem_of
from estimation.choice.hierarchy.maximum import Maximum, maximum
from estimation.choice.hierarchy.problem import Problem
from estimation.choice.hierarchy.vector import parameters, population_of
from estimation.choice.identification import check_identified
from estimation.choice.models import MultinomialLogit
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError


@dataclass(frozen=True, eq=False, repr=False)
class MixedMode:
    """The maximum-likelihood estimate of a population of tastes.

    Attributes
    ----------
    model, table
        What was estimated on what.
    log_likelihood, error, null_log_likelihood
        At the estimate, with the Monte-Carlo standard error of its integrals, and if every available alternative were
        equally likely, nats.
    means, spreads : (coefficient,) Series
        Of the normal over people, at average covariates; of log |β| where a coefficient is log-normal.
    effects : (coefficient, covariate) DataFrame
        What a standard deviation of a covariate adds to a mean.
    correlations : (coefficient, coefficient) DataFrame
        Over people; none if the model's covariance is diagonal.
    standard_errors : (parameter,) Series
        Of ``mean of x``, ``sd of x`` and ``x: covariate``, from outer products of people's scores.
    """

    model: MultinomialLogit
    table: ChoiceTable
    log_likelihood: float
    error: float
    null_log_likelihood: float
    means: pd.Series
    spreads: pd.Series
    effects: pd.DataFrame
    correlations: pd.DataFrame
    standard_errors: pd.Series

    @property
    def summary(self) -> pd.DataFrame:
        """One row per mean, spread and effect: estimate and standard_error."""
        labels = [f"{name}: {of}" for name in self.effects.index for of in self.effects.columns]
        effects = pd.Series(self.effects.to_numpy().ravel(), labels, dtype=float)
        estimate = pd.concat([self.means.add_prefix("mean of "), self.spreads.add_prefix("sd of "), effects])
        frame = pd.DataFrame({"estimate": estimate, "standard_error": self.standard_errors[estimate.index]})
        return frame.rename_axis("parameter")

    def __repr__(self) -> str:
        head = f"{self.model.name} on {self.table.label}: log likelihood {self.log_likelihood:.1f} ± {self.error:.1f}"
        return f"{head} (equal shares {self.null_log_likelihood:.1f})\n{self.summary.round(4).to_string()}"

    def _repr_html_(self) -> str:
        return f"<p>{self!s}</p>".replace("\n", "<br>")


def mixed_mode(model: MultinomialLogit, choices: ChoiceTable, seed: int = 0) -> MixedMode:
    """Return the maximum-likelihood estimate of a mixed logit in which every coefficient differs between people.

    Raises
    ------
    ChoiceError
        If some coefficients are fixed, something cannot be identified, or the climb does not end.
    """
    problem = problem_of(model, choices)
    if problem.fixed:
        names = [design_of(model, choices).names[place] for place in problem.fixed]
        advice = f"{names} are the same for everybody; use estimation.fit, or let all coefficients differ"
        raise ChoiceError(f"There is no quick mode of the {model.name}:", [advice])
    check_identified(arrays_of(model, choices), choices)
    top = maximum(problem, seed)
    if not top.converged:
        advice = "a spread may be zero or without bound; simplify the model, or use estimation.fit"
        raise ChoiceError("The climb to the maximum did not end:", [advice])
    return _as_mode(model, choices, problem, top)


def _as_mode(model: MultinomialLogit, choices: ChoiceTable, problem: Problem, top: Maximum) -> MixedMode:
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


def _standard_errors(problem: Problem, top: Maximum) -> Array:
    """Return the standard errors of means, spreads and effects, by the delta method."""

    def reported(x: Array) -> Array:
        population = population_of(x, problem)
        spreads = np.sqrt(np.diag(linalg.inv(population.precision)))
        return np.concatenate([population.shift[:, 0], spreads, population.shift[:, 1:].ravel()])

    slope = optimize.approx_fprime(parameters(top.population, problem.diagonal), reported, 1e-6)
    return np.asarray(np.sqrt(np.diag(slope @ top.covariance @ slope.T)))
