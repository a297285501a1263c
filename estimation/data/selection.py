"""Which people a selection names, for every kind of table."""

from __future__ import annotations

from collections.abc import Iterable

from estimation.data.rows import list_some
from estimation.errors import DataError


def people_named(subjects: str | Iterable[object], known: Iterable[str], label: str, did: str) -> set[str]:
    """Return the people that are named.

    Parameters
    ----------
    subjects
        One name, or several.
    known
        Everybody in the table.
    label, did
        The table, and what people do in it, for the message.

    Raises
    ------
    DataError
        If somebody is not in the table, or nobody is named.
    """
    wanted = {subjects} if isinstance(subjects, str) else {str(subject) for subject in subjects}
    unknown = sorted(wanted - set(known))
    problems = []
    if unknown:
        problems.append(f"subject {list_some([repr(name) for name in unknown], 'subjects')} {did}")
    if not wanted:
        problems.append("no subject is named")
    if problems:
        raise DataError(f"Cannot select from {label}:", problems)
    return wanted
