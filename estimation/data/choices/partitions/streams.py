"""Rows of a file piece by piece: Parquet as it is stored, text with columns of numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimation.data.cells.cells import MARKS_OF_NOTHING
from estimation.data.choices.table import ChoiceTable
from estimation.data.files.csv_file import LABELS
from estimation.data.files.separated import COMMA
from estimation.data.partitions.parquet import without_decimals
from estimation.data.partitions.writer import WRITING
from estimation.errors import DataError

if TYPE_CHECKING:
    import pyarrow

ROWS = 1 << 20
"""Rows of a stored file that are held at a time."""
INDEX = "__index_level_"
"""How pandas calls the index of a frame in a file: labels of rows, which say nothing about choices."""
BYTES = 1 << 24
"""Bytes of text that are read at a time."""


def batches(data: ChoiceTable | str | Path) -> Iterator[pyarrow.Table]:
    """Yield the rows of a table, of a Parquet file or folder, or of a comma-separated file, piece by piece.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    from pyarrow import dataset  # noqa: PLC0415 - as above

    try:
        if isinstance(data, ChoiceTable):
            yield pa.Table.from_pandas(_plain(data), preserve_index=False)
        elif Path(data).is_dir() or Path(data).suffix == ".parquet":
            stored = dataset.dataset(data, format="parquet")
            columns = [name for name in stored.schema.names if not name.startswith(INDEX)]
            for batch in stored.to_batches(columns=columns, batch_size=ROWS):
                yield without_decimals(pa.Table.from_batches([batch]))
        else:
            yield from _of_text(Path(data))
    except (OSError, ValueError, pa.ArrowException) as problem:
        raise DataError(WRITING, [f"{data} cannot be read: {str(problem).splitlines()[0]}"]) from problem


def _plain(table: ChoiceTable) -> Any:
    """Return rows with labels as text rather than codes, whose lists would differ between files."""
    frame = table.frame
    coded = [name for name in frame.columns if str(frame[name].dtype) == "category"]
    return frame.astype(dict.fromkeys(coded, "str"))


def _of_text(file: Path) -> Iterator[pyarrow.Table]:
    """Yield the rows of a comma-separated file; a column is one of numbers if all its cells are, in the whole file."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    numbers: set[str] | None = None
    for piece in _pieces(file):
        candidates = [name for name in piece.column_names if name not in LABELS] if numbers is None else numbers
        numbers = {name for name in candidates if _as_numbers(piece[name]) is not None}
    for piece in _pieces(file):
        columns = [_as_numbers(piece[name]) if name in (numbers or ()) else piece[name] for name in piece.column_names]
        yield pa.table(columns, names=piece.column_names)


def _pieces(file: Path) -> Iterator[pyarrow.Table]:
    """Yield the cells of a comma-separated file as text."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    from pyarrow import csv  # noqa: PLC0415 - as above

    with csv.open_csv(file, csv.ReadOptions(block_size=BYTES)) as reader:
        names = reader.schema.names
    if len(names) < 2:
        advice = f"one column only; cells are to be separated by {COMMA!r}, or write it as Parquet"
        raise DataError(WRITING, [f"{file}: {advice}"])
    as_text = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    with csv.open_csv(file, csv.ReadOptions(block_size=BYTES), convert_options=as_text) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def _as_numbers(cells: Any) -> Any:
    """Return cells as numbers, empty where nothing is written; None if one is neither."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    from pyarrow import compute  # noqa: PLC0415 - as above

    bare = compute.utf8_trim_whitespace(cells)
    blank = compute.is_in(bare, pa.array(MARKS_OF_NOTHING))
    try:
        return compute.if_else(blank, pa.scalar(None, pa.string()), bare).cast(pa.float64())
    except pa.ArrowInvalid:
        return None
