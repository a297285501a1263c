"""Choices of whole markets: how many people took each alternative, or what share of how many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array, in_reach, is_real
from estimation.data.cells.cells import MARKS_OF_NOTHING, cell_problems, read_labels
from estimation.data.cells.rows import column_problems, row_problem
from estimation.data.choices.columns import read_amounts
from estimation.data.choices.schema import taken_names
from estimation.data.choices.table import ChoiceTable
from estimation.data.files.csv_file import named_frame
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.listed import listed
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT, WEIGHT, Column

HEADING = "The counts of choices cannot be read:"
CLOSE = 1e-6
"""Relative differences of sums that are rounding."""


def choices_from_counts(
    data: str | Path | pd.DataFrame,
    *,
    market: str = "market",
    alternative: str = ALTERNATIVE.name,
    count: str | None = None,
    share: str | None = None,
    size: str | float | None = None,
    attributes: Iterable[str] | None = None,
    outside: str | None = None,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
) -> ChoiceTable:
    """Read counts or shares of alternatives by market and return them as a checked table of choices.

    Each alternative that somebody took becomes one choice in its market, which counts as often as it was taken: the
    likelihood is that of all choices one by one. The market is the ``subject``, since what is not seen of it is shared
    by all its choices: standard errors of `mode` are clustered by market, and comparisons leave out whole markets.

    Parameters
    ----------
    data
        A frame, or a comma-separated UTF-8 file. One row per market and alternative that was available there; of
        markets without a row of the outside option it is added.
    market, alternative
        The columns that say which; markets may be places, weeks, or both in one label.
    count, share
        The column of how often it was taken, or of the share that took it; one of the two. ``"count"`` if both are left
        out.
    size
        How many chose in each market: a column, or one number for all. Needed with shares; with counts what is left of
        it took the outside option. Of markets with a row of the outside option, counts must add up to it.
    attributes
        The other columns to keep; all of them if left out.
    outside
        The alternative that means "none of these".
    name, source, synthetic
        As for `read_choices`.

    Raises
    ------
    DataError
        If the file cannot be read, or listing what is wrong with counts, shares and sizes, and with the table.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"market": [1, 1, 2, 2], "alternative": list("abab"), "count": [30, 70, 50, 50]})
    >>> len(choices_from_counts(rows))
    4
    """
    frame, called = named_frame(data, name, "counts", (market, alternative))
    column = share or count or "count"
    asked = None if attributes is None else listed(attributes)
    needed = [market, alternative, column, *([size] if isinstance(size, str) else []), *(asked or ())]
    problems = [
        f"column {each!r} is missing; there are {list(map(str, frame.columns))}"
        for each in dict.fromkeys(needed)
        if each not in frame
    ]
    problems += ["count and share are both named; name one"] * (bool(share) and bool(count))
    problems += ["shares need the size of markets: size="] * (bool(share) and size is None)
    used = {market, alternative, column, size if isinstance(size, str) else None}
    kept = [each for each in (frame.columns if asked is None else asked) if each not in used]
    problems += taken_names(kept)
    raise_all(problems + column_problems(frame, (), "row", HEADING), DataError, HEADING)
    outside = None if outside is None else str(outside)
    rows = frame[kept].assign(**_labels(frame, {SUBJECT.name: market, ALTERNATIVE.name: alternative}))
    taken = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float)
    sizes, problems = (None, []) if size is None else _sizes(frame, size)
    weights = taken if share is None or sizes is None else taken * sizes
    rows = rows.assign(**{WEIGHT.name: weights})
    problems += _faults(rows, column, frame[column], taken)
    raise_all(problems, DataError, HEADING)
    raise_all([] if sizes is None else _size_faults(rows, sizes, outside), DataError, HEADING)
    if outside is not None:
        rows = _with_rest(rows, sizes, outside)
    chosen = rows.loc[rows[WEIGHT.name] > 0, [SUBJECT.name, ALTERNATIVE.name, WEIGHT.name]]
    chosen = chosen.rename(columns={ALTERNATIVE.name: SITUATION.name})
    long = rows.drop(columns=WEIGHT.name).merge(chosen, on=SUBJECT.name)
    long = long.assign(**{CHOSEN.name: (long[ALTERNATIVE.name] == long[SITUATION.name]).astype(int)})
    about: dict[str, Any] = {"name": called, "source": source, "synthetic": synthetic}
    return ChoiceTable.from_frame(long, outside=outside, **about)


def _labels(frame: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the labels of columns by what to call them; `columns` maps that to the column."""
    held = {role: Column(name, "what it is called", "identifier", "label") for role, name in columns.items()}
    found = {role: read_labels(column, frame[column.name], MARKS_OF_NOTHING) for role, column in held.items()}
    by_name = {column.name: found[role] for role, column in held.items()}
    raise_all(cell_problems(by_name, held.values()), DataError, HEADING)
    return {role: read.content for role, read in found.items()}


def _sizes(frame: pd.DataFrame, size: Any) -> tuple[Array, list[str]]:
    """Return how many chose in the market of each row, (row,), and which sizes are none."""
    if not isinstance(size, str):
        fine = is_real(size) and size > 0
        problem = f"size must be a column, or one positive number for all markets, not {in_reach(size)!r}"
        return np.full(len(frame), float(size) if fine else np.nan), [] if fine else [problem]
    column = Column(size, "how many chose in the market", "people", "number")
    found, advice = read_amounts(column, frame[size]), "correct it in all rows of the market"
    problems = [*found.problems, *row_problem(column, "is empty", found.raw, found.missing, advice)]
    return found.content, problems + row_problem(column, "must be positive", found.raw, found.content <= 0, advice)


def _faults(rows: pd.DataFrame, column: str, written: pd.Series, taken: Array) -> list[str]:
    """Say what is wrong with counts, and which alternatives stand twice."""
    where = rows[SUBJECT.name].astype(str) + ", " + rows[ALTERNATIVE.name]
    wrong = ~((taken >= 0) & np.isfinite(taken))
    problems = [
        f"{column!r} must be a number of at least 0, not {value!r} (market {at}); correct it, or drop the row"
        for at, value in zip(where[wrong].head(5), written[wrong].head(5), strict=True)
    ]
    twice = sorted(where[where.duplicated()].unique())
    problems += [f"market and alternative {at} stand in several rows; add them up" for at in twice[:5]]
    total = pd.Series(taken).groupby(rows[SUBJECT.name].to_numpy()).sum()
    return problems + [f"nobody chose in market {label!r}; drop it" for label in total.index[total == 0][:5]]


def _size_faults(rows: pd.DataFrame, sizes: Array, outside: str | None) -> list[str]:
    """Say where alternatives were taken more often than there were people, or less often with nothing left to take."""
    by_market = (
        rows.assign(size=sizes, listed=rows[ALTERNATIVE.name] == outside)
        .groupby(SUBJECT.name, observed=True)
        .agg(taken=(WEIGHT.name, "sum"), low=("size", "min"), high=("size", "max"), listed=("listed", "any"))
    )
    problems = [
        f"market {label!r} has several sizes; keep one"
        for label in by_market.index[by_market["low"] < by_market["high"]][:5]
    ]
    ratio = by_market["taken"] / by_market["high"]
    problems += [
        f"in market {label!r} more choices are counted than its size" for label in ratio.index[ratio > 1 + CLOSE][:5]
    ]
    short = by_market[(ratio < 1 - CLOSE) & (by_market["listed"] | (outside is None))].head(5)
    advice = f"correct one of them, or leave its rows of {outside!r} out, who are then those who are left"
    advice = "name the alternative that the others took: outside=" if outside is None else advice
    return problems + [
        f"in market {label!r} the alternatives do not add up to its size ({taken:g} of {size:g}); {advice}"
        for label, taken, size in zip(short.index, short["taken"], short["high"], strict=True)
    ]


def _with_rest(rows: pd.DataFrame, sizes: Any, outside: str) -> pd.DataFrame:
    """Add the outside option to markets that have no row of it, taken by whoever is left of the market's size."""
    has = rows.loc[rows[ALTERNATIVE.name] == outside, SUBJECT.name]
    lacking = rows.assign(size=0.0 if sizes is None else sizes)[~rows[SUBJECT.name].isin(has)]
    markets = lacking.groupby(SUBJECT.name, as_index=False, observed=True)
    of_market = markets.agg(taken=(WEIGHT.name, "sum"), size=("size", "first"))
    left = (of_market["size"] - of_market["taken"]).clip(lower=0.0)
    added = pd.DataFrame({SUBJECT.name: of_market[SUBJECT.name], ALTERNATIVE.name: outside, WEIGHT.name: left})
    return pd.concat([rows, added], ignore_index=True)
