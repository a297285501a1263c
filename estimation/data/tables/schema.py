"""The cheap-talk schema: one row per decision, checked all at once and then never again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.arrays import Array
from estimation.data.cells.cells import TEXT, Cells, cell_problems, read_labels
from estimation.data.cells.labels import read_options
from estimation.data.cells.rows import column_problems
from estimation.data.tables.covariates import check_covariates, without_blanks
from estimation.data.tables.rules import (
    check_conditions,
    check_duplicates,
    check_needed,
    check_options,
    check_periods,
    check_roles,
    check_roster,
    nearest_option,
    options_of,
)
from estimation.errors import DataError, raise_all
from estimation.games.game import Game
from estimation.games.own import game_problems
from estimation.names import CHEAP_TALK, CONDITION, PARTNER, PERIOD, REQUIRED, ROLE, SUBJECT, Column

HEADING = "The table does not meet the cheap-talk schema:"
ORDER = [SUBJECT.name, PERIOD.name, ROLE.name]


def validate(frame: pd.DataFrame, games: Mapping[str, Game], subjects: Iterable[object] | None = None) -> pd.DataFrame:
    """Return the table in its canonical form, or raise one error with everything that is wrong.

    Parameters
    ----------
    frame
        One row per decision. ``subject, role, period, condition, state, message, action`` must be there and
        ``partner`` may be. A sender's row needs state and message (the message is the decision; the action is
        what the receiver then did, where known). A receiver's row needs message and action (the action is the
        decision; the state is what turned out to be true, where known). Other columns are kept as covariates.
    games
        The game that was played in each condition. States, messages and actions must be options of it: numbers, or
        words where it has words.
    subjects
        Everybody who took part, where there is such a list: each must have a decision.

    Returns
    -------
    pandas.DataFrame
        The standard columns, then the covariates; sorted by subject, period, role; labels as text, periods as
        integers, states, messages and actions as floats in game units, words as their places in the game's list, from
        0 (NaN where not known).

    Raises
    ------
    DataError
        Listing every problem with column, unit, row, value and what to do.
    """
    needed = [column for column in CHEAP_TALK if column.name in REQUIRED]
    problems = column_problems(frame, needed, "decision", HEADING)
    raise_all(games_problems(games), DataError, HEADING)
    games = {str(condition): game for condition, game in games.items()}
    cells = _read(frame, games)
    problems += cell_problems(cells, (SUBJECT, ROLE, PERIOD, CONDITION))
    problems += check_periods(cells)
    problems += check_roles(cells)
    problems += check_conditions(cells, games)
    problems += check_needed(cells)
    problems += check_options(cells, games)
    problems += check_duplicates(cells)
    problems += check_roster(cells, subjects)
    problems += [] if frame.columns.has_duplicates else check_covariates(frame, cells)
    raise_all(problems, DataError, HEADING)
    return _assemble(frame, cells, games)


def games_problems(games: object) -> list[str]:
    """Say what is wrong with the games of a table, which are given by condition."""
    if not isinstance(games, Mapping) or not games:
        given = "" if isinstance(games, Mapping) else f", not {type(games).__name__}"
        return [f"no games are given; say which game was played in each condition: {{condition: game}}{given}"]
    names = [str(condition) for condition in games]
    problems = [
        f"games has condition {name!r} twice, as text and as a number; keep one"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    for condition, game in games.items():
        if not isinstance(game, Game):
            told = f"is of type {type(game).__name__}; give a Game (see games.from_spec)"
            problems.append(f"games[{condition!r}] {told}")
        elif type(game).origin:  # somebody's own; those of the package have checked themselves
            problems += [f"games[{condition!r}]: {text}" for text in game_problems(game)]
    return problems


def _read(frame: pd.DataFrame, games: Mapping[str, Game]) -> dict[str, Cells]:
    single = frame.columns[~frame.columns.duplicated(keep=False)]
    there = [column for column in CHEAP_TALK if column.name in single]
    cells = {column.name: read_labels(column, frame[column.name]) for column in there if column.kind == "label"}
    condition = cells[CONDITION.name].content if CONDITION.name in cells else np.full(len(frame), None)
    for column in there:
        if column.kind != "label":
            cells[column.name] = read_options(column, frame[column.name], condition, games)
    return cells


def _assemble(frame: pd.DataFrame, cells: Mapping[str, Cells], games: Mapping[str, Game]) -> pd.DataFrame:
    standard = {column.name: _canonical(column, cells, games) for column in CHEAP_TALK[:-1]}
    partner = cells[PARTNER.name].content if PARTNER.name in cells else np.full(len(frame), None)
    standard[PARTNER.name] = pd.Series(list(partner), dtype=TEXT)
    covariates = frame.drop(columns=list(standard), errors="ignore").reset_index(drop=True)
    covariates.columns = covariates.columns.astype(str)
    tidy = covariates.assign(**{str(name): without_blanks(covariates[name]) for name in covariates})
    whole = pd.concat([pd.DataFrame(standard), tidy], axis=1)
    return whole.sort_values(ORDER, kind="stable", ignore_index=True)


def _canonical(column: Column, cells: Mapping[str, Cells], games: Mapping[str, Game]) -> pd.Series:
    values = cells[column.name].content
    if column.kind == "label":
        return pd.Series(list(values), dtype=TEXT)
    if column.kind == "order":
        return pd.Series(values.astype(np.int64))
    return pd.Series(_on_grid(column, values, cells[CONDITION.name].content, games))


def _on_grid(column: Column, values: Array, conditions: NDArray[Any], games: Mapping[str, Game]) -> Array:
    """Replace each number by the option that it stands for: rounding in text files leaves no trace."""
    exact = values.copy()
    for condition, game in games.items():
        known = (conditions == condition) & np.isfinite(values)
        exact[known] = nearest_option(values[known], options_of(game, column))
    return exact
