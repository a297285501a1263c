"""How columns of a wide table are named: a pattern such as ``{attribute}.{alternative}``, and what its columns say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

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


def check_attributes(codes: Iterable[str], found: Mapping[str, Mapping[str, str]], pattern: str) -> None:
    """Refuse codes of attributes of which no column is; `found` is column → what it is of.

    Raises
    ------
    DataError
        Listing them.
    """
    there = {place["attribute"] for place in found.values()}
    problems = [
        f"attribute {code!r} has no column named like {pattern!r}; correct the attributes, or leave it out"
        for code in codes
        if code not in there
    ]
    raise_all(problems, DataError, "The columns cannot be told apart:")


def with_names(frame: pd.DataFrame, attributes: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame in long form whose attributes are called as a mapping of column → name says.

    Raises
    ------
    DataError
        Listing the columns that are not there.
    """
    absent = [column for column in attributes if column not in frame]
    problems = [f"column {column!r} is missing; the table has {list(map(str, frame.columns))}" for column in absent]
    raise_all(problems, DataError, "The columns cannot be told apart:")
    return frame.rename(columns=dict(attributes))


def expression(pattern: str, known: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """Return the regular expression of a pattern, one named group per field; errors as `found_columns`."""
    named = FIELD.findall(pattern)
    problems = [f"{{{name}}} in {pattern!r} is none of {list(FIELDS)}" for name in named if name not in FIELDS]
    problems += [f"{{{name}}} stands twice in {pattern!r}" for name in set(named) if named.count(name) > 1]
    raise_all(problems, DataError, "The names of columns are not clear:")
    pieces = FIELD.split(pattern)
    texts = [re.escape(piece) if place % 2 == 0 else _group(piece, known) for place, piece in enumerate(pieces)]
    return re.compile("".join(texts))


def check_pattern(option: str, pattern: object, fields: Iterable[str]) -> None:
    """Refuse what is no text with these fields, each of which tells columns apart, and no others.

    Raises
    ------
    DataError
        Listing what is not there, and what is and should not be.
    """
    heading, named = "The names of columns are not clear:", [f"{{{field}}}" for field in fields]
    if not isinstance(pattern, str):
        raise DataError(heading, [f"{option} must be a text with {' and '.join(named)}, not {pattern!r}"])
    raise_all(_unknown_fields(pattern, fields), DataError, heading)
    lacking = [f"{option} {pattern!r} lacks {field}, so that several would be one column" for field in named]
    raise_all([text for text, field in zip(lacking, named, strict=True) if field not in pattern], DataError, heading)


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
    raise_all(_unknown_fields(pattern, values), DataError, "The names of columns are not clear:")
    return FIELD.sub(lambda field: values[field[1]], pattern)


def fields_of(pattern: str) -> set[str]:
    """Return which fields a pattern has."""
    return set(FIELD.findall(pattern))


def _unknown_fields(pattern: str, fields: Iterable[str]) -> list[str]:
    known = list(fields)
    return [f"{{{name}}} in {pattern!r} is none of {known}" for name in sorted(fields_of(pattern) - set(known))]


def _group(name: str, known: Mapping[str, Iterable[str]]) -> str:
    """Return the group of a field: a number for tasks, what is known, or else anything, as short as it may be."""
    words = sorted(map(str, known.get(name, ())), key=len, reverse=True)
    inside = "|".join(map(re.escape, words)) or (r"\d+" if name == "task" else ".+?")
    return f"(?P<{name}>{inside})"
