"""The one list of published numbers: the ``published.csv`` of each data set, read and checked."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

from estimation.data.library.places import shipped_folder
from estimation.errors import ReplicationError, raise_all
from estimation.replication.target import EXACT, PERCENT, Origin, PublishedNumber, Question, ReplicationVerdict

FILE = "published.csv"
COLUMNS = (
    *("table", "quantity", "group", "value", "digits", "unit", "tolerance"),
    *("recorded", "reason", "origin", "source", "place"),
)
NEAREST = 3


@cache
def published_numbers() -> tuple[PublishedNumber, ...]:
    """Return every published number that the data sets list, in the order of their folders.

    Raises
    ------
    ReplicationError
        If a list does not meet its form: every problem with its file and line.
    """
    targets, problems = [], []
    for path in sorted(shipped_folder().glob(f"*/{FILE}")):
        rows, wrong = read(path)
        targets += rows
        problems += wrong
    raise_all(problems, ReplicationError, "The list of published numbers is malformed:")
    return tuple(targets)


def numbers_named(name: str | None) -> tuple[PublishedNumber, ...]:
    """Return the numbers of a table, ``folder/table``, or of all tables of a folder; all numbers without a name.

    Raises
    ------
    ReplicationError
        If there is no such table: the nearest names are given.
    """
    found = tuple(target for target in published_numbers() if name in (None, target.name, target.folder))
    if name is not None and not found:
        known = list(dict.fromkeys([*(t.name for t in published_numbers()), *(t.folder for t in published_numbers())]))
        problem = f"{name!r} is none of {len(known)} targets; nearest: {', '.join(nearest(name, known))}"
        raise ReplicationError("The target is not known:", [problem, "`estimation reproduce` lists them all"])
    return found


def nearest(name: str, known: list[str]) -> list[str]:
    """Return the names that are most like `name`: by the whole of them, or by what follows the folder."""

    def likeness(other: str) -> float:
        parts = [other, other.partition("/")[2]]
        return max(difflib.SequenceMatcher(None, name.lower(), part).ratio() for part in parts if part)

    return sorted(known, key=likeness, reverse=True)[:NEAREST]


def printed_values(name: str) -> dict[str, float]:
    """Return the numbers of a table by quantity: estimates at which something else is computed."""
    return {target.question.quantity: target.value for target in numbers_named(name) if target.printed}


def read(path: Path) -> tuple[list[PublishedNumber], list[str]]:
    """Return the targets of one list, and what is wrong with it."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, restval=""))
    where = f"{path.parent.name}/{path.name}"
    absent = [name for name in COLUMNS if not rows or name not in rows[0]]
    if absent:
        return [], [f"{where}: columns {absent} are missing, or there are no rows"]
    targets: list[PublishedNumber] = []
    problems: list[str] = []
    seen: set[tuple[str, str, str]] = set()
    for line, row in enumerate(rows, 2):
        wrong = list(problems_of(row))
        key = (row["table"], row["quantity"], row["group"])
        wrong += [f"{key} is listed twice"] * (key in seen)
        seen.add(key)
        problems += [f"{where}, line {line}: {problem}" for problem in wrong]
        if not wrong:
            targets.append(_target(path.parent.name, row))
    return targets, problems


def problems_of(row: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with a row."""
    yield from (f"{name} is empty" for name in ("table", "quantity", "group", "source", "place") if not row[name])
    yield from (
        f"{name} is {row[name]!r} and not one of {[str(known) for known in kinds]}"
        for name, kinds in (("recorded", ReplicationVerdict), ("origin", Origin))
        if row[name] not in list(kinds)
    )
    attempted = row["recorded"] != ReplicationVerdict.NOT_ATTEMPTED
    if row["value"] or attempted:
        if not _is_number(row["value"]):
            yield f"value {row['value']!r} is not a number"
        if row["digits"] != EXACT and not row["digits"].isdecimal():
            yield f"digits {row['digits']!r} must be a count of decimals or {EXACT!r}"
    if row["tolerance"] and not _is_number(row["tolerance"].removesuffix(PERCENT).strip()):
        yield f"tolerance {row['tolerance']!r} is neither a number nor a percentage"
    if not row["reason"] and (
        row["tolerance"] or row["recorded"] in (ReplicationVerdict.DIFFERS, ReplicationVerdict.NOT_ATTEMPTED)
    ):
        yield "a tolerance of its own, a difference or an omission needs a reason"


def _is_number(text: str) -> bool:
    try:
        Fraction(text)
    except (ValueError, ZeroDivisionError):
        return False
    return True


def _target(folder: str, row: dict[str, str]) -> PublishedNumber:
    inputs = {name: value for name, value in row.items() if name not in COLUMNS and value}
    return PublishedNumber(
        name=f"{folder}/{row['table']}",
        question=Question(row["quantity"], row["group"], inputs),
        printed=row["value"],
        recorded=ReplicationVerdict(row["recorded"]),
        origin=Origin(row["origin"]),
        **{name: row[name] for name in ("digits", "unit", "tolerance", "reason", "source", "place")},
    )
