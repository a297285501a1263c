"""What files of surveys say, by loops: choices in wide form, rankings, tasks of best and worst."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
from independent_reading import MISSING, number, rows_of, same

WIDE: dict[str, Any] = {
    "alternatives": ["a", "b"],
    "attributes": ["price", "size"],
    "choice": "pick",
    "subject": "who",
    "covariates": ["age"],
}
TASKS: dict[str, Any] = {"offered": ["one", "two", "three"], "subject": "who", "attributes": ["age"]}
Key = tuple[str, str, float, str]  # who, which task of theirs, its stage, which alternative


def check_wide(content: bytes, frame: pd.DataFrame) -> None:
    expected = {}
    for turn, row in enumerate(_labelled(rows_of(content, "pick"), "who", "pick"), 1):
        for label in WIDE["alternatives"]:
            cells = {name: row.get(f"{name}.{label}", "0") for name in WIDE["attributes"]} | {"age": row["age"]}
            expected[row["who"].strip(), str(turn), 1.0, label] = (row["pick"].strip() == label, cells)
    _same_choices(expected, frame)


def check_ranks(content: bytes, frame: pd.DataFrame) -> None:
    tasks: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    for row in rows_of(content, "situation"):
        task = tasks.setdefault((row.get("subject", row["situation"]).strip(), row["situation"].strip()), {})
        assert row["alternative"].strip() not in task
        task[row["alternative"].strip()] = row
    expected = {}
    for (who, task), rows in tasks.items():
        ranks = {label: number(row["rank"]) for label, row in rows.items()}
        for stage in sorted(rank for rank in ranks.values() if not math.isnan(rank)):
            left = [label for label, rank in ranks.items() if not rank < stage]
            for label in left if len(left) > 1 else []:
                expected[who, task, stage, label] = (ranks[label] == stage, {"price": rows[label]["price"]})
    _same_choices(expected, frame)


def check_tasks(content: bytes, frame: pd.DataFrame) -> None:
    expected = {}
    for turn, row in enumerate(_labelled(rows_of(content, "best"), *TASKS["offered"], "who", "best", "worst"), 1):
        shown = [row[name].strip() for name in TASKS["offered"] if row[name] not in MISSING and row[name].strip()]
        best, worst = row["best"].strip(), row["worst"].strip()
        assert len(set(shown)) == len(shown)
        assert {best, worst} <= set(shown)
        assert best != worst
        rest = [label for label in shown if label != best]
        for stage, labels, taken in ((1.0, shown, best), (-1.0, rest, worst)):
            for label in labels if len(labels) > 1 else []:
                expected[row["who"].strip(), str(turn), stage, label] = (label == taken, {"age": row["age"]})
    _same_choices(expected, frame)


def _labelled(rows: list[dict[str, str]], *columns: str) -> list[dict[str, str]]:
    """Return rows in which labels that spell whole numbers are written without ``.0``, if all of a column do."""
    for name in columns:
        cells = {row[name].strip() for row in rows if row[name].strip() and row[name] not in MISSING}
        bare = {cell: cell.partition(".")[0] for cell in cells if re.fullmatch(r"(0|[1-9][0-9]*)(\.0+)?", cell)}
        if len(set(bare.values())) == len(cells):
            rows = [row | {name: bare.get(row[name].strip(), row[name])} for row in rows]
    return rows


def _same_choices(expected: dict[Key, tuple[bool, dict[str, str]]], frame: pd.DataFrame) -> None:
    assert len(expected) == len(frame)
    for key, row in _keyed(frame):
        chosen, cells = expected.pop(key)
        assert row["chosen"] == chosen
        for name, cell in cells.items():
            truth = {"true": "1", "false": "0"}.get(cell.strip().lower(), cell)
            assert same(row[name], cell) or same(row[name], truth), (name, row[name], cell)


def _keyed(frame: pd.DataFrame) -> Iterator[tuple[Key, pd.Series]]:
    """Yield rows with what they are called: a situation may be told with its person, and with its stage."""
    for _, row in frame.iterrows():
        who, stage = str(row["subject"]), float(row.get("choice_stage", 1.0))
        end = ", worst" if stage < 0 else f", choice {stage:g}" if stage > 1 else ""
        task = str(row["situation"])
        assert task.endswith(end)
        task = task.removeprefix(f"{who}/").removesuffix(end)
        yield (who, task, stage, str(row["alternative"])), row
