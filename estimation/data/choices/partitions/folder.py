"""A folder of Parquet files of choices looked at: who is in which, and an example in which every label occurs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.arrays import Indices
from estimation.data.cells.cells import read_labels
from estimation.data.choices.long import read_choices, renamed
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.partitions.folder import HEADING, files_in, in_two
from estimation.data.partitions.parquet import SYNTHETIC, hashes_of, marks_of, read_parquet
from estimation.data.partitions.partitions import Partition
from estimation.data.tables.checked import origin_of
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT

SHOWN = 500
"""Situations of the example, spread over the partitions; more where labels are many."""
FEW = 50
"""Values of a column of numbers up to which each may be a level, and occurs in the example."""


def choice_partitions(
    folder: str | Path,
    *,
    situation: str = SITUATION.name,
    alternative: str = ALTERNATIVE.name,
    chosen: str = CHOSEN.name,
    subject: str | None = None,
    weight: str | None = None,
    outside: str | None = None,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
) -> ChoicePartitions:
    """Look at a folder of Parquet files of choices in long form, each with whole people, and return them as partitions.

    Files are opened one at a time. Labels of people, their number of choices and a checksum are taken, and some
    situations for an example in which every alternative and every label occurs; all else is checked when the partition
    is read, as `read_choices` does. Files and folders whose names begin with a dot or an underscore are passed over.
    `write_choice_partitions` makes such a folder.

    Parameters
    ----------
    folder
        Where the files are; folders in it are searched too.
    situation, alternative, chosen, subject, outside, name, source, synthetic
        As for `read_choices`; the name is the folder's if left out. Without subjects every situation is another person.
    weight
        The column with the number of choices that each situation stands for. Weights of a survey, whose mean is to be
        one, are those of the whole: divide them first.

    Raises
    ------
    DataError
        Listing every file that cannot be read or lacks a column, everybody who is in two of them, and what is wrong
        with the example.
    """
    where = Path(folder).resolve()
    raise_all([] if where.is_dir() else [f"{where} is not a folder"], DataError, HEADING)
    files = files_in(where)
    columns = {"subject": subject, "situation": situation, "alternative": alternative, "chosen": chosen}
    taken = None if outside is None else str(outside)
    look = _Look({**columns, "weight": weight}, taken, -(-SHOWN // len(files)))
    parts: list[Partition] = []
    hashes: list[NDArray[Any]] = []
    problems: list[str] = []
    for file in files:
        called = file.relative_to(where).with_suffix("").as_posix()
        try:
            sha256, people, choices = look.at(file)
        except DataError as problem:
            problems += [text if str(file) in text else f"{file}: {text}" for text in problem.problems]
            continue
        parts.append(Partition(called, sha256, len(people), choices))
        hashes.append(people)
    problems += in_two(where, parts, hashes, look.person)
    raise_all(problems, DataError, HEADING)
    about = origin_of(source, where.name if name is None else name, synthetic or look.synthetic)
    reading = look.reading
    told: dict[str, Any] = {"name": f"{about['name']}, some choices", "synthetic": about["synthetic"]}
    example = read_choices(pd.concat(look.shown, ignore_index=True), **reading, **told)
    return ChoicePartitions.of_parts(about, where, tuple(parts), example, reading)


@dataclass(eq=False)
class _Look:
    """What was seen so far.

    Attributes
    ----------
    columns
        Role → the column that holds it; that of people is found in the first file.
    outside
        The alternative that means "none of these".
    each
        Situations of each file for the example.
    shown
        Their rows.
    seen
        Column → values that occur in these rows.
    """

    columns: dict[str, str | None]
    outside: str | None
    each: int
    shown: list[pd.DataFrame] = field(default_factory=list)
    seen: dict[str, set[Any]] = field(default_factory=dict)
    synthetic: bool = False

    @property
    def reading(self) -> dict[str, Any]:
        """How files are read: arguments of `read_choices`."""
        return {**self.columns, "counts": True, "outside": self.outside}

    @property
    def person(self) -> str:
        """The column that tells people apart."""
        return str(self.columns["subject"] or self.columns["situation"])

    def at(self, file: Path) -> tuple[str, NDArray[Any], int]:
        """Look at a file; return its sha256, hashes of its people, and how many choices there are."""
        frame, sha256 = read_parquet(file, HEADING)
        if not self.shown and SUBJECT.name in frame and self.columns["subject"] is None:
            self.columns["subject"] = SUBJECT.name
        needed = [column for column in self.columns.values() if column is not None]
        missing = [f"column {name!r} is missing; it has {[*frame]}" for name in needed if name not in frame]
        raise_all(missing if len(frame) else ["there are no rows; remove it"], DataError, HEADING)
        renamed(frame[:1], list(self.columns.values()))
        who, labels = pd.factorize(frame[self.person])
        cells = read_labels(SUBJECT, pd.Series(labels))
        empty = [f"column {self.person!r} has empty cells"] * bool((who < 0).any() or cells.missing.any())
        raise_all([*cells.problems, *empty], DataError, HEADING)
        situation = pd.factorize(frame[str(self.columns["situation"])])[0]
        pair = pd.factorize(who * (situation.max() + 2) + situation)[0]
        shown = frame[np.isin(pair, self._wanted(frame, pair))]
        read_choices(shown, **self.reading)
        self.shown.append(shown)
        self.synthetic |= SYNTHETIC in marks_of(file, HEADING)
        return sha256, hashes_of(cells.content), int(pair.max()) + 1

    def _wanted(self, frame: pd.DataFrame, pair: Indices) -> Indices:
        """Return situations for the example: some, evenly spread, and the first with each label that is new."""
        spread = np.linspace(0, pair.max(), self.each).round().astype(np.int64)
        new = [row for name in self._labelled(frame) for row in self._new(str(name), frame[name])]
        return np.unique(np.concatenate([spread, pair[new].astype(np.int64)]))

    def _labelled(self, frame: pd.DataFrame) -> Iterator[Any]:
        """Yield the columns that hold labels, or few numbers; not those that name people and situations."""
        own = {self.columns[role] for role in ("subject", "situation", "weight")}
        for name in frame:
            if name in own:
                continue
            is_label = not pd.api.types.is_numeric_dtype(frame[name].dtype)
            if is_label or name == self.columns["alternative"] or frame[name][:10_000].nunique() <= FEW:
                yield name

    def _new(self, name: str, values: pd.Series) -> list[int]:
        """Return the first row with each value that has not been seen."""
        seen, distinct = self.seen.setdefault(name, set()), values.drop_duplicates()
        is_number = pd.api.types.is_numeric_dtype(values.dtype) and name != self.columns["alternative"]
        if is_number and len(distinct) > FEW:
            return []
        places = np.flatnonzero(~values.duplicated().to_numpy() & values.notna().to_numpy())
        rows = [int(place) for place in places if values.iloc[place] not in seen]
        seen |= {values.iloc[place] for place in rows}
        return rows
