"""The posterior of a few numbers by adaptive importance sampling.

Theories of play have one to six parameters when everybody shares them, and likelihoods that jump where best replies
change: gradients are of no use, and a few thousand well-placed points are enough. Points come from the prior first,
then from kernels around those that matter, round after round; the last round counts. Pareto's k says whether to trust
the weights (Vehtari, Simpson, Gelman, Yao and Gabry 2024, Journal of Machine Learning Research 25:72).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special
from scipy.stats import qmc

from estimation.arrays import Array
from estimation.fits.checks import EFFECTIVE, GOOD_K, effective_size, tail_shapes
from estimation.fits.kernels import Kernels
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
        value = np.nan_to_num(log_likelihood(theta), nan=-1e10, neginf=-1e10)  # see `few_numbers.FewNumbers.check`
        found = Points(theta, value, total(value) + prior.log_density(theta) - log_proposal)
        if count == LAST and found.ok:
            break
        log_weight = found.log_weight
    return found


def _even_normals(dims: int, rng: np.random.Generator) -> Array:
    """Return evenly spread standard normals, (number, node)."""
    cube = qmc.Sobol(dims, rng=rng).random(FIRST).T
    return np.asarray(special.ndtri(np.clip(cube, 1e-12, 1 - 1e-12)))
