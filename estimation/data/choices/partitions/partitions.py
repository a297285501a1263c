"""Choices in partitions: a folder of Parquet files with whole people, read one at a time and never collected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from estimation.arrays import Spec
from estimation.data.choices.long import read_choices
from estimation.data.choices.table import ChoiceTable
from estimation.data.partitions.parquet import labels_in
from estimation.data.partitions.partitions import Partition, read_part
from estimation.data.tables.checked import CheckedTable, origin_of
from estimation.data.tables.source import Source
from estimation.errors import DataError


@dataclass(frozen=True, eq=False, repr=False)
class ChoicePartitions(CheckedTable):
    """Choices in partitions, made by `choice_partitions`: what is known of all, and each partition as a table.

    Attributes
    ----------
    folder, parts
        Where the files are, and what each holds; its ``decisions`` are choices.
    people
        How many choose.
    example
        Some choices of every partition, among which every alternative and every label occurs: what terms of a model
        are read from.
    reading
        What columns are called: arguments of `read_choices`.
    """

    folder: Path
    parts: tuple[Partition, ...]
    people: int
    example: ChoiceTable
    reading: Mapping[str, Any]

    kind = "choices in partitions"

    @property
    def frame(self) -> pd.DataFrame:
        """There is none: partitions are read one at a time (`read`)."""
        advice = "choices in partitions are never collected; read one partition: partitions.read(partitions.parts[0])"
        raise DataError(f"{self.label} has no rows of its own:", [advice])

    @property
    def _refused(self) -> NoReturn:
        """Refuse, as `frame`: what a `ChoiceTable` says under these names needs all rows."""
        _ = self.frame
        raise AssertionError

    rows = first_row = first_situation = situations = covariates = gaps = _refused

    @property
    def subjects(self) -> list[str]:
        """Everybody who chooses, sorted; read from the files whenever it is asked for, one label a person."""
        return sorted(label for part in self.parts for label in labels_in(self.file_of(part), self.person))

    @property
    def knows_people(self) -> bool:
        """It is known who chooses: nothing need be read for that."""
        return True

    @property
    def person(self) -> str:
        """The column that says who chooses; where there is none, every situation is another person."""
        return str(self.reading["subject"] or self.reading["situation"])

    @property
    def outside(self) -> str | None:
        """The alternative that means "none of these"."""
        return self.example.outside

    @property
    def alternatives(self) -> list[str]:
        """Whatever was available somewhere, in order."""
        return self.example.alternatives

    @property
    def attributes(self) -> list[str]:
        """Columns that say something about alternatives, situations or people."""
        return self.example.attributes

    @property
    def weighting(self) -> str:
        """As of the example: weights are numbers of choices, or there are none."""
        return "Situations count as often as their weights say" if self.example.weighting else ""

    def file_of(self, part: Partition) -> Path:
        """Return where a partition is."""
        return self.folder / f"{part.name}.parquet"

    def read(self, part: Partition) -> ChoiceTable:
        """Return one partition as a checked table.

        Raises
        ------
        DataError
            If its file is gone, damaged or another one than when the folder was looked at, or listing everything that
            is wrong with its rows; the message begins with the partition.
        """
        again = "look at the folder again (est.choice_partitions)"
        return read_part(
            self, self.file_of(part), part, again, lambda frame, told: read_choices(frame, **self.reading, **told)
        )

    def without_parts(self) -> ChoicePartitions:
        """Return what is known of all choices without the list of partitions: what travels to whoever works on one."""
        return replace(self, parts=())

    def spec(self) -> Spec:
        """Return what a manifest says about the partitions, as plain data."""
        parts = [[part.name, part.sha256, part.people, part.decisions] for part in self.parts]
        more = {"folder": str(self.folder), "choice_partitions": parts, "reading": dict(self.reading)}
        return super().spec() | more

    @classmethod
    def from_spec(cls, spec: Spec, example: ChoiceTable) -> ChoicePartitions:
        """Return the partitions that a manifest describes, with their example; nothing is read."""
        origin = Source(title=spec["source"], synthetic=spec["synthetic"], caveats=tuple(spec["caveats"]))
        parts = tuple(Partition(*part) for part in spec["choice_partitions"])
        about = origin_of(origin, spec["name"], spec["synthetic"])
        return cls.of_parts(about, Path(spec["folder"]), parts, example, spec["reading"])

    @classmethod
    def of_parts(
        cls,
        about: Mapping[str, Any],
        folder: Path,
        parts: tuple[Partition, ...],
        example: ChoiceTable,
        reading: Mapping[str, Any],
    ) -> ChoicePartitions:
        """Return partitions that were looked at; `about` is what `origin_of` returns."""
        return cls(
            **about,
            fingerprint=fingerprint_of(parts, reading),
            selection=(),
            _frame=pd.DataFrame(),
            folder=folder,
            parts=parts,
            people=sum(part.people for part in parts),
            example=example,
            reading=dict(reading),
        )

    def __len__(self) -> int:
        """Return the number of choices."""
        return sum(part.decisions for part in self.parts)

    def _contents(self) -> dict[str, str]:
        largest = max((part.people for part in self.parts), default=0)
        return {
            "people": f"{self.people:,}",
            "choices": f"{len(self):,}",
            "alternatives": ", ".join(self.alternatives[:6]) + (", ..." if len(self.alternatives) > 6 else ""),
            "attributes": ", ".join(self.attributes[:30]) or "none",
            "files": f"{len(self.parts):,}, of {largest:,} people at most",
        }

    def _notices(self) -> list[str]:
        """Return nothing: who looks like whom is told of each partition when it is read."""
        return []


def fingerprint_of(parts: Iterable[Partition], reading: Mapping[str, Any]) -> str:
    """Return the sha256 of what all partitions hold, byte by byte, and of how they are read."""
    about = [sorted(part.sha256 for part in parts), dict(reading)]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
