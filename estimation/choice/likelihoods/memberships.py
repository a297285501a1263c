"""Which parts of alternatives belong to which nests, and the rows that they are parts of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.nests import Grouping, grouped
from estimation.choice.likelihoods.segments import log_sum_exp

LEAST = 1e-300
"""Smallest part: below it logarithms have no digits."""


@dataclass(frozen=True, eq=False)
class Membership:
    """Which parts of alternatives belong to which nests.

    Parameters
    ----------
    labels
        The parts: (alternative, nest), those of an alternative one after another.
    first : (alternative with several nests + 1,)
        Where the parts of each alternative begin.
    is_free
        Whether parts are estimated; otherwise they are equal.
    """

    labels: tuple[tuple[str, str], ...]
    first: Indices
    is_free: bool

    @property
    def parameters(self) -> Indices:
        """The parts that have a parameter: all but the last of each alternative."""
        if not self.is_free:
            return np.zeros(0, dtype=np.int64)
        return np.setdiff1d(np.arange(len(self.labels)), self.first[1:] - 1)

    def parts(self, free: Array) -> tuple[Array, Array]:
        """Return log α and α, (part, …), of log odds against the last part (parameter, …)."""
        odds = np.zeros((len(self.labels), *free.shape[1:]))
        odds[self.parameters] = free
        total, share = log_sum_exp(odds, self.first)
        return odds - np.repeat(total, np.diff(self.first), axis=0), share

    def logs(self, share: Array | None, samples: int) -> Array:
        """Return log α, (part, sample), of shares (sample, part), or of equal parts."""
        if share is None:
            return self.parts(np.zeros((0, samples)))[0]
        return np.asarray(np.log(np.maximum(share.T, LEAST)))


def membership_of(nests: Mapping[str, Sequence[str]], is_free: bool) -> Membership:
    """Return the parts of alternatives that are in several nests."""
    members = list(dict.fromkeys(member for inside in nests.values() for member in inside))
    of = {member: [nest for nest, inside in nests.items() if member in inside] for member in members}
    several = {member: own for member, own in of.items() if len(own) > 1}
    labels = tuple((member, nest) for member, own in several.items() for nest in own)
    first = np.concatenate([[0], np.cumsum([len(own) for own in several.values()])]).astype(np.int64)
    return Membership(labels, first, is_free)


@dataclass(frozen=True, eq=False)
class Entries:
    """The rows of some situations, once for each of their nests, sorted by nest.

    Parameters
    ----------
    grouping
        Which entries belong to the same nest of the same situation.
    row : (entry,)
        Which row each entry is a part of.
    part : (entry,)
        Its place among the parts; their number for what belongs to one nest only, or stands alone.
    """

    grouping: Grouping
    row: Indices
    part: Indices

    def chances(self, utility: Array, log_part: Array, dissimilarity: Array) -> tuple[Array, ...]:
        """Return what `Grouping.chances` returns, of utilities (row, …) and log α (part, …)."""
        padded = np.concatenate([log_part, np.zeros((1, *log_part.shape[1:]))])
        return self.grouping.chances(utility[self.row] + padded[self.part], dissimilarity, False)

    def shares(self, parts: tuple[Array, ...]) -> Array:
        """Return the probability of each row, (row, …), from what `chances` returned."""
        _, within, _, between, *_ = parts
        share = within * np.repeat(between, np.diff(self.grouping.first_in_nest), axis=0)
        order = np.argsort(self.row, kind="stable")
        return np.asarray(np.add.reduceat(share[order], np.flatnonzero(np.diff(self.row[order], prepend=-1)), axis=0))

    def some(self, start: int, end: int, first_row: Indices) -> Entries:
        """Return the entries of consecutive situations."""
        low, high = (self.grouping.first_in_nest[self.grouping.first_group[place]] for place in (start, end))
        return Entries(self.grouping.part(start, end), self.row[low:high] - first_row[start], self.part[low:high])


def entries_of(
    nests: Mapping[str, Sequence[str]], membership: Membership, labels: pd.Series, first_row: Indices
) -> Entries:
    """Return the entries of the rows of some situations; `labels` (row,) are their alternatives, a category."""
    names, place_of = list(nests), {pair: place for place, pair in enumerate(membership.labels)}
    known = [str(label) for label in labels.cat.categories]
    rows, groups, parts = [], [], []
    for code, label in enumerate(known):
        own = np.flatnonzero(labels.cat.codes.to_numpy() == code)
        inside = [name for name in names if label in nests[name]]
        for nest in [names.index(name) for name in inside] or [len(names) + code]:
            place = place_of.get((label, names[nest]), len(place_of)) if inside else len(place_of)
            rows.append(own)
            groups.append(np.full(len(own), nest))
            parts.append(np.full(len(own), place))
    row, group, part = np.concatenate(rows), np.concatenate(groups), np.concatenate(parts)
    situation = np.searchsorted(first_row, row, side="right") - 1
    grouping = grouped(group, situation, len(first_row) - 1, range(len(names)))
    return Entries(grouping, row[grouping.order], part[grouping.order])
