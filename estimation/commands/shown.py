"""Results as a terminal shows them, and as plain data for programs."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from estimation.commands.output import screen_width

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table as Grid

    from estimation.choice.quantities.quantity import Quantity
    from estimation.evaluation.comparison.comparison import Comparison
    from estimation.evaluation.diagnosis import Diagnosis
    from estimation.fits.fit import AnyFit
    from estimation.text.table import TextTable

WIDTH = 110  # columns, where there is no screen
APART, MARGIN = 3, 1  # columns between cells, and what is left of them at the ends of a row


def plain(frame: pd.DataFrame) -> Any:
    """Return a frame as a list of plain records, its index included; missing numbers are null."""
    return json.loads(frame.reset_index().to_json(orient="records", double_precision=10))


def tables_as_text(tables: Iterable[TextTable], *, whole_names: bool = True) -> str:
    """Return tables as text, drawn for the width of the screen; names of rows may wrap unless they are kept whole.

    No word is broken: columns for which there is no room go on below, under the names of the rows. Names that
    would take more than half of the screen wrap all the same, for numbers have to stand beside them.
    """
    from rich.console import Console

    width = screen_width(sys.stdout) or WIDTH
    console = Console(file=StringIO(), width=width, highlight=False, markup=False, emoji=False)
    for table in tables:
        console.print(
            textwrap.fill(table.caption, width, break_long_words=False, break_on_hyphens=False), soft_wrap=True
        )
        whole = whole_names and _least(table, 0, whole=True) <= width // 2
        for part in _that_fit(table, width, whole):
            console.print(_drawn(part, width, whole))
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines())


def _drawn(table: TextTable, width: int, whole_names: bool) -> Grid:
    """Return a table as rich draws it, in columns of our widths: its own go below what a column needs."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    grid = Table(box=SIMPLE_HEAD)
    for place, (name, wide) in enumerate(zip(table.head, _widths(table, width, whole_names), strict=True)):
        side: Literal["left", "right"] = "right" if place in table.numeric else "left"
        grid.add_column(name, justify=side, overflow="fold", width=wide)
    for row in table.rows:
        grid.add_row(*row)
    return grid


def _least(table: TextTable, column: int, *, whole: bool) -> int:
    """Return how wide a column has to be: as its longest word, or as its longest cell if these are kept whole.

    Numbers are always whole, since half an interval says nothing.
    """
    head, cells = table.head[column], [row[column] for row in table.rows]
    split = [head] if whole else head.split()
    pieces = split + (cells if whole or column in table.numeric else [word for cell in cells for word in cell.split()])
    return max((len(piece) for piece in pieces), default=1)


def _widths(table: TextTable, width: int, whole_names: bool) -> list[int]:
    """Return the width of each column: what it needs, and of the room that is left as much as it can use."""
    places = range(len(table.head))
    widths = [_least(table, place, whole=whole_names and place == 0) for place in places]
    wanted = [_least(table, place, whole=True) for place in places]
    room = width - MARGIN - sum(widths) - APART * len(widths)
    while room > 0 and (short := [place for place in places if widths[place] < wanted[place]]):
        for place in short[:room]:
            widths[place] += 1
        room -= len(short[:room])
    return widths


def _that_fit(table: TextTable, width: int, whole_names: bool) -> Iterator[TextTable]:
    """Return a table in parts that fit on the screen, each with the names of the rows."""
    needs = [_least(table, place, whole=whole_names and place == 0) + APART for place in range(len(table.head))]
    part, room = [0], width - needs[0] - MARGIN
    parts = [part]
    for place, need in enumerate(needs[1:], 1):
        if need > room and len(part) > 1:
            part, room = [0], width - needs[0] - MARGIN
            parts.append(part)
        part.append(place)
        room -= need
    for kept in parts:
        yield replace(
            table,
            head=tuple(table.head[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in table.rows),
            numeric=tuple(new for new, place in enumerate(kept) if place in table.numeric),
            marked=(),
        )


def fit_as_text(
    fit: AnyFit, diagnosis: Diagnosis, estimates: Callable[[Any], list[TextTable]], worth: Quantity | None = None
) -> str:
    """Return a fit as a terminal shows it: diagnosis first; estimates, and what they are worth, only if it passed."""
    from estimation.report.choices.tables import quantity_table
    from estimation.report.theories.tables import diagnosis_table

    tables, notes = [diagnosis_table({"value": diagnosis}, fit.table.label)], []
    if diagnosis.ok:
        tables += estimates(fit)
    if diagnosis.ok and worth is not None:
        tables.append(quantity_table(worth))
        notes = list(worth.notes)
    return "\n".join([tables_as_text(tables), *notes, diagnosis.verdict])


def fit_as_data(fit: AnyFit, diagnosis: Diagnosis, kind: str = "theory") -> dict[str, Any]:
    """Return a fit as plain data; `kind` says what was fitted."""
    return {
        kind: fit.model.spec(),
        "data": fit.table.label,
        "synthetic": fit.table.synthetic,
        "fingerprint": fit.fingerprint,
        "ok": diagnosis.ok,
        "verdict": diagnosis.verdict,
        "diagnosis": plain(diagnosis.table),
        "estimates": plain(fit.summary),
    }


def comparison_as_text(study: Comparison) -> str:
    """Return a comparison as a terminal shows it: table, checks of the fits, verdict."""
    from estimation.report.theories.tables import comparison_table, diagnosis_table

    in_order = {str(name): study.diagnoses[str(name)] for name in study.table.index}
    tables = [comparison_table(study, brief=True), diagnosis_table(in_order, study.label, brief=True)]
    return "\n".join([tables_as_text(tables), study.verdict, *study.reservations])


def comparison_as_data(study: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data."""
    return {
        "data": study.label,
        "unit": "subject",
        "verdict": study.verdict,
        "reservations": study.reservations,
        "table": plain(study.table),
        "diagnoses": {name: {"ok": found.ok, "verdict": found.verdict} for name, found in study.diagnoses.items()},
    }
