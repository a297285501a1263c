"""The products on the table: labels, revenues and weights, checked once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices, Mask, in_reach, is_real
from estimation.assortment.given import as_numbers, is_label, label_problems, list_problems
from estimation.errors import AssortmentError, raise_all

SHOWN = 5
HEADING = "The products cannot be read:"
FARTHEST = 1e131
"""How much a number may be, or by how much less than one: beyond it products of two cannot be computed."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Products with their revenue and their weight relative to buying nothing."""

    products: pd.Index[Any]  # (product,) labels, unique
    revenue: Array  # (product,) money per unit sold
    weight: Array  # (product,) exp(utility) divided by the weight of buying nothing; dimensionless
    label: str = ""  # what the numbers are about, with SYNTHETIC where they are made up; shown in reports
    is_index: bool = False  # whether labels are the index of a table: 0, 1, … of a Series are labels then, not places

    def __len__(self) -> int:
        return len(self.revenue)

    @cached_property
    def proceeds(self) -> Array:
        """(product,) revenue times weight: what a product adds to the numerator of expected revenue."""
        return self.revenue * self.weight

    @cached_property
    def place(self) -> dict[Hashable, int]:
        """Position of each label."""
        return {label: place for place, label in enumerate(self.products.tolist())}

    def positions(self, labels: Iterable[Hashable]) -> Indices:
        """(label,) positions of labels that are known to exist."""
        return np.fromiter((self.place[label] for label in labels), np.intp)

    def unknown(self, labels: Iterable[Hashable], where: str) -> list[str]:
        """One problem that names the labels which are no product of this catalogue."""
        if problems := list_problems(labels, where, "the labels of products, as in ['pen', 'pad']"):
            return problems
        missing = [label for label in labels if not is_label(label) or label not in self.place]
        if not missing:
            return []
        return [f"{where}: {shorten(missing)} not in the catalogue; it has {shorten(self.products[:SHOWN])}, …"]

    def chosen(self, labels: Iterable[Hashable]) -> Mask:
        """(product,) the menu of labels that are known to exist."""
        chosen = np.zeros(len(self), dtype=np.bool_)
        chosen[self.positions(labels)] = True
        return chosen

    def names(self, chosen: Mask) -> tuple[Hashable, ...]:
        """Labels of the chosen products, in catalogue order."""
        return tuple(self.products[chosen].tolist())

    def attribute(self, given: object) -> list[Any]:
        """(product,) values of an attribute given by label (mapping, Series) or in catalogue order."""
        given = self._by_label(given)
        if isinstance(given, Mapping):
            return [given[label] for label in self.products.tolist()]
        return given.tolist() if isinstance(given, np.ndarray) else list(given)  # type: ignore[call-overload,no-any-return]

    def attribute_problems(self, given: object, where: str) -> list[str]:
        """List what keeps `attribute` from giving one value per product."""
        given = self._by_label(given)
        if isinstance(given, Mapping):
            missing = [label for label in self.products.tolist() if label not in given]
            return [f"{where}: no value for product {shorten(missing)}; give one for each"] * bool(missing)
        if problems := list_problems(given, where, "one value per product, by label or in order"):
            return problems
        length = len(given)  # type: ignore[arg-type]
        if length != len(self) or isinstance(given, pd.DataFrame):
            return [f"{where}: {length} values for {len(self)} products; give one per product, in order"]
        values = zip(self.products.tolist(), self.attribute(given), strict=True)
        strange = {label: value for label, value in values if not is_label(value)}
        return [f"{where}: product {label!r} has {value!r}; give it one value" for label, value in strange.items()]

    def in_order(self, table: object) -> object:
        """Return a frame of one column per product with the columns in catalogue order; anything else as it is."""
        if not isinstance(table, pd.DataFrame) or not self._has_columns(table):
            return table
        return table.set_axis(table.columns.to_flat_index(), axis=1).reindex(columns=self.products)

    def frame_problems(self, table: object, where: str) -> list[str]:
        """List what keeps the columns of a frame from being the products: labels that are others, or too few."""
        if not isinstance(table, pd.DataFrame) or self._has_columns(table):
            return []
        if table.columns.equals(pd.RangeIndex(len(self))):
            return []
        columns = f"{where}: the columns {shorten(table.columns)} are not the products {shorten(self.products)}"
        return [f"{columns}; name them by product, or give an array in catalogue order"]

    def _has_columns(self, table: pd.DataFrame) -> bool:
        columns = table.columns.to_flat_index()
        return bool(columns.is_unique and set(columns) == set(self.products))

    def _by_label(self, given: object) -> object:
        """Turn a Series into a mapping by label, or into a list if it has the default index."""
        if not isinstance(given, pd.Series):
            return given
        is_labelled = _is_labelled(given) or (self.is_index and _is_permuted(self.products))
        values = given.tolist()
        return dict(zip(given.index.tolist(), values, strict=True)) if is_labelled else values


def is_missing(value: object) -> bool:
    """Whether a value of an attribute is none: None, NaN, or what pandas has for gaps."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value))


def shorten(labels: Sequence[Any] | pd.Index[Any]) -> str:
    """Write the first few labels, and how many more there are."""
    shown = ", ".join(repr(label) for label in list(labels)[:SHOWN])
    return shown if len(labels) <= SHOWN else f"{shown} and {len(labels) - SHOWN} more"


def make_catalogue(
    revenue: object, weight: object, outside_weight: object, products: object, label: str = ""
) -> Catalogue:
    """Check what the user gave, all at once, and freeze it.

    Raises
    ------
    AssortmentError
        Lengths differ, labels repeat, or a number is not finite or not positive; every problem is listed.
    """
    labels = _labels(products, revenue, weight)
    is_index = products is None or isinstance(products, pd.Index)
    if is_index and labels is not None and _is_permuted(labels):
        revenue, weight = _by_number(revenue, labels), _by_number(weight, labels)
    columns = {"revenue": _column(revenue, labels), "weight": _column(weight, labels)}
    outside = float(outside_weight) if is_real(outside_weight) and outside_weight > 0 else np.nan
    problems = _shape_problems(columns, labels)
    if not problems:
        labels = pd.RangeIndex(len(columns["revenue"])) if labels is None else labels
        problems = _value_problems(columns, labels, 1.0 if np.isnan(outside) else outside)
    if np.isnan(outside):
        problems.append(
            f"outside_weight is {in_reach(outside_weight)!r}; it is exp(utility) of buying nothing and must be > 0"
        )
    raise_all(problems, AssortmentError, HEADING)
    assert labels is not None
    return Catalogue(labels, _frozen(columns["revenue"]), _frozen(columns["weight"] / outside), label, is_index)


def _is_labelled(series: pd.Series) -> bool:
    """Whether the index says which product is meant; the default 0, 1, … does not, and order decides."""
    return not series.index.equals(pd.RangeIndex(len(series)))


def _is_permuted(labels: pd.Index[Any]) -> bool:
    """Whether labels are 0, 1, … in some order: those of a table that was sorted, which keeps its index."""
    return bool(labels.is_unique and set(labels) == set(range(len(labels))))


def _labels(products: object, *columns: object) -> pd.Index[Any] | None:
    if products is None:
        known = [names for column in columns if (names := _names(column)) is not None]
        return pd.Index(known[0].to_flat_index()) if known else None
    if isinstance(products, pd.Index):
        return products.to_flat_index()
    raise_all(label_problems(products), AssortmentError, HEADING)
    return pd.Index(list(products), tupleize_cols=False)  # type: ignore[call-overload]


def _names(given: object) -> pd.Index[Any] | None:
    """Return the labels that a column brings along: the keys of a mapping, and an index that is not the default one."""
    if isinstance(given, Mapping):
        keys: pd.Index[Any] = pd.Index(list(given), tupleize_cols=False)
        return keys
    return pd.Index(given.index) if isinstance(given, pd.Series) and _is_labelled(given) else None


def _by_number(given: object, labels: pd.Index[Any]) -> object:
    """Return a Series with the default index in the order of labels that are 0, 1, … themselves."""
    return given.reindex(labels) if isinstance(given, pd.Series) and len(given) == len(labels) else given


def _column(given: object, labels: pd.Index[Any] | None) -> Array:
    """Values in the order of the labels; numbers that cannot be read become NaN and are reported as such."""
    names = _names(given)
    if isinstance(given, Mapping):
        given = pd.Series(list(given.values()))
    if isinstance(given, pd.Series):
        given = given if names is None else given.set_axis(names.to_flat_index())
        is_aligned = names is None or labels is None or given.index.equals(labels)
        if not is_aligned and given.index.is_unique and labels is not None and labels.is_unique:
            given = given.reindex(labels)
        given = given.to_numpy()
    values = as_numbers(given)
    return np.array(np.nan) if values is None else values


def _shape_problems(columns: Mapping[str, Array], labels: pd.Index[Any] | None) -> list[str]:
    shapes = {name: column.shape for name, column in columns.items()}
    problems = [
        f"{name} has shape {shape}; give one number per product" for name, shape in shapes.items() if len(shape) != 1
    ]
    if problems:
        return problems
    lengths = {name: shape[0] for name, shape in shapes.items()} | ({} if labels is None else {"products": len(labels)})
    if len(set(lengths.values())) > 1:
        counts = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        problems.append(f"lengths differ: {counts}; give one value per product")
    if labels is not None and not labels.is_unique:
        problems.append(f"products repeat: {shorten(labels[labels.duplicated()].unique())}; labels must be unique")
    return problems


def _value_problems(columns: Mapping[str, Array], labels: pd.Index[Any], outside: float) -> list[str]:
    revenue, weight = columns["revenue"], columns["weight"]
    known = np.isfinite(revenue), np.isfinite(weight) & (weight > 0)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        near = (revenue == 0) | _is_near(revenue), _is_near(weight / outside)
    limits = f"must lie between 1/{FARTHEST:g} and {FARTHEST:g}; choose another unit"
    rules = (
        ("revenue", known[0], "revenue must be a finite number"),
        ("weight", known[1], "weight is exp(utility) and must be finite and > 0"),
        ("revenue", near[0] | ~known[0], f"its size {limits}"),
        ("weight", near[1] | ~known[1], f"its ratio to that of buying nothing {limits}"),
    )
    problems = []
    for name, good, rule in rules:
        bad = np.flatnonzero(~good)
        problems += [f"product {labels[row]!r}: {name} is {columns[name][row]}; {rule}" for row in bad[:SHOWN]]
        if len(bad) > SHOWN:
            problems.append(f"{name}: {len(bad) - SHOWN} more products like these")
    return problems


def _is_near(values: Array) -> Mask:
    return (np.abs(values) <= FARTHEST) & (np.abs(values) >= 1 / FARTHEST)


def _frozen(values: Array) -> Array:
    values.setflags(write=False)
    return values
