"""What a fit says about markets, draw by draw: shares, elasticities, diversion."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.asked import offered_of
from estimation.choice.quantities.prediction import offer_of
from estimation.choice.quantities.quantity import Quantity, quantity_of
from estimation.choice.quantities.responses import diversions_of, elasticities_of
from estimation.choice.quantities.scenario import Scenario, attribute_problems
from estimation.choice.sampling.draws import KNOWN, Tastes
from estimation.errors import ChoiceError, raise_all

DRAWS = 400
"""Posterior draws that quantities use: their own Monte-Carlo error is then a twentieth of the posterior's spread."""
NUDGE = 1e-5
"""Relative change of an attribute that stands for an infinitesimal one."""


def shares(
    fit: ChoiceFit, scenario: Scenario | None = None, *, people: str = KNOWN, draws: int = DRAWS, seed: int = 0
) -> Quantity:
    """Return what share of people takes each alternative.

    Parameters
    ----------
    scenario
        What is offered, see `scenario`; the situations of the data if left out. Situations count by their weights.
    people
        ``"known"``: the people in the data, with what is known of each; ``"new"``: people like them, unseen. It makes
        no difference where everybody has the same weights.
    draws
        Posterior draws to use.
    seed
        For the draws of new people.

    Returns
    -------
    Quantity
        Draws (sample, alternative), shares that sum to one.

    Raises
    ------
    ChoiceError
        If the scenario does not fit the model.
    """
    offered = offered_of(fit, scenario)
    tastes = fit.problem.tastes(fit.tree, people, draws, seed)
    values = offer_of(fit.model, fit.table, offered).shares(tastes)
    name = f"shares in {offered.label}"
    return quantity_of(fit, tastes, name, values, "share of choices", alternative=offered.alternatives)


def elasticities(
    fit: ChoiceFit,
    attribute: str = "price",
    scenario: Scenario | None = None,
    *,
    people: str = KNOWN,
    draws: int = DRAWS,
    seed: int = 0,
) -> Quantity:
    """Return own and cross elasticities: per cent change of a share for one per cent more of an attribute.

    The attribute of one alternative changes by the same per cent in all situations, and the aggregate share responds.

    Parameters
    ----------
    attribute
        A column of numbers, however it enters the utility.
    fit, scenario, people, draws, seed
        As for `shares`.

    Returns
    -------
    Quantity
        Draws (sample, alternative, changed): the share of ``alternative`` with respect to the attribute of ``changed``.

    Raises
    ------
    ChoiceError
        If the attribute is no column of numbers, the model does not read it or the scale of utilities depends on it, or
        the scenario does not fit the model.
    """
    offered = offered_of(fit, scenario)
    raise_all(attribute_problems(fit, offered, attribute), ChoiceError, "There is no such elasticity:")
    tastes = fit.problem.tastes(fit.tree, people, draws, seed)
    factors, names = (1 + NUDGE, 1 - NUDGE), offered.alternatives
    nudged = [offered.change(None, **{attribute: lambda values, by=factor: values * by}) for factor in factors]
    offer, up, down = (offer_of(fit.model, fit.table, one) for one in (offered, *nudged))
    if not np.array_equal(up.scale_terms, offer.scale_terms):
        problem = f"the scale of all utilities of a situation depends on {attribute!r}; compare scenarios by est.shares"
        raise ChoiceError("There is no such elasticity:", [problem])
    values = elasticities_of(offer, up.x, down.x, 2 * NUDGE, tastes)
    name = f"elasticities of shares with respect to {attribute}"
    return quantity_of(fit, tastes, name, values, "per cent per per cent", alternative=names, changed=names)


def diversion(
    fit: ChoiceFit, scenario: Scenario | None = None, *, people: str = KNOWN, draws: int = DRAWS, seed: int = 0
) -> Quantity:
    """Return where those go who lose their alternative: of the buyers of one that is withdrawn, the share to others.

    Under a multinomial logit with the same weights for everybody, in one market, they spread in proportion to shares
    (independence of irrelevant alternatives); nests and tastes that differ send them to what is similar.

    Parameters
    ----------
    fit, scenario, people, draws, seed
        As for `shares`.

    Returns
    -------
    Quantity
        Draws (sample, removed, alternative), shares of the buyers of ``removed`` that sum to one; NaN on the diagonal.

    Raises
    ------
    ChoiceError
        If the scenario does not fit the model, or some situations offer one alternative only.
    """
    offered = offered_of(fit, scenario)
    if int(np.diff(offered.first_row).min()) < 2:
        raise ChoiceError("There is nowhere to go:", ["some situations offer one alternative only; add others"])
    tastes = fit.problem.tastes(fit.tree, people, draws, seed)
    offer, names = offer_of(fit.model, fit.table, offered), offered.alternatives
    values = diversions_of(offer, tastes)
    if values is None:
        values = _one_by_one(fit, offered, tastes, offer.shares(tastes))
    name = "diversion of the buyers of a withdrawn alternative"
    return quantity_of(fit, tastes, name, values, "share of its buyers", removed=names, alternative=names)


def _one_by_one(fit: ChoiceFit, offered: Scenario, tastes: Tastes, base: Array) -> Array:
    """Return diversions by withdrawing one alternative after the other; `base` is (sample, alternative)."""
    values, names = np.full((*base.shape, base.shape[1]), np.nan), offered.alternatives
    for place, removed in enumerate(names):
        others = [index for index in range(len(names)) if index != place]
        rest = offered.without(removed)
        left = offer_of(fit.model, fit.table, rest).shares(tastes)[
            :, [rest.alternatives.index(names[k]) for k in others]
        ]
        buyers = np.where(base[:, [place]] > 0, base[:, [place]], np.nan)  # of what nobody buys nobody goes elsewhere
        values[:, place, others] = (left - base[:, others]) / buyers
    return values
