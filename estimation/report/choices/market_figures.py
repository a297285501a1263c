"""Figures of markets: how much attributes matter, and shares as a price changes. Each takes axes, or makes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from estimation.choice.quantities.quantity import Quantity
from estimation.drawing import BLUE, axes_or_new, colour_of, labelled, line_of, shortened
from estimation.errors import ChoiceError, raise_all
from estimation.text.digits import MIDDLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 0.32  # inches per attribute
MOST = 6  # curves that can be told apart


def plot_importances(importances: Quantity, ax: Axes | None = None) -> Axes:
    """Draw how much each attribute matters, per cent, with its 90 % interval.

    Parameters
    ----------
    importances
        What ``attribute_importances`` gave.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes: the most important attribute on top.
    """
    table = 100 * importances.table.sort_values("median", ascending=False)
    axes = axes_or_new(ax, height=max(2.0, 1.0 + ROW * len(table)))
    place = np.arange(len(table))
    reach = np.abs(table[["low", "high"]].to_numpy().T - table["median"].to_numpy())
    axes.barh(place, table["median"], color=BLUE, height=0.6)
    axes.errorbar(table["median"], place, xerr=reach, fmt="none", ecolor="black", capsize=3, linewidth=1)
    axes.set_yticks(place, [shortened(name) for name in table.index])
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xlim(left=0)
    return labelled(axes, "importance (% of all ranges)", "", _title(importances))


def plot_price_curve(curve: Quantity, alternatives: Iterable[str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw shares as a price changes: the median as a line, the central 90 % as a band.

    Parameters
    ----------
    curve
        What ``price_curve`` gave.
    alternatives
        Whose shares are drawn; all, but at most six, if left out.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes: prices across, shares in per cent up.

    Raises
    ------
    ChoiceError
        If there is no such alternative.
    """
    there = [str(label) for label in curve.draws["alternative"].to_numpy()]
    shown = there[:MOST] if alternatives is None else [str(label) for label in alternatives]
    problems = [f"{label!r} is none of the alternatives {there}" for label in shown if label not in there]
    raise_all(problems, ChoiceError, "There is no curve:")
    axes = axes_or_new(ax)
    at = curve.draws["price"].to_numpy().astype(float)
    for index, label in enumerate(shown):
        values = 100 * curve.draws.sel(alternative=label).transpose("sample", "price").to_numpy()
        low, middle, high = np.quantile(values, MIDDLE, axis=0)
        axes.fill_between(at, low, high, color=colour_of(index), alpha=0.2, linewidth=0)
        axes.plot(at, middle, label=label, **line_of(index))
    axes.set_ylim(bottom=0)
    what = curve.name.removeprefix("shares as ").removesuffix(" changes")
    return labelled(axes, what, "share (%)", _title(curve), legend=min(3, len(shown)))


def _title(quantity: Quantity) -> str:
    return "SYNTHETIC" if "SYNTHETIC" in quantity.label else ""
