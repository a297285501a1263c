"""The terms of a utility as a page computes them: products of columns, or what Python tabulated of a formula.

Each coefficient of a product is a product of the product's columns, or is looked up by the place of one slider. What
describes people is multiplied into their weights.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.utilities.design import UtilityDesign
from estimation.choice.utilities.terms import Term
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE
from estimation.report.interactive.levels import Column


@dataclass(frozen=True, eq=False)
class Coefficient:
    """One coefficient of the design.

    Attributes
    ----------
    only : (product,)
        By what the product of columns is multiplied: 0 for products that it is not about.
    factors
        Columns whose product it is, if it is no formula.
    table
        Product → its values at the places of `column`, or the one that it always has; None if it is no formula.
    column
        The column by whose place `table` is read.
    """

    only: tuple[float, ...]
    factors: tuple[str, ...] = ()
    table: tuple[tuple[float, ...], ...] | None = None
    column: str | None = None

    def data(self, place: dict[str, int]) -> dict[str, Any]:
        """As a page reads it; `place` says where each column stands."""
        if self.table is None:
            return {"only": list(self.only), "factors": [place[name] for name in self.factors], "table": None}
        table = [list(values) for values in self.table]
        return {"table": table, "column": None if self.column is None else place[self.column]}

    def reads(self, column: str, product: int) -> bool:
        """Return whether the column of a product changes it."""
        if self.table is not None:
            return column == self.column and len(set(self.table[product])) > 1
        return column in self.factors and self.only[product] != 0


def read_by(term: Term, personal: Collection[str]) -> list[str]:
    """Return the columns of products that a term reads."""
    return [name for name in term.columns if name not in personal and name != ALTERNATIVE.name]


def held_columns(design: UtilityDesign, personal: Collection[str]) -> list[str]:
    """Return columns that stay as they are: all but the first of each formula of several."""
    return [name for term in design.terms if term.formula is not None for name in read_by(term, personal)[1:]]


def coefficients_of(
    design: UtilityDesign, products: pd.DataFrame, columns: dict[str, Column], personal: Collection[str]
) -> list[Coefficient]:
    """Return the coefficients in the order of the design.

    Parameters
    ----------
    products
        One row per product, with whatever the design reads: those of somebody, but the outside option's.
    columns
        Those of products that terms read, by name.
    personal
        Columns that describe people.

    Raises
    ------
    ChoiceError
        If a formula mixes columns of products and people.
    """
    labels = [str(label) for label in products[ALTERNATIVE.name]]
    found = [Coefficient(_constant(name, design.outside, labels)) for name in design.constants]
    mixed = [term.text for term in design.terms if term.formula is not None and _is_mixed(term, personal)]
    problems = [f"{text!r} is a formula of products and people; give it as a product of columns" for text in mixed]
    raise_all(problems, ChoiceError, "The market cannot be moved:")
    for term in design.terms:
        found += _of_product(term, labels, personal) if term.formula is None else []
        found += list(_of_formula(design, term, products, columns, personal)) if term.formula is not None else []
    start = len(found)
    matrix = design.matrix(products)
    return found + [Coefficient(tuple(matrix[:, place].tolist())) for place in range(start, len(design.names))]


def personal_factors(design: UtilityDesign, people: pd.DataFrame, personal: Collection[str]) -> Array:
    """Return by what each person's weights are multiplied, (person, coefficient); `people` has a row per person."""
    factors = np.ones((len(people), len(design.names)))
    place = len(design.constants)
    for term in design.terms:
        own = [name for name in term.columns if name in personal]
        if own and term.formula is None:
            factors[:, place : place + len(term.names)] = people[own].to_numpy(dtype=float).prod(axis=1)[:, None]
        elif own:
            values = term.formula.get_model_matrix(people).to_numpy(dtype=float)[:, 1:]
            factors[:, place : place + len(term.names)] = np.repeat(values, max(1, len(term.labels)), axis=1)
        place += len(term.names)
    return factors


def _constant(name: str, outside: str | None, labels: list[str]) -> tuple[float, ...]:
    return tuple(-1.0 if name == outside else float(label == name) for label in labels)


def _is_mixed(term: Term, personal: Collection[str]) -> bool:
    return 0 < sum(name in personal for name in term.columns) < len(term.columns)


def _of_product(term: Term, labels: list[str], personal: Collection[str]) -> list[Coefficient]:
    factors = tuple(read_by(term, personal))
    return [
        Coefficient(tuple(float(only is None or label == only) for label in labels), factors)
        for only in (term.labels or (None,))
    ]


def _of_formula(
    design: UtilityDesign, term: Term, products: pd.DataFrame, columns: dict[str, Column], personal: Collection[str]
) -> Iterator[Coefficient]:
    """Yield the coefficients of a formula, as `UtilityDesign.matrix` has them at each place of the first column."""
    labels = [str(label) for label in products[ALTERNATIVE.name]]
    if term.columns and all(name in personal for name in term.columns):  # in people's weights already
        for _ in range(len(term.names) // max(1, len(term.labels))):
            yield from _of_product(term, labels, personal)
        return
    moved = next(iter(read_by(term, personal)), None)
    places = [None] if moved is None else columns[moved].places
    first = design.names.index(term.names[0])
    values = np.stack(
        [
            design.matrix(products if moved is None else products.assign(**{moved: place}))[
                :, first : first + len(term.names)
            ]
            for place in places
        ]
    )
    for at in range(len(term.names)):
        table = tuple(tuple(values[:, product, at].tolist()) for product in range(len(products)))
        yield Coefficient((), (), table, moved)
