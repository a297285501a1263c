"""Menus and markets that tests of pages move, and the arithmetic of such pages written out as loops."""

from __future__ import annotations

import base64
import math
import struct
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr
from choice_builders import choice_table, with_outside

import estimation as est
from estimation.fits.fit import Fit
from estimation.report.interactive.market import market_view
from estimation.report.writers.interactive import Interactive

HOSTILE = "</script><img src=x onerror=document.title='pwned'>"
RNG = np.random.default_rng(11)


def menus(count=14):
    """Return products whose first name is a trap, at most eight on a menu."""
    rng = np.random.default_rng(61)
    u = rng.uniform(size=count)
    names = [HOSTILE, *(f"product {place}" for place in range(1, count))]
    weight = 9 * (1 - u) / (1 - u).sum()
    made = est.Assortment(10 * u**2 * rng.uniform(0.75, 1.25, count), weight, products=names, label="shop (SYNTHETIC)")
    return made.subject_to(est.AtMost(8))


def uncertain_menus():
    """Return menus chosen under draws of the weights of three people."""
    shop = menus()
    draws = shop.catalogue.weight * np.exp(0.7 * np.random.default_rng(62).normal(size=(30, 3, len(shop.catalogue))))
    return est.under_draws(shop, draws).frontier([0.0, 1.0, 4.0])


def made(model, table, own=True, draws=7) -> Fit:
    """Return a fit with known draws: of each person's weights, or of weights that all share."""
    names = model.on(table).coefficients
    size = (draws, len(table.subjects), len(names)) if own else (1, draws, len(names))
    weights = RNG.normal(0, 0.6, size=size)
    coords = {"coefficient": names}
    if not own:
        shared = xr.Dataset({"coefficients": (("chain", "draw", "coefficient"), weights)}, coords)
        return Fit(model.on(table), xr.DataTree.from_dict({"/": xr.Dataset(), "posterior": shared}), {})
    mean = xr.Dataset({"mean": (("chain", "draw", "coefficient"), weights.mean(axis=1)[None])}, coords)
    people = xr.Dataset(
        {"coefficients": (("sample", "subject", "coefficient"), weights)}, {**coords, "subject": table.subjects}
    )
    return Fit(model.on(table), xr.DataTree.from_dict({"/": xr.Dataset(), "posterior": mean, "people": people}), {})


def float_exact(fit):
    """Return the fit with draws that four bytes hold exactly, as a page does."""
    groups = {
        path: node.dataset.astype(np.float32).astype(float)
        for path, node in fit.tree.subtree_with_keys
        if node.data_vars
    }
    return replace(fit, tree=xr.DataTree.from_dict({"/": xr.Dataset(), **groups}))


def _branded(table):
    brand = table.frame["alternative"].astype(str).map({"a": "Acme", "b": "Bora & Söhne", "c": HOSTILE})
    return est.ChoiceTable.from_frame(table.frame.assign(brand=brand), outside=table.outside, synthetic=True)


SHOP, NAMED = _branded(with_outside(8, 4)), choice_table(6, 5)
PRODUCTS = pd.DataFrame(
    {
        "alternative": ["a", "b", "c"],
        "price": [2.0, 3.0, 4.0],
        "quality": [0.0, 0.5, -0.5],
        "brand": sorted(SHOP.frame["brand"].dropna().unique()),
    }
)
MARKETS = {
    "tastes": made(est.MultinomialLogit(["price", "quality", "brand", "nothing"], random="all"), SHOP),
    "formulas": made(est.MultinomialLogit(["np.log(price)", "price:quality", "bs(quality, df=4)"]), SHOP, own=False),
    "of people": made(
        est.MultinomialLogit(["price", "quality", "income:b", "price:income", "np.sqrt(income):c"]), SHOP, own=False
    ),
    "constants": made(est.MultinomialLogit(["price:alternative", "quality"], constants=True), NAMED, own=False),
}
"""What a page has to compute: tastes and labels, formulas and products, people's income, constants."""
LEVELS = {"price": np.linspace(1, 5, 41).round(2), "quality": np.linspace(-1, 1, 9)}
PLACED = dict.fromkeys(MARKETS, PRODUCTS)
CHANGED = {
    "tastes": [{"a": {"price": 3.5}, "c": {"quality": 1.0, "brand": "Acme"}}],
    "formulas": [{"a": {"price": 1.5, "quality": 0.75}, "b": {"price": 4.5}}],
    "of people": [{"a": {"price": 4.1}, "b": {"price": 1.2}}],
    "constants": [{"b": {"price": 1.1, "quality": -1.0}}],
}


def market(fit, products, **options):
    """Return a market of a fit whose draws were made by hand, so that nothing can be said of its chains."""
    return Interactive(market_view(fit, products, **options))


def read_market(data):
    """Return a market's data with its weights as nested lists, (draw, person, coefficient)."""
    raw = base64.b64decode(data["weights"])
    numbers = struct.unpack(f"<{len(raw) // 4}f", raw)
    size, people = len(data["coefficients"]), data["people"]
    at = [
        [numbers[(d * people + p) * size : (d * people + p + 1) * size] for p in range(people)]
        for d in range(data["draws"])
    ]
    return data | {"numbers": at}


def places_after(market, changes):
    """Return where the sliders stand after changes, product → column → value."""
    places = [list(own) for own in market["places"]]
    for product, columns in changes.items():
        for name, value in columns.items():
            at = next(place for place, column in enumerate(market["columns"]) if column["name"] == name)
            column = market["columns"][at]
            kept = column.get("values") or column["labels"]
            places[market["products"].index(product)][at] = kept.index(value)
    return places


def shares_in_loops(market, changes):
    """Return alternative → share of people in each draw, as the page computes them."""
    places, people = places_after(market, changes), market["people"]
    names = [*market["products"], *([market["outside"]] if market["outside"] else [])]
    found = {name: [] for name in names}
    for draw in market["numbers"]:
        total = dict.fromkeys(names, 0.0)
        for own in draw:
            worth = dict.fromkeys(market["products"], 0.0)
            for place, product in enumerate(market["products"]):
                for k, term in enumerate(market["coefficients"]):
                    worth[product] += own[k] * _term(market, term, place, places[place])
            if market["outside"]:
                worth[market["outside"]] = 0.0
            sum_ = sum(map(math.exp, worth.values()))
            for name, value in worth.items():
                total[name] += math.exp(value) / sum_ / people
        for name, value in total.items():
            found[name].append(value)
    return found


def _term(market, term, product, places):
    if term["table"]:
        return term["table"][product][0 if term["column"] is None else places[term["column"]]]
    value = term["only"][product]
    for column in term["factors"]:
        value *= market["columns"][column]["values"][places[column]]
    return value
