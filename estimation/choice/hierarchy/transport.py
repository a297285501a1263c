"""People carried along when the population moves: the joint density in coordinates that hardly depend on each other.

A person's coefficients are written as θ_n = μ_n + L_n'⁻¹ u_n, where N(μ_n, (L_n L_n')⁻¹) is the Gaussian posterior of
the person under the population. With u_n held, a new population moves every person to the corresponding place of the
posterior that they would have there. The density of the population given u is then nearly the one with people
integrated out, so that one sampler can walk through it freely: a non-centred parameterisation that knows each person's
data (Osmundsen, Kleppe and Liesenfeld 2021, J. Comput. Graph. Stat. 30:906-919, use such maps). Nothing is
approximated: the misfit of the Gaussians is part of the density.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.cholesky import invert, solve_lower, solve_upper
from estimation.choice.hierarchy.compiled import compiled
from estimation.choice.hierarchy.crowd import Crowd
from estimation.choice.hierarchy.likelihood import gradient, log_likelihood, scratch
from estimation.choice.hierarchy.people import conditional, misfit
from estimation.choice.hierarchy.problem import TastePopulation
from estimation.choice.hierarchy.sites import Sites


class Carried(NamedTuple):
    """Sums over people of the log density given the population, nats, and of its gradient; see `transport`.

    Attributes
    ----------
    by_shift : (random, 1 + covariate)
    by_precision : (random, random)
    by_fixed : (fixed,)
    """

    value: float
    by_shift: Array
    by_precision: Array
    by_fixed: Array

    def of(self, count: int) -> Carried:
        """Return the gradient by the first so many tastes; of the others the population is known."""
        if count == len(self.by_precision):
            return self
        return self._replace(by_shift=self.by_shift[:count], by_precision=self.by_precision[:count, :count])


def carried(
    crowd: Crowd, sites: Sites, white: Array, covariates: Array, population: TastePopulation, theta: Array
) -> Carried:
    """Return the sums at a population; people with covariates (person, 1 + covariate) are written to `theta`."""
    size = len(population.precision)
    theta[:, size:] = population.fixed
    by_mean, by_precision = np.empty((len(theta), size)), np.empty((size, size))
    by_fixed = np.empty(len(population.fixed))
    mean = covariates @ population.shift.T
    value = transport(crowd, sites, white, mean, population.precision, theta, by_mean, by_precision, by_fixed)
    return Carried(value, by_mean.T @ covariates, by_precision, by_fixed)


@compiled
def transport(
    crowd: Crowd,
    sites: Sites,
    white: Array,
    mean: Array,
    precision: Array,
    theta: Array,
    by_mean: Array,
    by_precision: Array,
    by_fixed: Array,
) -> float:
    """Return the log density of choices and people given the population, with its gradient; see the module.

    Without constants and without the determinant of the population's own density, N/2 log |precision|.

    Parameters
    ----------
    white : (person, random)
        u, standard normal for each person if their Gaussian were exact.
    mean : (person, random)
    precision : (random, random)
    theta : (person, coefficient)
        The coefficients that everybody shares are read, the random ones are written.
    by_mean : (person, random)
    by_precision : (random, random)
    by_fixed : (fixed,)
        Out: the gradient.
    """
    size, total = len(precision), 0.0
    room, slope = scratch(crowd), np.empty(theta.shape[1])
    lower, centre, inverse = np.zeros((size, size)), np.empty(size), np.zeros((size, size))
    work = (np.empty(size), np.empty(size), np.zeros((size, size)))
    by_precision[:], by_fixed[:] = 0.0, 0.0
    for n in range(len(theta)):
        total += conditional(sites, n, theta[n], mean[n], precision, lower, centre)
        solve_upper(lower, white[n], theta[n, :size])
        for k in range(size):
            theta[n, k] += centre[k]
        value = log_likelihood(crowd, n, theta[n], room)
        total += misfit(sites, n, theta[n], value)
        gradient(crowd, n, room, slope)
        _subtract_site(sites, n, theta[n], slope)
        invert(lower, inverse)
        _pull_back(mean[n], precision, centre, lower, slope, work, by_mean[n])
        _add_precision(white[n], centre - mean[n], inverse, work, by_precision)
        _add_fixed(sites, n, theta[n], centre, slope, work[1], by_fixed)
    for k in range(size):
        for other in range(k):
            by_precision[other, k] = by_precision[k, other]
    return total


@compiled
def _subtract_site(sites: Sites, n: int, theta: Array, slope: Array) -> None:
    """Turn the gradient of the log likelihood into that of the misfit."""
    for k in range(len(theta)):
        slope[k] -= sites.pull[n, k]
        for other in range(len(theta)):
            slope[k] += sites.information[n, k, other] * theta[other]


@compiled
def _pull_back(
    mean: Array, precision: Array, centre: Array, lower: Array, slope: Array, work: Any, by_mean: Array
) -> None:
    """Write the gradient by a person's mean; leave L⁻¹ slope and (L L')⁻¹ slope in `work`."""
    size = len(precision)
    halfway, moved, _ = work
    solve_lower(lower, slope[:size], halfway)
    solve_upper(lower, halfway, moved)
    for k in range(size):
        by_mean[k] = 0.0
        for other in range(size):
            by_mean[k] += precision[k, other] * (centre[other] - mean[other] + moved[other])


@compiled
def _add_precision(white: Array, gap: Array, inverse: Array, work: Any, total: Array) -> None:
    """Add a person's part of the gradient by the population's precision to the lower triangle of `total`.

    -½ [L'⁻¹ W L⁻¹ + gap gap' + moved gap' + gap moved'], W = I + T + T', T the lower triangle of u (L⁻¹ slope)' with
    half its diagonal: how the Cholesky factor moves with the matrix that it factorises.
    """
    size = len(white)
    halfway, moved, product = work
    for i in range(size):
        for k in range(size):
            product[i, k] = inverse[i, k] if k <= i else 0.0
        for j in range(size):
            weight = white[i] * halfway[j] if i >= j else white[j] * halfway[i]
            for k in range(j + 1):
                product[i, k] += weight * inverse[j, k]
    for i in range(size):
        for k in range(i + 1):
            for other in range(k + 1):
                total[k, other] -= 0.5 * inverse[i, k] * product[i, other]
    for k in range(size):
        for other in range(k + 1):
            total[k, other] -= 0.5 * (gap[k] * gap[other] + moved[k] * gap[other] + gap[k] * moved[other])


@compiled
def _add_fixed(sites: Sites, n: int, theta: Array, centre: Array, slope: Array, moved: Array, total: Array) -> None:
    """Add a person's part of the gradient by the coefficients that everybody shares."""
    size = len(centre)
    for place in range(len(total)):
        k = size + place
        total[place] += sites.pull[n, k] + slope[k]
        for other in range(size):
            total[place] -= sites.information[n, k, other] * (centre[other] + moved[other])
        for other in range(size, len(theta)):
            total[place] -= sites.information[n, k, other] * theta[other]
