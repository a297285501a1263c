"""Pictures of a market simulation, each with alternative text that says what it shows."""

from __future__ import annotations

from estimation.choice.quantities.quantity import Quantity
from estimation.report.choices.market_figures import plot_importances, plot_price_curve
from estimation.report.picture import Picture, picture
from estimation.text.digits import number


def importance_picture(importances: Quantity, name: str) -> Picture:
    """Return how much attributes matter."""
    table = 100 * importances.table.sort_values("median", ascending=False)
    parts = [f"{attribute} {number(row['median'])} %" for attribute, row in table.head(6).iterrows()]
    alt = f"Bars of how much attributes matter under {name}: {', '.join(parts)}. {importances.label}."
    return picture(plot_importances(importances), alt, f"Importance of attributes under {name}, with 90 % intervals.")


def curve_picture(curve: Quantity, alternative: str) -> Picture:
    """Return the share of an alternative as its price changes."""
    share = 100 * curve.draws.sel(alternative=alternative).median("sample")
    at = curve.draws["price"].to_numpy()
    ends = (f"{number(share.sel(price=price))} % at {number(price)}" for price in (at[0], at[-1]))
    alt = f"A line with a band: the share of {alternative} as its price changes, {' and '.join(ends)}. {curve.label}."
    axes = plot_price_curve(curve, [alternative])
    return picture(axes, alt, f"Share of {alternative} as its price changes: median and 90 % interval.")
