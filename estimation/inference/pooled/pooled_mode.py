"""The most likely parameters that everybody shares; kinds of people are types with free shares."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special
from scipy.stats import qmc

from estimation.arrays import Array
from estimation.inference.pooled.likeliest import likeliest
from estimation.inference.pooled.searched import HIGHEST, Units
from estimation.inference.pooled.shared import shared_likelihood
from estimation.inference.pooled.theory_mode import TheoryMode, of_roles, told_mode
from estimation.inference.problem import MessageProblem

STARTS, SEARCHED = 64, 4  # points among which a search for shared parameters begins, and how many it begins at
RINGS = (
    1.0,
    2.5,
)  # standard deviations of the prior within which they lie, for each so many: beyond ends, nothing rises


def pooled_mode(problem: MessageProblem, seed: int) -> TheoryMode:
    """Return the most likely parameters that everybody shares, and shares of kinds of people."""
    if problem.has_unrelated_roles:
        return of_roles(problem, [pooled_mode(problem.in_role(role), seed) for role in problem.roles])
    problem.check()
    likelihood, units, own = shared_likelihood(problem), Units.of(problem), problem.parameters
    start, size = np.append(units.centre, 0.0 * units.columns), np.append(units.size, units.columns)
    columns, others, shared = problem.design.covariates.names, problem.kinds - 1, len(size)

    def plain(vector: Array) -> Array:
        return np.asarray(start[:, None] + size[:, None] * vector[:shared])

    def log_shares(vector: Array) -> Array:
        return np.asarray(special.log_softmax(np.pad(vector[shared:], ((0, 1), (0, 0))), axis=0))

    def by_person(vector: Array) -> Array:
        of_kinds = [likelihood(plain(vector), kind) for kind in range(problem.kinds)]
        return np.asarray(special.logsumexp(np.array(of_kinds) + log_shares(vector)[:, :, None], axis=0))

    def quantities(vector: Array) -> pd.DataFrame:
        found, share = plain(vector), np.exp(log_shares(vector))
        named = {p.name: p.natural(row) for p, row in zip(own, found, strict=False)}
        named |= dict(zip(columns, found[len(own) :], strict=True))
        groups = problem.distinct_kinds if others else {}
        return pd.DataFrame(named | {name: share[members].sum(axis=0) for name, members in groups.items()})

    centre = np.append(([p.centre for p in own] - units.centre) / units.size, np.zeros(len(columns) + others))
    wide = np.append([p.centre_sd for p in own] / units.size, np.ones(len(columns) + others))
    cube = qmc.Sobol(len(centre), rng=np.random.default_rng(seed)).random(STARTS).T
    around = np.concatenate([ring * (2 * cube - 1) for ring in RINGS], axis=1)
    starts = np.clip(centre[:, None] + wide[:, None] * around, -HIGHEST, HIGHEST)
    best = np.argsort(-by_person(starts).sum(axis=1))[:SEARCHED]
    low, high = np.full(len(centre), -HIGHEST), np.full(len(centre), HIGHEST)
    found = [likeliest(by_person, starts[:, start], low, high) for start in best]
    peak = max(found, key=lambda one: one.height)
    return told_mode(problem, peak, quantities, None)
