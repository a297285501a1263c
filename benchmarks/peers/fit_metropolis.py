"""The same hierarchical logit under the same prior, drawn as textbooks do; print facts as JSON.

An independent road to the posterior of `fit_estimation.py` where choices say much of everybody, so that standardised
tastes are slow to follow: each person moves by a random walk whose shape is learned while the chain settles, the mean
and Huang and Wand's covariance (2013, eq. 2, with its auxiliary scales) are drawn from their conditionals (Rossi,
Allenby and McCulloch 2005, chapter 5). Only the design and the scales of the prior are shared. Slow to mix, so long.
"""

from __future__ import annotations

import json
import sys

import numpy as np
import xarray as xr
from panel import facts_of, read_panel
from scipy import stats

from estimation.choice.hierarchy.problem import DEGREES, MixedLogit

CHAINS, SETTLE, ROUNDS, KEEP = 2, 12_000, 6, 80
"""Chains, sweeps that settle each, how often walks are shaped in them, and of how many sweeps one is kept."""


class Choices:
    """Choices as arrays with room for the longest person, (person, situation, alternative, coefficient)."""

    def __init__(self, problem: MixedLogit) -> None:
        choices = problem.choices
        counts, situations = np.diff(choices.first_row), np.diff(choices.first_situation)
        situation = np.repeat(np.arange(len(counts)), counts)
        person = np.repeat(np.arange(choices.people), situations)
        turn = np.arange(len(counts)) - choices.first_situation[person]
        shape = (choices.people, situations.max(), counts.max())
        at = person[situation], turn[situation], np.arange(len(situation)) - choices.first_row[situation]
        self.x, self.absent = np.zeros((*shape, len(problem.random))), np.full(shape, -1e3)
        self.x[at], self.absent[at] = choices.x[:, list(problem.random)], 0.0
        chosen = np.zeros((*shape[:2], shape[-1]), bool)
        chosen[person, turn, choices.chosen - choices.first_row[:-1]] = True
        self.picked = (self.x * chosen[..., None]).sum(axis=(1, 2))
        self.is_there = chosen.any(axis=2)

    def log_likelihood(self, tastes: np.ndarray) -> np.ndarray:
        """Return log P(choices | tastes (person, coefficient)), (person,)."""
        flat = self.x.reshape(len(tastes), -1, tastes.shape[1])
        utility = (flat @ tastes[:, :, None]).reshape(self.absent.shape) + self.absent
        top = utility.max(axis=2)
        total = np.log(np.exp(utility - top[:, :, None]).sum(axis=2)) + top
        return (self.picked * tastes).sum(axis=1) - (total * self.is_there).sum(axis=1)


def chain(problem: MixedLogit, draws: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return kept draws of the population's means and spreads, (draw, coefficient)."""
    choices, prior = Choices(problem), problem.prior
    people, size = problem.choices.people, len(problem.random)
    mean, precision = prior.location.copy(), np.diag(1 / prior.spread**2)
    tastes = mean + prior.spread * rng.standard_normal((people, size)) * 0.1
    here, root = choices.log_likelihood(tastes), np.tile(np.diag(prior.spread) * 0.1, (people, 1, 1))
    seen, kept, length = [], [], 2.4 / np.sqrt(size)
    for sweep in range(SETTLE + draws * KEEP):
        trial = tastes + length * (root @ rng.standard_normal((people, size, 1)))[:, :, 0]
        there = choices.log_likelihood(trial)
        gap, moved = tastes - mean, trial - mean
        gain = there - here - 0.5 * ((moved @ precision * moved) - (gap @ precision * gap)).sum(axis=1)
        taken = np.log(rng.random(people)) < gain
        tastes[taken], here[taken] = trial[taken], there[taken]
        mean, precision = population(problem, tastes, precision, rng)
        if sweep < SETTLE:
            seen.append(tastes.copy())
            if len(seen) == SETTLE // ROUNDS:
                root, seen = shapes(np.array(seen), precision), []
        elif sweep % KEEP == 0:
            kept.append((mean, np.sqrt(np.diag(np.linalg.inv(precision)))))
    means, spreads = zip(*kept, strict=True)
    return np.array(means), np.array(spreads)


def population(
    problem: MixedLogit, tastes: np.ndarray, precision: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return a mean and a precision given everybody's tastes."""
    prior, (people, size) = problem.prior, tastes.shape
    certainty = np.diag(1 / prior.shift_sd[:, 0] ** 2)
    cover = np.linalg.inv(people * precision + certainty)
    centre = cover @ (precision @ tastes.sum(axis=0) + certainty @ prior.location)
    mean = rng.multivariate_normal(centre, cover, method="cholesky")
    scales = stats.invgamma.rvs(
        (DEGREES + size) / 2, scale=DEGREES * np.diag(precision) + 1 / prior.spread**2, random_state=rng
    )
    spread = (tastes - mean).T @ (tastes - mean) + 2 * DEGREES * np.diag(1 / scales)
    freedom = DEGREES + size - 1 + people
    return mean, stats.wishart.rvs(freedom, np.linalg.inv(spread), random_state=rng)


def shapes(seen: np.ndarray, precision: np.ndarray) -> np.ndarray:
    """Return a root of each person's covariance (person, coefficient, coefficient) in draws (sweep, person, …)."""
    late = seen[len(seen) // 3 :]
    gap = late - late.mean(axis=0)
    covariance = np.einsum("snk,snl->nkl", gap, gap) / len(late)
    return np.linalg.cholesky(0.95 * covariance + 0.01 * np.linalg.inv(precision))


if __name__ == "__main__":
    table, model = read_panel(*sys.argv[1:3])
    problem = model.hierarchy(table)
    seeds = np.random.SeedSequence(int(sys.argv[3])).spawn(CHAINS)
    found = [chain(problem, int(sys.argv[4]), np.random.default_rng(seed)) for seed in seeds]
    means, spreads = (np.array(draws) for draws in zip(*found, strict=True))
    dims = ("chain", "draw", "coefficient")
    print(json.dumps(facts_of(xr.Dataset({"mean": (dims, means), "sd": (dims, spreads)}))))
