"""The benchmark's table for people who are advised: what they do with each adviser's word, in which circumstances.

Circumstances are what theories of advice speak of: who advises, whether that adviser was right the last time, and how
far own information speaks for the recommendation. Which of them matters, and how, is learnt from people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.data.tables.table import Table
from estimation.evaluation.facts.advised import adviser_of, own_support, was_right
from estimation.games.advice import AdviceGame
from estimation.games.game import grid_index
from estimation.names import ACTION, CONDITION, MESSAGE, RECEIVER, ROLE, SUBJECT

RECORDS = 3  # right, wrong, not known
SUPPORT = np.array([0.25, 0.5, 0.75])  # where the degrees of support by own information end; one more: none
DEGREES = len(SUPPORT) + 2


@dataclass(frozen=True, eq=False)
class AdvisedCell:
    """The choices of advised people, in conditions with the same states and advisers.

    Attributes
    ----------
    counts : (person, circumstance, option) array
        Options are counted from the recommended one on, around the list of states.
    advisers, messages
        How many; messages count only where there are more than two, for of two one is the other's mirror image.
    """

    counts: Array
    advisers: int
    messages: int

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What conditions share whose choices belong together."""
        return (type(self).__name__, *self.counts.shape[1:], self.advisers)

    def smoothed(self, weighted: Array, seen: float, _apart: float) -> Array:
        """Return P(option | circumstance) from weighted counts: the adviser's own table is worth `seen` decisions."""
        options = weighted.shape[1]
        total = weighted.reshape(self.advisers, -1, options).sum(axis=1)
        total = (total + 1.0) / (total.sum(axis=1, keepdims=True) + options)
        prior = np.repeat(total, weighted.shape[0] // self.advisers, axis=0)
        return np.asarray((weighted + seen * prior) / (weighted.sum(axis=1, keepdims=True) + seen))

    def with_counts(self, counts: Array) -> AdvisedCell:
        """Return the cell of more people's choices."""
        return replace(self, counts=counts)


def advised_cell(table: Table, condition: str) -> AdvisedCell | None:
    """Return the choices of those who were advised in a condition, if anybody was."""
    game, frame = table.games[condition], table.frame
    rows = frame[(frame[CONDITION.name] == condition) & (frame[ROLE.name] == RECEIVER)]
    if not isinstance(game, AdviceGame) or not len(rows):
        return None
    options = len(game.actions)
    said = grid_index(game.messages, rows[MESSAGE.name].to_numpy(float))
    chosen = grid_index(game.actions, rows[ACTION.name].to_numpy(float))
    advisers, messages = max(1, len(game.advisers)), 1 if options == 2 else options
    circumstance = np.ravel_multi_index(
        (adviser_of(game, rows), said % messages, _record(was_right(game, rows)), _degree(own_support(game, rows))),
        (advisers, messages, RECORDS, DEGREES),
    )
    counts = np.zeros((len(table.subjects), advisers * messages * RECORDS * DEGREES, options))
    who = pd.Index(table.subjects).get_indexer(pd.Index(rows[SUBJECT.name]))
    np.add.at(counts, (who, circumstance, (chosen - said) % options), 1.0)
    return AdvisedCell(counts, advisers, messages)


def _record(right: Array) -> Indices:
    return np.where(np.isnan(right), RECORDS - 1, (right < 1).astype("int64"))


def _degree(support: Array) -> Indices:
    return np.where(np.isnan(support), DEGREES - 1, np.digitize(np.nan_to_num(support), SUPPORT))
