"""A user's own file of decisions, whatever it came from: a plain table, or an oTree export that is described."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from estimation.data.csv_file import read_frame, read_table
from estimation.data.otree import read_otree
from estimation.data.otree_layout import advice, looks_like_otree, read_layout
from estimation.data.specs import read_games
from estimation.data.table import Table
from estimation.errors import DataError


def read_own(
    path: str | Path, games: str | Path, *, synthetic: bool = False, subjects: Iterable[object] | None = None
) -> Table:
    """Read a file of decisions with the games, and perhaps the layout of an oTree export, that a TOML file describes.

    Parameters
    ----------
    path
        The table, comma-separated.
    games
        A TOML file with a table per condition, and a table ``[otree]`` if the file is an oTree export.
    synthetic
        Whether a simulation made the decisions.
    subjects
        Everybody who took part: each must have a decision.

    Raises
    ------
    DataError
        If a file cannot be read, or listing everything that is wrong with it and what to change.
    """
    played, layout = read_games(games), read_layout(games)
    if layout is not None:
        return read_otree(path, played, layout, synthetic=synthetic, subjects=subjects)
    columns = read_frame(path, as_text=True).columns
    if looks_like_otree(columns):
        raise DataError(f"{path} cannot be read as a plain table:", [advice(columns)])
    return read_table(path, played, synthetic=synthetic, subjects=subjects)
