"""Does a theory of play make choices like the ones observed, and how far do theories differ in that? Shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.tables.plays import Cell
from estimation.fits.fit import Fit
from estimation.inference.pooled.plays import PlayProblem

DRAWS = 400
"""Draws of the posterior behind what a theory expects."""


def play_facts(fit: Fit[PlayProblem], draws: int, seed: int, who: str) -> tuple[pd.DataFrame, Array]:
    """Return shares of options in the choices (statistic, group, role, value), and in simulated ones (draw, fact)."""
    problem, rng = fit.problem, np.random.default_rng([seed, 2])
    counts, games = problem.table.counts()[0], problem.table.games
    rows: list[Any] = []
    for (game, player), counted in counts.items():
        share = counted.sum(axis=0) / counted.sum()
        labels = (f"share of {option}" for option in games[game].options(player))
        rows += zip(labels, [f"{game}, {player}"] * len(share), [""] * len(share), share, strict=True)
    observed = pd.DataFrame(rows, columns=["statistic", "group", "role", "value"])
    theta = problem.theta(fit.posterior)
    chosen = rng.choice(theta.shape[1], draws, replace=draws > theta.shape[1])
    return observed, np.array([_simulated(problem, point, who, rng) for point in theta[:, chosen].T])


def _simulated(problem: PlayProblem, theta: Array, who: str, rng: np.random.Generator) -> Array:
    """Return the shares of options when people choose anew as often as they did, (fact,)."""
    kinds, own = problem.drawn(theta, who, rng)
    chances = [problem.chances(kind, own) for kind in range(len(problem.model.types))]
    shares = []
    for cell, counted in problem.table.counts()[0].items():
        chance = np.choose(kinds[:, None], [found[cell] for found in chances])
        again = rng.multinomial(counted.sum(axis=1).round().astype(int), chance / chance.sum(axis=1, keepdims=True))
        shares.append(again.sum(axis=0) / counted.sum())
    return np.concatenate(shares)


def expected_shares(fit: Fit[PlayProblem], *cells: Cell) -> dict[Cell, Array]:
    """Return how often new people are expected to choose each option: game and player → (draw, option)."""
    theta = fit.problem.theta(fit.posterior)
    chosen = np.linspace(0, theta.shape[1] - 1, DRAWS).round().astype(int)
    return fit.problem.expected(theta[:, chosen], cells)


def play_distance(one: Fit[PlayProblem], other: Fit[PlayProblem]) -> float:
    """Return the mean total-variation distance between what two theories expect of new people, from 0 to 1."""
    mine, theirs = expected_shares(one), expected_shares(other)
    total = weight = 0.0
    for cell, counted in one.table.counts()[0].items():
        gap = 0.5 * np.abs(mine[cell].mean(axis=0) - theirs[cell].mean(axis=0)).sum()
        total, weight = total + counted.sum() * gap, weight + counted.sum()
    return float(total / weight)
