"""People in partitions: a folder of Parquet files with whole people, read one at a time and never collected."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.arrays import Spec
from estimation.data.checked import CheckedTable, origin_of
from estimation.data.game_files import read_games
from estimation.data.parquet import SYNTHETIC, labels_in, looked_at, people_in, read_parquet
from estimation.data.source import Source
from estimation.data.table import Table
from estimation.errors import DataError, raise_all
from estimation.games import from_spec
from estimation.games.game import Game
from estimation.names import ROLES

HEADING = "The partitions cannot be used:"
GAMES = "games.toml"
SHOWN = 3  # people who are named, of those in two partitions


@dataclass(frozen=True)
class Partition:
    """One file of people, and what was found in it.

    Attributes
    ----------
    name, sha256
        The file's path within the folder, without its ending, and the checksum of its bytes.
    people, decisions
        How many there are.
    """

    name: str
    sha256: str
    people: int
    decisions: int

    @property
    def key(self) -> str:
        """What files about this partition are called; other contents have another key."""
        return f"{re.sub(r'[^A-Za-z0-9]+', '-', self.name)[-60:].strip('-')}-{self.sha256[:12]}"


@dataclass(frozen=True, eq=False, repr=False)
class Partitions(CheckedTable):
    """People in partitions, made by `partitions`: what is known of all of them, and each partition as a table.

    Attributes
    ----------
    folder, parts
        Where the files are, and what each holds.
    people
        How many decide.
    decisions
        The number of decisions in each role that occurs, sender before receiver.
    """

    folder: Path
    parts: tuple[Partition, ...]
    people: int
    decisions: dict[str, int]
    _games: dict[str, Game]

    kind = "partitions"

    @property
    def frame(self) -> pd.DataFrame:
        """There is none: partitions are read one at a time (`read`)."""
        advice = "people in partitions are never collected; read one partition: partitions.read(partitions.parts[0])"
        raise DataError(f"{self.label} has no rows of its own:", [advice])

    @property
    def subjects(self) -> list[str]:
        """Everybody who decides, sorted; read from the files whenever it is asked for, one label a person."""
        return sorted(label for part in self.parts for label in labels_in(self.file_of(part)))

    @property
    def knows_people(self) -> bool:
        """It is known who decides: nothing need be read for that."""
        return True

    @property
    def games(self) -> dict[str, Game]:
        """The game of each condition that occurs."""
        return dict(self._games)

    @property
    def roles(self) -> list[str]:
        """The roles that occur, sender before receiver."""
        return list(self.decisions)

    @property
    def conditions(self) -> list[str]:
        """The conditions that occur, sorted."""
        return list(self._games)

    def file_of(self, part: Partition) -> Path:
        """Return where a partition is."""
        return self.folder / f"{part.name}.parquet"

    def read(self, part: Partition) -> Table:
        """Return one partition as a checked table.

        Raises
        ------
        DataError
            If its file is gone, damaged or another one than when the folder was looked at, or listing everything that
            is wrong with its rows; the message begins with the partition.
        """
        heading = f"Partition {part.name!r} of {self.label} cannot be used:"
        frame, found = read_parquet(self.file_of(part), heading)
        if found != part.sha256:
            advice = "look at the folder again (est.partitions); what other partitions came to is kept"
            raise DataError(heading, [f"{self.file_of(part)} has changed since it was looked at; {advice}"])
        told: dict[str, Any] = {"name": f"{self.name}/{part.name}", "source": self.source, "synthetic": self.synthetic}
        try:
            return Table.from_frame(frame, self._games, **told)
        except DataError as problem:
            raise DataError(heading, problem.problems) from problem

    def without_parts(self) -> Partitions:
        """Return what is known of all people without the list of partitions: what travels to whoever works on one."""
        return replace(self, parts=())

    def spec(self) -> Spec:
        """Return what a manifest says about the partitions, as plain data."""
        parts = [[part.name, part.sha256, part.people, part.decisions] for part in self.parts]
        games = {name: game.described() for name, game in self._games.items()}
        more = {"folder": str(self.folder), "partitions": parts, "decisions": self.decisions, "games": games}
        return super().spec() | more

    @classmethod
    def from_spec(cls, spec: Spec) -> Partitions:
        """Return the partitions that a manifest describes; nothing is read."""
        origin = Source(title=spec["source"], synthetic=spec["synthetic"], caveats=tuple(spec["caveats"]))
        games = {name: from_spec(game) for name, game in spec["games"].items()}
        parts = tuple(Partition(*part) for part in spec["partitions"])
        about = origin_of(origin, spec["name"], spec["synthetic"]) | {"selection": (), "_frame": pd.DataFrame()}
        where = {"folder": Path(spec["folder"]), "parts": parts, "people": sum(part.people for part in parts)}
        where |= {"decisions": spec["decisions"], "_games": games}
        return cls(fingerprint=_fingerprint(parts, games), **about, **where)

    def __len__(self) -> int:
        """Return the number of decisions."""
        return sum(self.decisions.values())

    def _contents(self) -> dict[str, str]:
        counts = ", ".join(f"{count:,} as {role}" for role, count in self.decisions.items())
        largest = max((part.people for part in self.parts), default=0)
        facts = {"people": f"{self.people:,}", "decisions": f"{len(self):,} ({counts})"}
        return facts | {
            "conditions": ", ".join(self.conditions),
            "files": f"{len(self.parts):,}, of {largest:,} people at most",
        }

    def _notices(self) -> list[str]:
        """Return nothing: who looks like whom is told of each partition when it is read."""
        return []


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
        without a game or with a prior that is to be counted.
    """
    where = Path(folder).resolve()
    raise_all([] if where.is_dir() else [f"{where} is not a folder"], DataError, HEADING)
    played = dict(games) if isinstance(games, Mapping) else read_games(where / GAMES if games is None else games)
    files = [file for file in sorted(where.rglob("*.parquet")) if _is_meant(file.relative_to(where))]
    raise_all([] if files else [f"{where} holds no Parquet files (*.parquet)"], DataError, HEADING)
    parts, hashes, problems = [], [], []
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
    problems += _in_two(where, parts, hashes) + _problems_of_games(conditions, played)
    raise_all(problems, DataError, HEADING)
    occurring = {str(key): played[key] for key in sorted(conditions)}
    return Partitions(
        **origin_of(source, where.name if name is None else name, is_synthetic),
        fingerprint=_fingerprint(parts, occurring),
        selection=(),
        _frame=pd.DataFrame(),
        folder=where,
        parts=tuple(parts),
        people=sum(part.people for part in parts),
        decisions={role: decisions[role] for role in ROLES if role in decisions},
        _games=occurring,
    )


def _is_meant(path: Path) -> bool:
    return not any(piece.startswith((".", "_")) for piece in path.parts)


def _fingerprint(parts: Any, games: Mapping[str, Game]) -> str:
    """Return the sha256 of what all partitions hold, byte by byte, and of their games."""
    about = [sorted(part.sha256 for part in parts), {key: game.spec() for key, game in games.items()}]
    return hashlib.sha256(json.dumps(about, sort_keys=True, default=np.ndarray.tolist).encode()).hexdigest()


def _in_two(folder: Path, parts: list[Partition], hashes: list[NDArray[Any]]) -> list[str]:
    """Say who is in two partitions. Eight bytes a person are held for this, and no labels."""
    everybody, where = (
        np.concatenate([*hashes, np.empty(0, "uint64")]),
        np.repeat(range(len(parts)), [*map(len, hashes)]),
    )
    order = np.argsort(everybody, kind="stable")
    twice = np.flatnonzero(everybody[order][1:] == everybody[order][:-1])
    problems = []
    for place in twice[:SHOWN]:
        one, other = (parts[where[at]].name for at in order[[place, place + 1]])
        who = people_in(folder / f"{one}.parquet", everybody[order[place]])
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
