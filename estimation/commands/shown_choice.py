"""Fits of choices as a terminal shows them, and as plain data for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from estimation.commands.shown import plain, tables_as_text

if TYPE_CHECKING:
    from estimation.choice.problem import ChoiceFit
    from estimation.choice.quantity import Quantity
    from estimation.evaluation.diagnosis import Diagnosis


def choice_as_text(fit: ChoiceFit, diagnosis: Diagnosis, price: str | None) -> str:
    """Return a fit as a terminal shows it: diagnosis first, weights and their worth only if it passed."""
    from estimation.report.choices.tables import choice_estimate_tables, quantity_table
    from estimation.report.theories.tables import diagnosis_table

    tables, notes = [diagnosis_table({"value": diagnosis}, fit.table.label)], []
    if diagnosis.ok:
        tables += choice_estimate_tables(fit)
        if price is not None:
            worth = _worth(fit, price)
            tables.append(quantity_table(worth))
            notes = list(worth.notes)
    return "\n".join([tables_as_text(tables), *notes, diagnosis.verdict])


def choice_as_data(fit: ChoiceFit, diagnosis: Diagnosis, price: str | None) -> dict[str, Any]:
    """Return a fit as plain data."""
    worth = {} if price is None else {"willingness_to_pay": plain(_worth(fit, price).table)}
    return {
        "model": fit.model.spec(),
        "data": fit.table.label,
        "synthetic": fit.table.synthetic,
        "fingerprint": fit.fingerprint,
        "ok": diagnosis.ok,
        "verdict": diagnosis.verdict,
        "diagnosis": plain(diagnosis.table),
        "estimates": plain(fit.summary),
        **worth,
    }


def _worth(fit: ChoiceFit, price: str) -> Quantity:
    from estimation.report.choices.figures import worth_of

    return worth_of(fit, price)
