"""What one more unit of a price takes from utility, for whom: the rate at which utility turns into money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array, Indices, Mask
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.scenario import Scenario
from estimation.choice.sampling.people import weight_of_people
from estimation.choice.utilities.design import UtilityDesign
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError
from estimation.names import ALTERNATIVE

HEADING = "There is no worth in money:"
SAME = 1e-6
"""Relative difference of two slopes that are equal but for rounding."""
DIGITS = 9
"""Decimals in which slopes of one case agree."""


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

    Where other terms read the column of the price, too, as ``price:income``, what a unit is worth depends on what they
    read beside it. It is defined where that is the same for all that is offered together, whatever it costs.

    Raises
    ------
    ChoiceError
        If there is no such coefficient, utility is no weighted sum, or a unit is worth more for one alternative, or at
        one price, than another.
    """
    if not fit.model.is_linear:
        problem = f"utility is no weighted sum under the {fit.model.name}, so that no weight is a rate of exchange"
        raise ChoiceError(HEADING, [problem])
    names, design = fit.problem.coefficients, fit.problem.design
    if price not in names:
        raise ChoiceError("The price is not clear:", [f"{price!r} is none of the coefficients {names}"])
    own, count = np.array([name == price for name in names], dtype=float), len(scenario.first_row) - 1
    others = [term.text for term in design.terms if price in term.columns and term.text != price]
    is_column = any(term.text == price and term.columns == (price,) for term in design.terms)
    if not (others and is_column):
        return Money(own[None], np.zeros(count, dtype=np.int64))
    found = _slopes(design, scenario, price)
    if found is None:
        problem = (
            f"terms {others} read {price!r}, too, so that what a unit of it is worth depends on what it is paid for, "
            "or on what else is paid; compare offers by est.shares or est.price_curve, which need no such rate, or "
            "leave these terms out"
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


def _slopes(design: UtilityDesign, scenario: Scenario, price: str) -> Array | None:
    """Return how terms move with a unit of price, (situation, coefficient); None if not alike for all offered."""
    frame, first = scenario.frame, scenario.first_row
    inside = (frame[ALTERNATIVE.name].astype(str) != str(scenario.outside)).to_numpy()
    step = max(1.0, float(np.ptp(frame[price].to_numpy(dtype=float)[inside])))  # of a straight line any step will do
    try:
        here, up, down = (design.matrix(frame.assign(**{price: frame[price] + by})) for by in (0.0, step, -step))
    except ChoiceError:  # a term that has no value beside a price that has one is no straight line
        return None
    rate, back = (up - here) / step, (here - down) / step
    found = rate[np.minimum(first[:-1] + ~inside[first[:-1]], first[1:] - 1)]
    alike = np.repeat(found, np.diff(first), axis=0)
    near = SAME * np.abs(rate).max(axis=0)
    is_rate = np.all(np.abs(rate - back) <= near) and np.all(np.abs(rate - alike)[inside] <= near)
    return np.where(np.abs(found) > near, found, 0.0) if is_rate else None
