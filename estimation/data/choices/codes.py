"""Codes of alternatives and attributes: what stands in a file for what, as the caller's mappings say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from estimation.errors import DataError, did_you_mean, raise_all


def code_text(code: object) -> str:
    """Return a code as the cells that hold it are read: 1.0 is 1.

    Examples
    --------
    >>> code_text(1.0), code_text(" car ")
    ('1', 'car')
    """
    is_whole = isinstance(code, (float, np.floating)) and float(code).is_integer()
    return str(int(code)) if is_whole else str(code).strip()  # type: ignore[call-overload]


def labels_of(alternatives: Iterable[Any] | Mapping[Any, Any], heading: str) -> dict[str, str]:
    """Return what stands in the column of choices → the alternative's name.

    Raises
    ------
    DataError
        If alternatives are not named, or one code stands for two of them.
    """
    if isinstance(alternatives, str) or not isinstance(alternatives, Iterable):
        problem = f"alternatives must be their names, or a mapping of code → name, not {alternatives!r}"
        raise DataError(heading, [problem])
    names = alternatives if isinstance(alternatives, Mapping) else {label: label for label in alternatives}
    found: dict[str, str] = {}
    problems = []
    for code, label in names.items():
        known = found.setdefault(code_text(code), str(label))
        if known != str(label):
            problems.append(f"code {code_text(code)!r} stands for {known!r} and for {str(label)!r}; keep one")
    raise_all(problems, DataError, heading)
    return found


def by_label(given: Any, labels: Mapping[str, str], option: str, heading: str) -> dict[str, Any]:
    """Return a mapping by names of alternatives that names them as they are called, or by their codes.

    Parameters
    ----------
    given
        Alternative or its code → anything.
    labels
        Code → name of the alternative.
    option
        What the caller calls the mapping.

    Raises
    ------
    DataError
        If a key is no alternative, or may be two of them, or two keys are the same one.
    """
    known = list(dict.fromkeys(labels.values()))
    found: dict[str, Any] = {}
    problems = []
    for key, value in given.items():
        meant = {label for label in (code_text(key), labels.get(code_text(key))) if label in known}
        if not meant:
            known_as = f"there are {known}" + (f", with the codes {list(labels)}" if set(labels) != set(known) else "")
            problems.append(f"{option}[{key!r}] is none of the alternatives; {known_as}{did_you_mean(str(key), known)}")
        elif len(meant) > 1:
            problems.append(f"{option}[{key!r}] is the code of one alternative and the name of another; rename one")
        elif meant & set(found):
            problems.append(f"{option}[{key!r}] is {meant.pop()!r} once more; keep one of the two")
        else:
            found[meant.pop()] = value
    raise_all(problems, DataError, heading)
    return found
