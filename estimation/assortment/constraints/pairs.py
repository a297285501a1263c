"""Products that are pairs: (item, price) or (item, location)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

import numpy as np

from estimation.arrays import Indices
from estimation.assortment.catalogue import Catalogue, is_missing, shorten


def parts(catalogue: Catalogue, given: Any, position: int) -> list[Any]:
    """(product,) the first or second part of each label, unless given as an attribute."""
    if given is not None:
        return catalogue.attribute(given)
    return [label[position] for label in catalogue.products.tolist()]


def pairs_of(catalogue: Catalogue, first: Any, second: Any) -> list[tuple[Any, Any]]:
    """(product,) both parts."""
    return list(zip(parts(catalogue, first, 0), parts(catalogue, second, 1), strict=True))


def part_problems(catalogue: Catalogue, where: str, *parts: Any) -> list[str]:
    """List attributes that do not fit the products and, for each part that is not given, labels that are no pairs."""
    single = [label for label in catalogue.products.tolist() if not (isinstance(label, tuple) and len(label) == 2)]
    no_pair = [f"{where}: {shorten(single)} is no pair; label products by pairs or give the parts"] if single else []
    problems = [no_pair if part is None else catalogue.attribute_problems(part, where) for part in parts]
    found = list(chain.from_iterable(problems))
    return found or [problem for part in parts if part is not None for problem in _gaps(catalogue, part, where)]


def _gaps(catalogue: Catalogue, part: Any, where: str) -> list[str]:
    """List products without a part: nothing would bound them."""
    values = catalogue.attribute(part)
    empty = [label for label, value in zip(catalogue.products.tolist(), values, strict=True) if is_missing(value)]
    return [f"{where}: {shorten(empty)} without item, price or location; give each one"] if empty else []


def repeat_problems(pairs: list[tuple[Any, Any]], where: str) -> list[str]:
    """List pairs that more than one product stands for."""
    repeated = [pair for pair, times in Counter(pairs).items() if times > 1]
    return [f"{where}: more than one product for {shorten(repeated)}; keep one"] if repeated else []


def grid(
    pairs: list[tuple[Any, Any]], arrange: Callable[[Iterable[Any]], list[Any]] = list
) -> tuple[list[Any], list[Any], Indices]:
    """First parts, second parts as arranged, and (first, second) positions of the products, -1 for none."""
    firsts = list(dict.fromkeys(first for first, _ in pairs))
    seconds = arrange(dict.fromkeys(second for _, second in pairs))
    row, column = ({part: number for number, part in enumerate(parts)} for parts in (firsts, seconds))
    place = np.full((len(firsts), len(seconds)), -1, dtype=np.intp)
    for product, (first, second) in enumerate(pairs):
        place[row[first], column[second]] = product
    return firsts, seconds, place
