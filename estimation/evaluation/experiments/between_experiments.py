"""What several experiments say together of one difference: a hierarchical normal model, by quadrature.

Experiment j has n_j people; their mean difference y_j errs around its own expectation θ_j, and experiments differ:

    y_j | θ_j ~ Student(n_j - 1) around θ_j,      θ_j ~ Normal(μ, τ²),      μ flat,      τ ~ half-Student(4, scale).

The Student distribution is a normal one whose variance was estimated from these people (integrated out), so that an
experiment of few people does not count as if its error were known. With few experiments the spread τ rests on its
prior (Gelman 2006, Bayesian Analysis 1(3):515-534; Röver and others 2021, Research Synthesis Methods 12(4):448-474),
whose scale is therefore told, and varied. Nothing is sampled: sums run over grids of μ, τ and the unknown variances.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import optimize, special, stats

from estimation.arrays import Array

INTERVAL = (0.025, 0.975)
FREEDOM = 4.0
"""Degrees of freedom of the prior of τ: experiments may differ by more than its scale says, if they must."""
SCALE = 0.5
"""Of the prior of τ, in standard deviations between people within an experiment."""
MEANS, SPREADS, VARIANCES = 121, 96, 16  # points of the grids
REACH = 9.0  # standard deviations of μ given τ on both sides of its mean


@dataclass(frozen=True, eq=False)
class Measured:
    """Mean differences of experiments.

    Attributes
    ----------
    mean, sd : (experiment,) arrays
        Of the differences over people.
    people : (experiment,) array
        How many.
    error : (experiment,) array
        Monte-Carlo standard error of the mean, which has nothing to do with people.
    """

    mean: Array
    sd: Array
    people: Array
    error: Array

    @property
    def standard_error(self) -> Array:
        """Of each mean, Monte-Carlo error included, (experiment,)."""
        return np.asarray(np.hypot(self.sd / np.sqrt(self.people), self.error))

    @property
    def between_people(self) -> float:
        """The standard deviation of a person's difference within an experiment, pooled over experiments."""
        free = self.people - 1
        return float(np.sqrt((free * self.sd**2).sum() / free.sum()))

    @cached_property
    def variances(self) -> Array:
        """Equally probable variances of each mean given its estimate, (experiment, variance): inverse gamma."""
        free = np.maximum(self.people - 1, 1)[:, None]
        levels = (np.arange(VARIANCES) + 0.5) / VARIANCES
        weight = special.gammaincinv(free / 2, levels) * 2 / free
        return np.asarray((self.sd**2 / self.people)[:, None] / weight + (self.error**2)[:, None] + 1e-18)

    def but(self, place: int) -> Measured:
        """Return all experiments but one."""
        parts = (np.delete(part, place) for part in (self.mean, self.sd, self.people, self.error))
        return Measured(*parts)


@dataclass(frozen=True, eq=False)
class Together:
    """The posterior of the mean μ over experiments and of their spread τ, on a grid.

    Attributes
    ----------
    mean : (mean, spread) array
        Points around what is likely given each spread.
    spread : (spread,) array
    weight : (mean, spread) array
        Sums to one.
    """

    measured: Measured
    mean: Array
    spread: Array
    weight: Array

    @classmethod
    def of(cls, measured: Measured, scale: float) -> Together:
        """Return the posterior, given the scale of the prior of τ."""
        widest = max(scale, float(np.ptp(measured.mean)), float(measured.standard_error.max()))
        spread = np.geomspace(1e-3 * scale, 30 * widest, SPREADS)
        precision = 1 / (measured.variances.mean(axis=1)[:, None] + spread**2)
        centre, width = measured.mean @ precision / precision.sum(axis=0), precision.sum(axis=0) ** -0.5
        mean = centre + width * np.linspace(-REACH, REACH, MEANS)[:, None]
        log_prior = stats.t.logpdf(spread / scale, FREEDOM) + np.log(spread)  # even steps of log τ
        weight = special.softmax(log_prior + np.log(width) + _log_likelihood(measured, mean, spread))
        return cls(measured, mean, spread, weight)

    @property
    def expected(self) -> float:
        """The posterior mean of μ."""
        return float((self.weight * self.mean).sum())

    @property
    def interval(self) -> tuple[float, float]:
        """The central 95 % interval of μ."""
        ends = (optimize.brentq(lambda at, p=p: self.below(at) - p, self.mean.min(), self.mean.max()) for p in INTERVAL)
        low, high = ends
        return float(low), float(high)

    def below(self, value: float) -> float:
        """Return the probability that μ is below a value: straight between the points of each spread."""
        step, last = self.mean[1] - self.mean[0], len(self.mean) - 1
        at = np.clip((value - self.mean[0]) / step, 0, last)
        under, column = np.minimum(at.astype(int), last - 1), np.arange(len(self.spread))
        return float(
            (self._up_to[under, column] * (under + 1 - at) + self._up_to[under + 1, column] * (at - under)).sum()
        )

    @cached_property
    def _up_to(self) -> Array:
        return np.asarray(np.cumsum(self.weight, axis=0) - self.weight / 2)

    @property
    def spread_quantiles(self) -> tuple[float, float, float]:
        """Median and central 95 % interval of τ."""
        density = self.weight.sum(axis=0)
        low, middle, high = np.interp([INTERVAL[0], 0.5, INTERVAL[1]], np.cumsum(density) - density / 2, self.spread)
        return float(middle), float(low), float(high)

    @property
    def probability(self) -> float:
        """The probability that μ is above zero."""
        return 1 - self.below(0.0)

    def next_below(self, value: float) -> float:
        """Return the probability that the expectation of another experiment of this kind lies below a value."""
        return float((self.weight * special.ndtr((value - self.mean) / self.spread)).sum())

    @property
    def next_interval(self) -> tuple[float, float]:
        """The central 95 % interval of the expectation of another experiment."""
        far = 60 * (self.spread.max() + np.ptp(self.mean))
        ends = (optimize.brentq(lambda at, p=p: self.next_below(at) - p, -far, far) for p in INTERVAL)
        low, high = ends
        return float(low), float(high)

    def tail_of(self, measured: Measured, place: int) -> float:
        """Return how probable it is that an experiment comes out as far off as one (`place` in `measured`) did.

        Both sides count, and the error of that experiment is in it; it should not be among those of this posterior.
        """
        width = np.sqrt(measured.variances[place] + self.spread[:, None] ** 2)
        gap = measured.mean[place] - self.mean[..., None]
        below = float((self.weight * special.ndtr(gap / width).mean(axis=-1)).sum())
        return 2 * min(below, 1 - below)

    @property
    def shrunken(self) -> Array:
        """The posterior mean of each experiment's own expectation, (experiment,)."""
        return np.array([self._shrunken(place) for place in range(len(self.measured.mean))])

    def _shrunken(self, place: int) -> float:
        variance, between = self.measured.variances[place], self.spread[:, None] ** 2
        own, mean = self.measured.mean[place], self.mean[..., None]
        log_density = -0.5 * ((own - mean) ** 2 / (variance + between) + np.log(variance + between))
        inside = special.softmax(log_density, axis=-1)  # which variance it is
        value = (own * between + mean * variance) / (variance + between)
        return float((self.weight * (inside * value).sum(axis=-1)).sum())


def own_intervals(measured: Measured) -> Array:
    """Return the 95 % interval of each experiment by itself, (experiment, end): Student's, by its people."""
    reach = stats.t.ppf(INTERVAL[1], measured.people - 1) * measured.standard_error
    return np.asarray(measured.mean[:, None] + reach[:, None] * np.array([-1.0, 1.0]))


def inconsistency(measured: Measured) -> tuple[float, float]:
    """Return I², the share of the variance of the means that is not sampling, and the p value of Cochran's Q."""
    weight = measured.standard_error**-2.0
    q = float((weight * (measured.mean - weight @ measured.mean / weight.sum()) ** 2).sum())
    free = len(weight) - 1
    return (max(0.0, 1 - free / q) if q > 0 else 0.0), float(stats.chi2.sf(q, free))


def _log_likelihood(measured: Measured, mean: Array, spread: Array) -> Array:
    """Return log p(means of all experiments | μ, τ), (mean, spread)."""
    total = np.zeros((len(mean), len(spread)))
    for own, variances in zip(measured.mean, measured.variances, strict=True):
        variance = variances + spread[:, None] ** 2
        log_density = -0.5 * ((own - mean[..., None]) ** 2 / variance + np.log(variance))
        total += special.logsumexp(log_density, axis=-1)
    return total
