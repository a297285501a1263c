"""What is sampled: choices, who differs in what, and what is believed beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from estimation.arrays import Array, Indices, Mask
from estimation.choice.hierarchy.crowd import Crowd, crowd_of
from estimation.choice.hierarchy.triangular import HALF_WIDTH, TRIANGULAR, ends_of, quantiles
from estimation.choice.likelihoods.arrays import CERTAIN, ChoiceArrays

FIXED, NORMAL = "fixed", "normal"
SIGNS = {NORMAL: 0.0, "lognormal": 1.0, "-lognormal": -1.0, TRIANGULAR: 0.0, FIXED: 0.0}
"""How a coefficient is distributed over people, with the sign of what is log-normal; 0 for what enters as it is."""
DEGREES = 2.0
"""Degrees of freedom of the prior of spreads; at 2, each correlation is uniform beforehand (Huang and Wand 2013)."""


@dataclass(frozen=True, eq=False)
class TastePrior:
    """Beliefs about the population before seeing choices.

    Means are independent normals. The covariance has the prior of Huang and Wand (2013, Bayesian Analysis 8:439-452):
    each standard deviation is half-t with `degrees` of freedom ν, and each correlation r has a density proportional to
    (1 - r²)^(ν/2 - 1): at 2 it is uniform. Unlike an inverse Wishart it has a scale for each coefficient and does not
    tie large spreads to large correlations.

    Triangular tastes, whose z is known to be N(0, 1), are not among the random ones here: their means and
    spreads are shared coefficients.

    Attributes
    ----------
    location : (random,)
        Prior mean of the population mean (of log |β| where a coefficient is log-normal).
    shift_sd : (random, 1 + covariate)
        Prior standard deviation of the population mean and of the effect of each standardised covariate.
    spread : (random,)
        Scale of the half-t of each standard deviation over people.
    fixed_sd : (fixed,)
        Prior standard deviation of coefficients that everybody shares, those of triangles at the end.
    fixed_location : (fixed,)
        Their prior means: zero but for the log of a price coefficient that turns money into utility.
    degrees
        Of freedom of the half-t.
    """

    location: Array
    shift_sd: Array
    spread: Array
    fixed_sd: Array
    fixed_location: Array
    degrees: float = DEGREES

    @property
    def middle(self) -> TastePopulation:
        """The population that is expected."""
        shift = np.zeros_like(self.shift_sd)
        shift[:, 0] = self.location
        return TastePopulation(shift, np.diag(1 / self.spread**2), self.fixed_location.copy())


class TastePopulation(NamedTuple):
    """One value of everything that describes the population.

    Attributes
    ----------
    shift : (random, 1 + covariate)
        θ_n ~ N(shift z_n, precision⁻¹), z_n beginning with 1.
    precision : (random, random)
    fixed : (fixed,)
        The coefficients that everybody shares; then, if tastes are triangular, the means of the triangles and the
        coordinates of their spreads.
    """

    shift: Array
    precision: Array
    fixed: Array


def middle_of(shift: Array, precision: Array, fixed: Array) -> TastePopulation:
    """Return the average of draws (draw, …): of shifts, covariances and shared coefficients."""
    covariance = np.linalg.inv(precision).mean(axis=0)
    return TastePopulation(shift.mean(axis=0), np.linalg.inv(covariance), fixed.mean(axis=0))


@dataclass(frozen=True, eq=False)
class MixedLogit:
    """A hierarchical multinomial logit on some choices.

    Attributes
    ----------
    random, fixed
        Positions of the coefficients that differ between people, triangular ones last, and of those that do not.
    sign : (coefficient,)
        As in `Crowd`, in the order random, fixed.
    covariates : (person, 1 + covariate)
        Standardised, after a column of ones.
    diagonal
        Whether tastes are independent of each other.
    prior
        See `TastePrior`.
    price
        The position of price, in the order random, fixed, if all other coefficients are willingness to pay; or -1.
    half_width : (triangle,)
        Half-width of each triangular taste at the scale of the prior. These tastes are independent of all others.
    """

    choices: ChoiceArrays
    random: tuple[int, ...]
    fixed: tuple[int, ...]
    sign: Array
    covariates: Array
    diagonal: bool
    prior: TastePrior
    price: int = -1
    half_width: Array = field(default_factory=lambda: np.empty(0))

    @cached_property
    def crowd(self) -> Crowd:
        """The choices as kernels read them."""
        triangles = range(self.free, len(self.random)), self.half_width
        return crowd_of(self.choices, (*self.random, *self.fixed), self.sign, self.price, *triangles)

    @property
    def free(self) -> int:
        """How many random coefficients there are whose population is to be found; the others are triangular."""
        return len(self.random) - len(self.half_width)

    @property
    def triangles(self) -> tuple[int, ...]:
        """The positions of triangular coefficients."""
        return self.random[self.free :]

    def found(self, population: TastePopulation) -> TastePopulation:
        """Return a population without the z of triangular tastes, of which all is known."""
        free = self.free
        return TastePopulation(population.shift[:free], population.precision[:free, :free], population.fixed)

    def whole(self, found: TastePopulation) -> TastePopulation:
        """Return a population with the z of triangular tastes: N(0, 1), independent of all else."""
        known = len(self.half_width)
        if not known:
            return found
        precision = np.eye(len(self.random))
        precision[: self.free, : self.free] = found.precision
        return TastePopulation(np.pad(found.shift, ((0, known), (0, 0))), precision, found.fixed)

    def of(self, people: Indices) -> MixedLogit:
        """Return the problem of some people as kernels read it; `choices` stays that of everybody."""
        part = replace(self, covariates=self.covariates[people])
        vars(part)["crowd"] = self.crowd.of(people)
        return part

    def means(self, population: TastePopulation) -> Array:
        """Return what is expected of each person, (person, random)."""
        return np.ascontiguousarray(self.covariates @ population.shift.T)

    def without(self, left_out: Mask) -> MixedLogit:
        """Return the problem without the people of a mask."""
        return replace(self, choices=self.choices.of_people(~left_out), covariates=self.covariates[~left_out])

    def coefficients(self, theta: Array) -> Array:
        """Return coefficients as they enter the utility, in the order of the data; `theta` is (…, coefficient)."""
        count, random = len(self.sign), len(self.random)
        weights = natural(theta[..., :count], self.sign, self.price)
        if self.half_width.size:
            ends = ends_of(theta[..., random:], self.half_width)
            weights[..., self.free : random] = ends.mean + ends.half_width * quantiles(theta[..., self.free : random])
        return weights[..., self.back]

    def moments(self, population: TastePopulation) -> tuple[Array, Array]:
        """Return means and covariances over people of draws of a population, in the order of the data.

        Log-normals before their exponential; shared coefficients have no spread. Means are those of a person with
        average covariates, (…, coefficient); covariances are (…, coefficient, coefficient).
        """
        free, random, shared = self.free, len(self.random), len(self.fixed)
        mean, own = population.shift[..., :free, 0], np.linalg.inv(population.precision[..., :free, :free])
        ends = ends_of(population.fixed, self.half_width)
        mean = np.concatenate([mean, ends.mean, population.fixed[..., :shared]], axis=-1)
        covariance = np.zeros((*mean.shape, mean.shape[-1]))
        covariance[..., :free, :free] = own
        place = np.arange(free, random)
        covariance[..., place, place] = (ends.half_width / HALF_WIDTH) ** 2
        return mean[..., self.back], covariance[..., self.back, :][..., self.back]

    @property
    def below(self) -> tuple[Indices, Indices]:
        """The rows and columns of a root of the precision below its diagonal; none where tastes are independent."""
        rows, columns = np.tril_indices(0 if self.diagonal else self.free, -1)
        return rows, columns

    @property
    def price_in_data(self) -> int:
        """`price` in the order of the data."""
        return (*self.random, *self.fixed)[self.price] if self.price >= 0 else -1

    @property
    def back(self) -> Indices:
        """Where each coefficient of the data stands in the order random, fixed, (coefficient,)."""
        return np.argsort((*self.random, *self.fixed))


def natural(latent: Array, sign: Array, price: int = -1) -> Array:
    """Return weights as they enter the utility, (…, coefficient): log-normals are exponentials, with their sign.

    With the position of a price, all others are amounts of money that the price coefficient turns into utilities.
    """
    logs = np.where(sign == 0, 0.0, np.minimum(latent, CERTAIN))
    weights = np.asarray(np.where(sign == 0, latent, sign * np.exp(logs)))
    return weights if price < 0 else weights * np.where(np.arange(len(sign)) == price, 1.0, -weights[..., [price]])
