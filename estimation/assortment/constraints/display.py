"""Display locations: where each product stands changes how much it is noticed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from estimation.assortment.catalogue import Catalogue
from estimation.assortment.constraints.base import Constraint, Rows, count_rows
from estimation.assortment.constraints.pairs import grid, pairs_of, part_problems, repeat_problems
from estimation.assortment.oracles.assignment import Assignment


@dataclass(frozen=True, eq=False)
class Display(Constraint):
    """Put each item in at most one location and at most one item in each location.

    The products are (item, location) pairs, each with the weight that the item has there; the rows are the
    incidence matrix of a bipartite graph.

    Parameters
    ----------
    item, location
        (product,) parts of each product; None reads them from labels that are (item, location) pairs.
    fill
        True if every location must hold an item.
    """

    item: Any = None
    location: Any = None
    fill: bool = False

    def problems(self, catalogue: Catalogue) -> list[str]:
        """List products whose item or location is not known, and pairs that repeat."""
        problems = part_problems(catalogue, "Display", self.item, self.location)
        return problems or repeat_problems(pairs_of(catalogue, self.item, self.location), "Display")

    def rows(self, catalogue: Catalogue) -> Rows:
        """Give one row per item, then one per location."""
        items, locations, place = grid(pairs_of(catalogue, self.item, self.location))
        lines = [*place, *place.T]
        floor = [0] * len(items) + [int(self.fill)] * len(locations)
        word = "exactly" if self.fill else "at most"
        names = [f"at most one location for {item!r}" for item in items]
        names += [f"{word} one item in location {location!r}" for location in locations]
        return count_rows(catalogue, [line[line >= 0] for line in lines], floor, [1] * len(lines), names)

    def oracle(self, catalogue: Catalogue) -> Assignment:
        """Give the best assignment."""
        return Assignment(grid(pairs_of(catalogue, self.item, self.location))[2], fill=self.fill)
