"""People drawn from a fit for the situations of a table: those whom it knows, or others of the same population."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from estimation.arrays import Array, Indices
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.population.flat import some_draws


class DrawnPeople(NamedTuple):
    """Draws of the people of a table.

    Attributes
    ----------
    kinds : (draw, person) integer array
    theta : (draw, person, dim) array
        Effects, transformed scale, at the columns of formulas in the table.
    coefficient : (draw, covariate) array
        Of these columns, in the population of each draw.
    """

    kinds: Any
    theta: Array
    coefficient: Array


def known_people(fit: MessageFit, problem: MessageProblem, samples: Indices) -> DrawnPeople:
    """Return some draws (positions) of people whom a fit knows, moved to the columns of formulas in another table.

    Parameters
    ----------
    problem
        The theory applied to the table, as `MessageProblem.on` gives it.
    """
    group = fit.tree["people"].dataset.sel(subject=problem.table.subjects).isel(sample=samples)
    kinds = group["kind"].transpose("sample", "subject").to_numpy()
    theta = group["theta"].transpose("sample", "subject", "parameter").to_numpy()
    if not len(problem.design.covariates.of):
        return DrawnPeople(kinds, theta, np.zeros((len(kinds), 0)))
    where = np.array([fit.table.subjects.index(subject) for subject in problem.table.subjects])
    before, after = (one.structure.draws(fit.posterior) for one in (fit.problem, problem))
    populations, moved = group["population"].to_numpy().astype("int64"), theta.copy()
    for row, draw in enumerate(populations):
        moved[row] += after[int(draw)].mean - before[int(draw)].mean[where]
    return DrawnPeople(kinds, moved, after.found["coefficient"][populations])


def new_people(fit: MessageFit, problem: MessageProblem, draws: int, rng: np.random.Generator) -> DrawnPeople:
    """Return other people of the population of a fit, as many as a table has; see `known_people`."""
    populations = problem.structure.draws(fit.posterior)
    chosen = some_draws(populations, draws, rng)
    kinds, theta = zip(*(populations[int(draw)].sample(len(problem.crowd), rng) for draw in chosen), strict=True)
    coefficient = populations.found.get("coefficient", np.zeros((len(populations), 0)))[chosen]
    return DrawnPeople(np.stack(kinds), np.stack(theta), coefficient)
