"""What keeps terms of a utility from having values: empty cells, texts for numbers, levels that nobody was offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from estimation.arrays import Array, Mask
from estimation.data.cells.rows import list_some
from estimation.names import ALTERNATIVE, SITUATION

Levels = Mapping[str, tuple[str, ...]]
"""Columns of labels → the labels that the data have."""


def levels_of(columns: Iterable[str], frame: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the labels of those columns that hold labels."""
    held = {name: frame[name] for name in columns if name in frame}
    labels = {name: values for name, values in held.items() if not pd.api.types.is_numeric_dtype(values.dtype)}
    return {name: tuple(map(str, sorted(values.dropna().unique()))) for name, values in labels.items()}


def column_faults(columns: Iterable[str], levels: Levels, frame: pd.DataFrame, outside: str | None) -> list[str]:
    """Say what is wrong with the columns that terms read, in rows of alternatives that have a utility of their own."""
    problems = []
    for name in columns:
        if name not in frame:
            problems.append(f"column {name!r} is missing; there are {list(map(str, frame.columns))}")
            continue
        values = frame[name]
        empty = values.isna().to_numpy()
        if empty.any():
            advice = _how_to_fill(frame, empty, outside)
            problems.append(f"column {name!r} is empty in {_where(frame, empty)}; {advice}")
        if name in levels:
            texts = values.astype(object)
            strange = ~empty & ~texts.isin(levels[name]).to_numpy()
            unknown = sorted({str(text) for text in texts[strange]})
            problems += [
                f"{label!r} is no level of {name!r} in the data, which have {list(levels[name])}: nothing is known of "
                "it"
                for label in unknown
            ]
        elif not empty.any() and not pd.api.types.is_numeric_dtype(values.dtype):
            problems.append(f"column {name!r} must hold numbers, not {values[~empty].iloc[0]!r}")
    return problems


def value_faults(names: Iterable[str], matrix: Array, frame: pd.DataFrame) -> list[str]:
    """Say which terms have values that are not finite, and where; `matrix` is (row, coefficient)."""
    endless = ~np.isfinite(matrix)
    return [
        f"{name!r} is {matrix[rows, place][0]:g} in {_where(frame, rows)}; logarithms and ratios of zero are not "
        "finite: change the term (np.log1p, an indicator of zero), or the values"
        for place, (name, rows) in enumerate(zip(names, endless.T, strict=True))
        if rows.any()
    ]


def _where(frame: pd.DataFrame, rows: Mask) -> str:
    """Return how many rows these are, and the first of them."""
    found = frame[rows]
    labels = found[ALTERNATIVE.name].astype(str)
    where = [f"alternative {label!r}" for label in labels]
    if SITUATION.name in found:
        at = found[SITUATION.name].astype(str)
        where = [f"{text} of situation {place!r}" for text, place in zip(where, at, strict=True)]
    return f"{len(found):,} of {len(frame):,} rows ({list_some(where, 'rows')})"


def _how_to_fill(frame: pd.DataFrame, rows: Mask, outside: str | None) -> str:
    """Return advice: alternatives that never have a value are likely to mean that nothing was taken."""
    label = frame[ALTERNATIVE.name].astype(str)
    always = sorted(set(label[rows]) - set(label[~rows]))
    if outside is None and len(always) == 1 and not set(label[rows]) - set(always):
        return f"if {always[0]!r} means none of these, name it: outside={always[0]!r}"
    return "fill it in, or drop the rows (the alternatives then count as not available)"
