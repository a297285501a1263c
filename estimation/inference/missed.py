"""Did the integrals over people's parameters miss anything? A test by points that know nothing of the people.

Nodes are adapted to what each person did, and a peak that no climb has reached leaves no trace in their weights. Points
drawn from the population are blind: the mean of a person's likelihood over them has the integral as its expectation.
A gambler who bets at every point that the likelihood exceeds the integral multiplies their stake by 1/p or more with
probability p at most, if the integral is right, however the likelihood is distributed (Ville's inequality; Waudby-Smith
and Ramdas 2024, JRSS B 86(1):1-27).
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from scipy import special

from estimation.arrays import Array
from estimation.inference.pooled.pooled import SharedLikelihood
from estimation.inference.problem import MessageProblem
from estimation.population.ensemble import Ensemble
from estimation.population.normal import Population

POINTS = 2048
MISSED = 0.5  # nats by which an integral may be too small without anybody minding
BETS = np.geomspace(1 / POINTS, 0.5, 8)  # shares of the stake: small ones find needles, large ones broad peaks


def missed_by_integrals(
    problem: MessageProblem, population: Population, nodes: Ensemble, rng: np.random.Generator
) -> xr.Dataset:
    """Return the variable ``stake`` (subject,): the logarithm of what betting against each person's integral made of 1.

    Nothing where points cannot be shared by people: their populations differ by formulas, or they remember.

    Parameters
    ----------
    population
        Under which people are integrated out.
    """
    if problem.theory.remembers or problem.theory.formulas:
        return xr.Dataset()
    integral = special.logsumexp(nodes.log_evidence(population), axis=0)
    return xr.Dataset({"stake": ("subject", log_stakes(problem, population, integral, rng))})


def log_stakes(problem: MessageProblem, population: Population, integral: Array, rng: np.random.Generator) -> Array:
    """Return the logarithm of what betting against integrals (person,), nats, made of a stake of one, (person,)."""
    shared = SharedLikelihood(problem.theory, problem.table)
    terms = np.array(
        [
            shared.of(problem.parameters, _points(population, rng), kind) + log_share
            for kind, log_share in enumerate(population.log_share)
        ]
    )
    ratio = np.exp(np.minimum(special.logsumexp(terms, axis=0) - integral[:, None] - MISSED, 700.0))
    stakes = np.log1p(BETS[:, None, None] * (ratio - 1)).sum(axis=-1)
    return np.asarray(special.logsumexp(stakes, axis=0) - np.log(len(BETS)))


def _points(population: Population, rng: np.random.Generator) -> Array:
    """Return points drawn from the population, (dim, point), transformed scale."""
    return np.asarray(population.mean[:, None] + population.root @ rng.standard_normal((len(population.sd), POINTS)))
