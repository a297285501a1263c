"""The attributes of a model and their levels, as a study showed them: what importances and part-worths are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.choice.model import ChoiceModel
from estimation.choice.utilities.design import UtilityDesign, design_of
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError
from estimation.names import ALTERNATIVE, STAGE

EACH = ALTERNATIVE.name


@dataclass(frozen=True, eq=False)
class Attribute:
    """Columns whose terms belong together, and the levels that the data have of them.

    Parameters
    ----------
    name
        The columns, joined by commas; ``alternative`` stands for constants.
    places : (coefficient,)
        Which coefficients of the model are about it.
    x : (level, coefficient)
        Their terms at each level.
    labels : (level,)
        What the levels are called.
    group : (level,)
        For which people a level is: those with these covariates, where terms contain covariates.
    whose : (person,)
        The group of each person.
    """

    name: str
    places: Indices
    x: Array
    labels: tuple[str, ...]
    group: Indices
    whose: Indices

    def worths(self, weights: Array) -> Iterator[tuple[int, Array]]:
        """Yield each level and what it is worth to each person, (sample, person), NaN for those it is not for."""
        own = weights[:, :, self.places]
        alike = weights.shape[1] == 1
        for level, terms in enumerate(self.x):
            mine = np.ones(weights.shape[1], dtype=bool) if alike else self.whose == self.group[level]
            yield level, np.where(mine, own @ terms, np.nan)

    def ranges(self, weights: Array) -> Array:
        """Return the worth of the best level minus that of the worst, (sample, person), logits.

        Parameters
        ----------
        weights : (sample, person, coefficient)
        """
        low, high = np.full(weights.shape[:2], np.inf), np.full(weights.shape[:2], -np.inf)
        for _, worth in self.worths(weights):
            np.fmin(low, worth, out=low)
            np.fmax(high, worth, out=high)
        return np.asarray(high - low)


def attributes_of(model: ChoiceModel, table: ChoiceTable) -> list[Attribute]:
    """Return the attributes of a model on a table; columns that share a term are one attribute.

    Raises
    ------
    ChoiceError
        If utility is no weighted sum of attributes, so that levels have no worth of their own.
    """
    if not model.is_linear:
        problem = f"utility is no weighted sum under the {model.name}, so that levels have no worth of their own"
        raise ChoiceError("There are no part-worths:", [problem])
    design, people = design_of(model, table), set(table.covariates)
    rows = offered_rows(table)
    first = table.rows.iloc[table.first_row[table.first_situation[:-1]]]
    return [_attribute(columns, design, rows, first, people) for columns in _together(design, people)]


def of_everybody(weights: Array, attributes: Iterable[Attribute]) -> Array:
    """Return weights (sample, person, coefficient) with one entry per person where levels differ between people.

    Where everybody has the same weights, what levels are worth may still differ: that of prices with income.
    """
    people = max((len(one.whose) for one in attributes if len(set(one.group.tolist())) > 1), default=1)
    is_short = weights.shape[1] == 1 < people
    return np.broadcast_to(weights, (len(weights), people, weights.shape[2])) if is_short else weights


def offered_rows(table: ChoiceTable) -> pd.DataFrame:
    """Return the rows of a table but those of the outside option, which has no attributes."""
    return table.rows[(table.rows[ALTERNATIVE.name] != table.outside).to_numpy()]


def _together(design: UtilityDesign, people: set[str]) -> list[dict[str, Indices]]:
    """Return the attributes as column → places of the coefficients that read it, those that share a term as one."""
    labels = [name for name in design.constants if name != design.outside]
    start = len(design.constants)
    found = [({EACH}, list(range(len(labels))))] if labels else []
    for term in design.terms:
        columns = {name for name in term.columns if name not in people} | ({EACH} if term.labels else set())
        found.append((columns or set(term.columns), list(range(start, start + len(term.names)))))
        start += len(term.names)
    merged: list[tuple[set[str], list[int]]] = []
    for columns, places in found:
        near = [one for one in merged if one[0] & columns]
        merged = [one for one in merged if not one[0] & columns]
        merged.append((columns.union(*(one[0] for one in near)), [*(p for one in near for p in one[1]), *places]))
    order = {
        name: place for place, name in enumerate([*dict.fromkeys(c for t in design.terms for c in t.columns), EACH])
    }
    return [
        dict.fromkeys(sorted(columns, key=lambda name: order[name]), np.array(sorted(places)))
        for columns, places in sorted(merged, key=lambda one: min(one[1]))
    ]


def _attribute(
    columns: dict[str, Indices], design: UtilityDesign, rows: pd.DataFrame, first: pd.DataFrame, people: set[str]
) -> Attribute:
    names, places = list(columns), next(iter(columns.values()))
    terms = [term for term in design.terms if set(term.columns) & set(names) or (term.labels and EACH in names)]
    known = list(dict.fromkeys(name for term in terms for name in term.columns if name in people and name not in names))
    levels = rows.drop_duplicates(names).sort_values(names)
    whose = np.zeros(len(first), dtype=np.int64)
    group = np.zeros(len(levels), dtype=np.int64)
    if known:
        crowds = first[known].drop_duplicates().reset_index(drop=True)
        whose = first[known].merge(crowds.reset_index(names="crowd"), on=known, how="left")["crowd"].to_numpy()
        levels = levels.drop(columns=known).merge(crowds.reset_index(names="crowd"), how="cross")
        group = levels.pop("crowd").to_numpy()
    x = design.matrix(levels.drop(columns=STAGE.name, errors="ignore"))[:, places]  # of the worst, signs change
    texts = [_texts(levels[name]) for name in names]
    pairs = [tuple(f"{name}={text}" for name, text in zip(names, row, strict=True)) for row in zip(*texts, strict=True)]
    labels = tuple(texts[0]) if len(names) == 1 else tuple(", ".join(pair) for pair in pairs)
    return Attribute(", ".join(names), places, x, labels, group, whose)


def _texts(values: pd.Series) -> list[str]:
    """Return what levels are called: numbers with six digits, or with all where these would make two alike."""
    different = [value if isinstance(value, float) else str(value) for value in values]
    short = {value: f"{value:g}" if isinstance(value, float) else value for value in different}
    is_clear = len(set(short.values())) == len(short)
    return [short[value] if is_clear else str(value) for value in different]
