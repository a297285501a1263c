"""Caps and minima per category; several nested (laminar) or crossing families may be stacked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from estimation.assortment.catalogue import Catalogue, is_missing, shorten
from estimation.assortment.constraints.base import Constraint, Rows, bounds_in_words, count_rows, whole_number_problems


@dataclass(frozen=True, eq=False)
class PerCategory(Constraint):
    """Bound the number of products of each category.

    Categories within categories (or beside each other) are laminar and solved by a greedy pass; two crossing
    families, such as category caps and brand caps, remain totally unimodular and are solved by linear
    programming.

    Parameters
    ----------
    category
        (product,) category of each product: mapping or Series by label, or a sequence in catalogue order. A
        product without a category (None, NaN) belongs to none.
    at_most
        Cap: one number for every category, or a mapping from category to number. None: no cap.
    at_least
        Minimum, in the same form.
    """

    category: Any
    at_most: int | Mapping[Hashable, int] | None = None
    at_least: int | Mapping[Hashable, int] | None = None

    def problems(self, catalogue: Catalogue) -> list[str]:
        """List products without category, unknown categories and bounds that are no counts."""
        problems = catalogue.attribute_problems(self.category, "PerCategory")
        if problems:
            return problems
        known = {value for value in catalogue.attribute(self.category) if not is_missing(value)}
        for name, bound in (("at_most", self.at_most), ("at_least", self.at_least)):
            given = bound if isinstance(bound, Mapping) else {} if bound is None else {"every category": bound}
            for key, count in given.items():
                problems += whole_number_problems(count, f"PerCategory {name} of {key!r}")
            strangers = [key for key in bound if key not in known] if isinstance(bound, Mapping) else []
            if strangers:
                problems.append(f"PerCategory {name}: no product has category {shorten(strangers)}")
        return problems

    def rows(self, catalogue: Catalogue) -> Rows:
        """Give one row per bounded category."""
        values = catalogue.attribute(self.category)
        members: dict[Hashable, list[int]] = {}
        for place, value in enumerate(values):
            if not is_missing(value):
                members.setdefault(value, []).append(place)
        bounds = {key: self._bounds(key) for key in members if self._bounds(key) != (0, None)}
        return count_rows(
            catalogue,
            [np.array(members[key]) for key in bounds],
            [low for low, _ in bounds.values()],
            [np.inf if high is None else high for _, high in bounds.values()],
            [
                f"{bounds_in_words(low, high)} of the {len(members[key])} products in category {key!r}"
                for key, (low, high) in bounds.items()
            ],
        )

    def _bounds(self, key: Hashable) -> tuple[int, int | None]:
        low = self.at_least.get(key) if isinstance(self.at_least, Mapping) else self.at_least
        high = self.at_most.get(key) if isinstance(self.at_most, Mapping) else self.at_most
        return low or 0, high
