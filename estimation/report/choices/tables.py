"""Models of choice, their estimates and what follows from them as tables of text."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.quantity import Quantity
from estimation.choice.quantities.substitution import Substitution
from estimation.text.contrasts import table_in_words
from estimation.text.digits import number
from estimation.text.table import TextTable


def choice_model_table(fit: ChoiceFit, name: str = "") -> TextTable:
    """Return the parameters of a model: meaning, unit, prior and its reason; `name`: of the fit beside others."""
    head = ("parameter", "meaning", "unit", "prior", "why")
    caption = f"Parameters of {name or f'the {fit.problem.title}'}"
    return table_in_words(TextTable(caption, head, tuple(fit.problem.parameter_rows())), fit.model.words(fit.table))


def choice_estimate_tables(fit: ChoiceFit, name: str = "") -> list[TextTable]:
    """Return what the posterior says of everybody, digits as the Monte-Carlo error allows; `name` as above."""
    found = fit.problem.estimates(fit.tree["posterior"].dataset, f"{name or fit.problem.title} on {fit.table.label}")
    return [table_in_words(table, fit.model.words(fit.table)) for table in found]


def quantity_table(quantity: Quantity) -> TextTable:
    """Return a quantity with one dimension: median and 90 % interval."""
    head = (str(quantity.table.index.name or "quantity"), f"median ({quantity.unit})", "90 % interval")
    rows = []
    for name, row in quantity.table.iterrows():
        low, middle, high = (number(row[level]) for level in ("low", "median", "high"))
        rows.append((str(name), middle, f"{low} to {high}"))
    name = quantity.name[0].upper() + quantity.name[1:]
    return table_in_words(TextTable(f"{name}: {quantity.label}", head, tuple(rows), (1, 2)), quantity.called)


def substitution_table(shown: Substitution) -> TextTable:
    """Return where the buyers of a withdrawn alternative go: one row per model, shares in per cent."""
    table, truth = shown.table, shown.truth
    names = list(table.loc[next(iter(shown.diversions))].index)
    rows = [(model, *(_per_cent(table.loc[(model, name)]) for name in names)) for model in shown.diversions]
    if truth is not None:
        rows.append(("truth", *(f"{100 * truth[name]:.0f}" for name in names)))
    head = ("model", *(f"to {name}, %" for name in names))
    caption = f"Where the buyers of {shown.removed} go if it is withdrawn: {shown.label}"
    return TextTable(caption, head, tuple(rows), tuple(range(1, len(head))))


def _per_cent(row: pd.Series | Mapping[str, float]) -> str:
    return f"{100 * row['median']:.0f} ({100 * row['low']:.0f} to {100 * row['high']:.0f})"
