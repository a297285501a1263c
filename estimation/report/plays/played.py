"""The games that were played, for readers who were not there: who chooses among what, and what it pays."""

from __future__ import annotations

from estimation.data.tables.plays import PlayTable
from estimation.games.normal_form import NormalForm
from estimation.report.blocks import SHOWN, Section, referred
from estimation.text.sentences import counted
from estimation.text.table import TextTable

MOST = 3  # games whose payoffs are written out
LARGEST = 6  # options of a player that a table takes
RULES = (
    "Two players choose at once, each among a few options, and nothing is said before. Each knows what every pair of "
    "choices pays both, and is paid that."
)


def games_section(table: PlayTable) -> Section | None:
    """Return what games in normal form pay, the first few of them; nothing for games without such a table."""
    games = {name: game for name, game in table.games.items() if isinstance(game, NormalForm)}
    small = {name: game for name, game in games.items() if max(game.row.shape) <= LARGEST}
    if not small:
        return None
    tables = tuple(_payoffs(str(name), game) for name, game in list(small.items())[:MOST])
    of = f", the first of {counted(len(games), 'game')}" if len(games) > len(tables) else ""
    return Section("game", "The games that were played", referred(f"{RULES} Payoffs stand in {SHOWN}{of}.", *tables))


def _payoffs(name: str, game: NormalForm) -> TextTable:
    """Return what both players earn: options of the row player down, of the column player across."""
    rows = tuple(
        (f"row {option}", *(f"{own:g}; {other:g}" for own, other in zip(mine, theirs, strict=True)))
        for option, mine, theirs in zip(game.row_options, game.row, game.column, strict=True)
    )
    head = ("", *(f"column {option}" for option in game.column_options))
    return TextTable(f"{name}: what the row player earns; what the column player earns", head, rows, ())
