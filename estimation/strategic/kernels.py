"""Proposals for importance sampling: kernels around the points that mattered so far, and a share of the prior.

Kernels follow bent and split posteriors; their heavy tails and the prior's share keep weights bounded (West 1993,
Journal of the Royal Statistical Society B 55(2):409-422).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from estimation.arrays import Array

DEGREES = 5.0  # of the t kernels
DEFENSIVE = 0.2  # share of points drawn from the prior
WIDENED = 1.2  # scale of the kernels relative to the normal-reference bandwidth
CENTRES = 24  # kernels of a proposal
FLOOR = 1e-6  # of the prior variance, added to the kernels' so that none collapses to a point


@dataclass(frozen=True, eq=False)
class Normals:
    """Independent normals.

    Attributes
    ----------
    mean, sd : (parameter,) array
    """

    mean: Array
    sd: Array

    def log_density(self, theta: Array) -> Array:
        """Return the log density of theta (parameter, node), (node,)."""
        white = (theta - self.mean[:, None]) / self.sd[:, None]
        constant = np.log(self.sd).sum() + 0.5 * len(self.sd) * np.log(2 * np.pi)
        return np.asarray(-0.5 * (white**2).sum(axis=0) - constant)

    def sample(self, count: int, rng: np.random.Generator) -> Array:
        """Draw points, (parameter, node)."""
        return np.asarray(
            self.mean[:, None] + self.sd[:, None] * rng.standard_normal((len(self.mean), count))
        )


@dataclass(frozen=True, eq=False)
class Kernels:
    """An equal mixture of t kernels of one shape, and the prior.

    Attributes
    ----------
    centres : (kernel, parameter) array
    root : (parameter, parameter) array
        root @ root.T is the scale.
    prior : Normals
    """

    centres: Array
    root: Array
    prior: Normals

    @classmethod
    def around(cls, theta: Array, log_weight: Array, prior: Normals, rng: np.random.Generator) -> Kernels:
        """Return kernels that smooth weighted points, theta (parameter, node), log_weight (node,)."""
        dims = len(theta)
        weight = _tempered(log_weight, at_least=4.0 * (dims + 1))
        gap = theta - (theta @ weight)[:, None]
        covariance = (gap * weight) @ gap.T + FLOOR * np.diag(prior.sd**2)
        bandwidth = (4 / ((dims + 2) * _effective(weight))) ** (1 / (dims + 4))
        ladder = (np.arange(CENTRES) + rng.random(CENTRES)) / CENTRES
        chosen = np.minimum(np.searchsorted(np.cumsum(weight), ladder), len(weight) - 1)
        return cls(theta[:, chosen].T, WIDENED * bandwidth * np.linalg.cholesky(covariance), prior)

    def draw(self, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw points (parameter, node) and return them with their log density (node,)."""
        dims, general = len(self.root), round(DEFENSIVE * count)
        stretch = np.sqrt(DEGREES / rng.chisquare(DEGREES, count - general))
        step = self.root @ (rng.standard_normal((dims, count - general)) * stretch)
        own = self.centres[np.arange(count - general) % len(self.centres)].T + step
        theta = np.concatenate([self.prior.sample(general, rng), own], axis=1)
        share = general / count
        mixed = np.logaddexp(
            np.log(share) + self.prior.log_density(theta), np.log1p(-share) + self._log_kernels(theta)
        )
        return theta, np.asarray(mixed)

    def _log_kernels(self, theta: Array) -> Array:
        dims = len(self.root)
        white, home = np.linalg.solve(self.root, theta), np.linalg.solve(self.root, self.centres.T)
        square = ((white[:, None, :] - home[:, :, None]) ** 2).sum(axis=0)
        constant = special.gammaln((DEGREES + dims) / 2) - special.gammaln(DEGREES / 2)
        constant -= 0.5 * dims * np.log(DEGREES * np.pi) + np.log(np.diagonal(self.root)).sum()
        terms = constant - (DEGREES + dims) / 2 * np.log1p(square / DEGREES)
        return np.asarray(special.logsumexp(terms, axis=0) - np.log(len(self.centres)))


def _effective(weight: Array) -> float:
    return float(1 / (weight**2).sum())


def _tempered(log_weight: Array, at_least: float) -> Array:
    """Return weights that sum to one, flattened until they are worth `at_least` points."""
    finite = np.where(np.isfinite(log_weight), log_weight, -1e10)
    finite = finite - finite.max()
    full = special.softmax(finite)
    if _effective(full) >= at_least:
        return np.asarray(full)
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        good = _effective(special.softmax(middle * finite)) >= at_least
        low, high = (middle, high) if good else (low, middle)
    return np.asarray(special.softmax(low * finite))
