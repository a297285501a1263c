"""Probabilities and inclusive values of a scenario, draw by draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.design import design_of
from estimation.choice.models import ChoiceModel, NestedLogit
from estimation.choice.nests import Grouping, grouping_of
from estimation.choice.scenario import Scenario
from estimation.choice.segments import log_sum_exp
from estimation.choice.tastes import Tastes
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError
from estimation.names import ALTERNATIVE, SUBJECT, WEIGHT

AT_ONCE = 4_000_000
"""Utilities held at once."""


@dataclass(frozen=True, eq=False)
class Offer:
    """A scenario as a fitted model sees it.

    Parameters
    ----------
    x : (row, coefficient)
    first_row : (situation + 1,)
    person : (row,)
        Whose weights apply, as a position in the list of people of the fit.
    code : (row,)
        Which alternative it is, as a position in `alternatives`.
    weight : (situation,)
        How often each situation counts; sums to one.
    alternatives
    grouping
        The nests, or None.
    unscaled
        See `NestedLogit`.
    """

    x: Array
    first_row: Indices
    person: Indices
    code: Indices
    weight: Array
    alternatives: list[str]
    grouping: Grouping | None
    unscaled: bool

    def predicted(self, tastes: Tastes) -> Iterator[tuple[slice, Array, Array]]:
        """Yield (samples, probabilities (row, sample), inclusive values (situation, sample))."""
        count = len(tastes.weights)
        size = max(1, AT_ONCE // len(self.x))
        for start in range(0, count, size):
            samples = slice(start, min(start + size, count))
            utility = self.utility(tastes.weights[samples])
            if self.grouping is None:
                inclusive, share = log_sum_exp(utility, self.first_row)
            else:
                inclusive, share = self.grouping.predicted(
                    utility, tastes.dissimilarity[samples].T, self.unscaled
                )
            yield samples, share, inclusive

    def utility(self, weights: Array) -> Array:
        """Return utilities, (row, sample), of weights (sample, person, coefficient)."""
        if weights.shape[1] == 1:
            return np.asarray(self.x @ weights[:, 0, :].T)
        return np.stack([np.einsum("rk,rk->r", self.x, own[self.person]) for own in weights], axis=1)

    def shares(self, tastes: Tastes) -> Array:
        """Return how many people take each alternative, (sample, alternative), as shares."""
        found = np.empty((len(tastes.weights), len(self.alternatives)))
        row_weight = np.repeat(self.weight, np.diff(self.first_row))
        order = np.argsort(self.code, kind="stable")
        first = np.searchsorted(self.code[order], np.arange(len(self.alternatives)))
        for samples, share, _ in self.predicted(tastes):
            found[samples] = np.add.reduceat((share * row_weight[:, None])[order], first, axis=0).T
        return found


def offer_of(model: ChoiceModel, table: ChoiceTable, scenario: Scenario) -> Offer:
    """Return a scenario as a model sees it that is fitted to a table.

    Raises
    ------
    ChoiceError
        If the scenario lacks attributes, or brings alternatives without a constant to a model with constants.
    """
    design, frame = design_of(model, table), scenario.frame
    new = [label for label in scenario.alternatives if label not in table.alternatives]
    if new and design.constants:
        problem = f"nothing is known about the constants of {new}; describe products by attributes alone"
        raise ChoiceError("The scenario cannot be predicted:", [problem])
    first_row = scenario.first_row
    weight = frame[WEIGHT.name].to_numpy()[first_row[:-1]]
    position = {label: place for place, label in enumerate(table.subjects)}
    subjects = frame[SUBJECT.name]
    person = np.array([position.get(str(label), 0) for label in subjects.cat.categories])[
        subjects.cat.codes.to_numpy()
    ]
    nested = model if isinstance(model, NestedLogit) else None
    labels = frame[ALTERNATIVE.name]
    return Offer(
        design.matrix(frame),
        first_row,
        person,
        labels.cat.codes.to_numpy().astype(np.int64),
        weight / weight.sum(),
        scenario.alternatives,
        None if nested is None else grouping_of(nested.nests, labels, first_row),
        nested is not None and nested.unscaled,
    )
