"""What files say, read by Python's csv module and loops: what the package reads is compared with it, cell by cell."""

from __future__ import annotations

import csv
import io
import math
import re

import pandas as pd

NOTHING = {"", "na", "n/a", "nan", "+nan", "-nan", "null", "none", "<na>", "."}
MISSING = ("", "NA", "NaN", "nan")


def rows_of(content: bytes, needed: str) -> list[dict[str, str]]:
    """Return rows by column; the separator is the sign with which the first line has the column that is needed."""
    marks = {b"\xff\xfe\0\0": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    text = content.decode(next((name for mark, name in marks.items() if content.startswith(mark)), "utf-8"))
    for sign in ",;\t|":
        read = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign) if any(c.strip() for c in row)]
        names = [name.strip() for name in read[0]]
        if needed in names and len(names) > 1:
            assert len(set(names)) == len(names)
            assert all(len(row) == len(names) for row in read)
            return [dict(zip(names, row, strict=True)) for row in read[1:]]
    raise AssertionError(f"no sign separates {needed!r} from other columns")


def number(cell: str) -> float:
    """Return what a cell spells; commas are decimal where the package took them as such."""
    text = cell.strip()
    return math.nan if text.lower() in NOTHING else float(text.replace(",", "."))


def same(found: object, cell: str) -> bool:
    """Return whether a value is what a cell says: as a number, or letter by letter."""
    if isinstance(found, str):
        return found in (cell, cell.strip(), cell.replace(",", "."))
    if found is None or pd.isna(found):
        return cell.strip().lower() in NOTHING
    value = number(cell)
    return found == value or math.isclose(found, value, rel_tol=1e-12, abs_tol=1e-12)


def check_talk(content: bytes, frame: pd.DataFrame) -> None:
    rows = rows_of(content, "subject")
    assert len(rows) == len(frame)
    theirs = {(r["subject"].strip(), int(number(r["period"])), r["role"].strip()): r for r in rows}
    assert len(theirs) == len(rows)
    for _, row in frame.iterrows():
        cells = theirs.pop((row["subject"], row["period"], row["role"]))
        for name, cell in cells.items():
            assert same(row[name], cell), (name, row[name], cell)
    assert not theirs


def check_choices(content: bytes, frame: pd.DataFrame) -> None:
    rows = rows_of(content, "situation")
    assert len(rows) == len(frame)
    theirs = {}
    for row in rows:
        who = row.get("subject", row["situation"]).strip()
        theirs[who, row["situation"].strip(), row["alternative"].strip()] = row
    assert len(theirs) == len(rows)
    yes = {"true", "yes"}
    for _, row in frame.iterrows():
        who, situation = str(row["subject"]), str(row["situation"])
        key = (who, situation, str(row["alternative"]))
        key = key if key in theirs else (who, situation.removeprefix(f"{who}/"), str(row["alternative"]))
        cells = theirs.pop(key)
        mark = cells["chosen"].strip().lower()
        assert row["chosen"] == (mark in yes or (mark not in ("false", "no") and number(mark) == 1))
        for name, cell in cells.items():
            if name not in ("subject", "situation", "alternative", "chosen"):
                truth = {"true": "1", "false": "0"}.get(cell.strip().lower(), cell)
                assert same(row[name], cell) or same(row[name], truth), (name, row[name], cell)
    assert not theirs


def check_products(content: bytes, table: pd.DataFrame) -> None:
    rows = rows_of(content, "product")
    assert list(table.index) == [row["product"].strip() for row in rows]
    for (_, found), row in zip(table.iterrows(), rows, strict=True):
        assert same(found["revenue"], row["revenue"])
        if "weight" in row:
            assert same(found["weight"], row["weight"])
        else:
            assert math.isclose(found["weight"], math.exp(number(row["utility"])))


def check_export(content: bytes, frame: pd.DataFrame) -> None:
    """Compare with a loop over groups: a value is that of the member whose decision it is, else of who else has it."""
    rows = rows_of(content, "participant.code")
    truth = {"1", "1.0", "true", "yes", "wahr", "vrai", "verdadero"}
    bots = [row.get("participant._is_bot", "").strip().lower() in truth for row in rows]
    demo = [row.get("session.is_demo", "").strip().lower() in truth for row in rows]
    left = [(bot and not all(bots)) or (trial and not all(demo)) for bot, trial in zip(bots, demo, strict=True)]
    rounds = sorted(
        {int(name.split(".")[1]) for name in rows[0] if name.startswith("talk.") and name.split(".")[1].isdecimal()}
    )
    expected: dict[tuple[str, int, str], dict[str, str]] = {}
    everywhere = []
    for turn in rounds:
        cells = [_cells(row, turn) for row in rows]
        groups = [
            [other for other in cells if other is mine or (mine["group"] and other["group"] == mine["group"])]
            for mine in cells
        ]
        everywhere.append((turn, cells, groups))
    only_owners = {name: any(_differ(name, groups) for _, _, groups in everywhere) for name in OWNERS}
    for turn, cells, groups in everywhere:
        for row, mine, group, gone in zip(rows, cells, groups, left, strict=True):
            known = {name: _known(name, mine, group, only_owners[name]) for name in OWNERS}
            needed = {"S": ("state", "message"), "R": ("message", "action")}.get(mine["role"], ("role",))
            if all(known.get(name) for name in needed) and not gone:
                role = {"S": "sender", "R": "receiver"}[mine["role"]]
                expected[row["participant.code"].strip(), turn, role] = known
    assert len(expected) == len(frame)
    for _, row in frame.iterrows():
        for name, cell in expected.pop((row["subject"], row["period"], row["role"])).items():
            assert same(row[name], cell), (name, row[name], cell)


OWNERS = {"state": "S", "message": "S", "action": "R"}
FIELDS = {
    "role": "player.role",
    "group": "group.id_in_subsession",
    "state": "group.state",
    "message": "player.message",
    "action": "player.action",
}


def _cells(row: dict[str, str], turn: int) -> dict[str, str]:
    """Return what a row holds of a round: numbers without ``.0``, and the group together with its session."""
    found = {}
    for name, field in FIELDS.items():
        cell = row.get(f"talk.{turn}.{field}", row.get(field, ""))
        bare = "" if cell in MISSING else cell.strip()
        found[name] = re.sub(r"^([+-]?\d+)\.0+$", r"\1", bare)
    raw = row.get(f"talk.{turn}.group.id_in_subsession", "")
    found["group"] = "" if raw in MISSING else f"{'' if row['session.code'] in MISSING else row['session.code']} {raw}"
    return found


def _of_owners(name: str, group: list[dict[str, str]]) -> list[str]:
    return [one[name] for one in group if one["role"] == OWNERS[name] and one[name]]


def _differ(name: str, groups: list[list[dict[str, str]]]) -> bool:
    """Return whether somebody holds another value than the one member of a group whose decision it is."""
    for group in groups:
        own = _of_owners(name, group)
        others = {one[name] for one in group if one["role"] != OWNERS[name] and one[name]}
        if own and (name != "action" or len(own) == 1) and others - {own[0]}:
            return True
    return False


def _known(name: str, mine: dict[str, str], group: list[dict[str, str]], only_owners: bool) -> str:
    own = _of_owners(name, group)
    owners = sum(one["role"] == OWNERS[name] for one in group)
    if name != "action":
        found = own[0] if own else ""
    elif mine["role"] == "R":
        found = mine[name]
    else:
        found = own[0] if len(own) == 1 else ""
    if found or only_owners or owners > 1:
        return found
    return next((one[name] for one in group if one["role"] != OWNERS[name] and one[name]), "")
