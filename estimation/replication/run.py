"""List published numbers, and compute them anew."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache

from estimation.data import is_available
from estimation.errors import ReplicationError
from estimation.replication.ledger import Ledger, Line
from estimation.replication.listing import numbers_named, published_numbers
from estimation.replication.registry import ROUTES
from estimation.replication.route import Route
from estimation.replication.target import Found, PublishedNumber, ReplicationVerdict


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
    lines = []
    for target in _chosen(name):
        route = ROUTES.get(target.name)
        lines.append(Line(target, route.cost if route else None, missing=missing(route)))
    return Ledger(tuple(lines), computed=False)


def reproduce(name: str | None = None, *, progress: bool = True) -> Ledger:
    """Compute published numbers anew and set ours beside them.

    Nothing is downloaded: a number whose data are not on this machine says what to fetch.

    Parameters
    ----------
    name
        A table, as ``"swissmetro/biogeme-01logit"``, or a folder with all of its tables; everything if left out, which
        takes minutes.
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
    chosen = _chosen(name)
    names = list(dict.fromkeys(target.name for target in chosen))
    lines: list[Line] = []
    for number, table in enumerate(names, 1):
        targets = [target for target in chosen if target.name == table]
        route = ROUTES.get(table)
        if progress and route and _asks_for(targets) and not missing(route):
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
    lines = []
    for target in targets:
        if target.recorded is ReplicationVerdict.NOT_ATTEMPTED or absent:
            asked = target.recorded is not ReplicationVerdict.NOT_ATTEMPTED
            lines.append(Line(target, cost, missing=absent if asked else ""))
        else:
            lines.append(Line(target, cost, found=_found(target, route)))
    return lines


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


def _chosen(name: str | None) -> tuple[PublishedNumber, ...]:
    return published_numbers() if name is None else numbers_named(name)


def _asks_for(targets: Sequence[PublishedNumber]) -> bool:
    return any(target.recorded is not ReplicationVerdict.NOT_ATTEMPTED for target in targets)


@cache
def _is_here(data: str) -> bool:
    """Whether a data set is on this machine; checksums of its files are compared, once."""
    return is_available(data)
