"""People in partitions: a folder of Parquet files with whole people, read one at a time and never collected."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Spec
from estimation.data.partitions.parquet import labels_in, read_parquet
from estimation.data.tables.checked import CheckedTable, origin_of
from estimation.data.tables.source import Source
from estimation.data.tables.table import Table
from estimation.errors import DataError
from estimation.games import from_spec
from estimation.games.game import Game


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
    def written(self) -> pd.DataFrame:
        """As `frame`."""
        return self.frame

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
        again = "look at the folder again (est.partitions); what other partitions came to is kept"
        return read_part(
            self, self.file_of(part), part, again, lambda frame, told: Table.from_frame(frame, self._games, **told)
        )

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
        return cls(
            **origin_of(origin, spec["name"], spec["synthetic"]),
            fingerprint=fingerprint_of(parts, games),
            selection=(),
            _frame=pd.DataFrame(),
            folder=Path(spec["folder"]),
            parts=parts,
            people=sum(part.people for part in parts),
            decisions=spec["decisions"],
            _games=games,
        )

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


def read_part[Read](
    whole: CheckedTable,
    file: Path,
    part: Partition,
    again: str,
    checked: Callable[[pd.DataFrame, dict[str, Any]], Read],
) -> Read:
    """Return what `checked` makes of the rows of one partition and of what a table is told about itself.

    Raises
    ------
    DataError
        If its file is gone, damaged or has changed (`again` says what to do), or listing everything that is wrong with
        its rows.
    """
    heading = f"Partition {part.name!r} of {whole.label} cannot be used:"
    frame, found = read_parquet(file, heading)
    if found != part.sha256:
        raise DataError(heading, [f"{file} has changed since it was looked at; {again}"])
    told = {"name": f"{whole.name}/{part.name}", "source": whole.source, "synthetic": whole.synthetic}
    try:
        return checked(frame, told)
    except DataError as problem:
        raise DataError(heading, problem.problems) from problem


def fingerprint_of(parts: Iterable[Partition], games: Mapping[str, Game]) -> str:
    """Return the sha256 of what all partitions hold, byte by byte, and of their games."""
    about = [sorted(part.sha256 for part in parts), {key: game.spec() for key, game in games.items()}]
    return hashlib.sha256(json.dumps(about, sort_keys=True, default=np.ndarray.tolist).encode()).hexdigest()
