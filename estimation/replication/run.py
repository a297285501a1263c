"""List published numbers, and compute them anew."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache

from estimation.data import is_available
from estimation.errors import ReplicationError
from estimation.replication import (
    accusations,
    hierarchy_estimates,
    hierarchy_predictions,
    lies_and_corrections,
    mixed_choice,
    pooled_choice,
    worked_values,
)
from estimation.replication.ledger import Ledger, Line
from estimation.replication.listing import numbers_named
from estimation.replication.route import Route
from estimation.replication.target import Found, PublishedNumber

ROUTES: dict[str, Route] = {
    **pooled_choice.ROUTES,
    **mixed_choice.ROUTES,
    **lies_and_corrections.ROUTES,
    **accusations.ROUTES,
    **hierarchy_predictions.ROUTES,
    **hierarchy_estimates.ROUTES,
    **worked_values.ROUTES,
}
"""``folder/table`` → the way to its numbers, gathered from the file of each family."""


def published(name: str | None = None) -> Ledger:
    """Return the published numbers that the package is held against, without computing anything.

    Parameters
    ----------
    name
        A table, as ``"swissmetro/biogeme-01logit"``, or a folder with all of its tables; everything if left out.

    Raises
    ------
    ReplicationError
        If there is no such target.
    """
    ways = [(target, ROUTES.get(target.name)) for target in numbers_named(name)]
    lines = [Line(target, route.cost if route else None, missing=missing(route)) for target, route in ways]
    return Ledger(tuple(lines), computed=False)


def reproduce(name: str | None = None, *, progress: bool = True) -> Ledger:
    """Compute published numbers anew and set ours beside them.

    Nothing is downloaded: a number whose data are not on this machine says what to fetch.

    Parameters
    ----------
    name
        As in `published`; everything takes minutes.
    progress
        Whether to say on standard error what is being computed.

    Returns
    -------
    Ledger
        ``.table`` has one row per number, ``.ok`` says whether all that is on record as agreeing agrees.

    Raises
    ------
    ReplicationError
        If there is no such target.
    """
    chosen = numbers_named(name)
    names = list(dict.fromkeys(target.name for target in chosen))
    lines: list[Line] = []
    for number, table in enumerate(names, 1):
        targets = [target for target in chosen if target.name == table]
        route = ROUTES.get(table)
        if progress and route and any(target.attempted for target in targets) and not missing(route):
            sys.stderr.write(f"[{number}/{len(names)}] {table}: {route.how} ({route.cost}) …\n")
        lines += computed_lines(targets, route)
    return Ledger(tuple(lines), computed=True)


def computed_lines(targets: Sequence[PublishedNumber], route: Route | None) -> list[Line]:
    """Return the lines of one table.

    Raises
    ------
    ReplicationError
        If a number is on record as attempted and nothing computes it.
    """
    cost, absent = (route.cost if route else None), missing(route)
    return [
        Line(target, cost, None if absent else _found(target, route), absent)
        if target.attempted
        else Line(target, cost)
        for target in targets
    ]


def missing(route: Route | None) -> str:
    """Return the command that fetches what a table needs, or nothing if it is here or nothing is needed."""
    if route is None or not route.data or _is_here(route.data):
        return ""
    return f"estimation fetch {route.data}"


def _found(target: PublishedNumber, route: Route | None) -> Found:
    what = f"{target.question.quantity} ({target.question.group}) of {target.name}"
    if route is None:
        raise ReplicationError("A number cannot be computed:", [f"no route leads to {what}"])
    try:
        return route.answer(target.question)
    except KeyError as problem:
        raise ReplicationError("A number cannot be computed:", [f"{what}: no {problem}"]) from problem


@cache
def _is_here(data: str) -> bool:
    """Whether a data set is on this machine; checksums of its files are compared, once."""
    return is_available(data)
