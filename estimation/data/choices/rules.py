"""Rules across the rows of a choice table. Each returns its problems in words; none raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.arrays import Indices
from estimation.data.cells import Cells
from estimation.data.rows import list_some, row_problem, row_word
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, WEIGHT, Column


def check_complete(cells: Mapping[str, Cells], standard: Iterable[str], outside: str | None) -> list[str]:
    """Say where attributes are empty, but for those of the outside option."""
    alternative = cells[ALTERNATIVE.name].content
    free = np.zeros(len(alternative), dtype=bool) if outside is None else np.asarray(alternative == outside)
    problems = []
    for name, found in cells.items():
        if name not in standard:
            column = Column(name, "attribute or covariate", "as given", "number")
            advice = "fill it in, or drop the row (the alternative then counts as not available)"
            problems += row_problem(column, "is empty", found.raw, found.missing & ~free, advice)
    if outside is not None and not free.any():
        there = ", ".join(map(repr, alternative.categories))
        problems.append(f"the outside option {outside!r} is none of the alternatives ({there}); correct its name")
    return problems


def check_duplicates(cells: Mapping[str, Cells]) -> list[str]:
    """Say which alternatives are there twice in one situation."""
    situation, alternative = _codes(cells, SITUATION), _codes(cells, ALTERNATIVE)
    key = situation * (alternative.max() + 2) + alternative
    known = (situation >= 0) & (alternative >= 0)
    twice = pd.Series(key).duplicated(keep=False).to_numpy() & known
    if not twice.any():
        return []
    index, word = cells[SITUATION.name].raw.index, row_word(cells[SITUATION.name].raw)
    texts = []
    for place in np.unique(key[twice]):
        rows = np.flatnonzero(twice & (key == place))
        where = ", ".join(str(index[row]) for row in rows[:6])
        first = rows[0]
        texts.append(
            f"alternative {_name(cells, ALTERNATIVE, alternative[first])!r} in situation "
            f"{_name(cells, SITUATION, situation[first])!r} ({word}s {where})"
        )
        if len(texts) > 20:
            break
    return [
        "columns ['situation', 'alternative']: an alternative is there more than once: "
        f"{list_some(texts, 'alternatives')}; keep one of them"
    ]


def check_sizes(cells: Mapping[str, Cells]) -> list[str]:
    """Say which situations offer one alternative only: they say nothing about what people value."""
    situation = _codes(cells, SITUATION)
    sizes = np.bincount(situation[situation >= 0], minlength=situation.max() + 1)
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
        "option with outside=, or drop the situation"
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
    first = _first(situation, found.content)
    differs = known & (first[situation] != found.content)
    return [
        *row_problem(WEIGHT, "must be positive", found.raw, known & (found.content <= 0), "drop the situation"),
        *row_problem(WEIGHT, "differs within a situation", found.raw, differs, "give each situation one weight"),
    ]


def _codes(cells: Mapping[str, Cells], column: Column) -> Indices:
    return np.asarray(cells[column.name].content.codes, dtype=np.int64)


def _name(cells: Mapping[str, Cells], column: Column, code: int) -> str:
    return str(cells[column.name].content.categories[code])


def _first(situation: Indices, values: NDArray[Any]) -> NDArray[Any]:
    """Return the value in the first row of each situation, (situation,)."""
    found = np.zeros(situation.max() + 2, dtype=values.dtype)
    found[situation[::-1]] = values[::-1]
    return found
