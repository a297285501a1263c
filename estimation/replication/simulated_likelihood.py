"""The likelihood of a mixed logit as packages simulate it: an average over draws of each person's tastes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import special, stats
from scipy.stats import qmc

from estimation.choice.hierarchy.integral import likelihoods
from estimation.choice.hierarchy.problem import MixedLogit
from estimation.choice.models import MultinomialLogit
from estimation.data import ChoiceTable
from estimation.replication.target import Found

SETS = 8
"""Sets of draws: how much a likelihood that was simulated with one set may be off shows in their spread."""


def simulated_log_likelihood(
    model: MultinomialLogit, choices: ChoiceTable, at: Mapping[str, tuple[float, float]], *, draws: int, seed: int
) -> Found:
    """Return the log likelihood with `draws` Halton draws a person, nats: the mean over sets of draws.

    The error is that of the difference from another single set, as a package's printed value is one: the standard
    deviation over sets and the error of our mean.

    Parameters
    ----------
    at
        Mean and standard deviation over people of each coefficient; those that everybody shares have 0.
    """
    problem = model.hierarchy(choices)
    values = np.array([_one_set(problem, at, draws, seed + number) for number in range(SETS)])
    return Found(float(values.mean()), float(values.std(ddof=1) * np.sqrt(1 + 1 / SETS)))


def _one_set(problem: MixedLogit, at: Mapping[str, tuple[float, float]], draws: int, seed: int) -> float:
    """Return the log likelihood with one scrambled Halton sequence, divided among people in its order, nats."""
    names = problem.choices.attributes
    mean, sd = np.array([at[names[place]] for place in problem.random]).T
    shared = np.array([at[names[place]][0] for place in problem.fixed])[None]
    people = problem.choices.people
    uniform = qmc.Halton(len(mean), rng=np.random.default_rng(seed)).random(people * draws)
    tastes = mean + sd * stats.norm.ppf(uniform).reshape(people, draws, len(mean))
    total, one = 0.0, np.empty((draws, 1))
    for person in range(people):
        likelihoods(problem.crowd, person, np.ascontiguousarray(tastes[person]), shared, one)
        total += float(special.logsumexp(one)) - np.log(draws)
    return total
