"""The likelihood of people who all have the same parameters, whatever a theory makes of columns and of the past."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from estimation.arrays import Array
from estimation.inference.pooled.pooled import SharedLikelihood
from estimation.inference.problem import MessageProblem

Shared = Callable[[Array, int], Array]
"""effects and coefficients (number, node), transformed scale, and a kind of people → log likelihoods (node, person)"""


def shared_likelihood(problem: MessageProblem) -> Shared:
    """Return the likelihood of each person if everybody has the same effects and the same coefficients of formulas.

    It rests on how often each did what, unless it matters who did it when.
    """
    effects = problem.parameters
    if not (problem.theory.remembers or problem.design.formulas):
        counted = SharedLikelihood(problem.theory, problem.table)
        return lambda numbers, kind: counted.of(effects, numbers, kind).T
    crowd, covariates = problem.crowd, problem.design.covariates

    def of_people(numbers: Array, kind: int) -> Array:
        effect, coefficient = numbers[: len(effects)].T, numbers[len(effects) :].T
        own = [covariates.shifted(value, effect, coefficient).T for value in _values(covariates.value, len(crowd))]
        return crowd.evaluate_each(kind, np.arange(len(crowd)), np.stack(own)).T

    return of_people


def _values(value: Array, people: int) -> Array:
    """Return the columns of each person, (person, column), if there are none as well."""
    return np.broadcast_to(value, (people, value.shape[1]))
