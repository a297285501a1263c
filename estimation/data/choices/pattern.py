"""How columns of a wide table are named: a pattern such as ``{attribute}.{alternative}``, and what its columns say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from estimation.errors import DataError, raise_all

FIELDS = ("task", "alternative", "attribute")
FIELD = re.compile(r"\{([^{}]*)\}")


def found_columns(
    pattern: str, columns: Iterable[str], known: Mapping[str, Iterable[str]] | None = None
) -> dict[str, dict[str, str]]:
    """Return column → what it is of, for every column that is named like the pattern.

    Parameters
    ----------
    pattern
        For example ``"F-{task}-{alternative}-{attribute}"``.
    columns
        The names of the columns of the table.
    known
        Field → what may stand there, where that is known: names with the sign that separates fields are then read.

    Raises
    ------
    DataError
        If a field is unknown or named twice, or no column is named like this.

    Examples
    --------
    >>> found_columns("{attribute}.{alternative}", ["id", "price.a"])
    {'price.a': {'attribute': 'price', 'alternative': 'a'}}
    """
    shape = expression(pattern, known or {})
    matches = {name: shape.fullmatch(name) for name in columns}
    found = {name: match.groupdict() for name, match in matches.items() if match}
    problem = f"no column is named like {pattern!r}; the table has {list(matches)}"
    raise_all([problem] * (not found), DataError, "The columns cannot be told apart:")
    return found


def expression(pattern: str, known: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """Return the regular expression of a pattern, one named group per field; errors as `found_columns`."""
    named = FIELD.findall(pattern)
    problems = [f"{{{name}}} in {pattern!r} is none of {list(FIELDS)}" for name in named if name not in FIELDS]
    problems += [f"{{{name}}} stands twice in {pattern!r}" for name in set(named) if named.count(name) > 1]
    raise_all(problems, DataError, "The names of columns are not clear:")
    pieces = FIELD.split(pattern)
    texts = [re.escape(piece) if place % 2 == 0 else _group(piece, known) for place, piece in enumerate(pieces)]
    return re.compile("".join(texts))


def filled(pattern: str, **values: str) -> str:
    """Return the name of a column: the pattern with its fields filled in.

    Raises
    ------
    DataError
        If the pattern has another field: only names are filled in, never what Python's own formats would look up.

    Examples
    --------
    >>> filled("{attribute}.{alternative}", attribute="price", alternative="a")
    'price.a'
    """
    unknown = sorted(fields_of(pattern) - set(values))
    problems = [f"{{{name}}} in {pattern!r} is none of {list(values)}" for name in unknown]
    raise_all(problems, DataError, "The names of columns are not clear:")
    return FIELD.sub(lambda field: values[field[1]], pattern)


def fields_of(pattern: str) -> set[str]:
    """Return which fields a pattern has."""
    return set(FIELD.findall(pattern))


def _group(name: str, known: Mapping[str, Iterable[str]]) -> str:
    """Return the group of a field: a number for tasks, what is known, or else anything, as short as it may be."""
    words = sorted(map(str, known.get(name, ())), key=len, reverse=True)
    inside = "|".join(map(re.escape, words)) or (r"\d+" if name == "task" else ".+?")
    return f"(?P<{name}>{inside})"
