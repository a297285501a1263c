"""A comparison in one sentence, with no more certainty and no more digits than the numbers carry."""

from __future__ import annotations

import numpy as np
import pandas as pd

SMALL_DIFFERENCE = 4.0  # nats: below it the normal approximation of the error is poor (Sivula et al. 2025)
CLEAR = 2.0  # standard errors
NEW = {
    "subject": "a new person",
    "decision": "another decision of a known person",
    "condition": "what people do in a condition that was left out",
    "period": "what people do later from what they did earlier",
}
COUNTED = {
    "subject": "people",
    "decision": "decisions",
    "condition": "people and conditions",
    "period": "people",
}
SAME_PREDICTIONS = 0.05  # total variation: the theories would have to be told apart by 1 decision in 20


def verdict(table: pd.DataFrame, count: int, label: str, unit: str = "subject") -> str:
    """Return who predicts better, that it cannot be told, or why no winner can be named.

    Parameters
    ----------
    table
        As `Comparison.table`, best theory first.
    count
        How many people or decisions were scored.
    unit
        One of `NEW`.
    """
    failed = [str(name) for name in table.index[~table["ok"]]]
    if failed:
        return (
            f"No winner can be named on {label}: the diagnostics of {_list(failed)} failed. "
            "See the diagnosis, then sample longer or redraw the nodes."
        )
    best = table.index[0]
    rivals = [(str(name), row, _standing(row)) for name, row in table.iloc[1:].iterrows()]
    close = [(name, row) for name, row, standing in rivals if standing != "clear"]
    if close:
        return _undecided(best, close, label) + _small(count, unit)
    name, row, _ = rivals[0]
    digits = _digits(row)
    among = f" and {_list([other for other, *_ in rivals[1:]])} by more" if len(rivals) > 1 else ""
    return (
        f"On {label}, {best} predicts {NEW[unit]} better than {name}, by {-row['elpd_diff']:.{digits}f} nats "
        f"(standard error {row['dse']:.{digits}f}; {count} {COUNTED[unit]}){among}.{_small(count, unit)}"
    )


def winner(table: pd.DataFrame) -> str | None:
    """Return the theory that a comparison names, if it names one."""
    is_clear_of_all = all(_standing(row) == "clear" for _, row in table.iloc[1:].iterrows())
    return str(table.index[0]) if table["ok"].all() and is_clear_of_all else None


def agreement(winners: dict[str, str | None]) -> str:
    """Say whether comparisons by several units (unit → the theory that is named) agree."""
    named = {name for name in winners.values() if name is not None}
    units = _list([f"by {unit}" for unit in winners])
    if len(named) == 1 and None not in winners.values():
        return f"The comparisons {units} agree on {named.pop()}."
    each = [f"by {unit} {name or 'nobody'}" for unit, name in winners.items()]
    word = "do not agree" if len(named) > 1 else "are not all decided" if named else "name nobody"
    return f"The comparisons {units} {word}: {_list(each)}."


def _undecided(best: str, close: list[tuple[str, pd.Series]], label: str) -> str:
    parts = []
    for name, row in close:
        why = (
            "they predict the same behaviour here"
            if _standing(row) == "same"
            else "the difference is within its error"
        )
        digits = _digits(row)
        parts.append(
            f"{name} ({-row['elpd_diff']:.{digits}f} nats behind, standard error {row['dse']:.{digits}f}: {why})"
        )
    return f"On {label}, {best} cannot be told apart from {_list(parts)}."


def _standing(row: pd.Series) -> str:
    """Return ``same``, ``close`` or ``clear``: how a theory stands to the best one."""
    if row["distance"] < SAME_PREDICTIONS:
        return "same"
    return "clear" if is_clear(-row["elpd_diff"], np.hypot(row["dse"], row["mc_error"])) else "close"


def is_clear(difference: float, error: float) -> bool:
    """Return whether a difference, nats, is large enough to be believed, and beyond its error."""
    return bool(difference > SMALL_DIFFERENCE and difference > CLEAR * error)


def _digits(row: pd.Series) -> int:
    return 0 if np.hypot(row["dse"], row["mc_error"]) >= 1 else 1


def _small(count: int, unit: str) -> str:
    if count >= 100:
        return ""
    return f" With {count} {COUNTED[unit]} the standard errors are themselves uncertain."


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
