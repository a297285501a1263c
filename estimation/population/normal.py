"""A normal population on the transformed scale, as plain numbers: what nodes are adapted to and simulations drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.games.game import Array
from estimation.theories.parameter import Parameter


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

    @classmethod
    def prior(cls, parameters: tuple[Parameter, ...], kinds: int) -> Population:
        """Return the population that covers everything the prior allows: where the search for nodes starts."""
        mean = np.array([p.centre for p in parameters])
        sd = np.array([np.hypot(p.centre_sd, p.spread) for p in parameters])
        return cls(mean, sd, np.full(kinds, 1 / kinds))

    def log_density(self, theta: Array, widened: float = 1.0) -> Array:
        """Return the log density of theta (..., dim, node) → (..., node)."""
        sd = widened * self.sd
        white = (theta - self.mean[:, None]) / sd[:, None]
        return np.asarray(-0.5 * (white**2).sum(axis=-2) - np.log(sd).sum() - 0.5 * len(sd) * np.log(2 * np.pi))

    def sample(self, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw people: kinds (person,) and parameters (person, dim), transformed scale."""
        kinds = rng.choice(len(self.share), size=count, p=self.share)
        return kinds, self.mean + self.sd * rng.standard_normal((count, len(self.mean)))
