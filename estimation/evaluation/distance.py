"""How differently two fitted theories predict: the share of decisions by which one could tell them apart."""

from __future__ import annotations

import numpy as np

from estimation.games.game import Array
from estimation.inference.artifact import Fit
from estimation.inference.problem import Problem
from estimation.population.people import natural_values
from estimation.theories.theory import decision_log_probability


def predictive_distance(one: Fit, other: Fit, draws: int = 400, situations: int = 20, seed: int = 0) -> float:
    """Return the mean total-variation distance between two fits' predictions for a new person, from 0 to 1.

    Averaged over the situations that people met (at most `situations` for each role and condition), each prediction
    averaged over `draws` people from the posterior population.
    """
    if one is other:
        return 0.0
    total, weight = 0.0, 0
    mine, theirs = _predictions(one, draws, situations, seed), _predictions(other, draws, situations, seed)
    for key, (prediction, count) in mine.items():
        difference = 0.5 * np.abs(prediction - theirs[key][0]).sum(axis=-1).mean()
        total, weight = total + count * float(difference), weight + count
    return total / weight


def _predictions(
    fit: Fit, draws: int, situations: int, seed: int
) -> dict[tuple[str, str], tuple[Array, int]]:
    """Return (role, condition) → mean option probabilities (situation, option) and the number of decisions."""
    problem, rng = Problem(fit.theory, fit.table), np.random.default_rng(seed)
    given: dict[tuple[str, str], list[Array]] = {}
    first = {}
    for person in problem.crowd:
        for block in person.blocks:
            given.setdefault((block.role, block.condition), []).append(block.given)
            first[block.role, block.condition] = block
    populations = fit.populations(draws, rng)
    drawn = [population.sample(1, rng) for population in populations]
    result = {}
    for key, seen in given.items():
        everything = np.sort(np.concatenate(seen))
        met = everything[
            np.linspace(0, len(everything) - 1, min(situations, len(everything))).round().astype(int)
        ]
        mean = np.zeros((len(met), len(first[key].options)))
        for kinds, theta in drawn:
            values = natural_values(problem.parameters, theta.T)
            table = decision_log_probability(fit.theory, first[key].game, key[0], int(kinds[0]), values, met)
            mean += np.exp(np.broadcast_to(table, (1, *mean.shape))[0]) / draws
        result[key] = mean, len(everything)
    return result
