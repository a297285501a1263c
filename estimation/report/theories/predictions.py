"""What each fitted theory expects people to do on average, by the function that its likelihood uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.table import Table
from estimation.inference.pooled import with_people
from estimation.inference.posterior import drawn_populations
from estimation.inference.problem import MessageFit
from estimation.names import ACTION, CONDITION, MESSAGE, ROLE, SENDER, STATE, SUBJECT
from estimation.population.people import option_probabilities

POPULATIONS = 40  # posterior draws behind a curve
MOST_PEOPLE = 40  # people drawn from each population
POINTS = 31  # places at which a curve is computed
BINS = 12  # groups of decisions whose average is shown


@dataclass(frozen=True, eq=False)
class Curve:
    """Average choice of people as a function of what they see, each (point,) in game units.

    Low and high hold the middle 90 % of averages over as many new people as the condition has.
    """

    given: Array  # the state for senders, the message for receivers
    mean: Array
    low: Array
    high: Array


def decisions(table: Table, role: str, condition: str) -> pd.DataFrame:
    """Return what people in one role and condition saw (``given``) and did (``chosen``), and who they are."""
    seen, did = (STATE, MESSAGE) if role == SENDER else (MESSAGE, ACTION)
    frame = table.frame
    rows = frame[(frame[ROLE.name] == role) & (frame[CONDITION.name] == condition)]
    return rows[[SUBJECT.name, seen.name, did.name]].set_axis(["subject", "given", "chosen"], axis=1)


def averages(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the average choice in groups of decisions with similar ``given``: columns given, chosen."""
    groups = pd.qcut(rows["given"], min(BINS, max(1, len(rows) // 8)), labels=False, duplicates="drop")
    return rows.groupby(groups)[["given", "chosen"]].mean()


def predicted_curve(fit: MessageFit, role: str, condition: str, seed: int = 0) -> Curve:
    """Return what a fit expects of new people in one role and condition, like those who were there."""
    fit, rng = with_people(fit, "There is no curve to draw:"), np.random.default_rng(seed)
    rows = decisions(fit.table, role, condition)
    game = fit.table.games[condition]
    grid = game.states if role == SENDER else game.messages
    seen = grid[(grid >= rows["given"].min()) & (grid <= rows["given"].max())]
    given = seen[np.unique(np.linspace(0, len(seen) - 1, POINTS).round().astype(int))]
    averaged = _averages(fit, role, condition, given, rng)
    low, high = np.quantile(averaged, [0.05, 0.95], axis=0)
    return Curve(given, averaged.mean(axis=0), low, high)


def _averages(fit: MessageFit, role: str, condition: str, given: Array, rng: np.random.Generator) -> Array:
    """Return the expected choice averaged over people of one population after another, (population, point)."""
    problem, total = fit.problem, np.zeros((POPULATIONS, len(given)))
    there = [
        (position, block)
        for position, person in enumerate(problem.crowd.people)
        for block in person.blocks
        if (block.role, block.condition) == (role, condition)
    ]
    people = rng.permutation(len(there))[:MOST_PEOPLE]
    populations = drawn_populations(fit, POPULATIONS, rng)
    for position, block in (there[place] for place in people):
        drawn = [population.of(np.array([position])).sample(1, rng) for population in populations]
        kinds, theta = (np.concatenate(part) for part in zip(*drawn, strict=True))
        table = option_probabilities(fit.theory, fit.problem.parameters, kinds, theta, block.asked(given))
        total += table @ block.options
    return total / len(people)
