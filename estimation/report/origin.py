"""Where the data of a report come from."""

from __future__ import annotations

from estimation.data import Source, describe
from estimation.data.stored import AnyTable
from estimation.errors import DatasetError


def origin(table: AnyTable) -> Source:
    """Return where the data come from, with the caveats that a fit's file does not repeat."""
    try:
        known = describe(table.name)
    except DatasetError:
        return table.source
    return known if known.title == table.source.title else table.source
