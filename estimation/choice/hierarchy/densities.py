"""The densities of many normal populations at many places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.problem import TastePopulation


class Densities:
    """The densities of populations at places, as one product of matrices.

    Attributes
    ----------
    shift : (population, random, 1 + covariate)
    precision : (population, random, random)
    fixed : (population, fixed)
        The coefficients that everybody shares.
    shared
        The same; one row if there are none.
    """

    def __init__(self, populations: Sequence[TastePopulation]) -> None:
        self.shift = np.array([population.shift for population in populations])
        self.precision = precision = np.array([population.precision for population in populations])
        self.fixed = np.array([population.fixed for population in populations])
        self.shared = self.fixed if self.fixed.shape[1] else self.fixed[:1]
        size = precision.shape[-1]
        self.upper = np.triu_indices(size)
        once_or_twice = np.where(self.upper[0] == self.upper[1], 0.5, 1.0)
        self.quadratic = -precision[:, self.upper[0], self.upper[1]] * once_or_twice
        self.constant = 0.5 * np.linalg.slogdet(precision)[1] - 0.5 * size * np.log(2 * np.pi)
        self.pull = precision @ self.shift

    def of(self, nodes: Array, covariates: Array) -> Array:
        """Return log N(node; shift z, precision⁻¹), (node, population), for a person with covariates z."""
        squares = nodes[:, self.upper[0]] * nodes[:, self.upper[1]]
        pull = self.pull @ covariates
        constant = self.constant - 0.5 * np.einsum("dk,dk->d", pull, self.shift @ covariates)
        features, slopes = np.column_stack([squares, nodes]), np.column_stack([self.quadratic, pull])
        density: Array = features @ slopes.T
        density += constant
        return density
