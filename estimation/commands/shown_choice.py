"""Fits of choices as a terminal shows them, and as plain data for programs."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from estimation.commands.shown import drawn, plain

if TYPE_CHECKING:
    import pandas as pd

    from estimation.choice.fitted import ChoiceFit
    from estimation.choice.quantity import Quantity
    from estimation.choice.substitution import Substitution
    from estimation.evaluation.diagnosis import Diagnosis
    from estimation.report.tables import HtmlTable

INTERVAL = {"median": "median", "low": "5 %", "high": "95 %"}


def choice_as_text(fit: ChoiceFit, diagnosis: Diagnosis, price: str | None) -> str:
    """Return a fit as a terminal shows it: diagnosis first, weights and their worth only if it passed."""
    from estimation.report.tables import diagnosis_table

    tables, notes = [diagnosis_table({"value": diagnosis}, fit.table.label)], []
    if diagnosis.ok:
        tables.append(weights_table(fit))
        if price is not None:
            worth = _worth(fit, price)
            tables.append(quantity_table(worth))
            notes = list(worth.notes)
    return "\n".join([drawn(tables), *notes, diagnosis.verdict])


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


def weights_table(fit: ChoiceFit) -> HtmlTable:
    """Return what the posterior says of everybody, one row per quantity."""
    kept = fit.summary[[not str(name).startswith("covariance[") for name in fit.summary.index]]
    return _table(f"What people value: {fit.label}", kept, "quantity")


def quantity_table(quantity: Quantity) -> HtmlTable:
    """Return a quantity with its interval."""
    head = str(quantity.table.index.name or "quantity")
    return _table(f"{quantity.name[0].upper()}{quantity.name[1:]}: {quantity.label}", quantity.table, head)


def substitution_table(shown: Substitution) -> HtmlTable:
    """Return where the buyers of a withdrawn alternative go: one row per model, shares in per cent."""
    from estimation.report.tables import HtmlTable

    models, names = list(shown.diversions), list(shown.table.loc[next(iter(shown.diversions))].index)
    rows = [(model, *(_per_cent(shown.table.loc[(model, name)]) for name in names)) for model in models]
    if shown.truth is not None:
        rows.append(("truth", *(f"{100 * shown.truth[name]:.0f}" for name in names)))
    head = ("model", *(f"to {name}, %" for name in names))
    caption = f"Where the buyers of {shown.removed} go if it is withdrawn: {shown.label}"
    return HtmlTable(caption, head, tuple(rows), tuple(range(1, len(head))))


def _per_cent(row: pd.Series) -> str:
    return f"{100 * row['median']:.0f} ({100 * row['low']:.0f} to {100 * row['high']:.0f})"


def _worth(fit: ChoiceFit, price: str) -> Quantity:
    from estimation.choice.value import UnstableRatioWarning, willingness_to_pay

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnstableRatioWarning)  # it stands in the notes of the quantity
        return willingness_to_pay(fit, price)


def _table(caption: str, frame: pd.DataFrame, first: str) -> HtmlTable:
    from estimation.report.tables import HtmlTable

    rows = tuple(
        (str(name), *(f"{row[column]:.3g}" for column in INTERVAL)) for name, row in frame.iterrows()
    )
    return HtmlTable(caption, (first, *INTERVAL.values()), rows, (1, 2, 3))
