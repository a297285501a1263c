"""What is believed of a population before the data, and the likeliest population given what people look like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from estimation.arrays import Array
from estimation.population.correlation import draw_correlation
from estimation.population.normal import Covariates, Population
from estimation.population.shares import drawn_shares
from estimation.theories.parameter import SPREAD_LOG_SD, Parameter

REACH = 5.0  # standard deviations from the centre of the prior within which people are looked for


@dataclass(frozen=True, eq=False)
class Prior:
    """What is believed of the population before the data: normal means, log-normal spreads, Dirichlet shares.

    Attributes
    ----------
    centre, centre_sd, spread : (dim,) array, transformed scale
        As in `Parameter`.
    concentration : (kind,) array
        Of the Dirichlet prior of shares (`Theory.share_weights`); `factors`: of parts, if kinds are independent pairs.
    covariates
        What is known of people and shifts their means; nothing if left out.
    correlated
        Whether a person's parameters may be correlated, with an LKJ prior; otherwise they are independent.
    """

    centre: Array
    centre_sd: Array
    spread: Array
    concentration: Array
    covariates: Covariates = field(default_factory=Covariates.none)
    correlated: bool = False
    factors: tuple[tuple[float, ...], ...] = ()

    @classmethod
    def of(cls, parameters: tuple[Parameter, ...], concentration: Array, **more: Any) -> Prior:
        """Collect the priors of parameters."""
        centre, sd, spread = np.array([(p.centre, p.centre_sd, p.spread) for p in parameters]).T
        return cls(centre, sd, spread, concentration, **more)

    def part(self, dims: Any, kinds: Any) -> Prior:
        """Return the prior of some parameters and kinds."""
        dims = list(dims)
        pieces = (self.centre[dims], self.centre_sd[dims], self.spread[dims], self.concentration[list(kinds)])
        return Prior(*pieces, covariates=self.covariates.part(dims), correlated=self.correlated)

    def vague(self) -> Population:
        """Return the population that covers everything the prior allows: where the search for nodes starts."""
        sd = np.sqrt(self.centre_sd**2 + self.spread**2 + self.covariates.variance(len(self.centre)))
        return Population(self.centre, sd, self.concentration / self.concentration.sum())

    def box(self, level: Array) -> Array:
        """Return points of a box that holds whatever the prior allows, at levels from 0 to 1, (..., dim, point)."""
        vague = self.vague()
        return np.asarray(vague.mean[:, None] + REACH * vague.sd[:, None] * (2 * level - 1))

    def data(self) -> dict[str, Array]:
        """Return the named arrays that the PyMC models read."""
        own = {"centre": self.centre, "centre_sd": self.centre_sd, "spread": self.spread}
        return own | self.covariates.data(len(self.centre))

    def sample(self, rng: np.random.Generator) -> Population:
        """Draw a population."""
        drawn = self.numbers(rng)
        mean = self.covariates.mean(drawn["mean"], drawn["coefficient"])
        return Population(mean, drawn["sd"], drawn["share"], drawn.get("correlation"))

    def numbers(self, rng: np.random.Generator) -> dict[str, Array]:
        """Draw the numbers that describe a population: mean, coefficient, sd, share, and correlation as a matrix."""
        drawn = {
            "mean": rng.normal(self.centre, self.centre_sd),
            "coefficient": rng.normal(0, self.covariates.sd),
            "sd": self.spread * np.exp(SPREAD_LOG_SD * rng.standard_normal(len(self.spread))),
            "share": drawn_shares(rng, *(self.factors or (self.concentration,))),
        }
        return drawn | ({"correlation": draw_correlation(len(self.spread), rng)} if self.correlated else {})

    def most_likely(self, weight: Array, first: Array, second: Array, share: Array, before: Population) -> Population:
        """Return the most likely population, its parameters independent, given what is expected of people.

        Parameters
        ----------
        weight : (person, dim) array
            Probability that a parameter matters to the person.
        first, second : (person, dim) array
            Expected parameter and square, times that probability.
        share : (kind,) array
            Expected number of people of each kind.
        before
            The population so far, by whose spread the prior of the means is weighed.
        """
        mean = self.covariates.most_likely(self.centre, self.centre_sd, weight, first, before.sd)
        scatter = (second - 2 * mean * first + weight * mean**2).sum(axis=0)
        sd = self._most_likely_spread(weight.sum(axis=0), np.maximum(scatter, 1e-12))
        return Population(mean, sd, (share + self.concentration) / (len(weight) + self.concentration.sum()))

    def _most_likely_spread(self, people: Array, scatter: Array) -> Array:
        """Return the spread given sums of squares about the mean over so many people, by Newton's method."""
        log_sd = 0.5 * np.log((scatter + 0.01 * self.spread**2 * (people + 1)) / (people + 1))
        for _ in range(30):
            pull = people - scatter * np.exp(-2 * log_sd) + (log_sd - np.log(self.spread)) / SPREAD_LOG_SD**2
            slope = 2 * scatter * np.exp(-2 * log_sd) + 1 / SPREAD_LOG_SD**2
            log_sd -= (step := np.clip(pull / slope, -0.5, 0.5))
            if (np.abs(step) < 1e-9).all():
                break
        return np.exp(log_sd)
