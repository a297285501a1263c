"""A market as data of a view: terms of products, places of sliders, and draws of weights, as many as fit a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.curve import share_table
from estimation.choice.quantities.levels import offered_rows
from estimation.choice.quantities.prediction import offer_of
from estimation.choice.quantities.quantity import Quantity
from estimation.choice.quantities.scenario import Scenario, scenario
from estimation.choice.sampling.draws import KNOWN, Tastes
from estimation.choice.utilities.design import design_of
from estimation.errors import ChoiceError
from estimation.names import ALTERNATIVE
from estimation.report.choices.market_tables import shares_table
from estimation.report.interactive.levels import columns_of
from estimation.report.interactive.pack import packed
from estimation.report.interactive.terms import coefficients_of, held_columns, read_by
from estimation.report.interactive.view import MARKET, View
from estimation.report.interactive.weights import page_weights
from estimation.text.digits import number

TITLE = "Who buys what, at which price"
PRICES = ("price", "cost")  # what a column of prices is usually called


def market_view(
    fit: ChoiceFit,
    products: pd.DataFrame,
    *,
    price: str | None = None,
    levels: Mapping[str, Sequence[float]] | None = None,
    people: str = KNOWN,
    draws: int | None = None,
    most_people: int | None = None,
    seed: int = 0,
) -> View:
    """Return a market whose products are moved by sliders, with shares under draws of the posterior.

    Parameters
    ----------
    products
        As for `scenario`: one row per product, with ``alternative`` and the attributes.
    price
        The column of prices, for what is earned; ``"price"`` or ``"cost"`` if there is one of that name.
    levels
        Column → places of its slider; round numbers between those of the data if left out.
    people, seed
        As for `shares`.
    draws, most_people
        How many draws of how many people are in the page: if left out, 400 draws of all people, fewer draws where that
        were more than 100,000 weights, and fewer people where 50 draws still were.

    Raises
    ------
    ChoiceError
        If the products do not fit the model, or its shares are not those of a mixture of logits.
    """
    offered, shown = _offered(fit, products), _price(fit, products, price)
    personal = [name for name in fit.table.covariates if name not in products]
    listed = _of_one_person(offered)
    described = _described(fit, listed, personal, [shown] if shown else [], levels or {})
    tastes, weights = page_weights(fit, personal, people, draws, most_people, seed)
    size = {"draws": weights.shape[0], "people": weights.shape[1]}
    data = {"kind": MARKET, "outside": offered.outside, "price": shown, **described, **size}
    full = share_table(fit, {"the market": offered}, people=people, seed=seed)
    notes = _notes(data, weights, tastes, len(fit.table.subjects), full)
    held = [name for name in held_columns(design_of(fit.model, fit.table), personal) if name in listed]
    notes += [f"{', '.join(held)}: not moved, because a formula reads other columns with it."] * bool(held)
    label, tables = f"{fit.label}: {tastes.people}", (shares_table(full),)
    return View(MARKET, TITLE, label, data | {"weights": packed(weights)}, tables, tuple(notes))


def _described(
    fit: ChoiceFit,
    listed: pd.DataFrame,
    personal: Sequence[str],
    further: Sequence[str],
    levels: Mapping[str, Sequence[float]],
) -> dict[str, Any]:
    """Return products, their columns and where they stand, and the terms of their utilities, as a page reads them."""
    design = design_of(fit.model, fit.table)
    names = dict.fromkeys([*(name for term in design.terms for name in read_by(term, personal)), *further])
    columns = {c.name: c for c in columns_of(names, offered_rows(fit.table), listed, levels)}
    coefficients = coefficients_of(design, listed, columns, personal)
    place, held = {name: at for at, name in enumerate(columns)}, held_columns(design, personal)
    return {
        "products": [str(label) for label in listed[ALTERNATIVE.name]],
        "columns": [column.data for column in columns.values()],
        "coefficients": [each.data(place) for each in coefficients],
        "places": [[c.place(row[c.name]) for c in columns.values()] for _, row in listed.iterrows()],
        "moves": [
            [name not in held and any(each.reads(name, product) for each in coefficients) for name in columns]
            for product in range(len(listed))
        ],
    }


def start_shares(data: Mapping[str, Any], weights: Array) -> Array:
    """Return the shares of the starting market under the weights of a page, (draw, alternative), as its script does."""
    terms = np.ones((len(data["products"]), len(data["coefficients"])))
    for k, term in enumerate(data["coefficients"]):
        for product, places in enumerate(data["places"]):
            if term["table"]:
                terms[product, k] = term["table"][product][0 if term["column"] is None else places[term["column"]]]
            else:
                values = [data["columns"][c]["values"][places[c]] for c in term["factors"]]
                terms[product, k] = float(np.prod([term["only"][product], *values]))
    utility = weights @ terms.T
    if data["outside"] is not None:
        utility = np.concatenate([utility, np.zeros((*utility.shape[:2], 1))], axis=2)
    chance = np.exp(utility - utility.max(axis=2, keepdims=True))
    return np.asarray((chance / chance.sum(axis=2, keepdims=True)).mean(axis=1))


def can_move(fit: ChoiceFit) -> bool:
    """Return whether a page can compute the model's shares: those of logits, mixed over people."""
    return fit.model.is_mixture_of_logits and not fit.model.further(fit.table)


def _offered(fit: ChoiceFit, products: pd.DataFrame) -> Scenario:
    """Return the market, which the model can say and a page compute."""
    if not can_move(fit):
        advice = "est.share_table and est.price_curve say what would be bought"
        problem = f"a {fit.model.name} is no mixture of logits, which a page could compute; {advice}"
        raise ChoiceError("The market cannot be moved:", [problem])
    offered = scenario(fit.table, products)
    offer_of(fit.model, fit.table, offered)  # says what does not fit
    return offered


def _price(fit: ChoiceFit, products: pd.DataFrame, price: str | None) -> str | None:
    """Return the column of prices, if there is one."""
    rows = offered_rows(fit.table)
    numbers = [name for name in products if name in rows and pd.api.types.is_numeric_dtype(rows[name].dtype)]
    if price is not None and price not in numbers:
        raise ChoiceError("The market cannot be moved:", [f"price {price!r} is none of the numbers {numbers}"])
    return price or next((name for name in PRICES if name in numbers), None)


def _of_one_person(offered: Scenario) -> pd.DataFrame:
    """Return the products in the order in which they were listed, as the first person is offered them."""
    frame: pd.DataFrame = offered.frame.iloc[: offered.first_row[1]]
    inside: pd.DataFrame = frame[frame[ALTERNATIVE.name] != offered.outside]
    return inside.reset_index(drop=True)


def _notes(data: Mapping[str, Any], weights: Array, tastes: Tastes, people: int, full: Quantity) -> list[str]:
    """Return what was left out of the page, and what that changes."""
    own = start_shares(data, weights)
    names = [*data["products"], *([data["outside"]] if data["outside"] is not None else [])]
    wanted = full.table.droplevel(0)["median"].loc[names].to_numpy()
    error = 100 * float(np.abs(np.median(own, axis=0) - wanted).max())
    count = "all" if data["people"] == people else f"{data['people']:,} of"
    whose = f" of {count} {people:,} people" if data["people"] > 1 else ""
    moved = number(error, significant=2) if error >= 0.01 else "less than 0.01"
    return [
        f"The page holds {data['draws']:,} draws of the posterior{whose} ({tastes.people}); intervals hold the middle "
        f"90 % of draws. Medians of shares at the start differ by {moved} percentage points at most from those of all "
        f"people and {full.draws.sizes['sample']:,} draws."
    ]
