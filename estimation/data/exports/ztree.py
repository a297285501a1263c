"""z-Tree's table files: tabulators, several tables, and the names of the columns anew in each period."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd

from estimation.errors import DataError
from estimation.reading import read_text

FIRST = re.compile(r"\d{6}_\d{4}\t\d+\t\w+\t\S")
SESSION, TREATMENT = "session", "treatment"
"""What the first two columns are called here: z-Tree gives them no names."""
ENDS = re.compile(r"\r\n|\r|\n")
"""Of lines. Other signs that end a line for Python stand in what people wrote."""


def looks_like_ztree(text: str) -> bool:
    """Return whether a text begins as z-Tree's table files do: date and time, treatment, table."""
    return FIRST.match(text) is not None


def read_tables(path: Path, table: str, heading: str) -> pd.DataFrame:
    """Return the rows of one table, all text, indexed by line: session, treatment, and the table's own columns.

    Raises
    ------
    DataError
        If the file does not hold the table, a row has more cells than there are names or too few to be one, the last
        row is cut off, or a column is named twice.
    """
    rows, lines, tables, names = [], [], set(), {}
    problems, cut = [], 0
    for number, line in enumerate(ENDS.split(read_text(path, DataError, heading)), start=1):
        cells = [_cell(text) for text in line.split("\t")]
        if not any(cells):
            continue
        if len(cells) < 4:
            problems.append(f"line {number} has {len(cells)} cells; a row has date, treatment, table and more")
            continue
        session, treatment, called, *rest = cells
        tables.add(called)
        if called != table:
            continue
        if rest[0] == "Period":
            names[session, treatment] = rest
            twice = [name for name, count in Counter(filter(None, rest)).items() if count > 1]
            problems += [f"line {number} names column {name!r} twice" for name in twice]
        elif (session, treatment) not in names or len(rest) > len(names[session, treatment]):
            problems.append(f"line {number} has {len(rest)} cells, which its names do not explain")
        else:
            held = dict(zip(names[session, treatment], rest, strict=False))
            rows.append({SESSION: session, TREATMENT: treatment} | held)
            lines.append(number)
            cut = len(names[session, treatment]) - len(rest)
    if cut:
        problems.append(f"line {lines[-1]}, the last of the table, lacks {cut} cells: the file breaks off there")
    if problems:
        raise DataError(heading, problems)
    if not rows:
        raise DataError(heading, [f"it holds no table {table!r} of z-Tree; it has {sorted(tables)}"])
    return pd.DataFrame(rows, index=pd.Index(lines, name="line"), dtype=object)


def _cell(text: str) -> str:
    """Return what a cell holds: a dash alone stands for a variable without a value."""
    bare = text.strip().strip('"')
    return "" if bare == "-" else bare
