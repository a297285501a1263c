"""Units in which maxima of likelihoods are searched: the same whatever units columns, games and payoffs have.

A search takes steps, and ends somewhere. Both are measured in what an effect is thought to vary by, so that an income
in cents, a scale from 0 to 10,000 or payoffs in another currency lead to the same maximum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array
from estimation.inference.problem import MessageProblem
from estimation.population.design import Slope
from estimation.population.structure import Coordinates, PopulationDraws

HIGHEST = 15.0
"""Of coordinates as they are searched, in both directions, but for logs of spreads."""


@dataclass(frozen=True, eq=False)
class Units:
    """Where effects lie, and what they vary by.

    Attributes
    ----------
    centre, size : (effect,) arrays
        By the theory's own prior, whatever was believed instead: transformed scale. Effects on a log or logit scale
        have no unit.
    columns : (column,) array
        What coefficients of formulas vary by: a unit of the effect per standard deviation of the column over people.
    """

    centre: Array
    size: Array
    columns: Array

    @classmethod
    def of(cls, problem: MessageProblem) -> Units:
        """Return the units of a problem."""
        own = {p.name: p for p in problem.theory.parameters(problem.games, problem.roles)}
        design, centre, size = problem.design, list[float](), dict[str, float]()
        for effect in design.effects:
            if isinstance(effect, Slope):
                centre.append(0.0)
                size[effect.name] = size[effect.of] / _spread(design.slopes[effect.name])
            else:
                p = own.get(effect.name, effect)
                centre.append(p.centre)
                size[effect.name] = p.centre_sd if p.scale == "identity" else 1.0
        sizes, covariates = np.array(list(size.values())), design.covariates
        spread = np.array([_spread(column) for column in covariates.value.T])
        return cls(np.array(centre), sizes, sizes[covariates.of] / spread if len(spread) else spread)


@dataclass(frozen=True, eq=False)
class Searched:
    """Coordinates of populations as they are searched, (coordinate, node): in `Units`, from where effects lie.

    Parameters
    ----------
    coordinates
        Those of the populations.
    units
        Those of the same problem.
    """

    coordinates: Coordinates
    units: Units

    def __len__(self) -> int:
        return len(self.coordinates)

    def populations(self, vector: Array) -> PopulationDraws:
        """Return the populations for which vectors stand, one for each node."""
        start, size = self._plain
        return self.coordinates.populations(start[:, None] + size[:, None] * vector)

    def searched(self, vector: Array) -> Array:
        """Return a vector of the coordinates, (coordinate,), as it is searched."""
        start, size = self._plain
        return np.asarray((vector - start) / size)

    @property
    def _plain(self) -> tuple[Array, Array]:
        """Where the search stands at zero, and its unit, in the coordinates; they begin with means and log spreads."""
        effects, columns = len(self.units.size), len(self.units.columns)
        start, size = np.zeros(len(self)), np.ones(len(self))
        start[:effects], size[:effects] = self.units.centre, self.units.size
        start[effects : 2 * effects] = np.log(self.units.size)
        size[2 * effects : 2 * effects + columns] = self.units.columns
        return start, size


def _spread(values: Array) -> float:
    """Return the standard deviation of a column, or 1 if it does not vary."""
    return float(np.std(values)) or 1.0
