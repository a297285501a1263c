"""A layout proposed from a file: what its names say, both readings where there are two, and what was not understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from estimation.data.exports.by_name import MARKS, RECEIVERS, SENDERS, candidates, readings, words_in
from estimation.data.exports.cells_of import UNKNOWN_APP, CellsOf, cells_of
from estimation.data.exports.groups import VALUES
from estimation.data.exports.kinds import OTREE
from estimation.data.exports.layout import BOTH
from estimation.data.exports.strategy import ANY
from estimation.names import ACTION, MESSAGE
from estimation.text.sentences import enumerated

MOST_CONDITIONS = 12
ORDER = ("app", "subject", "period", "group", "role", "sender", "receiver", *VALUES, "condition")
OPTIONAL = ("period", "group")
HIGHEST = "highest"
CHOICES = [
    "",
    "# Nothing here looks like a game. If these are choices among alternatives, as in a conjoint study, the file is",
    "# read without a file of games: `estimation check FILE --layout LAYOUT.toml`, where the layout says for example",
    "# [choices]",
    '# wide = "F-{task}-{alternative}-{attribute}"  # or leave it out, if every row is an alternative',
    '# chosen = "Q{task}"',
]
"""What is said of a file in which no column has to do with messages and actions."""
BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Proposal:
    """What a layout may be.

    Parameters
    ----------
    file, kind, about
        The file's name, the software it comes from, and what is in it, in words.
    settled
        Key → value, where there is one reading.
    readings
        Key → values, where there are several: one is to be chosen.
    missing
        Keys for which nothing was found.
    notes
        Key → what speaks for the value.
    conditions
        The conditions that were seen.
    marks
        Columns that may mark practice or time-outs.
    not_understood
        Columns that are not read.
    """

    file: str
    kind: str
    about: str
    settled: dict[str, str]
    readings: dict[str, list[str]]
    missing: list[str]
    notes: dict[str, str]
    conditions: list[str]
    marks: list[str]
    not_understood: list[str]

    def to_toml(self) -> str:
        """Return the proposal as a file of games that is to be completed."""
        lines = [f"# Proposed for {self.file}: {self.about}. Read every line before you use it.", f"[{self.kind}]"]
        width = max((len(_line(key, value)) for key, value in self.settled.items()), default=0)
        for key, value in self.settled.items():
            note = f"  # {self.notes[key]}" if key in self.notes else ""
            lines.append(f"{_line(key, value):<{width if note else 0}}{note}")
        for key, values in self.readings.items():
            lines.append(f"# {key} may be read in {len(values)} ways; keep one of these lines:")
            lines += [f"# {_line(key, value)}" for value in values]
            if key == "app":
                listed = ", ".join(map(_quoted, values))
                lines.append(f'# app = [{listed}]  # all of them; if they are treatments, with condition = "app"')
        lines += [f"# {key} = ?  # nothing says what it is" for key in self.missing]
        lines += CHOICES if {"role", MESSAGE.name, ACTION.name} <= set(self.missing) else []
        if self.marks:
            marked = ", ".join(map(_quoted, self.marks))
            lines += ["", "# These may mark practice or time-outs:", "# [filter]", f"# leave_out = [{marked}]"]
        for condition in self.conditions:
            name = condition if BARE.fullmatch(condition) else _quoted(condition)
            lines += ["", f"[conditions.{name}]", f"# Which game was it? {self.notes.get('values', '')}".rstrip()]
            highest = self.notes.get(HIGHEST, "20")
            lines += ["# For example:", '# family = "estimation"', '# direction = "over"', f"# highest = {highest}"]
        if self.not_understood:
            lines += ["", f"# Not understood, and not read: {', '.join(self.not_understood)}"]
        return "\n".join(lines)


def propose(path: str | Path) -> Proposal:
    """Return a layout for a file, from the names of its columns and what they hold; between two readings it is open.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    cells = cells_of(Path(path))
    filled = [str(name) for name in cells.frame.columns if cells.frame[name].notna().any()]
    own = [name for name in filled if cells.is_own(name)]
    named = readings({key: candidates(key, own) for key in VALUES})
    notes: dict[str, str] = {}
    if cells.fixed.get("app") == UNKNOWN_APP:
        notes["app"] = "nothing says how the app is called: put its name here"
    options = {key: _one_if_alike(cells, key, found, notes) for key, found in named.items()}
    notes |= _of_one_column(options)
    options |= {key: [cells.fixed[key]] for key in cells.fixed}
    if len(cells.apps) > 1:
        options["app"] = list(cells.apps)
    for key in ("subject", "period", "group"):
        if cells.kind != OTREE and key not in options:
            options[key] = candidates(key, filled)
    options |= _roles(cells, own, options, notes)
    conditions = candidates("condition", filled)
    seen = [_distinct(cells.frame[column]) for column in conditions]
    options["condition"] = conditions or ["talk"]
    if not conditions:
        notes["condition"] = "no column says it: the name of the only condition"
    one = len(seen) == 1 and len(seen[0]) <= MOST_CONDITIONS
    used = {column for found in (*options.values(), *named.values()) for column in found}
    marks = [name for name in filled if words_in(name) & MARKS and name not in used]
    values = [_range(cells.frame, key, options[key]) for key in VALUES if len(options[key]) == 1]
    if any(values):
        notes["values"] = ", ".join(filter(None, values))
        highest = max(float(text.rpartition(" ")[2]) for text in values if text)
        notes |= {HIGHEST: f"{highest:g}  # the highest that was seen; there may be more"} if highest >= 1 else {}
    others = [name for name in own if name not in used | {*marks} and not _of_family(name, used, filled)]
    return Proposal(
        Path(path).name,
        cells.kind,
        cells.about,
        {key: options[key][0] for key in ORDER if len(options.get(key, ())) == 1},
        {key: options[key] for key in ORDER if len(options.get(key, ())) > 1},
        [key for key in ORDER if key in options and not options[key] and key not in OPTIONAL],
        notes,
        seen[0] if one else ["talk"] if not conditions else [],
        marks,
        [*others, *cells.other_apps],
    )


def _one_if_alike(cells: CellsOf, key: str, found: list[str], notes: dict[str, str]) -> list[str]:
    """Return one of two columns if they say the same in every group: there is nothing to choose between."""
    if len(found) != 2 or cells.group is None or any(ANY in column for column in found):
        return found
    one, other = ([set(held.dropna()) for _, held in cells.frame[column].groupby(cells.group)] for column in found)
    if one != other or max(map(len, one), default=0) > 1:
        return found
    first, second = sorted(found)
    notes[key] = f"{second} says the same"
    return [first]


def _of_one_column(options: Mapping[str, list[str]]) -> dict[str, str]:
    """Return what to say of a column that is the only one for two things: it holds one of them."""
    told = {}
    for key, found in options.items():
        others = [other for other in options if other != key and options[other] == found]
        if len(found) == 1 and others:
            told[key] = f'proposed as {enumerated(others)} too: it is one of them; write "" for what the file lacks'
    return told


def _roles(
    cells: CellsOf, own: list[str], options: Mapping[str, list[str]], notes: dict[str, str]
) -> dict[str, list[str]]:
    """Return who sends and who receives: by words, or by who entered a message and who an action."""
    used = {column for found in options.values() for column in found}
    columns = [name for name in candidates("role", own) if name not in used and len(_distinct(cells.frame[name])) > 1]
    columns = columns or [name for name in cells.places if name in cells.frame] + [BOTH] * _may_be_both(cells, options)
    if len(columns) != 1:
        return {"role": columns} | ({} if BOTH in columns else {"sender": [], "receiver": []})
    role = cells.frame[columns[0]]
    there = _distinct(role)
    found = {
        "sender": [word for word in there if words_in(word) & SENDERS],
        "receiver": [word for word in there if words_in(word) & RECEIVERS],
    }
    for key, value in (("sender", MESSAGE.name), ("receiver", ACTION.name)):
        if not found[key] and len(options[value]) == 1 and options[value][0] in cells.frame:
            enter = _distinct(role[cells.frame[options[value][0]].notna()])
            if len(enter) < len(there):
                found[key] = enter
                notes[key] = f"they alone have {options[value][0]}"
    return {"role": columns} | {key: words or there for key, words in found.items()}


def _may_be_both(cells: CellsOf, options: Mapping[str, list[str]]) -> bool:
    """Return whether somebody sent a message and acted in the same round."""
    pairs = [(sent, done) for sent in options[MESSAGE.name] for done in options[ACTION.name] if ANY not in sent + done]
    own = [pair for pair in pairs if all(column.startswith("player.") for column in pair)]
    return any(cells.frame[[*pair]].notna().all(axis=1).any() for pair in own)


def _distinct(cells: pd.Series) -> list[str]:
    return sorted(map(str, cells.dropna().unique()))


def _range(frame: pd.DataFrame, key: str, columns: list[str]) -> str:
    numbers = (
        pd.to_numeric(frame[columns[0]], errors="coerce").dropna() if columns[0] in frame else pd.Series(dtype=float)
    )
    return f"{key}s {np.min(numbers):g} … {np.max(numbers):g}" if len(numbers) else ""


def _of_family(name: str, used: set[str], filled: list[str]) -> bool:
    """Return whether a column is read as one of a family, or in parts."""
    families = [pattern.partition(ANY)[0] for pattern in used if ANY in pattern]
    return any(map(name.startswith, families)) or any(column.startswith(f"{name}.") for column in filled)


def _line(key: str, value: str) -> str:
    return f"{key} = {_quoted(value)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
