"""A comparison in one sentence, with no more certainty and no more digits than the numbers carry."""

from __future__ import annotations

import numpy as np
import pandas as pd

SMALL_DIFFERENCE = 4.0  # nats: below it the normal approximation of the error is poor (Sivula et al. 2025)
CLEAR = 2.0  # standard errors
SAME_PREDICTIONS = 0.05  # total variation: the theories would have to be told apart by 1 decision in 20


def verdict(table: pd.DataFrame, people: int, label: str) -> str:
    """Return who predicts better, that it cannot be told, or why no winner can be named.

    Parameters
    ----------
    table
        As `Comparison.table`, best theory first.
    people
        How many people were scored.
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
        return _undecided(best, close, people, label)
    name, row, _ = rivals[0]
    digits = _digits(row)
    among = f" and {_list([other for other, *_ in rivals[1:]])} by more" if len(rivals) > 1 else ""
    return (
        f"On {label}, {best} predicts a new person better than {name}, by {-row['elpd_diff']:.{digits}f} nats "
        f"(standard error {row['dse']:.{digits}f}; {people} people){among}.{_small(people)}"
    )


def _undecided(best: str, close: list[tuple[str, pd.Series]], people: int, label: str) -> str:
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
    return f"On {label}, {best} cannot be told apart from {_list(parts)}.{_small(people)}"


def _standing(row: pd.Series) -> str:
    """Return ``same``, ``close`` or ``clear``: how a theory stands to the best one."""
    if row["distance"] < SAME_PREDICTIONS:
        return "same"
    behind = -row["elpd_diff"]
    error = np.hypot(row["dse"], row["mc_error"])
    return "clear" if behind > SMALL_DIFFERENCE and behind > CLEAR * error else "close"


def _digits(row: pd.Series) -> int:
    return 0 if np.hypot(row["dse"], row["mc_error"]) >= 1 else 1


def _small(people: int) -> str:
    return "" if people >= 100 else f" With {people} people the standard errors are themselves uncertain."


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
