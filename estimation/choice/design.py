"""From a table of choices to the numbers of a utility: one column per coefficient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.arrays import ChoiceArrays
from estimation.choice.terms import Term, read_term
from estimation.choice.utility import Utility
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE, CHOSEN, WEIGHT


@dataclass(frozen=True, eq=False)
class UtilityDesign:
    """How the terms of a model become columns, for the table that it was made for and for scenarios.

    Parameters
    ----------
    terms
        In the order of the model.
    constants
        The alternatives that have a constant.
    outside
        The alternative whose utility is zero, if there is one.
    """

    terms: tuple[Term, ...]
    constants: tuple[str, ...]
    outside: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """The coefficients: constants first."""
        return (*self.constants, *(name for term in self.terms for name in term.names))

    def of_term(self, text: str) -> tuple[str, ...]:
        """Return the coefficients of a term, or the coefficient itself; empty if there is neither."""
        found = tuple(name for term in self.terms if term.text == text for name in term.names)
        return found or tuple(name for name in self.names if name == text)

    def matrix(self, frame: pd.DataFrame) -> Array:
        """Return the design of some rows, (row, coefficient); rows of the outside option are zero.

        Raises
        ------
        ChoiceError
            If a term has a value that is not finite, as the logarithm of zero.
        """
        matrix = np.empty((len(frame), len(self.names)))
        for place, label in enumerate(self.constants):
            matrix[:, place] = frame[ALTERNATIVE.name] == label
        columns = (values for term in self.terms for values in term.values(frame))
        for place, values in enumerate(columns, len(self.constants)):
            matrix[:, place] = values
        if self.outside is not None:
            matrix[(frame[ALTERNATIVE.name] == self.outside).to_numpy()] = 0.0
        endless = ~np.isfinite(matrix)
        problems = [
            f"{name!r} is {matrix[rows, place][0]:g} in {rows.sum():,} of {len(frame):,} rows"
            for place, (name, rows) in enumerate(zip(self.names, endless.T, strict=True))
            if rows.any()
        ]
        raise_all(problems, ChoiceError, "Terms have values that are not finite (logarithms and ratios of zero do):")
        return matrix


def design_of(model: Utility, table: ChoiceTable) -> UtilityDesign:
    """Return how a model's terms become columns for a table.

    Raises
    ------
    ChoiceError
        Listing every term that cannot be read, an unknown reference, and names that stand for two things.
    """
    frame = table.rows
    inside = [label for label in table.alternatives if label != table.outside]
    problems = []
    reference = model.reference if model.reference is not None else table.outside or inside[0]
    if reference not in table.alternatives:
        problems.append(f"reference {reference!r} is none of the alternatives {table.alternatives}")
    terms = []
    for text in model.attributes:
        try:
            terms.append(read_term(text, frame, inside, reference))
        except ChoiceError as problem:
            problems += problem.problems
    constants = tuple(label for label in inside if model.constants and label != reference)
    design = UtilityDesign(tuple(terms), constants, table.outside)
    twice = sorted({name for name in design.names if design.names.count(name) > 1})
    problems += [
        f"coefficient {name!r} stands for two things (perhaps a column and an alternative); rename one"
        for name in twice
    ]
    raise_all(problems, ChoiceError, f"The utility cannot be built on {table.label}:")
    return design


@lru_cache(maxsize=2)
def arrays_of(model: Utility, table: ChoiceTable) -> ChoiceArrays:
    """Return a table as plain arrays for a model, one column per coefficient.

    Raises
    ------
    ChoiceError
        As `design_of`, and as `UtilityDesign.matrix`.
    """
    design = design_of(model, table)
    frame, first_row = table.rows, table.first_row
    weight = frame[WEIGHT.name].to_numpy()[first_row[:-1]] if WEIGHT.name in frame else np.ones(len(table))
    return ChoiceArrays(
        design.matrix(frame),
        first_row,
        np.flatnonzero(frame[CHOSEN.name].to_numpy()),
        table.first_situation,
        weight,
        design.names,
        tuple(table.subjects),
    )
