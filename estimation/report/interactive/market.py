"""A market as data of a view: terms of products, places of sliders, and draws of weights, as many as fit a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.curve import share_table
from estimation.choice.design import design_of
from estimation.choice.draws import KNOWN, Tastes, spread
from estimation.choice.market import DRAWS
from estimation.choice.prediction import offer_of
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantity import Quantity
from estimation.choice.scenario import Scenario, scenario
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE, SUBJECT
from estimation.report.choices.market_tables import shares_table
from estimation.report.interactive.levels import columns_of
from estimation.report.interactive.pack import packed
from estimation.report.interactive.terms import coefficients_of, held_columns, personal_factors, read_by
from estimation.report.interactive.view import MARKET, View
from estimation.text.digits import number

TITLE = "Who buys what, at which price"
PRICES = ("price", "cost")  # what a column of prices is usually called
FEWEST = 50  # posterior draws of a page before people are left out
MOST = 100_000  # weights of a page: half a megabyte


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
    _check(fit, price)
    offered = scenario(fit.table, products)
    offer_of(fit.model, fit.table, offered)  # says what does not fit
    design, personal = design_of(fit.model, fit.table), [c for c in fit.table.covariates if c not in products]
    listed, everybody = _of_one_person(offered), _people(fit, personal)
    names = dict.fromkeys(name for term in design.terms for name in read_by(term, personal))
    columns = {c.name: c for c in columns_of(names, _inside(fit), listed, levels or {})}
    coefficients = coefficients_of(design, listed, columns, personal)
    tastes = _tastes(fit, people, draws, most_people, seed)
    factors = personal_factors(design, everybody, personal)
    weights = _thinned(_folded(tastes, factors), draws, most_people)
    place = {name: at for at, name in enumerate(columns)}
    held = held_columns(design, personal)
    data: dict[str, Any] = {
        "kind": MARKET,
        "products": [str(label) for label in listed[ALTERNATIVE.name]],
        "outside": offered.outside,
        "columns": [column.data for column in columns.values()],
        "coefficients": [each.data(place) for each in coefficients],
        "places": [[c.place(row[c.name]) for c in columns.values()] for _, row in listed.iterrows()],
        "moves": [
            [name not in held and any(each.reads(name, product) for each in coefficients) for name in columns]
            for product in range(len(listed))
        ],
        "price": price or next((name for name in PRICES if name in columns and columns[name].is_number), None),
        "draws": weights.shape[0],
        "people": weights.shape[1],
        "weights": packed(weights),
    }
    full = share_table(fit, {"the market": offered}, people=people, seed=seed)
    notes = _notes(data, weights, tastes, len(fit.table.subjects), full, held)
    return View(MARKET, TITLE, f"{fit.label}: {tastes.people}", data, (shares_table(full),), notes)


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


def _check(fit: ChoiceFit, price: str | None) -> None:
    problems = []
    if not can_move(fit):
        advice = "est.share_table and est.price_curve say what would be bought"
        problems.append(f"a {fit.model.name} is no mixture of logits, which a page could compute; {advice}")
    if price is not None and price not in fit.table.attributes:
        problems.append(f"price {price!r} is none of the columns {fit.table.attributes}")
    raise_all(problems, ChoiceError, "The market cannot be moved:")


def _of_one_person(offered: Scenario) -> pd.DataFrame:
    """Return the products in the order in which they were listed, as the first person is offered them."""
    frame: pd.DataFrame = offered.frame.iloc[: offered.first_row[1]]
    return frame[frame[ALTERNATIVE.name] != offered.outside].reset_index(drop=True)


def _inside(fit: ChoiceFit) -> pd.DataFrame:
    rows: pd.DataFrame = fit.table.rows
    return rows[rows[ALTERNATIVE.name] != fit.table.outside]


def _people(fit: ChoiceFit, personal: Sequence[str]) -> pd.DataFrame:
    """Return what is known of people, in the order of the fit."""
    rows = fit.table.rows.drop_duplicates(SUBJECT.name).set_index(SUBJECT.name)
    return rows.loc[fit.table.subjects, list(personal)].reset_index()


def _tastes(fit: ChoiceFit, people: str, draws: int | None, most_people: int | None, seed: int) -> Tastes:
    """Return so many draws of weights; if it is not said how many, as many as a page holds for all people."""
    found = fit.problem.tastes(fit.tree, people, draws or DRAWS, seed)
    if draws is not None:
        return found
    _, count, size = found.weights.shape
    fitting = max(FEWEST, MOST // (min(count, most_people or count) * size))
    return found if len(found.weights) <= fitting else fit.problem.tastes(fit.tree, people, fitting, seed)


def _folded(tastes: Tastes, factors: Array) -> Array:
    """Return weights with what is known of people inside, (draw, person, coefficient)."""
    return tastes.weights if np.all(factors == 1.0) else tastes.weights * factors


def _thinned(weights: Array, draws: int | None, most_people: int | None) -> Array:
    """Return the weights of every k-th person, if there are too many, as exact as a page holds them."""
    count = MOST // (len(weights) * weights.shape[2]) if draws is None else weights.shape[1]
    kept = weights[:, spread(weights.shape[1], max(1, most_people or count))]
    return kept.astype(np.float32).astype(float)


def _notes(
    data: Mapping[str, Any], weights: Array, tastes: Tastes, people: int, full: Quantity, held: Sequence[str]
) -> tuple[str, ...]:
    """Return what was left out of the page, what that changes, and what does not move."""
    own = start_shares(data, weights)
    names = [*data["products"], *([data["outside"]] if data["outside"] is not None else [])]
    wanted = full.table.droplevel(0)["median"].loc[names].to_numpy()
    error = 100 * float(np.abs(np.median(own, axis=0) - wanted).max())
    whose = f" of {data['people']:,} of {people:,} people" if data["people"] > 1 else ""
    moved = number(error, significant=2) if error >= 0.01 else "less than 0.01"
    notes = [
        f"The page holds {data['draws']:,} draws of the posterior{whose} ({tastes.people}); intervals hold the middle "
        f"90 % of draws. Medians of shares at the start differ by {moved} percentage points at most from those of all "
        f"people and {full.draws.sizes['sample']:,} draws."
    ]
    stays = [name for name in held if name in {column["name"] for column in data["columns"]}]
    notes += [f"{', '.join(stays)}: not moved, because a formula reads other columns with it."] * bool(stays)
    return tuple(notes)
