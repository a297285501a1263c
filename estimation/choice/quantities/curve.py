"""Shares under several scenarios, and as a price changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from estimation.arrays import Array, is_real
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.asked import check_asked, offered_of, scenario_problems
from estimation.choice.quantities.market import DRAWS
from estimation.choice.quantities.prediction import offer_of
from estimation.choice.quantities.quantity import Quantity, quantity_of
from estimation.choice.quantities.scenario import Scenario, attribute_problems
from estimation.choice.sampling.draws import KNOWN
from estimation.errors import ChoiceError, raise_all


def share_table(
    fit: ChoiceFit, scenarios: Mapping[str, Scenario], *, people: str = KNOWN, draws: int = DRAWS, seed: int = 0
) -> Quantity:
    """Return what share of people takes each alternative under several scenarios, by the same draws.

    Parameters
    ----------
    scenarios
        What to call it → what is offered, see `scenario`. Differences between scenarios are those of the draws:
        ``table.draws.sel(scenario="new") - table.draws.sel(scenario="today")``.
    fit, people, draws, seed
        As for `shares`.

    Returns
    -------
    Quantity
        Draws (sample, scenario, alternative), shares that sum to one; NaN for what a scenario does not offer.

    Raises
    ------
    ChoiceError
        If there is no scenario, or one does not fit the model.
    """
    check_asked(fit)
    is_named = isinstance(scenarios, Mapping) and bool(scenarios)
    problems = [] if is_named else ["give name → scenario"]
    problems += [text for name, one in (scenarios if is_named else {}).items() for text in scenario_problems(name, one)]
    raise_all(problems, ChoiceError, "There is nothing to compare:")
    tastes = fit.problem.tastes(fit.tree, people, draws, seed)
    names = list(dict.fromkeys(label for offered in scenarios.values() for label in offered.alternatives))
    values = np.full((len(tastes.weights), len(scenarios), len(names)), np.nan)
    for place, offered in enumerate(scenarios.values()):
        columns = [names.index(label) for label in offered.alternatives]
        values[:, place, columns] = offer_of(fit.model, fit.table, offered).shares(tastes)
    called = [str(name) for name in scenarios]
    return quantity_of(fit, tastes, "shares", values, "share of choices", scenario=called, alternative=names)


def price_curve(
    fit: ChoiceFit,
    alternative: str,
    prices: Iterable[float],
    scenario: Scenario | None = None,
    *,
    price: str = "price",
    people: str = KNOWN,
    draws: int = DRAWS,
    seed: int = 0,
) -> Quantity:
    """Return the shares of all alternatives as the price of one changes, everything else as it is.

    Parameters
    ----------
    alternative
        Whose price changes.
    prices
        Its prices, in the units of the data.
    price
        The column of the price, which the model reads.
    fit, scenario, people, draws, seed
        As for `shares`.

    Returns
    -------
    Quantity
        Draws (sample, price, alternative), shares that sum to one. What is earned per choice is
        ``curve.draws.sel(alternative=…) * curve.draws["price"]``, draw by draw.

    Raises
    ------
    ChoiceError
        If there is no such alternative or column, or there are no prices.
    """
    offered = offered_of(fit, scenario)
    given = [prices] if isinstance(prices, str) or not isinstance(prices, Iterable) else list(prices)
    at = [float(value) for value in given if is_real(value)]
    problems = [f"prices: {value!r} is no finite number" for value in given if not is_real(value)]
    problems += ["there are no prices"] * (not given)
    problems += attribute_problems(fit, offered, price)
    problems += [f"{alternative!r} is the outside option, which has no price"] * (alternative == offered.outside)
    raise_all(problems, ChoiceError, "There is no curve:")
    tastes = fit.problem.tastes(fit.tree, people, draws, seed)
    changed = (offered.change(alternative, **{price: value}) for value in at)
    values: Array = np.stack([offer_of(fit.model, fit.table, one).shares(tastes) for one in changed], axis=1)
    name, names = f"shares as {price} of {alternative} changes", offered.alternatives
    coords: dict[str, Any] = {"price": at, "alternative": names}
    return quantity_of(fit, tastes, name, values, "share of choices", **coords)
