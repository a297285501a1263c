"""What columns of formulas compare, in words: ``brand[T.Belk]`` is the notation of formulas, not of readers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from estimation.text.table import TextTable

TREATMENT = "[T."
"""In the name of a column that tells one label from another one."""
TIMES = " × "
"""Between the factors of a column that is a product."""


@dataclass(frozen=True)
class Contrast:
    """A column of a formula that tells one label of a column of the data from another.

    Attributes
    ----------
    column, label, other
        The column of the data, the label, and the one that it is compared with.
    """

    column: str
    label: str
    other: str

    @property
    def in_words(self) -> str:
        """What tables call it."""
        return f"{self.column}: {self.label} (against {self.other})"


def contrasts_of(spec: Any) -> dict[str, Contrast]:
    """Return the contrasts of formulaic's specification by name, such as ``brand[T.Belk]``.

    Contrasts with more than one label, as sums and polynomials have them, are left out.
    """
    return {name: contrast for factor in spec.factor_contrasts for name, contrast in _of_factor(spec, factor)}


def words_of(spec: Any) -> dict[str, str]:
    """Return what tables call those columns of formulaic's specification that tell labels, by name."""
    told = {name: contrast.in_words for name, contrast in contrasts_of(spec).items()}
    for factor, state in spec.factor_contrasts.items():
        told |= {f"{factor}[{label}]": f"{_column(spec, factor)}: {label}" for label in state.levels}
    factors = [scoped.factors for term in spec.structure for scoped in term.scoped_terms if scoped.factors]
    products = (names for each in factors for names in product(*(_columns(spec, factor) for factor in each)))
    columns = set(map(str, spec.column_names))
    words = {":".join(names): TIMES.join(told.get(name, name) for name in names) for names in products}
    return {name: said for name, said in words.items() if name in columns and any(one in name for one in told)}


def in_words(text: str, words: Mapping[str, str]) -> str:
    """Return a text with columns of formulas as tables call them; of names within each other the longest counts."""
    if not words:
        return text
    names = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.sub(names, lambda found: words[found[0]], text)


def table_in_words(table: TextTable, words: Mapping[str, str]) -> TextTable:
    """Return a table for readers: columns of formulas in words, wherever they are named."""
    head, *rows = (tuple(in_words(cell, words) for cell in row) for row in (table.head, *table.rows))
    return replace(table, caption=in_words(table.caption, words), head=head, rows=tuple(rows))


def _of_factor(spec: Any, factor: Any) -> Iterator[tuple[str, Contrast]]:
    """Yield the names of a factor's columns with what they compare, if that is one label with another."""
    state = spec.factor_contrasts[factor]
    told = list(state.contrasts.get_coding_column_names(state.levels))
    others = [label for label in state.levels if label not in told]
    notation = state.contrasts.get_factor_format(state.levels)
    if TREATMENT in notation and len(others) == 1:
        for label in told:
            yield notation.format(name=factor, field=label), Contrast(_column(spec, factor), str(label), str(others[0]))


def _columns(spec: Any, scoped: Any) -> list[str]:
    """Return the names of a factor's columns within a product."""
    name = scoped.factor.expr
    state = {factor.expr: state for factor, state in spec.factor_contrasts.items()}.get(name)
    if state is None:
        return [name]
    labels = state.contrasts.get_coding_column_names(state.levels, reduced_rank=scoped.reduced)
    notation = state.contrasts.get_factor_format(state.levels, reduced_rank=scoped.reduced)
    return [notation.format(name=name, field=label) for label in labels]


def _column(spec: Any, factor: Any) -> str:
    """Return the column of the data that a factor reads; the factor if there are several."""
    read = spec.factor_variables[factor] & spec.required_variables
    return str(next(iter(read))) if len(read) == 1 else str(factor)
