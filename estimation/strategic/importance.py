"""The posterior of a few numbers by adaptive importance sampling, with its diagnostics.

Theories of play have one to six parameters when everybody shares them, and likelihoods that jump where best replies
change: gradients are of no use, and a few thousand well-placed points are enough. Points come from the prior first,
then from kernels around those that matter, round after round; the last round counts. Pareto's k says whether to trust
it (Vehtari, Simpson, Gelman, Yao and Gabry 2024, Journal of Machine Learning Research 25:72).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special
from scipy.stats import qmc

from estimation.arrays import Array
from estimation.fits.checks import smoothed, tail_shape
from estimation.strategic.kernels import Kernels, Normals

LogLikelihood = Callable[[Array], Array]
"""theta (parameter, node), transformed scale → log likelihood of each unit, (unit, node)"""

FIRST = 2048  # points drawn from the prior
ROUNDS = (1024, 1024, 2048)  # points of the rounds in between
LAST = 4096  # points that count
MOST = 5  # rounds of so many, at most, until weights can be trusted
GOOD_K = 0.7  # shape of the tail up to which weights can be trusted
SMALL = 0.01  # share of the total weight: if no point has more, no tail is heavy, whatever its shape


@dataclass(frozen=True, eq=False)
class Weighted:
    """Weighted points of a posterior.

    Attributes
    ----------
    theta : (parameter, node) array, transformed scale
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
        return float(1 / (self.weight**2).sum())

    @property
    def pareto_k(self) -> float:
        """Shape of the tail of the weights."""
        return tail_shape(self.log_weight)

    @property
    def ok(self) -> bool:
        """Whether the weights can be trusted."""
        return reliable(self.log_weight)


def sample_posterior(
    log_likelihood: LogLikelihood, prior: Normals, seed: int, without: int | None = None
) -> Weighted:
    """Return weighted points of the posterior.

    Parameters
    ----------
    prior
        Independent normals, on the transformed scale.
    without
        A unit that does not count.
    """

    def total(value: Array) -> Array:
        return np.asarray(value.sum(axis=0) - (0.0 if without is None else value[without]))

    rng = np.random.default_rng(seed)
    theta = prior.mean[:, None] + prior.sd[:, None] * _even_normals(len(prior.mean), rng)
    log_weight = total(log_likelihood(theta))
    for count in (*ROUNDS, *(LAST,) * MOST):
        theta, log_proposal = Kernels.around(theta, log_weight, prior, rng).draw(count, rng)
        value = np.nan_to_num(log_likelihood(theta), nan=-1e10, neginf=-1e10)
        log_weight = total(value) + prior.log_density(theta) - log_proposal
        if count == LAST and reliable(log_weight):
            break
    return Weighted(theta, value, log_weight)


def _even_normals(dims: int, rng: np.random.Generator) -> Array:
    """Return evenly spread standard normals, (parameter, node)."""
    cube = qmc.Sobol(dims, rng=rng).random(FIRST).T
    return np.asarray(special.ndtri(np.clip(cube, 1e-12, 1 - 1e-12)))


def leave_one_out(
    log_likelihood: LogLikelihood, prior: Normals, points: Weighted, seed: int
) -> tuple[Array, Any]:
    """Return log p(unit | all others), (unit,) nats, and which of them were sampled anew.

    Points are reweighted for each unit that is left out; where that leaves uneven weights, the posterior without the
    unit is sampled.
    """
    scores = np.empty(len(points.log_likelihood))
    anew = np.zeros(len(scores), dtype=bool)
    for unit, value in enumerate(points.log_likelihood):
        anew[unit] = not reliable(points.log_weight - value)
        if anew[unit]:
            others = sample_posterior(log_likelihood, prior, seed + 1 + unit, without=unit)
            log_weight, value = others.log_weight, others.log_likelihood[unit]  # noqa: PLW2901 - the same unit's
        else:
            log_weight = smoothed(points.log_weight - value)[0]
        scores[unit] = special.logsumexp(log_weight + value) - special.logsumexp(log_weight)
    return scores, anew


def reliable(log_weight: Array) -> bool:
    """Return whether weights have no heavy tail: a good shape, or no point that matters by itself."""
    return bool(special.softmax(log_weight).max() < SMALL) or tail_shape(log_weight) < GOOD_K
