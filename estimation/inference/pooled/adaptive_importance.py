"""The posterior of a few numbers by adaptive importance sampling.

Theories of play have one to six parameters when everybody shares them, and likelihoods that jump where best replies
change: gradients are of no use, and a few thousand well-placed points are enough. Points come from the prior first,
then from kernels around those that matter, round after round; the last round counts. Kernels follow bent and split
posteriors; their heavy tails and the prior's share keep weights bounded (West 1993, Journal of the Royal Statistical
Society B 55(2):409-422). Pareto's k says whether to trust the weights (Vehtari, Simpson, Gelman, Yao and Gabry 2024,
Journal of Machine Learning Research 25:72).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special
from scipy.stats import qmc

from estimation.arrays import Array
from estimation.fits.checks import EFFECTIVE, GOOD_K, effective_size, places_of, tail_shapes, tempered
from estimation.population.normal import Population

LogLikelihood = Callable[[Array], Array]
"""theta (number, node), transformed scale → log likelihood of each unit, (unit, node)"""

FIRST = 2048
"""Points drawn from the prior."""
ROUNDS = (1024, 1024, 2048)
"""Points of the rounds in between."""
LAST = 4096
"""Points that count."""
MOST = 5
"""Rounds of so many, at most, until weights can be trusted."""
SMALL = 0.01
"""Share of the total weight: if no point has more, no tail is heavy, whatever its shape."""
DEGREES = 5.0
"""Of the t kernels."""
DEFENSIVE = 0.2
"""Share of points drawn from the prior."""
WIDENED = 1.2
"""Scale of the kernels relative to the normal-reference bandwidth."""
CENTRES = 24
"""Kernels of a proposal."""
FLOOR = 1e-6
"""Of the prior variance, added to the kernels' so that none collapses to a point."""


@dataclass(frozen=True, eq=False)
class Kernels:
    """An equal mixture of t kernels of one shape, and the prior.

    Attributes
    ----------
    centres : (kernel, parameter) array
    root : (parameter, parameter) array
        root @ root.T is the scale.
    prior : Population
    """

    centres: Array
    root: Array
    prior: Population

    @classmethod
    def around(cls, theta: Array, log_weight: Array, prior: Population, rng: np.random.Generator) -> Kernels:
        """Return kernels that smooth weighted points, theta (parameter, node), log_weight (node,)."""
        dims = len(theta)
        weight = tempered(log_weight, at_least=4.0 * (dims + 1))
        gap = theta - (theta @ weight)[:, None]
        covariance = (gap * weight) @ gap.T + FLOOR * np.diag(prior.sd**2)
        bandwidth = (4 / ((dims + 2) * effective_size(weight))) ** (1 / (dims + 4))
        chosen = places_of(weight, (np.arange(CENTRES) + rng.random(CENTRES)) / CENTRES)
        return cls(theta[:, chosen].T, WIDENED * bandwidth * np.linalg.cholesky(covariance), prior)

    def draw(self, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw points (parameter, node) and return them with their log density (node,)."""
        dims, general = len(self.root), round(DEFENSIVE * count)
        stretch = np.sqrt(DEGREES / rng.chisquare(DEGREES, count - general))
        step = self.root @ (rng.standard_normal((dims, count - general)) * stretch)
        own = self.centres[np.arange(count - general) % len(self.centres)].T + step
        theta = np.concatenate([self.prior.sample(general, rng)[1].T, own], axis=1)
        share = general / count
        mixed = np.logaddexp(np.log(share) + self.prior.log_density(theta), np.log1p(-share) + self._log_kernels(theta))
        return theta, np.asarray(mixed)

    def _log_kernels(self, theta: Array) -> Array:
        dims = len(self.root)
        white, home = np.linalg.solve(self.root, theta), np.linalg.solve(self.root, self.centres.T)
        square = ((white[:, None, :] - home[:, :, None]) ** 2).sum(axis=0)
        constant = special.gammaln((DEGREES + dims) / 2) - special.gammaln(DEGREES / 2)
        constant -= 0.5 * dims * np.log(DEGREES * np.pi) + np.log(np.diagonal(self.root)).sum()
        terms = constant - (DEGREES + dims) / 2 * np.log1p(square / DEGREES)
        return np.asarray(special.logsumexp(terms, axis=0) - np.log(len(self.centres)))


@dataclass(frozen=True, eq=False)
class Points:
    """Weighted points of a posterior.

    Attributes
    ----------
    theta : (number, node) array, transformed scale
    log_likelihood : (unit, node) array, nats
    log_weight : (node,) array
        Log of the unnormalised posterior over the proposal; its mean on the natural scale is the evidence.
    """

    theta: Array
    log_likelihood: Array
    log_weight: Array

    @property
    def weight(self) -> Array:
        """Posterior probability of each point, (node,)."""
        return np.asarray(special.softmax(self.log_weight))

    @property
    def log_evidence(self) -> float:
        """Log probability of the data under model and prior, nats."""
        return float(special.logsumexp(self.log_weight) - np.log(len(self.log_weight)))

    @property
    def effective(self) -> float:
        """How many independent draws the points are worth."""
        return float(effective_size(self.weight))

    @cached_property
    def k(self) -> float:
        """Shape of the tail of the weights; zero where no point matters by itself, and no tail is heavy."""
        return 0.0 if self.weight.max() < SMALL else float(tail_shapes(self.log_weight[None])[0])

    @property
    def ok(self) -> bool:
        """Whether the weights can be trusted."""
        return self.k < GOOD_K and self.effective >= EFFECTIVE


def sample_posterior(
    log_likelihood: LogLikelihood, prior: Population, rng: np.random.Generator, counts: Array | None = None
) -> Points:
    """Return weighted points of the posterior.

    Parameters
    ----------
    prior
        Independent normals, on the transformed scale.
    counts : (unit,) array, optional
        How often each unit counts: 0 leaves it out.
    """

    def total(value: Array) -> Array:
        return np.asarray(value.sum(axis=0) if counts is None else counts @ value)

    theta = prior.mean[:, None] + prior.sd[:, None] * _even_normals(len(prior.mean), rng)
    log_weight = total(log_likelihood(theta))
    for count in (*ROUNDS, *(LAST,) * MOST):
        theta, log_proposal = Kernels.around(theta, log_weight, prior, rng).draw(count, rng)
        value = np.nan_to_num(log_likelihood(theta), nan=-1e10, neginf=-1e10)
        found = Points(theta, value, total(value) + prior.log_density(theta) - log_proposal)
        if count == LAST and found.ok:
            break
        log_weight = found.log_weight
    return found


def _even_normals(dims: int, rng: np.random.Generator) -> Array:
    """Return evenly spread standard normals, (number, node)."""
    cube = qmc.Sobol(dims, rng=rng).random(FIRST).T
    return np.asarray(special.ndtri(np.clip(cube, 1e-12, 1 - 1e-12)))
