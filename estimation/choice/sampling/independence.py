"""Draws from a posterior that is nearly normal: proposals around its mode, each accepted or refused, and a check.

All proposals are evaluated at once, which is as fast as the processor multiplies matrices. An independence sampler with
tails heavier than the posterior's converges geometrically (Mengersen and Tweedie 1996, Annals of Statistics
24:101-121), and the Pareto k of its weights tells whether that is so here (Vehtari et al. 2024, JMLR 25:72).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import linalg, special

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.newton import Top
from estimation.fits.checks import GOOD_K, smoothed

ENOUGH = 0.4
"""Accepted proposals per draw that are kept, at least."""
LEVEL = 1e-6
"""Weights that differ by less, in nats, do not differ."""


@dataclass(frozen=True)
class Shape:
    """The multivariate t from which proposals come.

    Parameters
    ----------
    freedom
        Degrees of freedom: few for heavy tails.
    wider
        Factor on the standard deviations that the curvature at the mode suggests.
    """

    freedom: float
    wider: float


@dataclass(frozen=True, eq=False)
class Chains:
    """Draws of an independence sampler.

    Parameters
    ----------
    proposals : (parameter, proposal)
    accepted : (chain, draw)
        Share of the proposals before each draw that were taken.
    log_density : (chain, draw)
        Log posterior density without its constant, nats.
    kept : (chain, draw)
        Which proposal each draw is.
    thin
        Proposals per draw.
    log_weight : (proposal,)
        Posterior against proposal, nats, without its constant.
    """

    proposals: Array
    accepted: Array
    log_density: Array
    kept: Indices
    thin: int
    log_weight: Array

    @property
    def draws(self) -> Array:
        """What was kept, (chain, draw, parameter)."""
        return np.moveaxis(self.proposals[:, self.kept], 0, -1)

    @cached_property
    def pareto_k(self) -> float:
        """The shape of the largest weights: below 0.7 the proposals cover the posterior; infinite if unknown."""
        return 0.0 if np.ptp(self.log_weight) < LEVEL else smoothed(self.log_weight)[1]

    @property
    def reliable(self) -> bool:
        """Whether the proposals cover the posterior, and draws hardly depend on each other."""
        return self.pareto_k < GOOD_K and float(self.accepted.mean()) * self.thin > ENOUGH

    @property
    def facts(self) -> dict[str, Any]:
        """How it went, as plain data."""
        return {
            "name": "independence",
            "pareto_k": round(self.pareto_k, 3),
            "acceptance": round(float(self.accepted.mean()), 3),
        }


def near_normal(size: int) -> Shape:
    """Return the shape for a posterior of so many parameters that is close to normal, as a log-concave one is."""
    return Shape(size + 8.0, 1.1)


HEAVY = Shape(4.0, 1.3)
"""For posteriors with exponential tails, as those of logits of dissimilarities."""


@dataclass(frozen=True, eq=False)
class Around:
    """A multivariate t around a mode, as wide as the curvature there suggests."""

    top: Top
    shape: Shape

    @cached_property
    def root(self) -> Array:
        """A root of the curvature, (parameter, parameter)."""
        return np.asarray(linalg.cholesky(self.top.information, lower=True))

    @cached_property
    def sd(self) -> Array:
        """How wide it is in each direction, (parameter,)."""
        inverse = linalg.solve_triangular(self.root, np.eye(len(self.root)), lower=True)
        return np.asarray(self.shape.wider * np.sqrt((inverse**2).sum(axis=0)))

    def draw(self, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Return points, (parameter, proposal), and their log density."""
        size, freedom = len(self.root), self.shape.freedom
        normal = rng.standard_normal((size, count))
        standard = normal / np.sqrt(rng.chisquare(freedom, count) / freedom)
        step = self.shape.wider * linalg.solve_triangular(self.root, standard, lower=True, trans="T")
        return self.top.parameters[:, None] + step, self._log_density(standard)

    def points(self, count: int, rng: np.random.Generator) -> Array:
        """Return points alone."""
        return self.draw(count, rng)[0]

    def log_density(self, theta: Array) -> Array:
        """Return the log density of points (parameter, proposal), (proposal,)."""
        return self._log_density(self.root.T @ (theta - self.top.parameters[:, None]) / self.shape.wider)

    def _log_density(self, standard: Array) -> Array:
        size, freedom = len(self.root), self.shape.freedom
        constant = special.gammaln((freedom + size) / 2) - special.gammaln(freedom / 2)
        constant += np.log(np.diag(self.root)).sum() - size * (0.5 * np.log(freedom * np.pi) + np.log(self.shape.wider))
        return np.asarray(constant - 0.5 * (freedom + size) * np.log1p((standard**2).sum(axis=0) / freedom))


def sample_from(
    draw: Callable[[int, np.random.Generator], tuple[Array, Array]],
    log_density: Callable[[Array], Array],
    *,
    chains: int,
    draws: int,
    thin: int,
    rng: np.random.Generator,
) -> Chains:
    """Return draws of a posterior by proposals that do not depend on where a chain is.

    Parameters
    ----------
    draw
        Returns so many proposals, (parameter, proposal), with their log density, in an order that says nothing.
    log_density
        Log posterior density of many parameters (parameter, proposal) → (proposal,), nats.
    thin
        Proposals per draw that is kept.
    """
    proposals, log_proposal = draw(chains * (draws * thin + 1), rng)
    density = log_density(proposals)
    log_weight = density - log_proposal
    kept, accepted = _walk(log_weight.reshape(chains, draws * thin + 1), rng)
    kept, accepted = kept[:, thin - 1 :: thin], accepted.reshape(chains, draws, thin).mean(axis=2)
    return Chains(proposals, accepted, density[kept], kept, thin, log_weight - log_weight.max())


def _walk(log_weight: Array, rng: np.random.Generator) -> tuple[Indices, Any]:
    """Return which proposal each chain is at after every step, (chain, draw), and whether it had just moved there."""
    chains, steps = log_weight.shape
    threshold = np.log(rng.uniform(size=(chains, steps)))
    place = np.zeros((chains, steps), dtype=np.int64)
    moved = np.zeros((chains, steps), dtype=bool)
    for step in range(1, steps):
        before = place[:, step - 1]
        gain = log_weight[:, step] - log_weight[np.arange(chains), before]
        moved[:, step] = threshold[:, step] < gain
        place[:, step] = np.where(moved[:, step], step, before)
    return (place + steps * np.arange(chains)[:, None])[:, 1:], moved[:, 1:]
