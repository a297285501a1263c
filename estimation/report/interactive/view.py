"""What a view that moves consists of, before it is a page or a widget: plain data, and tables that say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from estimation.text.table import TextTable

LEVER, MARKET, PEOPLE = "lever", "market", "people"
"""The kinds of views: each has a script of its name."""
HEADINGS = {LEVER: "Move the lever", MARKET: "Change the market", PEOPLE: "Look at one person"}


@dataclass(frozen=True, eq=False)
class View:
    """A view that moves.

    Attributes
    ----------
    kind
        Which script shows it: `LEVER`, `MARKET` or `PEOPLE`.
    title, label
        What it shows, and of which data, with SYNTHETIC where they are made up.
    data
        What the script reads; JSON can hold it.
    tables
        The same as tables, for readers without scripts.
    notes
        What one must know to read it: what was left out, and what that changes.
    warnings
        Why its numbers are not to be used: what stands before everything else.
    """

    kind: str
    title: str
    label: str
    data: Mapping[str, Any]
    tables: tuple[TextTable, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What to do with it, over the view inside a report."""
        return HEADINGS[self.kind]

    @property
    def synthetic(self) -> bool:
        """Whether data are made up."""
        return "SYNTHETIC" in self.label
