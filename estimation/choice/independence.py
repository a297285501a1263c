"""Draws from a posterior that is nearly normal: proposals around its mode, each accepted or refused, and a check.

All proposals are evaluated at once, which is as fast as the processor multiplies matrices. An independence sampler with
tails heavier than the posterior's converges geometrically (Mengersen and Tweedie 1996, Annals of Statistics 24:101-121),
and the Pareto k of its weights tells whether that is so here (Vehtari et al. 2024, JMLR 25:72).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from estimation.choice.arrays import Array, Indices
from estimation.choice.climb import Top

HEAVIER = 8
"""Degrees of freedom of the proposal beyond the number of parameters: tails heavier than any normal's, and a centre that
stays close to it in many dimensions."""
WIDER = 1.1
"""Factor on the proposal's standard deviations."""


@dataclass(frozen=True, eq=False)
class Chains:
    """Draws of an independence sampler.

    Parameters
    ----------
    draws : (chain, draw, parameter)
        What was kept.
    accepted : (chain, draw)
        Whether each proposal was taken.
    log_density : (chain, draw)
        Log posterior density without its constant, nats.
    kept : (chain, draw)
        Which proposal each draw is.
    log_weight : (proposal,)
        Posterior against proposal, nats, without its constant.
    """

    draws: Array
    accepted: Array
    log_density: Array
    kept: Indices
    log_weight: Array


def sample_around(
    top: Top, log_density: Callable[[Array], Array], *, chains: int, draws: int, rng: np.random.Generator
) -> Chains:
    """Return draws of a posterior by proposals from a multivariate t around its mode.

    Parameters
    ----------
    top
        The mode, with the curvature there.
    log_density
        Log posterior density of many parameters (parameter, proposal) → (proposal,), nats.
    """
    proposals, log_proposal = _proposals(top, chains * (draws + 1), rng)
    density = log_density(proposals)
    log_weight = density - log_proposal
    kept, accepted = _walk(log_weight.reshape(chains, draws + 1), rng)
    return Chains(
        np.moveaxis(proposals[:, kept], 0, -1), accepted, density[kept], kept, log_weight - log_weight.max()
    )


def _proposals(top: Top, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return draws from the t, (parameter, proposal), and their log density without its constant."""
    size = len(top.parameters)
    freedom = size + HEAVIER
    root = linalg.cholesky(top.information, lower=True)
    normal = rng.standard_normal((size, count))
    mixing = rng.chisquare(freedom, count) / freedom
    standard = normal / np.sqrt(mixing)
    step = WIDER * linalg.solve_triangular(root, standard, lower=True, trans="T")
    log_density = -0.5 * (freedom + size) * np.log1p((standard**2).sum(axis=0) / freedom)
    return top.parameters[:, None] + step, log_density


def _walk(log_weight: Array, rng: np.random.Generator) -> tuple[Array, Array]:
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
