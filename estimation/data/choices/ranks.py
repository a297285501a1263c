"""Rankings of alternatives, from the best on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimation.counts import count_problems
from estimation.data.cells.cells import read_numbers
from estimation.data.choices.codes import labels_of
from estimation.data.choices.exploded import TASK, columns_of, exploded, labelled, numbered, tasks_that
from estimation.data.choices.pattern import filled
from estimation.data.choices.table import ChoiceTable
from estimation.data.files.csv_file import named_frame
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.listed import listed
from estimation.names import ALTERNATIVE, SITUATION, SUBJECT, WEIGHT, Column

HEADING = "The ranks cannot be read:"
RANK = "rank"
PLACE = Column(RANK, "place in the ranking, 1 for the best", "whole number", "number")


def read_ranks(
    data: str | Path | pd.DataFrame,
    *,
    rank: str = RANK,
    depth: int | None = None,
    alternatives: Iterable[str] | None = None,
    columns: str = "{attribute}.{alternative}",
    situation: str | None = None,
    alternative: str = ALTERNATIVE.name,
    subject: str | None = None,
    weight: str | None = None,
    counts: bool = False,
    attributes: Iterable[str] = (),
    covariates: Iterable[str] = (),
    outside: str | None = None,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
) -> ChoiceTable:
    """Read rankings and return them as choices: of the best of all, then of the best of what is left, and so on.

    Parameters
    ----------
    data
        A frame, or a comma-separated UTF-8 file. One row per alternative that was ranked; or, with `alternatives`, one
        row per ranking. Sets may differ in size.
    rank
        The column of ranks, 1 for the best, without ties. What has no rank is behind what has one.
    depth
        How many choices each ranking is taken for, from the top: people rank with less care further down (Chapman and
        Staelin 1982, J. Marketing Research 19:288-301). All if left out.
    alternatives, columns
        Where every row is a ranking: what is ranked, and how the columns are named that hold ranks and attributes.
    situation, alternative, subject, weight, counts
        As for `read_choices`; where every row is a ranking, its number is that of the row if no column is named.
    attributes, covariates
        Other columns to keep: those that differ between alternatives, and those that describe person or situation.
    outside, name, source, synthetic
        As for `read_choices`.

    Returns
    -------
    ChoiceTable
        With the column ``choice_stage``: 1 for the first choice, 2, 3, … for later ones.

    Raises
    ------
    DataError
        If the file cannot be read, or listing everything that is wrong with the ranks.

    Examples
    --------
    >>> import pandas as pd
    >>> ranks = pd.DataFrame({"situation": [1, 1, 1], "alternative": list("abc"), "rank": [2, 1, 3]})
    >>> len(read_ranks(ranks))
    2
    """
    raise_all(_strange_depth(depth), DataError, HEADING)
    frame, called = named_frame(data, name, "ranks", (subject, situation or SITUATION.name, alternative))
    roles = {SUBJECT.name: subject, SITUATION.name: situation, WEIGHT.name: weight}
    own, shared = list(listed(attributes)), list(listed(covariates))
    if alternatives is None:
        roles |= {SITUATION.name: situation or SITUATION.name, ALTERNATIVE.name: alternative}
        rows = columns_of(frame, roles, [*own, *shared, rank], HEADING).rename(columns={rank: RANK})
    else:
        labels = list(labels_of(alternatives, HEADING).values())
        rows = _one_row_each(frame, roles, labels, columns, [rank, *own], shared)
    long = labelled(rows, HEADING)
    ranks = read_numbers(PLACE, long[RANK], "write whole numbers from 1 on")
    place = pd.Series(ranks.content, index=long.index)
    raise_all([*ranks.problems] or _problems(long, place), DataError, HEADING)
    rows, last = long.drop(columns=RANK), int(place.max())
    stages = []
    for stage in range(1, 1 + (last if depth is None else min(depth, last))):
        left = ~(place < stage).to_numpy()
        label = "" if stage == 1 else f", choice {stage}"
        stages.append((float(stage), label, rows[left], (place[left] == stage).to_numpy()))
    about = {"outside": outside, "counts": counts, "name": called, "source": source, "synthetic": synthetic}
    return exploded(stages, about)


def _strange_depth(depth: Any) -> list[str]:
    return [] if depth is None else count_problems(depth=depth)


def _one_row_each(
    frame: pd.DataFrame,
    roles: dict[str, str | None],
    alternatives: list[str],
    columns: str,
    own: list[str],
    shared: list[str],
) -> pd.DataFrame:
    """Return one row per ranking and alternative; `own` begins with ranks."""
    named = {label: [filled(columns, attribute=name, alternative=label) for name in own] for label in alternatives}
    tasks = columns_of(frame, roles, [*shared, *(column for found in named.values() for column in found)], HEADING)
    common = tasks.drop(columns=[column for found in named.values() for column in found])
    if SITUATION.name not in common:
        common[SITUATION.name] = numbered(len(common))
    names = [RANK, *own[1:]]
    parts = []
    for label, found in named.items():
        values: dict[str, Any] = {name: tasks[column] for name, column in zip(names, found, strict=True)}
        parts.append(common.assign(**values, **{ALTERNATIVE.name: label}))
    return pd.concat(parts)


def _problems(long: pd.DataFrame, place: pd.Series[float]) -> list[str]:
    """Say which rankings do not count on from 1."""
    tasks = long.assign(place=place.to_numpy()).groupby(TASK, sort=False, observed=True)["place"]
    wrong = tasks.agg(lambda ranks: sorted(ranks.dropna()) != list(np.arange(1, ranks.notna().sum() + 1))).astype(bool)
    what = "ranks must be 1, 2, 3, … without ties or gaps, from the best on"
    none = tasks.count() == 0
    return tasks_that(wrong & ~none, what) + tasks_that(none, "nothing has a rank")
