"""Rules across the rows of a choice table. Each returns its problems in words; none raises."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import numpy as np
import pandas as pd

from estimation.arrays import Indices
from estimation.data.cells.cells import Cells
from estimation.data.cells.rows import list_some, row_problem, row_word
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, STAGE, WEIGHT, WORST, Column

MOST = 21
"""Repeated alternatives that are looked up: more than are shown, and not all of a large table that is wholly wrong."""


def check_outside(cells: Mapping[str, Cells], outside: str | None) -> list[str]:
    """Say whether the outside option is none of the alternatives."""
    alternative = cells[ALTERNATIVE.name].content
    if outside is None or np.any(alternative == outside):
        return []
    there = ", ".join(map(repr, alternative.categories))
    return [f"the outside option {outside!r} is none of the alternatives ({there}); correct its name"]


def check_duplicates(cells: Mapping[str, Cells]) -> list[str]:
    """Say which alternatives are there twice in one situation."""
    situation, alternative = _codes(cells, SITUATION), _codes(cells, ALTERNATIVE)
    key = situation * (alternative.max() + 2) + alternative
    known = (situation >= 0) & (alternative >= 0)
    twice = pd.Series(key).duplicated(keep=False).to_numpy() & known
    if not twice.any():
        return []
    raw, names = cells[SITUATION.name].raw, [SITUATION.name, ALTERNATIVE.name]
    repeated = pd.DataFrame({name: cells[name].content[twice] for name in names}, index=raw.index[twice])
    texts = [
        f"alternative {taken!r} in situation {place!r} ({row_word(raw)}s {', '.join(map(str, rows.index[:6]))})"
        for (place, taken), rows in islice(repeated.groupby(names, observed=True), MOST)
    ]
    return [
        f"columns {names}: an alternative is there more than once: {list_some(texts, 'alternatives')}; keep one of them"
    ]


def check_sizes(cells: Mapping[str, Cells]) -> list[str]:
    """Say which situations offer one alternative only: they say nothing about what people value."""
    situation = _codes(cells, SITUATION)
    sizes = np.append(np.bincount(situation[situation >= 0]), 0)  # what cannot be read has code -1
    single = (situation >= 0) & (sizes[situation] == 1)
    what = "offers one alternative only, so that nothing was chosen"
    advice = "drop the situation, or add the alternatives that were also available (an outside option, perhaps)"
    return row_problem(SITUATION, what, cells[SITUATION.name].raw, single, advice)


def check_choices(cells: Mapping[str, Cells]) -> list[str]:
    """Say which situations have no choice or more than one."""
    if cells[CHOSEN.name].bad.any() or cells[CHOSEN.name].missing.any():
        return []
    situation, chosen = _codes(cells, SITUATION), cells[CHOSEN.name].content.astype(np.int64)
    known = situation >= 0
    if not known.any():
        return []
    count = np.bincount(situation[known], weights=chosen[known], minlength=situation.max() + 1)
    first = ~pd.Series(situation).duplicated().to_numpy() & known
    none, several = first & (count[situation] == 0), known & (count[situation] > 1) & (chosen == 1)
    raw = cells[SITUATION.name].raw
    advice_none = (
        "mark the alternative that was taken (if it is missing, it was not available: add its row), name the outside "
        "option with outside= (where that is done, mark its row), or drop the situation"
    )
    return [
        *row_problem(SITUATION, "has no choice", raw, none, advice_none),
        *row_problem(SITUATION, "has more than one choice", raw, several, "mark one, or split the situation"),
    ]


def check_weights(cells: Mapping[str, Cells]) -> list[str]:
    """Say which weights are not positive, or differ within a situation."""
    if WEIGHT.name not in cells:
        return []
    found, situation = cells[WEIGHT.name], _codes(cells, SITUATION)
    known = np.isfinite(found.content) & (situation >= 0)
    first = pd.Series(found.content).groupby(situation).transform("first").to_numpy()
    differs = known & (first != found.content)
    return [
        *row_problem(WEIGHT, "must be positive", found.raw, known & (found.content <= 0), "drop the situation"),
        *row_problem(WEIGHT, "differs within a situation", found.raw, differs, "give each situation one weight"),
    ]


def check_stages(cells: Mapping[str, Cells]) -> list[str]:
    """Say which stages are neither 1, 2, 3, … nor -1, or differ within a situation."""
    if STAGE.name not in cells:
        return []
    found, situation = cells[STAGE.name], _codes(cells, SITUATION)
    known = np.isfinite(found.content) & (situation >= 0)
    first = pd.Series(found.content).groupby(situation).transform("first").to_numpy()
    strange = known & (found.content != WORST) & ((found.content < 1) | (found.content % 1 != 0))
    what, advice = "must be 1, 2, 3, … or -1", "read tasks with read_best_worst or read_ranks"
    return [
        *row_problem(STAGE, what, found.raw, strange, advice),
        *row_problem(STAGE, "differs within a situation", found.raw, known & (first != found.content), advice),
    ]


def _codes(cells: Mapping[str, Cells], column: Column) -> Indices:
    return np.asarray(cells[column.name].content.codes, dtype=np.int64)
