"""The rows of the ledger as test cases: each with its data, computed once per table."""

from __future__ import annotations

from functools import cache

import pytest

import estimation as est
from estimation.replication.ledger import Line
from estimation.replication.listing import published_numbers
from estimation.replication.route import Cost
from estimation.replication.run import ROUTES
from estimation.replication.target import PublishedNumber, ReplicationVerdict


def rows_that_take(cost: Cost) -> list:
    """Return the attempted rows of tables of one cost, as parameters that ask for their data."""
    return [
        pytest.param(target, id=named(target), marks=[pytest.mark.data(route.data)] if route.data else [])
        for target in published_numbers()
        if target.recorded is not ReplicationVerdict.NOT_ATTEMPTED
        for route in [ROUTES[target.name]]
        if route.cost is cost
    ]


def named(target: PublishedNumber) -> str:
    return f"{target.name}: {target.question.quantity}, {target.question.group}"


def line_of(target: PublishedNumber) -> Line:
    """Return the row with our number."""
    return _lines(target.name)[target.question.quantity, target.question.group]


def assert_as_recorded(target: PublishedNumber) -> None:
    """Hold a row to the verdict that is on record."""
    line = line_of(target)
    assert line.verdict is target.recorded, (
        f"{named(target)}: printed {target.printed}, ours {line.found}, allowed {target.allowed:g}"
    )


@cache
def _lines(table: str) -> dict[tuple[str, str], Line]:
    lines = est.reproduce(table, progress=False).lines
    return {(line.target.question.quantity, line.target.question.group): line for line in lines}
