"""Answers to surveys that may be none: previews, tests and those that were not finished, as Qualtrics marks them."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from estimation.text.sentences import enumerated

ANSWER, STATUS, FINISHED = "ResponseId", "Status", "Finished"
TRIED = ("survey preview", "survey test", "preview spam", "spam", "1", "2", "8", "9")
"""What stands in the column of the status, in words or recoded, where nobody was asked."""
STOPPED = ("false", "0")


def tried_answers(survey: pd.DataFrame) -> list[str]:
    """Say how many answers are marked as previews or tests, and how many as unfinished: they are read all the same."""
    if not {ANSWER, STATUS, FINISHED} <= set(survey.columns) or survey.columns.has_duplicates:
        return []
    counts = {
        f"marked as previews, tests or spam ({STATUS})": _count(survey[STATUS], TRIED),
        f"not finished ({FINISHED})": _count(survey[FINISHED], STOPPED),
    }
    found = [f"{count:,} {what}" for what, count in counts.items() if count]
    if not found:
        return []
    return [f"Of {len(survey):,} answers {enumerated(found)}: they are read; drop their rows if they do not count."]


def _count(cells: pd.Series, words: Collection[str]) -> int:
    spelled = cells.astype(str).str.strip().str.lower().str.removesuffix(".0")
    return int(spelled.isin(words).sum())
