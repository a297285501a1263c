"""The game that was played, for readers who were not there: who sees what, who may do what, and what it pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from estimation.arrays import Array, Indices
from estimation.data.tables.table import Table
from estimation.games.game import Game
from estimation.games.hide_and_hint import HideAndHint
from estimation.names import ACTION, MESSAGE, STATE
from estimation.report.blocks import SHOWN, Paragraph, Section
from estimation.text.digits import MINUS
from estimation.text.sentences import counted, enumerated
from estimation.text.shown import first_line
from estimation.text.table import TextTable

WHOLE = 5  # options of a game that are all shown; of more, three
PLACES = (0.1, 0.5, 0.9)  # of the way along them
MOST = 6  # games that are written out
EARNED = "what the sender earns; what the receiver earns (payoff units)"
LARGE = 100  # numbers that are written without decimals


def game_section(table: Table) -> Section:
    """Return what was played in each condition; conditions that differ in payoffs only are told together."""
    told: dict[str, list[str]] = {}
    shown = list(map(str, table.conditions))[:MOST]
    for name in shown:
        told.setdefault(_course(table.games[name]), []).append(name)
    parts = tuple(_part(course, {name: table.games[name] for name in names}) for course, names in told.items())
    rest = len(table.conditions) - len(shown)
    note = (Paragraph(f"Not written out: the games of {counted(rest, 'further condition')}."),) if rest else ()
    return Section("game", "The game that was played", note, parts)


def _part(course: str, games: Mapping[str, Game]) -> Section:
    """Return how the games of some conditions go, what each pays, and what lies cost where that is not plain."""
    payoffs = _alike({name: _payoffs(game) for name, game in games.items()})
    lies = _alike({name: _lies(game) for name, game in games.items()})
    tables = [replace(pays, caption=f"{enumerated(names)}: {pays.caption}") for pays, names in payoffs]
    effort = [f"In {enumerated(names)}, {text}." for text, names in lies if text]
    said = " ".join([course, f"What both earn stands in {SHOWN}.", *effort])
    return Section("", ", ".join(games), (Paragraph(said, shown=tuple(tables)), *tables))


def _alike[T](found: Mapping[str, T]) -> list[tuple[T, list[str]]]:
    """Return what holds for conditions, with their names, each once."""
    groups: list[tuple[T, list[str]]] = []
    for name, what in found.items():
        same = [names for other, names in groups if other == what]
        if same:
            same[0].append(name)
        else:
            groups.append((what, [name]))
    return groups


def _course(game: Game) -> str:
    """Return who sees what and does what, in sentences."""
    state, message, action = (
        _options(game, name.name, grid)
        for name, grid in ((STATE, game.states), (MESSAGE, game.messages), (ACTION, game.actions))
    )
    course = game.course.format(state=state, message=message, action=action)
    before = "" if isinstance(game, HideAndHint) else f" {_expected(game)}"
    return f"{first_line(type(game).__doc__)}. {course}{before}"


def _lies(game: Game) -> str:
    """Return how the effort of a lie grows, where it does not grow in proportion."""
    if game.lie_power == 1.0:
        return ""
    unit = _number(game.lie_reference)
    return f"a lie of size d costs the effort of one of size {unit} (d/{unit})^{_number(game.lie_power)}"


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
    return TextTable(EARNED, head, cells, tuple(range(1, len(head))))


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
