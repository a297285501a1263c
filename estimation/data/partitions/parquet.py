"""Parquet files of decisions: looked at, read and written one at a time, whole or not at all, by pyarrow."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.data.cells.cells import read_labels
from estimation.errors import DataError, EstimationError, raise_all
from estimation.names import CONDITION, ROLE, SUBJECT
from estimation.saving import write_whole

if TYPE_CHECKING:
    import pyarrow

SYNTHETIC = "SYNTHETIC"
"""The mark in files that a simulation made."""
MARKS = b"estimation"
NEEDED = (SUBJECT, ROLE, CONDITION)
INSTALL = "Parquet files are read and written by pyarrow; install it: pip install 'estimation[partitions]'"
AT_ONCE = 1 << 22  # bytes of a file that are hashed at a time


@dataclass(frozen=True, eq=False)
class Looked:
    """What a look at a file found.

    Attributes
    ----------
    sha256
        Of its bytes.
    people : (person,) array of uint64
        Hashes of the labels of people, each once.
    roles, conditions
        How often each occurs.
    marks
        What the file says of itself.
    """

    sha256: str
    people: NDArray[Any]
    roles: Counter[str]
    conditions: Counter[str]
    marks: tuple[str, ...]

    @property
    def decisions(self) -> int:
        """How many rows there are."""
        return sum(self.roles.values())


def looked_at(file: Path, heading: str) -> Looked:
    """Return who and what is in a file, by the columns for people, roles and conditions alone.

    Raises
    ------
    DataError
        If it cannot be read, lacks one of these columns, or a label in them cannot be one.
    """
    found = _table(file, heading, [column.name for column in NEEDED])
    frame, problems = _frame(found), []
    labels = {column: read_labels(column, pd.Series(frame[column.name].unique())) for column in NEEDED}
    for column, cells in labels.items():
        problems += [f"{file}: {problem}" for problem in cells.problems]
        problems += [f"{file}: column {column.name!r} has empty cells"] * bool(cells.missing.any())
    raise_all(problems if len(frame) else [f"{file} has no rows; remove it"], DataError, heading)
    roles, conditions = (Counter(frame[column.name].astype(str).str.strip()) for column in (ROLE, CONDITION))
    who = hashes_of(labels[SUBJECT].content)
    return Looked(_sha256(file, heading), who, roles, conditions, _marks(found.schema))


def marks_of(file: Path, heading: str) -> tuple[str, ...]:
    """Return what a file says of itself; `DataError` if it cannot be read."""
    return _marks(_table(file, heading, []).schema)


def labels_in(file: Path, column: str = SUBJECT.name) -> list[str]:
    """Return the labels of the people in a file, each once."""
    frame = _frame(_table(file, "People cannot be listed:", [column]))
    return [str(label) for label in read_labels(SUBJECT, pd.Series(frame[column].unique())).content]


def people_in(file: Path, hashed: Any, column: str = SUBJECT.name) -> str:
    """Return the label with a hash."""
    labels = np.array(labels_in(file, column), dtype=object)
    return str(labels[hashes_of(labels) == hashed][0])


def read_parquet(file: Path, heading: str) -> tuple[pd.DataFrame, str]:
    """Return the rows of a file, and the sha256 of its bytes; `DataError` if it cannot be read."""
    return _frame(_table(file, heading)), _sha256(file, heading)


def write_parquet(
    frame: pd.DataFrame, file: Path, marks: Sequence[str], error: type[EstimationError], heading: str
) -> Path:
    """Write a frame, without its index, to a file that appears when it is complete; `marks` are said of it."""
    raise_all([] if find_spec("pyarrow") else [INSTALL], error, heading)
    import pyarrow as pa  # noqa: PLC0415 - slow to import, and not everybody has it
    from pyarrow import parquet  # noqa: PLC0415 - as above

    content = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata({MARKS: json.dumps([*marks])})
    return write_whole(file, lambda partial: parquet.write_table(content, partial), error, heading)


def _table(file: Path, heading: str, columns: Iterable[str] | None = None) -> pyarrow.Table:
    """Return the content of a file, or some of its columns; nothing of it is kept open."""
    raise_all([] if find_spec("pyarrow") else [INSTALL], DataError, heading)
    import pyarrow as pa  # noqa: PLC0415 - slow to import, and not everybody has it
    from pyarrow import dataset  # noqa: PLC0415 - as above

    try:
        source = dataset.dataset(file, format="parquet")
        missing = [name for name in columns or () if name not in source.schema.names]
        advice = [f"{file}: column {name!r} is missing; it has {source.schema.names}" for name in missing]
        raise_all(advice, DataError, heading)
        read = source.schema.names if columns is None else [*columns]
        nested = [name for name in read if pa.types.is_nested(source.schema.field(name).type)]
        raise_all([f"{file}: column {name!r} holds lists or records" for name in nested], DataError, heading)
        return source.to_table(columns=read)
    except (OSError, ValueError, pa.ArrowException) as problem:
        raise DataError(heading, [f"{file} cannot be read as Parquet: {str(problem).splitlines()[0]}"]) from problem


def _marks(schema: pyarrow.Schema) -> tuple[str, ...]:
    """Return what a file says of itself; nothing where somebody else put something else there."""
    try:
        found = json.loads((schema.metadata or {}).get(MARKS, b"[]"))
    except (ValueError, RecursionError):
        return ()
    return tuple(mark for mark in found if isinstance(mark, str)) if isinstance(found, list) else ()


def _frame(content: pyarrow.Table) -> pd.DataFrame:
    """Return a table of Arrow as pandas reads it, labels that are stored as codes written out."""
    frame: pd.DataFrame = without_decimals(content).to_pandas(ignore_metadata=True)
    coded = [name for name in frame.columns if isinstance(frame[name].dtype, pd.CategoricalDtype)]
    return frame.astype(dict.fromkeys(coded, object))


def without_decimals(content: pyarrow.Table) -> pyarrow.Table:
    """Return a table with decimals, as databases write prices, as numbers: those that the same digits of a text are."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import, and not everybody has it

    for place, field in enumerate(content.schema):
        if pa.types.is_decimal(field.type):  # the direct way to numbers misses the nearest one at times
            numbers = content.column(place).cast(pa.string()).cast(pa.float64())
            content = content.set_column(place, field.name, numbers)
    return content


def _sha256(file: Path, heading: str) -> str:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as opened:
            while piece := opened.read(AT_ONCE):
                digest.update(piece)
    except OSError as problem:
        raise DataError(heading, [f"{file} cannot be read: {problem.strerror}"]) from problem
    return digest.hexdigest()


def hashes_of(labels: NDArray[Any]) -> NDArray[Any]:
    """Return a hash of each label, (label,) of uint64; the same on every machine."""
    return np.asarray(pd.util.hash_array(np.array([str(label) for label in labels], dtype=object), categorize=False))
