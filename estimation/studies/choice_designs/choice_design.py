"""The design of a choice experiment: which alternatives are shown together, and what that could tell."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from estimation.choice.model import ChoiceModel
from estimation.data.choices.table import ChoiceTable
from estimation.errors import StudyError
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT
from estimation.saving import write_bytes_whole
from estimation.text.comma_separated import frame_text
from estimation.text.page import as_html

VERSION, TASK = "version", "task"
KEYS = (VERSION, TASK, ALTERNATIVE.name, SUBJECT.name, SITUATION.name, CHOSEN.name)


@dataclass(frozen=True, eq=False, repr=False)
class ChoiceDesign:
    """A design of a choice experiment, made by `efficient_design`.

    Attributes
    ----------
    frame
        One row per alternative that is shown: ``version`` of the questionnaire, ``task``, ``alternative`` and its
        attributes. An outside option has no row: it is the same everywhere.
    model
        For which it was made.
    outside
        The alternative that means "none of these", or None.
    error
        Its D-error under the prior that it was made for, see `design_error`.
    """

    frame: pd.DataFrame
    model: ChoiceModel
    outside: str | None
    error: float

    def for_people(self, count: int) -> ChoiceTable:
        """Return who would be asked what: so many people, who get the versions in turn; nobody has chosen yet.

        The first alternative of each task is marked as chosen, since tables of choices need one: give the table to
        `simulate_choices`, which does not look at it.
        """
        versions = self.frame[VERSION].unique()
        parts = []
        for person in range(count):
            mine = self.frame[self.frame[VERSION] == versions[person % len(versions)]]
            parts.append(mine.drop(columns=VERSION).assign(**{SUBJECT.name: f"person {person + 1}"}))
        rows = pd.concat(parts, ignore_index=True)
        first = ~rows.duplicated([SUBJECT.name, TASK])
        rows = rows.rename(columns={TASK: SITUATION.name}).assign(**{CHOSEN.name: first})
        if self.outside is not None:
            rows = _with_nothing(rows, self.outside)
        return ChoiceTable.from_frame(rows, outside=self.outside, name="design", synthetic=True)

    @property
    def overlap(self) -> pd.DataFrame:
        """How often alternatives of a task share a level, see `level_overlap`."""
        return level_overlap(self.frame)

    def to_csv(self, path: str | Path) -> Path:
        """Write the design as a table, one row per alternative, and return where it is."""
        content = frame_text(self.frame, index=False).encode()
        return write_bytes_whole(path, content, StudyError, "The design cannot be written:")

    def __repr__(self) -> str:
        return f"{self._head}\n{self.overlap.round(2).to_string()}"

    def _repr_html_(self) -> str:
        return as_html(self._head, self.overlap.round(2))

    @property
    def _head(self) -> str:
        tasks = self.frame[[VERSION, TASK]].drop_duplicates()
        versions = tasks[VERSION].nunique()
        each = f"{len(tasks) // versions} tasks" + (f" in each of {versions} versions" if versions > 1 else "")
        nothing = f", or {self.outside}" if self.outside is not None else ""
        shown = len(self.frame) // len(tasks)
        return f"Design of {each}, {shown} alternatives each{nothing}: D-error {self.error:.4g}"


def level_overlap(design: pd.DataFrame | ChoiceTable) -> pd.DataFrame:
    """Return how often the alternatives of a task share a level of an attribute, and how balanced levels are.

    Where all alternatives share a level the task says nothing about the attribute. Designs without overlap are the most
    efficient for main effects if nothing is known beforehand; some overlap is what efficiency asks for once priors are
    known, and what people who look at one attribute only need.

    Parameters
    ----------
    design
        Rows of a design with ``version`` and ``task`` (or ``subject`` and ``situation``), or choices. The outside
        option of choices counts as no alternative.

    Returns
    -------
    DataFrame
        One row per attribute: ``levels``; shares of tasks in which ``all differ``, ``some share`` or ``all share`` a
        level, of the alternatives that have one; and how often the ``rarest`` and the ``commonest`` level is shown.
    """
    rows = design if isinstance(design, pd.DataFrame) else design.frame
    if isinstance(design, ChoiceTable):
        rows = rows[rows[ALTERNATIVE.name] != design.outside]
    tasks = [name for name in (VERSION, TASK, SUBJECT.name, SITUATION.name) if name in rows]
    groups = rows.groupby(tasks, observed=True, sort=False)
    attributes = design.attributes if isinstance(design, ChoiceTable) else [name for name in rows if name not in KEYS]
    found = {}
    for name in map(str, attributes):
        distinct, sizes, counts = groups[name].nunique(), groups[name].count(), rows[name].value_counts()
        counts = counts[counts > 0]
        kinds = [(distinct == sizes), (distinct < sizes) & (distinct > 1), (distinct == 1) & (sizes > 1)]
        found[name] = [len(counts), *(kind.mean() for kind in kinds), counts.min(), counts.max()]
    columns = ["levels", "all differ", "some share", "all share", "rarest", "commonest"]
    return pd.DataFrame.from_dict(found, orient="index", columns=columns).rename_axis("attribute")


def full_factorial(levels: Mapping[str, Iterable[Hashable]]) -> pd.DataFrame:
    """Return every combination of levels, one row each; numbers as floats."""
    grid = pd.MultiIndex.from_product([list(values) for values in levels.values()], names=list(levels))
    frame = grid.to_frame(index=False)
    numbers = [name for name in frame if pd.api.types.is_numeric_dtype(frame[name])]
    return frame.astype(dict.fromkeys(numbers, float))


def _with_nothing(rows: pd.DataFrame, outside: str) -> pd.DataFrame:
    """Return the rows with one for the outside option in each task."""
    first = rows.drop_duplicates([SUBJECT.name, SITUATION.name])
    nothing = first.copy()
    nothing[ALTERNATIVE.name], nothing[CHOSEN.name] = outside, False
    for name in nothing.columns.difference(list(KEYS)):
        nothing[name] = np.nan
    return pd.concat([rows, nothing])
