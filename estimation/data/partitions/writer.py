"""A table written as partitions: Parquet files with whole people, and the file that describes their games."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from estimation.counts import count_problems
from estimation.data.files.game_files import games_toml
from estimation.data.partitions.folder import GAMES, partitions
from estimation.data.partitions.parquet import SYNTHETIC, write_parquet
from estimation.data.partitions.partitions import Partitions
from estimation.data.partitions.together import appearing_together, folder_problems
from estimation.data.tables.table import Table
from estimation.errors import DataError, raise_all
from estimation.games.game import Game
from estimation.saving import make_folder, write_text_whole

WRITING = "The partitions cannot be written:"
PEOPLE = 500
"""People in a partition: enough for a call of a theory to be worth it, few enough for little memory."""


def write_partitions(table: Table, folder: str | Path, people: int = PEOPLE) -> Partitions:
    """Write a table as Parquet files with so many people each, and ``games.toml``; return them as `partitions` does.

    The files appear together: if it is interrupted, none is there.

    Whoever has more people than fit into a table writes such files by other means: one person's rows belong into one
    file, with the columns of a `Table`.

    Parameters
    ----------
    folder
        Where to write: a folder without Parquet files, made if need be.

    Raises
    ------
    DataError
        If the number makes no sense, or something cannot be written.
    """
    where, subjects = Path(folder), table.subjects
    raise_all(count_problems(people=people) + folder_problems(where), DataError, WRITING)
    make_folder(where, DataError, WRITING)
    with appearing_together(where, WRITING) as unfinished:
        for number, start in enumerate(range(0, len(subjects), people), 1):
            some = table.of(subjects[start : start + people])
            marks = [SYNTHETIC] * table.synthetic
            write_parquet(some.written, unfinished(f"{called(number)}.parquet"), marks, DataError, WRITING)
        write_text_whole(unfinished(GAMES), games_toml(table.games), DataError, WRITING)
    return partitions(where, table.games, name=table.name, source=table.source, synthetic=table.synthetic)


def write_games(games: Mapping[str, Game], folder: Path) -> None:
    """Write the file that describes games into a folder, made if need be."""
    make_folder(folder, DataError, WRITING)
    write_text_whole(folder / GAMES, games_toml(games), DataError, WRITING)


def called(number: int) -> str:
    """Return what a partition is called."""
    return f"part-{number:05d}"
