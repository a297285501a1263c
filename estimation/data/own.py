"""A user's own file of decisions, whatever it came from: a plain table, or an oTree export that is described."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from estimation.data.by_row import by_column, one_game_a_value
from estimation.data.csv_file import read_frame, read_table
from estimation.data.game_files import NO_GAMES, is_payoff_table, read_specs
from estimation.data.otree import read_otree
from estimation.data.otree_layout import advice, looks_like_otree, read_layout
from estimation.data.specs import games_from_specs
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
        A TOML file with a table per condition, and a table ``[otree]`` if the file is an oTree export; or a
        comma-separated payoff table (see `read_games`). A parameter of a game may be a column of a plain table,
        ``bias = { column = "bias" }``: each of its values is then a condition.
    synthetic
        Whether a simulation made the decisions.
    subjects
        Everybody who took part: each must have a decision.

    Raises
    ------
    DataError
        If a file cannot be read, or listing everything that is wrong with it and what to change.
    """
    specs = read_specs(games)
    layout = None if is_payoff_table(games) else read_layout(games)
    columns = read_frame(path, as_text=True).columns if layout is None else ()
    if looks_like_otree(columns):
        raise DataError(f"{path} cannot be read as a plain table:", [advice(columns)])
    frame = None
    if layout is None and any(map(by_column, specs.values())):
        frame, specs = one_game_a_value(read_frame(path), specs)
    played = games_from_specs(specs, DataError, NO_GAMES.format(games))
    if frame is not None:
        return Table.from_frame(frame, played, name=Path(path).stem, synthetic=synthetic, subjects=subjects)
    if layout is not None:
        return read_otree(path, played, layout, synthetic=synthetic, subjects=subjects)
    return read_table(path, played, synthetic=synthetic, subjects=subjects)
