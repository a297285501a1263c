"""The maximum of a log likelihood that is a sum over people, and standard errors, by person where possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import optimize

from estimation.arrays import Array, Mask

STEP = 1e-3  # of central differences
REACHES = (0.01, 0.2)  # of second differences, at least and at most
ROUNDS, SETTLED = 6, 0.02  # times that the reach follows errors, until no error changes by more
KINKED = 0.15  # change of an error by the distance that tells a likelihood with kinks from one that bends smoothly
NEAR = 0.004  # of differences that show whether it bends at all
FLAT = 1e-3  # information, nats per squared unit, below which the likelihood says nothing of a direction
ASIDE = 0.01  # share of a gradient that may lie in such directions

ByPerson = Callable[[Array], Array]
"""vectors (coordinate, node) → log likelihoods (node, person), nats"""


@dataclass(frozen=True, eq=False)
class Peak:
    """The maximum of a log likelihood that is a sum over people.

    Attributes
    ----------
    vector : (coordinate,) array
    by_person
        The log likelihood.
    is_free : (coordinate,) array of bool
        Whether a coordinate lies within its bounds.
    """

    vector: Array
    by_person: ByPerson
    is_free: Mask

    @property
    def height(self) -> float:
        """The maximum, nats."""
        return float(self.by_person(self.vector[:, None]).sum())

    @cached_property
    def scores(self) -> Array:
        """Derivatives of each person's log likelihood, (person, coordinate)."""
        return _derivatives(self.by_person, self.vector).T

    @cached_property
    def information(self) -> Array:
        """Minus the second derivatives of the log likelihood in the free coordinates, over half a standard error.

        Losses that are distances make likelihoods with kinks: the curvature between two of them says nothing of how
        fast the likelihood falls where estimates would lie for other people. It is told by errors that change with the
        distance over which they are taken; then it is that over the errors that come from it, as far as `REACHES` go.
        """
        reach = self._reach
        found = self._bend(reach)
        error = self._errors(found)
        around = [self._errors(self._bend(factor * reach)) for factor in (0.5, 2.0)]
        if np.all(np.abs(np.array(around) - error) <= KINKED * error):
            return found
        for _ in range(ROUNDS):
            far = np.where(error > 0, error, reach[self.is_free])
            reach[self.is_free] = np.clip(np.sqrt(reach[self.is_free] * far), *REACHES)
            found = self._bend(reach)
            error, before = self._errors(found), error
            if np.all(np.abs(error - before) <= SETTLED * before):
                break
        return found

    def _errors(self, information: Array) -> Array:
        """Return the standard errors of the free coordinates that go with an information."""
        return np.asarray(np.sqrt(np.diagonal(self._covariance(information))))

    def _bend(self, reach: Array) -> Array:
        """Return minus the second derivatives by differences over some reach, (coordinate,), to each side."""
        steps = np.diag(reach)[self.is_free]
        rows, columns = np.triu_indices(len(steps))
        corners = [self._heights(sign * steps[rows] + steps[columns]) for sign in (1, -1)]
        corners += [self._heights(sign * steps[rows] - steps[columns]) for sign in (1, -1)]
        bend = (corners[1] + corners[2] - corners[0] - corners[3]) / (4 * steps[rows].sum(1) * steps[columns].sum(1))
        found = np.empty((len(steps),) * 2)
        found[rows, columns] = found[columns, rows] = bend
        return found

    @property
    def _reach(self) -> Array:
        """Half the error of each coordinate, were the others known, within `REACHES`."""
        step = REACHES[1] / 2
        near = step * np.eye(len(self.vector))
        fall = 2 * self.height - self._heights(near) - self._heights(-near)
        return np.clip(0.5 * step / np.sqrt(np.maximum(fall, 1e-12)), *REACHES)

    def _heights(self, away: Array) -> Array:
        """Return the log likelihood at some distances from the maximum, (distance, coordinate), nats."""
        return np.asarray(self.by_person((self.vector + away).T).sum(axis=1))

    @property
    def is_clustered(self) -> bool:
        """Whether there are more people than directions of which the likelihood says something.

        Scores of people add up to zero at a maximum: with fewer people, some combination of numbers has no variance.
        """
        return len(self.scores) > len(self._told(self.information)[0])

    @cached_property
    def covariance(self) -> Array:
        """Of the free coordinates; nothing is in it of directions in which nothing changes.

        Clustered by person, times G / (G - 1) for G people as in `choice.maximum.sandwich`; the inverse information
        where there are too few people for that.
        """
        return self._covariance(self.information)

    def _covariance(self, information: Array) -> Array:
        """Return the covariance that goes with an information."""
        size, direction = self._told(information)
        free, people = self.scores[:, self.is_free], len(self.scores)
        bread = direction / size @ direction.T
        if people <= len(size):
            return np.asarray(bread)
        return np.asarray(bread @ (free.T @ free) @ bread * people / (people - 1))

    def tells(self, slopes: Array) -> Mask:
        """Return whether the likelihood says anything of quantities, (quantity,), by their slopes in free coordinates.

        It does not where a quantity changes in a direction in which the likelihood is flat: its error is unbounded.
        """
        direction = self._told(self.information)[1]
        aside = np.linalg.norm(slopes - slopes @ direction @ direction.T, axis=1)
        return np.asarray((aside <= ASIDE * np.linalg.norm(slopes, axis=1)) & (slopes != 0).any(axis=1))

    def _told(self, information: Array) -> tuple[Array, Array]:
        """Return the information in directions of which something is told, and these, (coordinate, direction).

        Nothing is told of directions in which the likelihood does not bend at the maximum, nor that of any person
        change: farther away it does, where a ridge is no straight line.
        """
        size, direction = self._near
        felt = ((self.scores[:, self.is_free] @ direction) ** 2).sum(axis=0)
        some = direction[:, (size > FLAT) | (felt > FLAT)]
        size, direction = np.linalg.eigh(some.T @ information @ some)
        return size[size > FLAT], some @ direction[:, size > FLAT]

    @cached_property
    def _near(self) -> tuple[Array, Array]:
        """How the likelihood bends close to the maximum, (direction,), and the directions, (coordinate, direction)."""
        size, direction = np.linalg.eigh(self._bend(np.full(len(self.vector), NEAR)))
        return size, direction

    @cached_property
    def naive_root(self) -> Array:
        """A root of the inverse information, all coordinates: fixed ones do not move."""
        size, direction = np.linalg.eigh(self.information)
        root = np.zeros((len(self.vector),) * 2)
        root[np.ix_(self.is_free, self.is_free)] = direction / np.sqrt(np.maximum(size, 1e-2))
        return root


def likeliest(by_person: ByPerson, start: Array, low: Array, high: Array) -> Peak:
    """Return the maximum that a quasi-Newton search finds from a vector, within bounds."""

    def loss(vector: Array) -> tuple[float, Array]:
        value = -float(by_person(vector[:, None]).sum())
        return value, -_derivatives(by_person, vector).sum(axis=1)

    how: Any = {"jac": True, "method": "L-BFGS-B", "bounds": optimize.Bounds(low, high)}
    found = optimize.minimize(loss, np.clip(start, low, high), **how, options={"maxiter": 500, "ftol": 1e-12})
    return Peak(found.x, by_person, (found.x > low + STEP) & (found.x < high - STEP))


def _derivatives(by_person: ByPerson, vector: Array) -> Array:
    """Return derivatives by central differences, (coordinate, person)."""
    steps = STEP * np.eye(len(vector))
    value = by_person(np.concatenate([vector[:, None] + steps, vector[:, None] - steps], axis=1))
    return np.asarray((value[: len(vector)] - value[len(vector) :]) / (2 * STEP))
