"""What one more unit of a price takes from utility, for whom: the rate at which utility turns into money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from estimation.arrays import Array, Indices, Mask
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.listed import is_number
from estimation.choice.quantities.scenario import Scenario
from estimation.choice.sampling.people import weight_of_people
from estimation.choice.utilities.design import UtilityDesign
from estimation.choice.utilities.terms import Term
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError
from estimation.names import ALTERNATIVE

HEADING = "There is no worth in money:"
SAME = 1e-6
"""Relative difference of two slopes that are equal but for rounding."""
DIGITS = 9
"""Decimals in which slopes of one case agree."""


INSTEAD = "compare offers by est.shares or est.price_curve, which need no such rate"


class Rates(NamedTuple):
    """How terms move with one more unit of a column and with one less, (row, coefficient); which rows are products."""

    up: Array
    down: Array
    inside: Mask


@dataclass(frozen=True, eq=False)
class Money:
    """How the terms of a utility move with one more unit of the price.

    Parameters
    ----------
    slope : (case, coefficient)
        One case for all situations where only the coefficient of price is about it.
    case : (situation,)
        Which case each situation is.
    """

    slope: Array
    case: Indices

    @property
    def is_plain(self) -> bool:
        """Whether the coefficient of price alone is what a unit of it is worth."""
        return len(self.slope) == 1 and np.count_nonzero(self.slope) == 1

    @property
    def about(self) -> Mask:
        """Which coefficients are about the price, (coefficient,)."""
        return np.asarray((self.slope != 0).any(axis=0))


def money_of(fit: ChoiceFit, price: str, scenario: Scenario) -> Money:
    """Return how the terms of a model move with its price in the situations of a scenario.

    A unit is one of the term whose coefficient it is: a hundred if that is ``I(price / 100)``. Where other terms read
    the column of the price, too, as ``price:income``, what a unit is worth depends on what they read beside it. It is
    defined where that is the same for all that is offered together, whatever it costs.

    Raises
    ------
    ChoiceError
        If there is no such coefficient, its term is no straight line in what is paid, utility is no weighted sum, or a
        unit is worth more for one alternative, or at one price, than another.
    """
    if not fit.model.is_linear:
        problem = f"utility is no weighted sum under the {fit.model.name}, so that no weight is a rate of exchange"
        raise ChoiceError(HEADING, [problem])
    names, design = fit.problem.coefficients, fit.problem.design
    if price not in names:
        raise ChoiceError("The price is not clear:", [f"{price!r} is none of the coefficients {names}"])
    alone = Money(np.eye(len(names))[[names.index(price)]], np.zeros(len(scenario.first_row) - 1, dtype=np.int64))
    term = next((term for term in design.terms if price in term.names), None)
    if term is None or (term.text == price and term.formula is None and not _beside(term, term.columns, design)):
        return alone
    paid = [column for column in term.columns if _rates(design, scenario, column, names.index(price)) is not None]
    if not paid:
        problem = (
            f"{price!r} is no straight line in {' or '.join(term.columns)}: one unit of it costs more than another"
        )
        raise ChoiceError(HEADING, [f"{problem}; {INSTEAD}"])
    others = _beside(term, paid, design)
    if not others:
        return alone
    found = _slopes(design, scenario, paid[0], names.index(price)) if len(paid) == 1 else None
    if found is None:
        problem = (
            f"terms {others} read {' or '.join(map(repr, paid))}, too, so that what a unit of it is worth depends on "
            f"what it is paid for, or on what else is paid; {INSTEAD}, or leave these terms out"
        )
        raise ChoiceError(HEADING, [problem])
    _, first, case = np.unique(found.round(DIGITS), axis=0, return_index=True, return_inverse=True)
    return Money(found[first], case.reshape(-1))


def cases_of(money: Money, table: ChoiceTable, *, alike: bool) -> tuple[Array, Indices, Array]:
    """Return the different (slope, person) of the situations of a table, and how much each counts.

    Parameters
    ----------
    alike
        Whether everybody has the same weights: there is then one person.

    Returns
    -------
    slope : (case, coefficient)
    person : (case,)
        Whose it is, as a position.
    weight : (case,)
        That of the person, spread over the person's situations.
    """
    sizes = np.diff(table.first_situation)
    each = np.repeat(weight_of_people(table) / sizes, sizes)
    person = np.zeros(len(each), dtype=np.int64) if alike else np.repeat(np.arange(len(sizes)), sizes)
    pairs, case = np.unique(np.column_stack([money.case, person]), axis=0, return_inverse=True)
    return money.slope[pairs[:, 0]], pairs[:, 1], np.bincount(case.reshape(-1), weights=each)


def _beside(term: Term, columns: Sequence[str], design: UtilityDesign) -> list[str]:
    """Return which other terms read one of these columns."""
    return [other.text for other in design.terms if other is not term and set(columns) & set(other.columns)]


def _rates(design: UtilityDesign, scenario: Scenario, column: str, price: int) -> Rates | None:
    """Return how terms move with a column up and down; None if that of the price is no straight line with a slope."""
    frame = scenario.frame
    if not is_number(frame[column]):
        return None
    inside = (frame[ALTERNATIVE.name].astype(str) != str(scenario.outside)).to_numpy()
    step = max(1.0, float(np.ptp(frame[column].to_numpy(dtype=float)[inside])))  # of a straight line any step will do
    try:
        here, up, down = (design.matrix(frame.assign(**{column: frame[column] + by})) for by in (0.0, step, -step))
    except ChoiceError:  # a term that has no value beside a price that has one is no straight line
        return None
    rate, back = (up - here) / step, (here - down) / step
    own = rate[inside, price]
    is_straight = np.all(np.abs(own - back[inside, price]) <= SAME * np.abs(own)) and own.any()
    return Rates(rate, back, inside) if is_straight else None


def _slopes(design: UtilityDesign, scenario: Scenario, column: str, price: int) -> Array | None:
    """Return how terms move with a unit of price, (situation, coefficient); None if not alike for all offered."""
    rates, first = _rates(design, scenario, column, price), scenario.first_row
    assert rates is not None
    unit = np.where(rates.inside, rates.up[:, price], 1.0)[:, None]
    if not unit.all():
        return None
    rate, back, inside = rates.up / unit, rates.down / unit, rates.inside
    found = rate[np.minimum(first[:-1] + ~inside[first[:-1]], first[1:] - 1)]
    alike = np.repeat(found, np.diff(first), axis=0)
    near = SAME * np.abs(rate).max(axis=0)
    is_rate = np.all(np.abs(rate - back) <= near) and np.all(np.abs(rate - alike)[inside] <= near)
    return np.where(np.abs(found) > near, found, 0.0) if is_rate else None
