"""The part of a report that simulates a market: what matters, how well choices are predicted, who buys what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.curve import price_curve, share_table
from estimation.choice.quantities.importance import attribute_importances
from estimation.choice.quantities.levels import offered_rows
from estimation.choice.quantities.scenario import Scenario, attribute_problems, scenario
from estimation.errors import ChoiceError
from estimation.evaluation.facts.hit_rates import hit_rates
from estimation.report.blocks import SHOWN, Block, Gallery, Paragraph, Section
from estimation.report.choices.market_gallery import curve_picture, importance_picture
from estimation.report.choices.market_tables import curve_table, hits_table, importances_table, shares_table
from estimation.report.interactive.market import can_move, market_view
from estimation.report.interactive.view import View
from estimation.text.table import TextTable

IMPORTANCE = (
    "An attribute matters as much as the worth of its best level exceeds that of its worst, among the levels that "
    "people were shown: importances depend on these. The hit rate is how often what was chosen had been the likeliest, "
    "and the root likelihood the geometric mean of the probabilities of what was chosen, each choice left out in turn."
)
SHARES = " Who would take what in the market that was described, and as the price of one product changes."
MOST_CURVES = 4
STEPS = 9  # prices of a curve


def market_section(sound: Mapping[str, ChoiceFit], products: pd.DataFrame | None, price: str | None) -> Section | None:
    """Return importances and predictions under each model, and shares and price curves if there are products.

    Raises
    ------
    ChoiceError
        If the products do not fit a model.
    """
    parts = [Section("", name, tuple(_blocks(name, fit, products, price))) for name, fit in sound.items()]
    if not parts:
        return None
    shown = tuple(block for part in parts for block in part.content if isinstance(block, TextTable | Gallery))
    before = [Paragraph(f"{IMPORTANCE}{SHARES if products is not None else ''} All stands in {SHOWN}.", shown=shown)]
    return Section("market", "What matters, and who would buy what", tuple(before), tuple(parts))


def moving_market(sound: Mapping[str, ChoiceFit], products: pd.DataFrame | None, price: str | None) -> tuple[View, ...]:
    """Return the market under the first model that a page can compute, if there are products."""
    able = [fit for fit in sound.values() if can_move(fit)] if products is not None else []
    if products is None or not able:
        return ()
    known = price if price in products else None  # a report's price may be a coefficient
    try:
        return (market_view(able[0], products, price=known),)
    except ChoiceError:  # a formula that a page cannot compute: the report says the same in tables
        return ()


def _blocks(name: str, fit: ChoiceFit, products: pd.DataFrame | None, price: str | None) -> Iterator[Block]:
    if fit.model.is_linear:
        importances = attribute_importances(fit)
        yield importances_table(importances)
        yield Gallery((importance_picture(importances, name),))
    hits = hit_rates(fit)
    yield hits_table(hits)
    yield from map(Paragraph, hits.notes)
    if products is None:
        return
    market = scenario(fit.table, products)
    yield shares_table(share_table(fit, {"the market": market}))
    yield from _curves(fit, market, price)


def _curves(fit: ChoiceFit, market: Scenario, price: str | None) -> Iterator[Block]:
    """Yield how shares move with prices, between those of the data, if there is a column of prices."""
    rows = offered_rows(fit.table)
    if price is None or price not in rows or attribute_problems(fit, market, price):
        return
    at = np.linspace(rows[price].min(), rows[price].max(), STEPS)
    shown = [label for label in market.alternatives if label != market.outside][:MOST_CURVES]
    curves = {label: price_curve(fit, label, at, market, price=price) for label in shown}
    yield from (curve_table(curve, label) for label, curve in curves.items())
    yield Gallery(tuple(curve_picture(curve, label) for label, curve in curves.items()))
