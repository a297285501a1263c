"""The game that was played, for readers who were not there: who sees what, who may do what, and what it pays."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Indices
from estimation.data.table import Table
from estimation.games.game import Game
from estimation.games.hide_and_hint import HideAndHint
from estimation.names import ACTION, MESSAGE, STATE
from estimation.report.blocks import Paragraph, Section
from estimation.text.digits import MINUS
from estimation.text.shown import first_line
from estimation.text.table import TextTable

WHOLE = 5  # options of a game that are all shown; of more, three
PLACES = (0.1, 0.5, 0.9)  # of the way along them
MOST = 6  # games that are written out
LARGE = 100  # numbers that are written without decimals


def game_section(table: Table) -> Section:
    """Return what was played in each condition; conditions with one game are told together."""
    conditions: dict[Game, list[str]] = {}
    for name in table.conditions:
        conditions.setdefault(table.games[name], []).append(str(name))
    shown = list(conditions.items())[:MOST]
    parts = tuple(Section("", ", ".join(names), _told(game)) for game, names in shown)
    rest = [name for names in list(conditions.values())[MOST:] for name in names]
    note = (Paragraph(f"Not written out: the games of {len(rest)} further conditions."),) if rest else ()
    return Section("game", "The game that was played", note, parts)


def _told(game: Game) -> tuple[Paragraph | TextTable, ...]:
    state, message, action = (
        _options(game, name.name, grid)
        for name, grid in ((STATE, game.states), (MESSAGE, game.messages), (ACTION, game.actions))
    )
    course = game.course.format(state=state, message=message, action=action)
    before = "" if isinstance(game, HideAndHint) else f" {_expected(game)}"
    return Paragraph(f"{first_line(type(game).__doc__)}. {course}{before}"), _payoffs(game)


def _options(game: Game, name: str, grid: Array) -> str:
    if name in game.labels:
        return f"one of {', '.join(game.labels[name])}"
    return f"one of {len(grid):,} numbers from {_number(grid[0])} to {_number(grid[-1])}"


def _expected(game: Game) -> str:
    """Return what is known of the state beforehand."""
    if STATE.name in game.labels:
        chances = zip(game.labels[STATE.name], game.prior, strict=True)
        return "Beforehand: " + ", ".join(f"{label} {100 * chance:.3g} %" for label, chance in chances) + "."
    spread = game.state_spread
    mean = round(float(game.prior @ game.states) / spread, 9) * spread
    return f"Beforehand the state is {_number(mean)} on average, with a standard deviation of {_number(spread)}."


def _payoffs(game: Game) -> TextTable:
    """Return payoffs of both for some states (rows) and actions (columns)."""
    states, actions = _some(game.states), _some(game.actions)
    rows = [
        [f"{_number(game.sender_table[at, state])}; {_number(game.receiver_table[at, state])}" for at in actions]
        for state in states
    ]
    named = [_name(game, STATE.name, game.states, at) for at in states]
    head = ("state", *(f"action {_name(game, ACTION.name, game.actions, at)}" for at in actions))
    cells = tuple((name, *row) for name, row in zip(named, rows, strict=True))
    return TextTable(
        "What the sender earns; what the receiver earns (payoff units)", head, cells, tuple(range(1, len(head)))
    )


def _some(grid: Array) -> Indices:
    """Return places of a few options: all of few, else some from end to end."""
    if len(grid) <= WHOLE:
        return np.arange(len(grid))
    return np.rint(np.array(PLACES) * (len(grid) - 1)).astype(int)


def _name(game: Game, name: str, grid: Array, place: int) -> str:
    return game.labels[name][place] if name in game.labels else _number(grid[place])


def _number(value: float) -> str:
    """Return a number with three digits, or whole if it is large."""
    return (f"{value:,.0f}" if abs(value) >= LARGE else f"{value + 0.0:.3g}").replace("-", MINUS)
