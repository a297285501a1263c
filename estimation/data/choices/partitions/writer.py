"""Choices written as partitions, whole people in each, from a file that may be larger than the memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from estimation.counts import count_problems
from estimation.data.choices.long import renamed
from estimation.data.choices.partitions.folder import choice_partitions
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.choices.partitions.streams import batches
from estimation.data.choices.table import ChoiceTable
from estimation.data.partitions.parquet import INSTALL, MARKS, SYNTHETIC, hashes_of
from estimation.data.partitions.together import appearing_together, folder_problems
from estimation.data.partitions.writer import WRITING, called
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT, WEIGHT
from estimation.reading import no_path
from estimation.saving import make_folder

if TYPE_CHECKING:
    import pyarrow

MOST = 1_000
"""Partitions that are written side by side: each is an open file."""


def write_choice_partitions(
    data: ChoiceTable | str | Path,
    folder: str | Path,
    partitions: int,
    *,
    situation: str = SITUATION.name,
    alternative: str = ALTERNATIVE.name,
    chosen: str = CHOSEN.name,
    subject: str | None = None,
    weight: str | None = None,
    attributes: Iterable[str] | None = None,
    outside: str | None = None,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
) -> ChoicePartitions:
    """Write choices in long form as so many Parquet files with whole people, and return them as `choice_partitions`.

    Rows may come in any order, and are never held together: which file a person's rows go to follows from the label.

    Parameters
    ----------
    data
        A table; a Parquet file, or a folder of such files; or a comma-separated file, which is read twice: first to
        see which columns hold numbers.
    folder
        Where to write: a folder without Parquet files, made if need be.
    partitions
        How many, 1,000 at most. A thousand people in each are a good size, and fewer where they choose often: whoever
        works holds one partition.
    situation, alternative, chosen, subject, weight, attributes, outside, name, source, synthetic
        As for `choice_partitions` and `read_choices`; of a table they are known.

    Raises
    ------
    DataError
        If numbers make no sense, columns are missing, or something cannot be read or written.
    """
    where = Path(folder)
    problems = count_problems(most=MOST, partitions=partitions)
    problems += [] if isinstance(data, ChoiceTable) else no_path(data, "; `read_choices` makes a table of a frame")
    problems += [] if find_spec("pyarrow") else [INSTALL]
    problems += folder_problems(where)
    if isinstance(data, ChoiceTable) and data.is_sample_weighted:
        problems.append("weights of a survey are not read from partitions; drop them, or fit the table as it is")
    raise_all(problems, DataError, WRITING)
    columns = [subject, situation, alternative, chosen, weight]
    if isinstance(data, ChoiceTable):
        held, outside, source = (
            [column.name for column in (SUBJECT, SITUATION, ALTERNATIVE, CHOSEN)],
            data.outside,
            data.source,
        )
        columns = [*held, WEIGHT.name if WEIGHT.name in data.rows else None]
        name, synthetic = data.name if name is None else name, data.synthetic
    make_folder(where, DataError, WRITING)
    written = _write(batches(data), where, partitions, columns, attributes, synthetic)
    about: dict[str, Any] = {"outside": outside, "name": name, "source": source, "synthetic": synthetic}
    return choice_partitions(where, weight=WEIGHT.name if WEIGHT.name in written else None, **about)


def _write(
    pieces: Iterator[pyarrow.Table],
    folder: Path,
    count: int,
    columns: list[str | None],
    attributes: Iterable[str] | None,
    synthetic: bool,
) -> list[str]:
    """Write pieces under the standard names; files appear together when all rows are written. Return the names."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    from pyarrow import parquet  # noqa: PLC0415 - as above

    marks = {MARKS: json.dumps([SYNTHETIC] * synthetic)}
    writers: dict[int, Any] = {}
    taken: list[int] | None = None
    names: list[str] = []
    try:
        with appearing_together(folder, WRITING) as unfinished, ExitStack() as stack:
            for piece in pieces:
                if taken is None:
                    taken, names = _columns(piece.column_names, columns, attributes)
                rows = piece.select(taken).rename_columns(names)
                place = _places(rows, count)
                for number in np.unique(place).tolist():
                    own = rows.filter(pa.array(place == number)).replace_schema_metadata(marks)
                    if number not in writers:
                        file = unfinished(f"{called(number)}.parquet")
                        writers[number] = stack.enter_context(parquet.ParquetWriter(file, own.schema))
                    writers[number].write_table(own.cast(writers[number].schema))
    except (OSError, ValueError, pa.ArrowException) as problem:
        raise DataError(WRITING, [str(problem).splitlines()[0]]) from problem
    return names


def _columns(
    there: list[str], columns: list[str | None], attributes: Iterable[str] | None
) -> tuple[list[int], list[str]]:
    """Return which columns are written, as positions, and under which names."""
    after = renamed(pd.DataFrame([range(len(there))], columns=there), columns, attributes)
    needed = [column.name for column in (SITUATION, ALTERNATIVE, CHOSEN)]
    missing = [f"column {name!r} is missing; the file has {there}" for name in needed if name not in after]
    raise_all(missing, DataError, WRITING)
    return after.iloc[0].tolist(), [str(name) for name in after]


def _places(rows: pyarrow.Table, count: int) -> Any:
    """Return which partition each row belongs to, from 1 on: it follows from the label of the person."""
    person = SUBJECT.name if SUBJECT.name in rows.column_names else SITUATION.name
    codes, labels = pd.factorize(rows[person].to_pandas(), use_na_sentinel=False)
    texts = np.array([str(label).strip() for label in labels], dtype=object)
    return (hashes_of(texts) % np.uint64(count)).astype(np.int64)[codes] + 1
