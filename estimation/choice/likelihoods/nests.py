"""Which rows belong to the same nest of the same situation, and the nested logit's probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.segments import log_sum_exp


@dataclass(frozen=True, eq=False)
class Grouping:
    """The rows of some situations, sorted by nest.

    Parameters
    ----------
    order : (row,)
        Where each sorted row stands in the table.
    first_in_nest : (group + 1,)
        Group g, the alternatives of one nest in one situation, has the sorted rows from ``first_in_nest[g]`` on.
    first_group : (situation + 1,)
        Situation t has the groups from ``first_group[t]`` on.
    nest : (group,)
        The position of the dissimilarity of the nest, or the number of dissimilarities for an alternative that stands
        alone.
    """

    order: Indices
    first_in_nest: Indices
    first_group: Indices
    nest: Indices

    def part(self, start: int, end: int) -> Grouping:
        """Return the groups of some consecutive situations."""
        low, high = self.first_group[start], self.first_group[end]
        rows = self.first_in_nest[low : high + 1]
        order = self.order[rows[0] : rows[-1]] - rows[0]
        return Grouping(order, rows - rows[0], self.first_group[start : end + 1] - low, self.nest[low:high])

    def chances(self, utility: Array, dissimilarity: Array, unscaled: bool) -> tuple[Array, ...]:
        """Return per row u and P(j | nest), per group I, P(nest), τ and s, per situation log Σ exp(τ I).

        Parameters
        ----------
        utility : (sorted row, …)
        dissimilarity : (dissimilarity, …)
        unscaled
            See `NestedLogit`.
        """
        tau = np.concatenate([dissimilarity, np.ones((1, *dissimilarity.shape[1:]))])[self.nest]
        scale = np.ones_like(tau) if unscaled else tau
        scaled = utility / np.repeat(scale, np.diff(self.first_in_nest), axis=0)
        inclusive, within = log_sum_exp(scaled, self.first_in_nest)
        total, between = log_sum_exp(tau * inclusive, self.first_group)
        return scaled, within, inclusive, between, tau, scale, total


def grouping_of(
    nests: Mapping[str, Sequence[str]], labels: pd.Series, first_row: Indices, places: Sequence[int] | None = None
) -> Grouping:
    """Return the rows of some situations by nest.

    Parameters
    ----------
    nests
        Name → its alternatives; alternatives in none stand alone.
    places
        The position of the dissimilarity of each nest; each has its own if left out.
    labels : (row,)
        The alternative of each row, a category.
    first_row : (situation + 1,)
    """
    of_alternative = {member: place for place, members in enumerate(nests.values()) for member in members}
    known = [str(label) for label in labels.cat.categories]
    code = np.array([of_alternative.get(label, len(nests) + place) for place, label in enumerate(known)])
    situation = np.repeat(np.arange(len(first_row) - 1), np.diff(first_row))
    own = range(len(nests)) if places is None else places
    return grouped(code[labels.cat.codes.to_numpy()], situation, len(first_row) - 1, own)


def grouped(group: Indices, situation: Indices, situations: int, places: Sequence[int]) -> Grouping:
    """Return entries of situations by group.

    Parameters
    ----------
    group : (entry,)
        The nest, or a number from ``len(places)`` on for what stands alone.
    situation : (entry,)
    places : (nest,)
        The position of the dissimilarity of each nest.
    """
    order = np.lexsort((group, situation))
    ordered, situation = group[order], situation[order]
    starts = np.flatnonzero((np.diff(ordered, prepend=-1) != 0) | (np.diff(situation, prepend=-1) != 0))
    first_group = np.searchsorted(situation[starts], np.arange(situations + 1))
    place = np.append(np.asarray(places, dtype=np.int64), max(places, default=-1) + 1)
    nest = place[np.minimum(ordered[starts], len(places))]
    return Grouping(order, np.append(starts, len(order)), first_group, nest)
