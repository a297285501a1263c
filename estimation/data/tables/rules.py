"""Rules across the columns of a cheap-talk table. Each returns its problems in words; none raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from estimation.arrays import Array, Mask
from estimation.data.cells.cells import EXACT, Cells
from estimation.data.cells.rows import list_some, row_problem, row_word, show
from estimation.games.game import Game
from estimation.listed import listed
from estimation.names import ACTION, CONDITION, MESSAGE, PERIOD, RECEIVER, ROLE, ROLES, SENDER, STATE, SUBJECT, Column

NEEDED = {SENDER: (STATE, MESSAGE), RECEIVER: (MESSAGE, ACTION)}
"""What a row cannot do without: the last of each pair is the decision, the first what it answers."""

OPTIONS = {STATE: "states", MESSAGE: "messages", ACTION: "actions"}
"""Where a game lists the values that a column may take."""

MOST_NAMED = 20
"""People of a list who are missing, by name, before the rest is counted: each of them is to be found."""

TOLERANCE = 1e-9
"""Numbers this close, relative to the largest option, are the same option: text files are rounded."""


def check_periods(cells: Mapping[str, Cells]) -> list[str]:
    """Say which periods are not whole numbers."""
    if PERIOD.name not in cells:
        return []
    period = cells[PERIOD.name]
    known = np.isfinite(period.content)
    broken = known & (period.content != np.floor(np.where(known, period.content, 0.0)))
    advice = "number each person's decisions 1, 2, 3 …"
    return [
        *row_problem(PERIOD, "must be a whole number", period.raw, broken, advice),
        *row_problem(PERIOD, "is beyond counting", period.raw, known & (np.abs(period.content) >= EXACT), advice),
    ]


def check_roles(cells: Mapping[str, Cells]) -> list[str]:
    """Say which roles are neither sender nor receiver."""
    return _off_list(ROLE, cells, ROLES, f"must be one of {list(ROLES)}", "recode it")


def check_conditions(cells: Mapping[str, Cells], games: Mapping[str, Game]) -> list[str]:
    """Say which conditions have no game."""
    what = f"names a condition without a game (games are given for {sorted(games)})"
    return _off_list(CONDITION, cells, games, what, "correct the label, or give the game of that condition")


def check_needed(cells: Mapping[str, Cells]) -> list[str]:
    """Say where a sender's row lacks state or message, or a receiver's row message or action."""
    if ROLE.name not in cells:
        return []
    problems = []
    for role, columns in NEEDED.items():
        is_role = cells[ROLE.name].content == role
        for column in columns:
            if column.name in cells:
                found = cells[column.name]
                advice = "fill it in, or drop the decision"
                what = f"is empty where a {role}'s row needs it"
                problems += row_problem(column, what, found.raw, found.missing & is_role, advice)
    return problems


def check_options(cells: Mapping[str, Cells], games: Mapping[str, Game]) -> list[str]:
    """Say which states, messages and actions are no options of the game that was played."""
    if CONDITION.name not in cells:
        return []
    problems = []
    for column in OPTIONS:
        if column.name in cells:
            for condition, game in games.items():
                played = cells[CONDITION.name].content == condition
                problems += _off_grid(column, cells[column.name], played, options_of(game, column), condition)
    return problems


def check_duplicates(cells: Mapping[str, Cells]) -> list[str]:
    """Say which decisions are there twice: a person decides once per role and period."""
    names = [SUBJECT.name, ROLE.name, PERIOD.name]
    if not all(name in cells for name in names):
        return []
    keys = pd.DataFrame({name: cells[name].content for name in names})  # an index may be called as a column is
    keys = keys[keys.notna().all(axis=1)]
    repeated = keys[keys.duplicated(keep=False)]
    word, labels = row_word(cells[SUBJECT.name].raw), cells[SUBJECT.name].raw.index
    texts = [
        f"subject {subject!r} as {role} in period {show(period)} ({word}s {', '.join(map(str, labels[group.index]))})"
        for (subject, role, period), group in repeated.groupby(names, sort=False)
    ]
    if not texts:
        return []
    advice = "keep one of them; periods must count on through the whole experiment, not start anew"
    return [f"columns {names}: a decision is there more than once: {list_some(texts, 'decisions')}; {advice}"]


def check_roster(cells: Mapping[str, Cells], subjects: Iterable[object] | None) -> list[str]:
    """Say who is on the list of subjects and does not decide, and who decides and is not on it."""
    if subjects is None or SUBJECT.name not in cells:
        return []
    named = {str(subject).strip() for subject in listed(subjects)}
    deciding = {str(subject) for subject in cells[SUBJECT.name].content if subject is not None}
    idle, unlisted = sorted(named - deciding), sorted(deciding - named)
    problems = []
    if idle:
        names = list_some([repr(subject) for subject in idle], "subjects", MOST_NAMED)
        problems.append(f"column 'subject' ({SUBJECT.unit}) has no decision of {names}; add their rows, or unlist them")
    if unlisted:
        names = list_some([repr(subject) for subject in unlisted], "subjects")
        problems.append(
            f"column 'subject' ({SUBJECT.unit}) has {names}, not on the list; list them, or drop their rows"
        )
    return problems


def _off_list(column: Column, cells: Mapping[str, Cells], known: Iterable[str], what: str, advice: str) -> list[str]:
    if column.name not in cells:
        return []
    found = cells[column.name]
    unknown = ~found.missing & ~found.bad & ~np.isin(found.content.astype(str), list(known))
    return row_problem(column, what, found.raw, unknown, advice)


def _off_grid(column: Column, cells: Cells, played: Mask, options: Array, condition: str) -> list[str]:
    values = cells.content
    known = played & np.isfinite(values)
    slack = TOLERANCE * max(1.0, float(np.abs(options).max()))
    low, high = float(options.min()), float(options.max())
    outside = known & ((values < low - slack) | (values > high + slack))
    inside = known & ~outside
    between = inside & (np.abs(nearest_option(np.where(inside, values, low), options) - values) > slack)
    where = f"of the game in condition {condition!r}"
    return [
        *row_problem(
            column, f"is outside {low:g} … {high:g}, the options {where}", cells.raw, outside, "correct it, or the game"
        ),
        *row_problem(column, f"lies between the options {where}", cells.raw, between, "correct it, or the game's step"),
    ]


def options_of(game: Game, column: Column) -> Array:
    """Return the values that a column may take in a game, increasing, game units."""
    return np.asarray(getattr(game, OPTIONS[column]), dtype=float)


def nearest_option(values: Array, options: Array) -> Array:
    """Return the option nearest to each value, game units; `options` is increasing."""
    right = np.clip(np.searchsorted(options, values), 1, max(1, len(options) - 1))
    left = right - 1
    right = np.minimum(right, len(options) - 1)
    closer_left = values - options[left] <= options[right] - values
    return np.asarray(np.where(closer_left, options[left], options[right]))
