"""Results as a terminal shows them, and as plain data for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from estimation.choice.quantity import Quantity
    from estimation.evaluation.comparison import Comparison
    from estimation.evaluation.diagnosis import Diagnosis
    from estimation.fits.fit import AnyFit
    from estimation.text.table import TextTable

WIDTH = 110  # columns, where the terminal does not say


def plain(frame: pd.DataFrame) -> Any:
    """Return a frame as a list of plain records, its index included; missing numbers are null."""
    return json.loads(frame.reset_index().to_json(orient="records", double_precision=10))


def tables_as_text(tables: Iterable[TextTable], *, whole_names: bool = True) -> str:
    """Return tables as text, drawn for the width of the terminal; names of rows may wrap unless they are kept whole."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    terminal = Console()
    width = terminal.width if terminal.is_terminal else WIDTH
    console = Console(file=StringIO(), width=width, highlight=False, markup=False, emoji=False)
    for table in tables:
        grid = Table(title=table.caption, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
        for position, name in enumerate(table.head):
            grid.add_column(
                name,
                justify="right" if position in table.numeric else "left",
                overflow="fold",
                no_wrap=whole_names and position == 0,
            )
        for row in table.rows:
            grid.add_row(*row)
        console.print(grid)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines())


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
