"""What each fitted theory expects people to do on average, by the function that its likelihood uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices, Numbers
from estimation.counts import seed_problems
from estimation.data.tables.table import Table
from estimation.errors import FitError, raise_all
from estimation.games.game import Game, grid_index
from estimation.inference.pooled.pooled import with_people
from estimation.inference.posterior import drawn_populations
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.names import ACTION, CONDITION, MESSAGE, ROLE, SENDER, STATE, SUBJECT
from estimation.population.normal import Population
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


def panels_of(table: Table) -> list[tuple[str, str]]:
    """Return the roles and conditions that occur together, in order."""
    met = set(table.frame[[ROLE.name, CONDITION.name]].astype(str).itertuples(index=False, name=None))
    return [(role, condition) for role in table.roles for condition in table.conditions if (role, condition) in met]


def decisions(table: Table, role: str, condition: str) -> pd.DataFrame:
    """Return what people in one role and condition saw (``given``) and did (``chosen``), and who they are."""
    seen, did = (STATE, MESSAGE) if role == SENDER else (MESSAGE, ACTION)
    frame = table.frame
    rows = frame[(frame[ROLE.name] == role) & (frame[CONDITION.name] == condition)]
    rows = rows[[SUBJECT.name, seen.name, did.name]].set_axis(["subject", "given", "chosen"], axis=1)
    game = table.games[condition]
    if shows_shares(game, role):
        options = game.messages if role == SENDER else game.actions
        plain = options[_plain(game, role, rows["given"])]
        rows = rows.assign(chosen=(rows["chosen"] == plain).astype(float))
    return rows


def shows_shares(game: Game, role: str) -> bool:
    """Return whether choices are words, of which no average exists: then shares of plain ones are shown.

    Plain are true messages, and actions that are best if the message is true.
    """
    return (MESSAGE if role == SENDER else ACTION).name in game.labels


def what_is_shown(game: Game, role: str) -> tuple[str, str]:
    """Return what stands across and up: columns of the table, or the share of plain choices."""
    if role == SENDER:
        return STATE.name, "share of true messages" if shows_shares(game, role) else MESSAGE.name
    return MESSAGE.name, "share of messages taken literally" if shows_shares(game, role) else ACTION.name


def _plain(game: Game, role: str, given: Numbers) -> Indices:
    """Return the plain option after what was seen (any shape)."""
    if role == SENDER:
        return game.truth[grid_index(game.states, given)]
    return game.literal[grid_index(game.messages, given)]


def averages(rows: pd.DataFrame, *, apart: bool = False) -> pd.DataFrame:
    """Return the average choice in groups of decisions with similar ``given``, or the same: columns given, chosen."""
    if apart:
        return rows.groupby(rows["given"].rename("same"))[["given", "chosen"]].mean()
    groups = pd.qcut(rows["given"], min(BINS, max(1, len(rows) // 8)), labels=False, duplicates="drop")
    return rows.groupby(groups)[["given", "chosen"]].mean()


def predicted_curve(fit: MessageFit, role: str, condition: str, seed: int = 0) -> Curve:
    """Return what a fit expects of new people in one role and condition, like those who were there."""
    raise_all(seed_problems(seed), FitError, "There is no curve to draw:")
    fit, rng = with_people(fit, "There is no curve to draw:"), np.random.default_rng(seed)
    given = points_of(fit.table, role, condition)
    populations = drawn_populations(fit, POPULATIONS, rng)
    return curve_of(fit.problem, populations, role, condition, given, rng)


def points_of(table: Table, role: str, condition: str) -> Array:
    """Return the places at which a curve is computed, (point,): among what people in one role and condition saw."""
    seen, game = decisions(table, role, condition)["given"], table.games[condition]
    grid = game.states if role == SENDER else game.messages
    among = grid[(grid >= seen.min()) & (grid <= seen.max())]
    return np.asarray(among[np.unique(np.linspace(0, len(among) - 1, POINTS).round().astype(int))])


def curve_of(
    problem: MessageProblem,
    populations: Sequence[Population],
    role: str,
    condition: str,
    given: Array,
    rng: np.random.Generator,
    most_people: int = MOST_PEOPLE,
) -> Curve:
    """Return the average choice, population by population, of people like those who were there."""
    averaged = np.zeros((len(populations), len(given)))
    there = [
        (position, block)
        for position, person in enumerate(problem.crowd.people)
        for block in person.blocks
        if (block.role, block.condition) == (role, condition)
    ]
    people = rng.permutation(len(there))[:most_people]
    for position, block in (there[place] for place in people):
        drawn = [population.of(np.array([position])).sample(1, rng) for population in populations]
        kinds, theta = (np.concatenate(part) for part in zip(*drawn, strict=True))
        table = option_probabilities(problem.theory, problem.parameters, kinds, theta, block.asked(given))
        if shows_shares(block.game, role):
            averaged += table[:, np.arange(len(given)), _plain(block.game, role, given)] / len(people)
        else:
            averaged += table @ block.options / len(people)
    low, high = np.quantile(averaged, [0.05, 0.95], axis=0)
    return Curve(given, averaged.mean(axis=0), low, high)
