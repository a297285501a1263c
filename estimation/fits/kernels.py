"""Proposals that follow a posterior of few numbers: kernels around points that matter, bent and split as it is.

Their heavy tails, and a share of points from a density that covers the posterior anyhow, keep weights bounded (West
1993, Journal of the Royal Statistical Society B 55(2):409-422).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import special

from estimation.arrays import Array
from estimation.fits.checks import effective_size, places_of, tempered

DEGREES = 5.0
"""Of the t kernels."""
DEFENSIVE = 0.2
"""Share of points that do not come from kernels."""
WIDENED = 1.2
"""Scale of the kernels relative to the normal-reference bandwidth."""
CENTRES = 24
"""Kernels of a proposal."""
FLOOR = 1e-6
"""Of the variance before, added to the kernels' so that none collapses to a point."""


class Base(Protocol):
    """A density of which points can be drawn: a prior, or a rough guess of the posterior."""

    @property
    def sd(self) -> Array:
        """How wide it is in each direction, (parameter,)."""

    def points(self, count: int, rng: np.random.Generator) -> Array:
        """Draw points, (parameter, node)."""

    def log_density(self, theta: Array) -> Array:
        """Return the log density of points (parameter, node), (node,)."""


@dataclass(frozen=True, eq=False)
class Kernels:
    """An equal mixture of t kernels of one shape, and what was drawn from before there were any, for a share of points.

    Attributes
    ----------
    centres : (kernel, parameter) array
    root : (parameter, parameter) array
        root @ root.T is the scale.
    base
        What a share of `DEFENSIVE` comes from.
    """

    centres: Array
    root: Array
    base: Base

    @classmethod
    def around(cls, theta: Array, log_weight: Array, base: Base, rng: np.random.Generator) -> Kernels:
        """Return kernels that smooth weighted points, theta (parameter, node), log_weight (node,)."""
        dims = len(theta)
        weight = tempered(log_weight, at_least=4.0 * (dims + 1))
        gap = theta - (theta @ weight)[:, None]
        covariance = (gap * weight) @ gap.T + FLOOR * np.diag(base.sd**2)
        bandwidth = (4 / ((dims + 2) * effective_size(weight))) ** (1 / (dims + 4))
        chosen = places_of(weight, (np.arange(CENTRES) + rng.random(CENTRES)) / CENTRES)
        return cls(theta[:, chosen].T, WIDENED * bandwidth * np.linalg.cholesky(covariance), base)

    def draw(self, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw points (parameter, node) and return them with their log density (node,)."""
        dims, general = len(self.root), round(DEFENSIVE * count)
        stretch = np.sqrt(DEGREES / rng.chisquare(DEGREES, count - general))
        step = self.root @ (rng.standard_normal((dims, count - general)) * stretch)
        own = self.centres[np.arange(count - general) % len(self.centres)].T + step
        theta = np.concatenate([self.base.points(general, rng), own], axis=1)
        share = general / count
        mixed = np.logaddexp(np.log(share) + self.base.log_density(theta), np.log1p(-share) + self._log_kernels(theta))
        return theta, np.asarray(mixed)

    def shuffled(self, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw points whose order says nothing of where they come from, as steps of a chain."""
        theta, log_density = self.draw(count, rng)
        order = rng.permutation(count)
        return theta[:, order], log_density[order]

    def _log_kernels(self, theta: Array) -> Array:
        dims = len(self.root)
        white, home = np.linalg.solve(self.root, theta), np.linalg.solve(self.root, self.centres.T)
        square = ((white[:, None, :] - home[:, :, None]) ** 2).sum(axis=0)
        constant = special.gammaln((DEGREES + dims) / 2) - special.gammaln(DEGREES / 2)
        constant -= 0.5 * dims * np.log(DEGREES * np.pi) + np.log(np.diagonal(self.root)).sum()
        terms = constant - (DEGREES + dims) / 2 * np.log1p(square / DEGREES)
        return np.asarray(special.logsumexp(terms, axis=0) - np.log(len(self.centres)))
