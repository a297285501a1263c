"""A folder of Parquet files looked at: whole people in every file, and what is known of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.data.files.game_files import read_games
from estimation.data.partitions.parquet import SYNTHETIC, looked_at, people_in
from estimation.data.partitions.partitions import Partition, Partitions, fingerprint_of
from estimation.data.partitions.together import parquet_files, unfinished_problems
from estimation.data.tables.checked import origin_of
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.games.game import Game
from estimation.names import ROLES, SUBJECT

HEADING = "The partitions cannot be used:"
GAMES = "games.toml"
SHOWN = 3  # people or files that are named, of many


def partitions(
    folder: str | Path,
    games: Mapping[str, Game] | str | Path | None = None,
    *,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
) -> Partitions:
    """Look at a folder of Parquet files, each with whole people, and return them as partitions.

    Of every file the labels of people, roles and conditions are read, one file at a time, and its checksum is taken;
    all else is checked when the partition is read. Files and folders whose names begin with a dot or an underscore are
    passed over. `write_partitions` makes such a folder of a table.

    Parameters
    ----------
    folder
        Where the files are; folders in it are searched too. They have the columns of a `Table`.
    games
        The game of each condition, or the file that describes them (see `read_games`); ``games.toml`` in the folder if
        left out.
    name, source, synthetic
        As for `Table.from_frame`; the name is the folder's if left out, and files of `simulate_partitions` say
        themselves that they are SYNTHETIC.

    Raises
    ------
    DataError
        Listing every file that cannot be read or lacks a column, everybody who is in two of them, and every condition
        without a game or with a prior that is to be counted; or that partitions of a simulation are still to come.
    """
    where = Path(folder).resolve()
    raise_all([] if where.is_dir() else [f"{where} is not a folder"], DataError, HEADING)
    files = files_in(where)
    played = dict(games) if isinstance(games, Mapping) else read_games(where / GAMES if games is None else games)
    parts, hashes = [], []
    problems: list[str] = []
    decisions: Counter[str] = Counter()
    conditions: Counter[str] = Counter()
    is_synthetic = synthetic
    for file in files:
        try:
            found = looked_at(file, HEADING)
        except DataError as problem:
            problems += problem.problems
            continue
        called = file.relative_to(where).with_suffix("").as_posix()
        parts.append(Partition(called, found.sha256, len(found.people), found.decisions))
        hashes.append(found.people)
        decisions, conditions = decisions + found.roles, conditions + found.conditions
        is_synthetic |= SYNTHETIC in found.marks
    problems += in_two(where, parts, hashes) + _problems_of_games(conditions, played)
    raise_all(problems, DataError, HEADING)
    occurring = {str(key): played[key] for key in sorted(conditions)}
    return Partitions(
        **origin_of(source, where.name if name is None else name, is_synthetic),
        fingerprint=fingerprint_of(parts, occurring),
        selection=(),
        _frame=pd.DataFrame(),
        folder=where,
        parts=tuple(parts),
        people=sum(part.people for part in parts),
        decisions={role: decisions[role] for role in ROLES if role in decisions},
        _games=occurring,
    )


def files_in(folder: Path) -> list[Path]:
    """Return the Parquet files of a folder, sorted; `DataError` if there are none, or some are still to come."""
    raise_all(unfinished_problems(folder), DataError, HEADING)
    files = parquet_files(folder)
    raise_all([] if files else [f"{folder} holds no Parquet files (*.parquet)"], DataError, HEADING)
    return files


def in_two(folder: Path, parts: list[Partition], hashes: list[NDArray[Any]], column: str = SUBJECT.name) -> list[str]:
    """Say who is in two partitions; `column` holds the labels of people.

    Eight bytes a person are held for this, and no labels.
    """
    everybody, where = (
        np.concatenate([*hashes, np.empty(0, "uint64")]),
        np.repeat(range(len(parts)), [*map(len, hashes)]),
    )
    order = np.argsort(everybody, kind="stable")
    twice = np.flatnonzero(everybody[order][1:] == everybody[order][:-1])
    problems = []
    for place in twice[:SHOWN]:
        one, other = (parts[where[at]].name for at in order[[place, place + 1]])
        who = people_in(folder / f"{one}.parquet", everybody[order[place]], column)
        problems.append(f"{who!r} is in {one!r} and in {other!r}; a person's decisions belong into one partition")
    return problems + [f"{len(twice):,} people in all are in two partitions"] * (len(twice) > SHOWN)


def _problems_of_games(conditions: Mapping[str, int], games: Mapping[str, Game]) -> list[str]:
    unknown = [f"condition {name!r} has no game; games: {sorted(games)}" for name in conditions if name not in games]
    return unknown + [
        f"the prior of condition {name!r} is to be counted in the data; state it, for no partition knows all states"
        for name in sorted(conditions)
        if name in games and games[name].given_states(_some_states(games[name])) is not games[name]
    ]


def _some_states(game: Game) -> Any:
    return np.asarray(game.states, float)[:1]
