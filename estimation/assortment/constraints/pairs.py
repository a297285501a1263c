"""Products that are pairs: (item, price) or (item, location)."""

from __future__ import annotations

from typing import Any

from estimation.assortment.catalogue import Catalogue, shorten


def parts(catalogue: Catalogue, given: Any, position: int) -> list[Any]:
    """(product,) the first or second part of each label, unless given as an attribute."""
    if given is not None:
        return catalogue.attribute(given)
    return [label[position] for label in catalogue.products.tolist()]


def part_problems(catalogue: Catalogue, given: Any, where: str) -> list[str]:
    """List labels that are no pairs, or an attribute that does not fit the products."""
    if given is not None:
        return catalogue.attribute_problems(given, where)
    single = [label for label in catalogue.products.tolist() if not (isinstance(label, tuple) and len(label) == 2)]
    return [f"{where}: {shorten(single)} is no pair; label products by pairs or give the parts"] if single else []


def repeat_problems(pairs: list[tuple[Any, Any]], where: str) -> list[str]:
    """List pairs that more than one product stands for."""
    repeated = [pair for pair, times in _count(pairs).items() if times > 1]
    return [f"{where}: more than one product for {shorten(repeated)}; keep one"] if repeated else []


def _count(pairs: list[tuple[Any, Any]]) -> dict[tuple[Any, Any], int]:
    counts: dict[tuple[Any, Any], int] = {}
    for pair in pairs:
        counts[pair] = counts.get(pair, 0) + 1
    return counts
