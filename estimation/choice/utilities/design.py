"""From a table of choices to the numbers of a utility: one column per coefficient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.utilities.error_components import Components, columns_of, component_problems
from estimation.choice.utilities.faults import column_faults, value_faults
from estimation.choice.utilities.terms import Term, read_term
from estimation.choice.utilities.utility import Utility
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.choices.stages import direction_of
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE, CHOSEN, STAGE, WEIGHT


@dataclass(frozen=True, eq=False)
class UtilityDesign:
    """How the terms of a model become columns, for the table that it was made for and for scenarios.

    Parameters
    ----------
    terms
        In the order of the model.
    constants
        The alternatives that have a constant. That of the outside option is minus one for all others, so that its own
        utility stays zero.
    outside
        The alternative whose utility is zero, if there is one.
    fixed
        Coefficients whose weights are known.
    components
        Groups of alternatives with something in common, by name; their indicators come last.
    """

    terms: tuple[Term, ...]
    constants: tuple[str, ...]
    outside: str | None
    fixed: Mapping[str, float]
    components: Components = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The coefficients: constants first."""
        return (*self.constants, *(name for term in self.terms for name in term.names), *self.components)

    @property
    def free(self) -> tuple[str, ...]:
        """The coefficients whose weights are estimated."""
        return tuple(name for name in self.names if name not in self.fixed)

    def complete(self, weights: Array) -> Array:
        """Return weights (…, free coefficient) with the fixed ones in their places, (…, coefficient)."""
        if not self.fixed:
            return weights
        known = np.array([self.fixed.get(name, np.nan) for name in self.names])
        result = np.broadcast_to(known, (*weights.shape[:-1], len(known))).copy()
        result[..., np.isnan(known)] = weights
        return result

    @property
    def words(self) -> dict[str, str]:
        """What tables call those coefficients whose names are the notation of formulas."""
        return {name: said for term in self.terms for name, said in term.words.items()}

    @property
    def is_by_name(self) -> bool:
        """Whether utilities depend on which alternative it is, beyond its attributes."""
        by_label = any(term.labels for term in self.terms) or bool(self.components)
        return bool(set(self.constants) - {self.outside}) or by_label

    def of_term(self, text: str) -> tuple[str, ...]:
        """Return the coefficients of a term, or the coefficient itself; empty if there is neither."""
        found = tuple(name for term in self.terms if term.text == text for name in term.names)
        return found or tuple(name for name in self.names if name == text)

    def matrix(self, frame: pd.DataFrame) -> Array:
        """Return the design of some rows, (row, coefficient): zeros outside, reversed for choices of the worst.

        Raises
        ------
        ChoiceError
            Listing columns with empty cells, texts for numbers or levels that the data do not have, and terms whose
            values are not finite, as the logarithm of zero.
        """
        inside = _inside(frame, self.outside)
        rows, heading = frame[inside], "The terms have no values:"
        columns = dict.fromkeys(name for term in self.terms for name in term.columns)
        levels = {name: labels for term in self.terms for name, labels in term.levels.items()}
        raise_all(column_faults(columns, levels, rows, self.outside), ChoiceError, heading)
        constants = [-1.0 if name == self.outside else rows[ALTERNATIVE.name] == name for name in self.constants]
        matrix = np.zeros((len(frame), len(self.names)))
        terms = (values for term in self.terms for values in term.values(rows))
        for place, values in enumerate([*constants, *terms, *columns_of(self.components, rows)]):
            matrix[inside, place] = values
        if STAGE.name in frame:  # of what is left, the worst has the largest of minus the utilities
            matrix *= direction_of(frame)[:, None]
        raise_all(value_faults(self.names, matrix, frame), ChoiceError, heading)
        return matrix


def design_of(model: Utility, table: ChoiceTable | ChoicePartitions) -> UtilityDesign:
    """Return how a model's terms become columns for a table; of choices in partitions, for their example.

    Raises
    ------
    ChoiceError
        Listing every term that cannot be read, an unknown reference, and names that stand for two things.
    """
    return _design(model, table.example if isinstance(table, ChoicePartitions) else table)


@lru_cache(maxsize=2)
def _design(model: Utility, table: ChoiceTable) -> UtilityDesign:
    """Return what `design_of` gives: formulas take long to read, and a report asks for the same ones many times."""
    inside = [label for label in table.alternatives if label != table.outside]
    frame = table.rows[_inside(table.rows, table.outside)]
    problems = []
    reference = model.reference if model.reference is not None else table.outside or inside[0]
    if reference not in table.alternatives:
        problems.append(f"reference {reference!r} is none of the alternatives {table.alternatives}")
    written = [text for text in model.attributes if text != table.outside or text in frame]
    terms, faults = _read(written, frame, inside, reference)
    problems += faults
    constants = tuple(label for label in inside if model.constants and label != reference)
    outside = table.outside
    named = outside in model.attributes and outside not in frame
    if outside is not None and (named or (model.constants and outside != reference)):
        constants = (*constants, outside)
    problems += component_problems(model.groups, table)
    design = UtilityDesign(tuple(terms), constants, outside, {}, model.groups)
    offsets, faults = _read([text for text in model.fixed if not design.of_term(text)], frame, inside, reference)
    problems += faults
    design = replace(design, terms=(*terms, *offsets))
    fixed = {name: float(value) for text, value in model.fixed.items() for name in design.of_term(text)}
    design = replace(design, fixed=fixed)
    if not problems and not design.free:
        problems.append("every weight is fixed, so that there is nothing to estimate; leave one free")
    twice = sorted({name for name in design.names if design.names.count(name) > 1})
    problems += [
        f"coefficient {name!r} stands for two things (perhaps a column and an alternative); rename one"
        for name in twice
    ]
    raise_all(problems, ChoiceError, f"The utility cannot be built on {table.label}:")
    return design


def _read(
    texts: Iterable[str], frame: pd.DataFrame, inside: list[str], reference: str
) -> tuple[tuple[Term, ...], list[str]]:
    """Return the terms that can be read, and what is wrong with the others."""
    terms: list[Term] = []
    problems: list[str] = []
    for text in texts:
        try:
            terms.append(read_term(text, frame, inside, reference))
        except ChoiceError as problem:
            problems += problem.problems
    return tuple(terms), problems


def _inside(frame: pd.DataFrame, outside: str | None) -> Any:
    """Return which rows are not those of the outside option, as an index."""
    return slice(None) if outside is None else (frame[ALTERNATIVE.name] != outside).to_numpy()


@lru_cache(maxsize=2)
def arrays_of(model: Utility, table: ChoiceTable) -> ChoiceArrays:
    """Return a table as plain arrays for a model, one column per coefficient.

    Raises
    ------
    ChoiceError
        As `design_of`, and as `UtilityDesign.matrix`.
    """
    return arrays_with(design_of(model, table), table)


def arrays_with(design: UtilityDesign, table: ChoiceTable) -> ChoiceArrays:
    """Return a table as plain arrays for a design, which may have been made for a larger one.

    Raises
    ------
    ChoiceError
        As `UtilityDesign.matrix`.
    """
    frame, first_row = table.rows, table.first_row
    matrix, free = design.matrix(frame), np.array([name not in design.fixed for name in design.names])
    known = [design.fixed[name] for name in design.names if name in design.fixed]
    offset = matrix[:, ~free] @ known if known else None
    weight = frame[WEIGHT.name].to_numpy()[first_row[:-1]] if WEIGHT.name in frame else np.ones(len(table))
    return ChoiceArrays(
        np.ascontiguousarray(matrix[:, free]) if design.fixed else matrix,
        first_row,
        np.flatnonzero(frame[CHOSEN.name].to_numpy()),
        table.first_situation,
        weight,
        design.free,
        tuple(table.subjects),
        offset,
    )
