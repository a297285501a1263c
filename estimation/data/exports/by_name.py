"""What columns may hold, told from their names: candidates only, for people to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product

WORDS: Mapping[str, frozenset[str]] = {
    key: frozenset(words.split())
    for key, words in {
        "subject": "subject participant person worker user respondent run pid",
        "period": "period round turn",
        "group": "group pair match dyad",
        "role": "role type position",
        "state": "state truth secret signal die card quality outcome",
        "message": "message msg report reported claim advice recommendation statement suggestion sent signal",
        "action": "action guess choice decision estimate answer investment bet",
        "condition": "condition treatment",
    }.items()
}
"""Words in the names of columns, by what such columns mostly hold."""

OTHERWISE = frozenset(
    {"time", "seconds", "rt", "belief", "confidence", "payoff", "profit", "correct", "previous", "last", "other"}
    | {"partner", "trial", "check", "quiz", "comment", "num", "count", "label", "page", "index", "code"}
)
"""Words that say that a column holds something about it instead, such as the time that a message took."""

SENDERS = frozenset({"sender", "informed", "expert", "advisor", "adviser"})
RECEIVERS = frozenset({"receiver", "recipient", "uninformed", "advisee", "judge", "client"})
MARKS = frozenset({"practice", "timeout", "timed", "dropout", "exclude", "excluded"})
"""Words of columns that mark what is often left out."""

NUMBERED = re.compile(r"(.*_)([^_.]+)")
PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def words_in(column: str) -> frozenset[str]:
    """Return the words of a column's name, of its last part where it has several."""
    return frozenset(piece.lower() for piece in PIECES.findall(column.rsplit(".", 1)[-1]))


def candidates(key: str, columns: Iterable[str]) -> list[str]:
    """Return the columns whose names say that they may hold something; of a family of columns, one pattern."""
    named = [column for column in columns if words_in(column) & WORDS[key] and not words_in(column) & OTHERWISE]
    families: dict[str, list[str]] = {}
    for column in named:
        match = NUMBERED.fullmatch(column)
        if key == "action" and match and not words_in(match[2]) & WORDS[key]:
            families.setdefault(match[1] + "{message}", []).append(column)
    patterns = {pattern: members for pattern, members in families.items() if len(members) > 1}
    inside = {column for members in patterns.values() for column in members}
    return [column for column in named if column not in inside] + list(patterns)


def readings(options: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return what each key may be if no column is two things at once; in order, nothing where nothing is left."""
    asked = {key: columns for key, columns in options.items() if columns}
    possible = [chosen for chosen in product(*asked.values()) if len(set(chosen)) == len(chosen)]
    if not possible:
        return dict(options)
    found = {key: list(dict.fromkeys(chosen[place] for chosen in possible)) for place, key in enumerate(asked)}
    return {key: found.get(key, []) for key in options}
