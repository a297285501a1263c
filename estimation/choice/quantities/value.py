"""What things are worth in money: willingness to pay, surplus, and each person's weights."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.asked import check_asked, given
from estimation.choice.quantities.market import DRAWS
from estimation.choice.quantities.money import Money, cases_of, money_of
from estimation.choice.quantities.prediction import offer_of
from estimation.choice.quantities.quantity import Quantity, quantity_of
from estimation.choice.quantities.scenario import Scenario, scenario as scenario_of
from estimation.choice.sampling.draws import KNOWN, Tastes
from estimation.choice.sampling.people import weighted_median
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.errors import ChoiceError, raise_all
from estimation.names import SITUATION, SUBJECT
from estimation.text.digits import MIDDLE

RARE = 0.001
"""Share of draws with a price coefficient of the wrong sign that is not worth a warning."""


class UnstableRatioWarning(UserWarning):
    """A price coefficient may be zero or positive, so that dividing by it gives numbers without a mean."""


def willingness_to_pay(
    fit: ChoiceFit, price: str = "price", *, people: str = KNOWN, draws: int = DRAWS, seed: int = 0
) -> Quantity:
    """Return what one unit of each attribute is worth in units of price: -β_attribute / β_price, draw by draw.

    Draws are never averaged: if the price coefficient can be near zero the ratio has no mean, and the quantiles of its
    draws are all there is. Where weights differ between people, each draw holds the median over people, who count by
    their weights. Where other terms read the price, as ``price:income``, β_price is what they take together.

    Parameters
    ----------
    price
        The coefficient of price.
    fit, people, draws, seed
        As for `shares`.

    Returns
    -------
    Quantity
        Draws (sample, coefficient), in units of price per unit of the attribute.

    Raises
    ------
    ChoiceError
        If there is no such coefficient, utility is no weighted sum of attributes, or a unit of price is worth more for
        one alternative, or at one price, than another.

    Warns
    -----
    UnstableRatioWarning
        If the price coefficient is not negative in all draws and for all people.
    """
    check_asked(fit)
    table = fit.table.example if isinstance(fit.table, ChoicePartitions) else fit.table
    money = money_of(fit, price, scenario_of(table))
    tastes = fit.problem.tastes(fit.tree, people, draws, seed)
    alike = tastes.weights.shape[1] == 1
    slope, person, weight = cases_of(money, table, alike=alike)
    own = tastes.weights[:, person]
    worth = -np.einsum("sck,ck->sc", own, slope)
    notes = _sign_notes(fit, worth, price, money, alike=alike)
    groups, about = fit.model.groups, money.about  # error components are nothing that could be had for money
    others = [k for k, name in enumerate(fit.problem.coefficients) if not about[k] and name not in groups]
    middle = weighted_median(own[:, :, others] / worth[:, :, None], weight)
    names = [fit.problem.coefficients[index] for index in others]
    name, unit = f"willingness to pay in units of {price}", f"{price} per unit"
    return quantity_of(fit, tastes, name, middle, unit, notes, coefficient=names)


def surplus(
    fit: ChoiceFit,
    scenario: Scenario,
    baseline: Scenario | None = None,
    *,
    price: str = "price",
    people: str = KNOWN,
    draws: int = DRAWS,
    seed: int = 0,
) -> Quantity:
    """Return expected consumer surplus per situation in units of price: the logsum over minus the price coefficient.

    Small and Rosen (1981), Econometrica 49(1):105-130. It is right where price enters the utility linearly.

    Parameters
    ----------
    scenario
        What is offered.
    baseline
        What it is compared with: the result is the gain. Without it the result is a level, the worth of the scenario
        against having to take the outside option, which the data must then have.
    price
        The coefficient of price.
    fit, people, draws, seed
        As for `shares`.

    Returns
    -------
    Quantity
        Draws (sample,): the weighted mean over situations, or their median where the price coefficient of some people
        may be positive.

    Raises
    ------
    ChoiceError
        As `willingness_to_pay`; if a level is asked for without an outside option, baseline and scenario hold different
        situations, or the logsum of the model is no utility (`NestedLogit` with ``unscaled=True``).

    Warns
    -----
    UnstableRatioWarning
        If the price coefficient is not negative in all draws and for all people.
    """
    check_asked(fit, scenario=scenario, **given(baseline=baseline))
    money = money_of(fit, price, scenario)
    raise_all(_surplus_problems(fit, scenario, baseline), ChoiceError, "The surplus is not defined:")
    tastes = fit.problem.tastes(fit.tree, people, draws, seed)
    gain, weight, person = _inclusive(fit, scenario, tastes)
    if baseline is not None:
        gain = gain - _inclusive(fit, baseline, tastes)[0]
    worth = _worth(tastes, money, person)
    notes = _sign_notes(fit, worth, price, money, alike=tastes.weights.shape[1] == 1)
    amounts = gain / worth
    values = weighted_median(amounts, weight) if notes else amounts @ weight
    what = f"surplus of {scenario.label}" + ("" if baseline is None else f" against {baseline.label}")
    return quantity_of(fit, tastes, what, values, f"units of {price} per situation", notes)


def part_worths(fit: ChoiceFit) -> pd.DataFrame:
    """Return each person's weights: one row per person and coefficient with mean, sd, median and 90 % interval.

    Raises
    ------
    ChoiceError
        If everybody has the same weights.
    """
    check_asked(fit)
    if "people" not in fit.tree:
        raise ChoiceError(
            "There are no part-worths of people:",
            [f"the {fit.model.name} gives everybody the same weights; see .summary"],
        )
    own = fit.tree["people"].dataset["coefficients"].transpose("sample", "subject", "coefficient")
    values = own.to_numpy().reshape(own.sizes["sample"], -1)
    low, middle, high = np.quantile(values, MIDDLE, axis=0)
    moments = {"mean": values.mean(axis=0), "sd": values.std(axis=0, ddof=1)}
    dims = ["subject", "coefficient"]
    index = pd.MultiIndex.from_product([own[dim].to_numpy().astype(str) for dim in dims], names=dims)
    return pd.DataFrame({**moments, "median": middle, "low": low, "high": high}, index)


def _inclusive(fit: ChoiceFit, scenario: Scenario, tastes: Tastes) -> tuple[Array, Array, Indices]:
    """Return inclusive values (sample, situation), weights (situation,) and whose situations they are (situation,)."""
    offer = offer_of(fit.model, fit.table, scenario)
    found = np.empty((len(tastes.weights), len(offer.weight)))
    for samples, _, inclusive in offer.predicted(tastes):
        found[samples] = inclusive.T
    return found, offer.weight, offer.person[offer.first_row[:-1]]


def _surplus_problems(fit: ChoiceFit, scenario: Scenario, baseline: Scenario | None) -> list[str]:
    problems = []
    if not fit.model.has_logsum:
        problems.append(
            f"under a {fit.model.name} of this form the logsum is no utility: money that everybody gets would be worth "
            "more in some nests than in others; fit the form that utility maximisation implies (unscaled=False)"
        )
    if baseline is not None:
        ours, others = _situations(scenario), _situations(baseline)
        counts = f"{len(ours)} and {len(others)} situations" + ", and not the same" * (len(ours) == len(others))
        return problems + [f"scenario and baseline hold {counts}; make both from the same"] * (ours != others)
    count = len(scenario.first_row) - 1
    everywhere = scenario.outside is not None and (scenario.frame["alternative"] == scenario.outside).sum() == count
    advice = "give baseline= for a difference, or name the outside option of the data (outside=)"
    unknown = f"without an outside option in every situation only differences are known; {advice}"
    return problems + [unknown] * (not everywhere)


def _situations(scenario: Scenario) -> list[tuple[str, str]]:
    """Return whose situations they are, and what they are called."""
    first = scenario.frame.iloc[scenario.first_row[:-1]]
    return list(zip(first[SUBJECT.name].astype(str), first[SITUATION.name].astype(str), strict=True))


def _worth(tastes: Tastes, money: Money, person: Indices) -> Array:
    """Return what one unit less of price is worth to whoever is in each situation, logits, (sample, situation)."""
    rates = -tastes.weights @ money.slope.T  # (sample, person, case)
    return np.asarray(rates[:, 0 if rates.shape[1] == 1 else person, money.case])


def _sign_notes(fit: ChoiceFit, worth: Array, price: str, money: Money, *, alike: bool) -> tuple[str, ...]:
    """Warn where more of the price is not worth less throughout, and return the warning as a note."""
    wrong = float((worth <= 0).mean())
    if wrong <= RARE or (money.is_plain and fit.problem.is_negative(price)):
        return ()
    draws = "the draws" if alike else "people's draws"
    note = (
        f"The coefficient of {price!r} is zero or positive in {100 * wrong:.1f} % of {draws}, so that ratios to it "
        "have no mean: medians and quantiles are shown, and an interval may miss infinity. Fit with a coefficient of "
        f'price that is negative by construction (random coefficients, distributions={{"{price}": "-lognormal"}}), or '
        "collect data in which price varies more."
    )
    warnings.warn(note, UnstableRatioWarning, stacklevel=3)
    return (note,)
