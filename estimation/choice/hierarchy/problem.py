"""What is sampled: choices, who differs in what, and what is believed beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from estimation.arrays import Array, Indices
from estimation.choice.arrays import ChoiceArrays
from estimation.choice.hierarchy.crowd import Crowd, crowd_of
from estimation.choice.hierarchy.distributions import natural

DEGREES = 2.0
"""Degrees of freedom of the prior of spreads; at 2, each correlation is uniform beforehand (Huang and Wand 2013)."""


@dataclass(frozen=True, eq=False)
class TastePrior:
    """Beliefs about the population before seeing choices.

    Means are independent normals. The covariance has the prior of Huang and Wand (2013, Bayesian Analysis 8:439-452):
    each standard deviation is half-t with `DEGREES` degrees of freedom, each correlation uniform. Unlike an inverse
    Wishart it has a scale for each coefficient and does not tie large spreads to large correlations.

    Attributes
    ----------
    location : (random,)
        Prior mean of the population mean (of log |β| where a coefficient is log-normal).
    shift_sd : (random, 1 + covariate)
        Prior standard deviation of the population mean and of the effect of each standardised covariate.
    spread : (random,)
        Scale of the half-t of each standard deviation over people.
    fixed_sd : (fixed,)
        Prior standard deviation, around zero, of coefficients that everybody shares.
    """

    location: Array
    shift_sd: Array
    spread: Array
    fixed_sd: Array


class TastePopulation(NamedTuple):
    """One value of everything that describes the population.

    Attributes
    ----------
    shift : (random, 1 + covariate)
        θ_n ~ N(shift z_n, precision⁻¹), z_n beginning with 1.
    precision : (random, random)
    fixed : (fixed,)
        The coefficients that everybody shares.
    """

    shift: Array
    precision: Array
    fixed: Array


@dataclass(frozen=True, eq=False)
class MixedLogit:
    """A hierarchical multinomial logit on some choices.

    Attributes
    ----------
    choices
        The choices.
    random, fixed
        Positions of the coefficients that differ between people, and of those that do not.
    sign : (coefficient,)
        As in `Crowd`, in the order random, fixed.
    covariates : (person, 1 + covariate)
        Standardised, after a column of ones.
    diagonal
        Whether tastes are independent of each other.
    prior
        See `TastePrior`.
    """

    choices: ChoiceArrays
    random: tuple[int, ...]
    fixed: tuple[int, ...]
    sign: Array
    covariates: Array
    diagonal: bool
    prior: TastePrior

    @cached_property
    def crowd(self) -> Crowd:
        """The choices as kernels read them."""
        return crowd_of(self.choices, (*self.random, *self.fixed), self.sign)

    def means(self, population: TastePopulation) -> Array:
        """Return what is expected of each person, (person, random)."""
        return np.ascontiguousarray(self.covariates @ population.shift.T)

    def without(self, left_out: NDArray[np.bool_]) -> MixedLogit:
        """Return the problem without the people of a mask."""
        kept = ~left_out
        parts = (self.random, self.fixed, self.sign, self.covariates[kept], self.diagonal, self.prior)
        return MixedLogit(self.choices.of_people(kept), *parts)

    def coefficients(self, theta: Array) -> Array:
        """Return coefficients as they enter the utility, in the order of the data; `theta` is (…, coefficient)."""
        return natural(theta, self.sign)[..., self.back]

    @property
    def back(self) -> Indices:
        """Where each coefficient of the data stands in the order random, fixed, (coefficient,)."""
        return np.argsort((*self.random, *self.fixed))
