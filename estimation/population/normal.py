"""A normal population on the transformed scale, as plain numbers: for adapting nodes and for simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from estimation.games.game import Array
from estimation.theories.parameter import SPREAD_LOG_SD, Parameter


@dataclass(frozen=True, eq=False)
class Population:
    """How parameters vary over people.

    Attributes
    ----------
    mean, sd : (dim,) array, transformed scale
    share : (kind,) array, probability
        Shares of the kinds of people.
    """

    mean: Array
    sd: Array
    share: Array

    def log_density(self, theta: Array, widened: float = 1.0) -> Array:
        """Return the log density of theta (..., dim, node) → (..., node)."""
        sd = widened * self.sd
        white = (theta - self.mean[:, None]) / sd[:, None]
        return np.asarray(
            -0.5 * (white**2).sum(axis=-2) - np.log(sd).sum() - 0.5 * len(sd) * np.log(2 * np.pi)
        )

    def sample(self, count: int, rng: np.random.Generator) -> tuple[Any, Array]:
        """Draw people: kinds (person,) and parameters (person, dim), transformed scale."""
        kinds = rng.choice(len(self.share), size=count, p=self.share)
        return kinds, self.mean + self.sd * rng.standard_normal((count, len(self.mean)))


@dataclass(frozen=True, eq=False)
class Prior:
    """What is believed of the population before the data: normal means, log-normal spreads, even shares.

    Attributes
    ----------
    centre, centre_sd, spread : (dim,) array, transformed scale
        As in `Parameter`.
    kinds : int
    """

    centre: Array
    centre_sd: Array
    spread: Array
    kinds: int

    @classmethod
    def of(cls, parameters: tuple[Parameter, ...], kinds: int) -> Prior:
        """Collect the priors of parameters."""
        columns = np.array([(p.centre, p.centre_sd, p.spread) for p in parameters]).T
        return cls(columns[0], columns[1], columns[2], kinds)

    def vague(self) -> Population:
        """Return the population that covers everything the prior allows: where the search for nodes starts."""
        return Population(
            self.centre, np.hypot(self.centre_sd, self.spread), np.full(self.kinds, 1 / self.kinds)
        )

    def data(self) -> dict[str, Array]:
        """Return the named arrays that the PyMC models read."""
        return {"centre": self.centre, "centre_sd": self.centre_sd, "spread": self.spread}

    def sample(self, rng: np.random.Generator) -> Population:
        """Draw a population."""
        mean = rng.normal(self.centre, self.centre_sd)
        sd = self.spread * np.exp(SPREAD_LOG_SD * rng.standard_normal(len(self.spread)))
        return Population(mean, sd, rng.dirichlet(np.ones(self.kinds)))

    def most_likely(self, people: int, total: Array, square: Array, share: Array, sd: Array) -> Population:
        """Return the most likely population given what people's parameters add up to.

        Parameters
        ----------
        total, square : (dim,) array
            Sums over people of parameters, and of squares about zero.
        share : (kind,) array
            Expected number of people of each kind.
        sd : (dim,) array
            The current spread, by which the prior of the mean is weighed.
        """
        mean = (total / sd**2 + self.centre / self.centre_sd**2) / (people / sd**2 + 1 / self.centre_sd**2)
        scatter = np.maximum(square - 2 * mean * total + people * mean**2, 1e-12)
        log_sd = 0.5 * np.log(scatter / people + 0.01 * self.spread**2)
        for _ in range(30):
            pull = people - scatter * np.exp(-2 * log_sd) + (log_sd - np.log(self.spread)) / SPREAD_LOG_SD**2
            slope = 2 * scatter * np.exp(-2 * log_sd) + 1 / SPREAD_LOG_SD**2
            log_sd = log_sd - np.clip(pull / slope, -0.5, 0.5)
        return Population(mean, np.exp(log_sd), (share + 1) / (people + self.kinds))
