"""A user's own file: text in, checked table out, with line numbers in every complaint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.data.cells.cells import EMPTY, EXACT, MARKS_OF_NOTHING, TEXT
from estimation.data.cells.row_labels import with_row_labels
from estimation.data.cells.rows import SHOWN
from estimation.data.files.separated import COMMA, filled, headings_below, named, parsed, with_points
from estimation.data.files.workbook import is_workbook, workbook_rows
from estimation.data.tables.source import Source
from estimation.data.tables.table import Table
from estimation.errors import DataError, raise_all
from estimation.games.game import Game
from estimation.names import ALTERNATIVE, CHEAP_TALK, SITUATION, SUBJECT
from estimation.reading import read_text

LABELS = frozenset({*(column.name for column in CHEAP_TALK if column.kind == "label"), "product"})
LABELS |= {SITUATION.name, ALTERNATIVE.name}
"""Columns that stay as they are written: a person may be called NA, and 01 is not 1."""

STANDARD = LABELS | {column.name for column in CHEAP_TALK}
BINARY = {".dta": ("Stata", "pandas.read_stata"), ".sav": ("SPSS", "pandas.read_spss")}
"""Files of other programs that are not read here: what they are of, and what reads them."""
WHOLE = r"(0|[1-9]\d*)(\.0+)?"
"""A label that may as well be a number: spreadsheets write 1.0 where cells of a column are empty, but never 007."""


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

    Identifiers are kept as they are written: ``007`` stays ``007``. Problems name the line of the file. Semicolons or
    tabulators between columns and decimal commas are read where nothing else can be meant.

    Parameters
    ----------
    path
        A file whose first line names the columns, in UTF-8 or with a byte-order mark that says otherwise.
    games, name, source, synthetic, subjects
        As for `Table.from_frame`; the name defaults to the file's.

    Raises
    ------
    DataError
        If the file cannot be read, or listing everything that is wrong with the table.
    """
    frame, called = named_frame(path, name, "table")
    return Table.from_frame(frame, games, name=called, source=source, synthetic=synthetic, subjects=subjects)


def named_frame(
    data: str | Path | pd.DataFrame, name: str | None, default: str, labels: Iterable[str | None] = ()
) -> tuple[pd.DataFrame, str]:
    """Return a frame, read if it is in a file, and its name: that of the file or `default`, if none is given.

    A frame may have people, and what else is named in `labels`, in its index.

    Raises
    ------
    DataError
        If it is neither a frame nor a file that can be read, or the names of columns with `labels` are no texts.
    """
    labels = list(labels)
    strange = [f"columns are named by texts, not {name!r}" for name in labels if not isinstance(name, str | None)]
    raise_all(strange, DataError, "The table cannot be read:")
    if isinstance(data, pd.DataFrame):
        named = data.set_axis([str(column) for column in data.columns], axis=1)
        return with_row_labels(named, [*labels, SUBJECT.name]), default if name is None else name
    return read_frame(data, labels=labels), Path(data).stem if name is None else name


def read_frame(path: str | Path, *, as_text: bool = False, labels: Iterable[str | None] = ()) -> pd.DataFrame:
    """Read a comma-separated file as text, indexed by line; wholly numeric covariates become numbers, if wanted.

    Columns that hold `labels` become numbers only where they spell whole numbers, and all that differs as text differs
    as a number too: ``007`` and ``7`` are two people, whatever the column is called.
    """
    if not isinstance(path, str | PathLike):
        problem = f"give a frame of pandas, or the name of a file, not a {type(path).__name__}"
        raise DataError("The table cannot be read:", [f"{problem}; pandas.DataFrame makes a frame of columns or rows"])
    held = {column for column in labels if column is not None}
    names, rows, lines = _parse(Path(path), LABELS | held)
    frame = pd.DataFrame(rows, columns=names, index=pd.Index(lines, name="line", dtype="int64"), dtype=object)
    if as_text:
        return frame
    if len(set(names)) < len(names):
        return frame  # refused by whoever checks it
    return pd.DataFrame({name: _told_apart(frame[name]) if name in held else typed(frame[name]) for name in names})


def _parse(path: Path, labels: Set[str]) -> tuple[list[str], list[list[str]], list[int]]:
    heading = f"{path} cannot be read as a table:"
    if path.suffix.lower() in BINARY and path.is_file():
        program, reader = BINARY[path.suffix.lower()]
        advice = f'give choices as est.read_choices({reader}("{path.name}")); save other data as CSV'
        raise DataError(heading, [f"it is a file of {program}, which pandas reads: {advice}"])
    if is_workbook(path):
        separator, (rows, lines) = COMMA, filled(workbook_rows(path, heading))
    else:
        separator, rows, lines = parsed(read_text(path, DataError, heading), heading)
    if not rows:
        raise DataError(heading, ["the file is empty; its first line must name the columns"])
    names = [cell.strip() for cell in rows.pop(0)]
    headings = headings_below(rows)
    rows, lines = rows[headings:], [lines[0], *lines[1 + headings :]]
    ragged = [
        f"line {line} has {len(row)} cells" for row, line in zip(rows, lines[1:], strict=True) if len(row) != len(names)
    ]
    if ragged:
        count = f"{len(ragged)} lines do not have {len(names)} cells, one per column of the first line"
        raise DataError(heading, [f"{count}: {', '.join(ragged[:SHOWN])}; check quotes and separators"])
    names, rows = named(names, rows)
    if separator != COMMA:
        rows = with_points(names, rows, labels, separator, heading)
    return names, rows, lines[1:]


def typed(cells: pd.Series) -> pd.Series:
    """Return a covariate as numbers if every cell is empty or spells one that a number can hold; else as text."""
    if cells.name in STANDARD:
        return cells
    numbers = _numbers(cells.tolist())
    return _words(cells) if numbers is None else pd.Series(numbers, index=cells.index, name=cells.name)


def _words(cells: pd.Series) -> pd.Series:
    return cells.where(~cells.isin(MARKS_OF_NOTHING), None).astype(TEXT)


def _told_apart(cells: pd.Series) -> pd.Series:
    """Return labels as `typed` does, but as text where two of them spell one number, or one spells no whole number.

    Beside numbers ``none`` is a name, as anywhere else; what stands for nothing in files of R and pandas stays as it is
    written, so that whoever refuses it can show it.
    """
    bare = cells.str.strip()
    if (bare.str.lower().isin(EMPTY) & (bare != "")).any():
        return cells.where(bare != "", None).astype(TEXT)
    found = typed(cells)
    if not pd.api.types.is_numeric_dtype(found.dtype):
        return found
    written = cells.str.strip()[found.notna()]
    is_same = written.str.fullmatch(WHOLE).all() and found.nunique() == written.nunique()
    return found if is_same else _words(cells)


def _numbers(texts: list[str]) -> NDArray[Any] | None:
    """Return what texts spell, whole numbers if all of them are; nothing if one spells no number, or no exact one."""
    found: list[float] = []
    for text in texts:
        bare = text.strip()
        if bare.lower() in EMPTY:
            found.append(np.nan)
            continue
        try:
            found.append(int(bare) if bare.lstrip("+-").isdecimal() else float(bare.replace("_", "no")))
        except ValueError:
            return None
    whole = [number for number in found if isinstance(number, int)]
    most = max(map(abs, whole), default=0)
    if len(whole) == len(found):
        return np.array(whole, dtype=np.int64) if most < 2**63 else None
    return np.array(found, dtype=float) if most < EXACT else None
