"""How differently two fitted theories predict: the share of decisions by which one could tell them apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estimation.arrays import Array
from estimation.inference.partitioned.problem import PartitionedProblem
from estimation.inference.pooled.pooled import with_people
from estimation.inference.posterior import drawn_populations
from estimation.inference.problem import MessageFit
from estimation.population.people import Block, option_probabilities


def predictive_distance(
    one: MessageFit, other: MessageFit, draws: int = 400, situations: int = 20, seed: int = 0
) -> float:
    """Return the mean total-variation distance between two fits' predictions for a new person, from 0 to 1.

    Averaged over the situations that people met (at most `situations` for each role and condition; of people in
    partitions, those of the first), each prediction averaged over `draws` people from the posterior population, who
    know and have seen what the person there had.
    """
    if one is other:
        return 0.0
    one, other = (with_people(fit, "Predictions cannot be compared:") for fit in (one, other))
    total, weight = 0.0, 0
    mine, theirs = _predictions(one, draws, situations, seed), _predictions(other, draws, situations, seed)
    for key, (prediction, count) in mine.items():
        difference = 0.5 * np.abs(prediction - theirs[key][0]).sum(axis=-1).mean()
        total, weight = total + count * float(difference), weight + count
    return total / weight


def _predictions(fit: MessageFit, draws: int, situations: int, seed: int) -> dict[tuple[str, str], tuple[Array, int]]:
    """Return (role, condition) → mean option probabilities (situation, option) and the number of decisions."""
    problem, rng = fit.problem, np.random.default_rng(seed)
    if isinstance(problem, PartitionedProblem):
        problem = problem.part(problem.table.parts[0])
    met: dict[tuple[str, str], list[tuple[int, Block]]] = {}
    for position, person in enumerate(problem.crowd.people):
        for block in person.blocks:
            met.setdefault((block.role, block.condition), []).append((position, block))
    populations = drawn_populations(fit, draws, rng)
    means = np.stack([population.mean for population in populations])
    drawn = [replace(p, mean=np.zeros(len(p.sd))).sample(1, rng) for p in populations]
    kinds, deviation = (np.concatenate(part) for part in zip(*drawn, strict=True))
    result = {}
    for key, blocks in met.items():
        chosen = _evenly(blocks, situations)
        rows = []
        for position, block in chosen:
            theta = deviation + (means if means.ndim == 2 else means[:, position])
            rows.append(option_probabilities(fit.theory, problem.parameters, kinds, theta, block).mean(axis=0))
        result[key] = np.concatenate(rows), sum(len(block.given) for _, block in blocks)
    return result


def _evenly(blocks: list[tuple[int, Block]], situations: int) -> list[tuple[int, Block]]:
    """Return about so many decisions, evenly spread over what was seen, each with its person's position."""
    everything = [
        (given, position, at, block) for position, block in blocks for at, given in enumerate(block.given.tolist())
    ]
    everything.sort(key=lambda row: row[:3])
    places = np.linspace(0, len(everything) - 1, min(situations, len(everything))).round().astype(int)
    return [(position, block.at(np.array([at]))) for _, position, at, block in (everything[p] for p in places)]
