"""The pictures of a report on games without communication, and what it says of the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from estimation.data.tables.plays import PlayTable
from estimation.fits.fit import AnyFit
from estimation.report.picture import Picture, picture
from estimation.report.plays.figures import plot_plays, predicted_shares

MOST_GAMES = 8
"""Games and players that are drawn."""


def facts_of_plays(table: PlayTable) -> dict[str, str]:
    """Return how many chose how often in how many games."""
    return {
        "people": f"{len(table.subjects):,}" if table.individual else "not told apart",
        "choices": f"{len(table):,} in {len(table.games):,} games",
    }


def play_pictures(fits: Mapping[str, AnyFit]) -> list[Picture]:
    """Return what people chose and what each theory expects, for the first games and players."""
    cells = list(next(iter(fits.values())).table.counts()[0])[:MOST_GAMES]
    return [_picture(fits, game, player) for game, player in cells]


def _picture(fits: Mapping[str, AnyFit], game: str, player: str) -> Picture:
    observed, predicted = predicted_shares(fits, game, player)
    most: Any = observed.idxmax()
    said = "; ".join(f"{name} {100 * table.loc[most, 'median']:.0f} %" for name, table in predicted.items())
    label = next(iter(fits.values())).table.label
    alt = (
        f"Shares of choices of the {player} player in {game}: most often {most} ({100 * observed[most]:.0f} %), for "
        f"which the theories expect {said}. {label}."
    )
    caption = f"{game}, {player} player: observed shares and what theories expect."
    return picture(plot_plays(fits, game, player), alt, caption)
