"""Wide tables of choices: which columns say what was offered, one per alternative or the names of those offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from estimation.data.cells.cells import MARKS_OF_NOTHING, read_labels
from estimation.data.cells.rows import row_problem
from estimation.data.choices.codes import by_label
from estimation.data.choices.columns import is_text
from estimation.data.choices.pattern import check_pattern, filled
from estimation.data.choices.survey import BLANK
from estimation.errors import DataError, raise_all
from estimation.names import Column

HEADING = "The wide table of choices cannot be read:"
THERE = "write 1 where the alternative was available, else 0"


def availability_columns(available: Any, labels: Mapping[str, str]) -> dict[str, str]:
    """Return alternative → the column that says whether it was available."""
    if available is None:
        return {}
    if isinstance(available, str):
        check_pattern("available", available, ("alternative",))
        return {label: filled(available, alternative=label) for label in labels.values()}
    if not isinstance(available, Mapping | pd.Series):
        problem = f'available must be a pattern as "{{alternative}}_AV", or alternative → column, not {available!r}'
        raise DataError(HEADING, [problem])
    return {label: str(column) for label, column in by_label(available, labels, "available", HEADING).items()}


def flag_column(column: str) -> Column:
    """Return what is known of a column that says whether an alternative was available."""
    return Column(column, "availability", "0 or 1", "flag")


def with_flags(frame: pd.DataFrame, shown: list[str], labels: Mapping[str, str], outside: str | None) -> pd.DataFrame:
    """Return the frame with a column per alternative that says whether it was offered."""
    names, problems = {}, []
    for name in shown:
        column = Column(name, "what was offered", "identifier", "label")
        found = read_labels(column, frame[name], MARKS_OF_NOTHING)
        names[name] = pd.Series(found.content, dtype=object).map(lambda code: labels.get(code, code))
        strange = ~found.missing & ~found.bad & ~names[name].isin([*labels.values(), outside]).to_numpy()
        advice = f"correct it; alternatives: {list(labels.values())}"
        problems += [*found.problems, *row_problem(column, "is none of the alternatives", found.raw, strange, advice)]
    raise_all(problems, DataError, HEADING)
    offered = pd.DataFrame(names)
    flags = {f"{label} was offered": (offered == label).any(axis=1).to_numpy() for label in labels.values()}
    return frame.assign(**flags)


def names_of_offered(frame: pd.DataFrame, choice: str, kept: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    """Say which columns seem to hold the alternatives that were offered, since they hold names of alternatives."""
    others = [name for name in map(str, frame.columns) if name != choice and name not in kept.values()]
    codes = {*labels, *labels.values()}
    words = {name: set(frame[name].dropna().astype(str).str.strip()) for name in others if is_text(frame[name])}
    found = [name for name, held in words.items() if held and held <= codes]
    repeats = [name for name in found if _repeats(frame[name], frame[[other for other in found if other != name]])]
    found = [name for name in found if name not in repeats]
    advice = f"name the columns that say what was offered: offered={found}; read_best_worst reads the worst, too"
    problem = f"columns {found} hold names of alternatives, as those of best-worst tasks do; {advice}"
    return [problem] if len(found) > 1 else []


def _repeats(values: pd.Series, others: pd.DataFrame) -> bool:
    """Return whether each value also stands in another column of its row, as the worst of the alternatives offered."""
    return bool(others.eq(values, axis=0).any(axis=1).all())


def chosen_or_whole(
    frame: pd.DataFrame, choice: str, labels: list[str], found: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Return which of the words that names of columns hold are alternatives.

    They are if somebody chose them. Others must have every attribute: ``household_size`` is no attribute of ``size``.

    Raises
    ------
    DataError
        If that is not clear, or nobody chose any of them.
    """
    if choice not in frame:
        return labels  # said by whoever reads the column
    cells = frame[choice].dropna()
    chosen = {str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip() for cell in cells}
    sure = [label for label in labels if label in chosen]
    of_label = {
        label: {place["attribute"] for place in found.values() if place["alternative"] == label} for label in labels
    }
    wanted = set().union(*(of_label[label] for label in sure)) if sure else set()
    whole = [label for label in labels if label in sure or of_label[label] & wanted]
    problems = []
    if not sure:
        held = sorted(chosen - BLANK)[:5]
        problems.append(
            f"column {choice!r} holds {held}, and the names of columns the alternatives {labels[:5]}; say which "
            f"is which: alternatives={{'{held[0] if held else 1}': '{labels[0]}'}}"
        )
    raise_all(problems, DataError, "The alternatives are not clear:")
    return whole
