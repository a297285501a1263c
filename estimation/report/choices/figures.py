"""Figures of what people value. Each takes axes (or makes them) and returns them; nothing else is touched."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.market import diversion
from estimation.choice.quantities.quantity import Quantity
from estimation.choice.quantities.value import UnstableRatioWarning, willingness_to_pay
from estimation.drawing import BLUE, GREY, axes_or_new, labelled, shortened
from estimation.text.contrasts import in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 0.32  # inches per coefficient
DARK = 0.55  # share of the largest number from which letters are white


def plot_willingness_to_pay(fit: ChoiceFit | Quantity, price: str = "price", ax: Axes | None = None) -> Axes:
    """Draw what one unit of each attribute is worth in units of price, with its 90 % interval.

    Parameters
    ----------
    fit
        A fit of choices, or what ``willingness_to_pay`` gave.
    price
        The coefficient of price, if a fit is given.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes: attributes from top to bottom; a grey line where an attribute is worth nothing.

    Raises
    ------
    ChoiceError
        If there is no such coefficient.
    """
    worth = fit if isinstance(fit, Quantity) else worth_of(fit, price)
    table = worth.table
    axes = axes_or_new(ax, height=max(2.0, 1.0 + ROW * len(table)))
    place = np.arange(len(table))
    reach = np.abs(table[["low", "high"]].to_numpy().T - table["median"].to_numpy())
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.errorbar(table["median"], place, xerr=reach, fmt="o", color=BLUE, markersize=4.5, capsize=3)
    axes.set_yticks(place, [shortened(in_words(str(name), worth.called)) for name in table.index])
    axes.set_ylim(len(table) - 0.4, -0.6)
    of_labels = " or label" if any(name in worth.called for name in table.index) else ""
    return labelled(axes, f"worth of one unit{of_labels} ({worth.unit.removesuffix(' per unit')})", "", _title(worth))


def plot_diversion(fit: ChoiceFit | Quantity, ax: Axes | None = None) -> Axes:
    """Draw where the buyers of each alternative would go if it were withdrawn, as a matrix with its numbers.

    Parameters
    ----------
    fit
        A fit of choices, or what ``diversion`` gave.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes: the alternative that is withdrawn in rows, where its buyers go in columns; medians in per cent.

    Raises
    ------
    ChoiceError
        If some situations offer one alternative only.
    """
    found = fit if isinstance(fit, Quantity) else diversion(fit)
    matrix = 100 * found.matrix
    names = [shortened(name, 16) for name in matrix.index]
    size = 1.6 + 0.55 * len(names)
    axes = axes_or_new(ax, max(3.4, size), max(2.6, 0.8 * size))
    values = matrix.to_numpy()
    top = float(np.nanmax(values))
    axes.imshow(np.ma.masked_invalid(values), cmap="Blues", vmin=0, vmax=top, aspect="auto")
    for row, column in np.ndindex(values.shape):
        if np.isfinite(values[row, column]):
            colour = "white" if values[row, column] > DARK * top else "black"
            text = f"{values[row, column]:.0f}"
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), names)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    return labelled(axes, "where its buyers go (%)", "withdrawn", _title(found))


def worth_of(fit: ChoiceFit, price: str) -> Quantity:
    """Return what attributes are worth; that ratios may be unstable stands in the notes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnstableRatioWarning)
        return willingness_to_pay(fit, price)


def _title(quantity: Quantity) -> str:
    return "SYNTHETIC" if "SYNTHETIC" in quantity.label else ""
