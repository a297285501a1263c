"""A user's own file: text in, checked table out, with line numbers in every complaint."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from estimation.data.cells import TEXT
from estimation.data.rows import SHOWN
from estimation.data.source import Source
from estimation.data.table import Table
from estimation.errors import DataError
from estimation.games.game import Game
from estimation.names import CHEAP_TALK

STANDARD = frozenset(column.name for column in CHEAP_TALK)
MARKS_OF_NOTHING = ("", "NA", "NaN", "nan")


def read_table(
    path: str | Path,
    games: Mapping[str, Game],
    *,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
    subjects: Iterable[object] | None = None,
) -> Table:
    """Read a comma-separated file with the standard columns and return it as a checked table.

    Identifiers are kept as they are written: ``007`` stays ``007``. Problems name the line of the file.

    Parameters
    ----------
    path
        A UTF-8 file whose first line names the columns.
    games, name, source, synthetic, subjects
        As for `Table.from_frame`; the name defaults to the file's.

    Raises
    ------
    DataError
        If the file cannot be read, or listing everything that is wrong with the table.
    """
    frame, called = named_frame(path, name, "table")
    return Table.from_frame(frame, games, name=called, source=source, synthetic=synthetic, subjects=subjects)


def named_frame(data: str | Path | pd.DataFrame, name: str | None, default: str) -> tuple[pd.DataFrame, str]:
    """Return a frame, read if it is in a file, and its name: that of the file or `default`, if none is given."""
    if isinstance(data, pd.DataFrame):
        return data, default if name is None else name
    return read_frame(data), Path(data).stem if name is None else name


def read_frame(path: str | Path, *, as_text: bool = False) -> pd.DataFrame:
    """Read a comma-separated file as text, indexed by line; wholly numeric covariates become numbers, if wanted."""
    names, rows, lines = _parse(Path(path))
    frame = pd.DataFrame(rows, columns=names, index=pd.Index(lines, name="line", dtype="int64"), dtype=object)
    if as_text:
        return frame
    columns = [_typed(frame.iloc[:, place]) for place in range(len(names))]
    return pd.concat(columns, axis=1) if columns else frame


def _parse(path: Path) -> tuple[list[str], list[list[str]], list[int]]:
    heading = f"{path} cannot be read as a table:"
    rows, lines = [], []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            for row in reader:
                if any(cell.strip() for cell in row):
                    rows.append(row)
                    lines.append(reader.line_num)
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataError(heading, [str(problem)]) from problem
    if not rows:
        raise DataError(heading, ["the file is empty; its first line must name the columns"])
    names = [cell.strip() for cell in rows.pop(0)]
    ragged = [
        f"line {line} has {len(row)} cells" for row, line in zip(rows, lines[1:], strict=True) if len(row) != len(names)
    ]
    if ragged:
        count = f"{len(ragged)} lines do not have {len(names)} cells, one per column of the first line"
        raise DataError(heading, [f"{count}: {', '.join(ragged[:SHOWN])}; check quotes and separators"])
    return names, rows, lines[1:]


def _typed(cells: pd.Series) -> pd.Series:
    if cells.name in STANDARD:
        return cells
    text = cells.where(~cells.isin(MARKS_OF_NOTHING), None)
    try:
        return pd.to_numeric(text)
    except (ValueError, TypeError):
        return text.astype(TEXT)
