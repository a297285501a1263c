"""Probabilities and inclusive values of a scenario, draw by draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.further import SCALE
from estimation.choice.model import ChoiceModel
from estimation.choice.quantities.scenario import Scenario
from estimation.choice.sampling.draws import Tastes
from estimation.choice.utilities.design import design_of
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE, SUBJECT, WEIGHT

AT_ONCE = 4_000_000
"""Utilities held at once."""
STRANGER = -1
NOT_KNOWN = (
    "it holds people of whom the fit knows nothing, and weights differ between people; make it from the choices of the "
    "fit: est.scenario(fit.table, products)"
)


@dataclass(frozen=True, eq=False)
class Offer:
    """A scenario as a fitted model sees it.

    Parameters
    ----------
    model
        How people choose.
    x : (row, coefficient)
    first_row : (situation + 1,)
    person : (row,)
        Whose weights apply, as a position in the list of people of the fit; `STRANGER` of whom it does not know.
    labels : (row,)
        Which alternative it is, a category.
    weight : (situation,)
        How often each situation counts; sums to one.
    scale_terms : (situation, group)
        What the scale of utilities depends on.
    """

    model: ChoiceModel
    x: Array
    first_row: Indices
    person: Indices
    labels: pd.Series
    weight: Array
    scale_terms: Array

    def predicted(self, tastes: Tastes) -> Iterator[tuple[slice, Array, Array]]:
        """Yield (samples, probabilities (row, sample), inclusive values (situation, sample))."""
        count = len(tastes.weights)
        size = max(1, AT_ONCE // len(self.x))
        for start in range(0, count, size):
            samples = slice(start, min(start + size, count))
            utility = self.utility(tastes.weights[samples])
            further = {name: values[samples] for name, values in tastes.further.items()}
            if SCALE.variable not in further:
                inclusive, share = self.model.predicted(utility, self.labels, self.first_row, further)
            else:
                scale = np.exp(self.scale_terms @ np.log(further[SCALE.variable]).T)
                utility = utility * np.repeat(scale, np.diff(self.first_row), axis=0)
                inclusive, share = self.model.predicted(utility, self.labels, self.first_row, further)
                inclusive = inclusive / scale  # in units of utility
            yield samples, share, inclusive

    def utility(self, weights: Array) -> Array:
        """Return utilities, (row, sample), of weights (sample, person, coefficient).

        Raises
        ------
        ChoiceError
            If weights differ between people, and the scenario holds people of whom the fit knows nothing.
        """
        if weights.shape[1] == 1:
            return self.model.utilities(self.x, self.first_row, weights[:, 0, :].T)
        if (self.person == STRANGER).any():
            raise ChoiceError("The scenario cannot be predicted:", [NOT_KNOWN])
        return np.stack([np.einsum("rk,rk->r", self.x, own[self.person]) for own in weights], axis=1)

    def shares(self, tastes: Tastes) -> Array:
        """Return how many people take each alternative, (sample, alternative), as shares."""
        code, count = self.labels.cat.codes.to_numpy(), len(self.labels.cat.categories)
        found = np.empty((len(tastes.weights), count))
        row_weight = np.repeat(self.weight, np.diff(self.first_row))
        order = np.argsort(code, kind="stable")
        first = np.searchsorted(code[order], np.arange(count))
        for samples, share, _ in self.predicted(tastes):
            found[samples] = np.add.reduceat((share * row_weight[:, None])[order], first, axis=0).T
        return found


def offer_of(model: ChoiceModel, table: ChoiceTable, scenario: Scenario) -> Offer:
    """Return a scenario as a model sees it that is fitted to a table.

    Raises
    ------
    ChoiceError
        If the scenario lacks attributes, brings alternatives without a constant to a model with constants, or changes
        what describes people where their weights depend on it.
    """
    design, frame = design_of(model, table), scenario.frame
    new = [label for label in scenario.alternatives if label not in table.alternatives]
    if new and set(design.constants) - {design.outside}:
        problem = f"nothing is known about the constants of {new}; describe products by attributes alone"
        raise ChoiceError("The scenario cannot be predicted:", [problem])
    first_row = scenario.first_row
    weight = frame[WEIGHT.name].to_numpy()[first_row[:-1]]
    position = {label: place for place, label in enumerate(table.subjects)}
    subjects = frame[SUBJECT.name]
    known = np.array([position.get(str(label), STRANGER) for label in subjects.cat.categories])
    person = known[subjects.cat.codes.to_numpy()]
    raise_all(_redescribed(model, table, frame, person), ChoiceError, "The scenario cannot be predicted:")
    labels = frame[ALTERNATIVE.name]
    terms = model.scale_terms(table, frame, first_row)
    return Offer(model, design.matrix(frame), first_row, person, labels, weight / weight.sum(), terms)


def _redescribed(model: ChoiceModel, table: ChoiceTable, frame: pd.DataFrame, person: Indices) -> list[str]:
    """Say what describes people otherwise than the fit knows them, where it is what their weights depend on."""
    if not model.covariates:
        return []
    rows = table.rows.iloc[table.first_row[table.first_situation[:-1]]]
    inside = (frame[ALTERNATIVE.name].astype(str) != str(table.outside)).to_numpy() & (person != STRANGER)
    return [
        f"weights depend on {name!r}, and are those of people as the data describe them: a scenario cannot change it; "
        "take people who are so: est.scenario(fit.table.of(people))"
        for name in model.covariates
        if not np.array_equal(
            frame[name].to_numpy(dtype=float)[inside], rows[name].to_numpy(dtype=float)[person[inside]]
        )
    ]
