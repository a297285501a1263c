"""How figures look: colours, lines and axes of every figure of the package; no global style, no display."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

type Style = dict[str, Any]
"""Options of whatever is drawn, by the names of Matplotlib."""
BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
"""Colours that people with any kind of colour vision tell apart (Okabe and Ito 2008)."""
GREY, LIGHT_GREY, PALE_GREY = "#777777", "#999999", "#CCCCCC"
"""What stands behind: lines and dots; paths and areas; bars and bands."""
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
"""Line styles, so that no reader needs the colours."""
HATCHES = ("", "//", "..", "xx", "--", "\\\\")
"""Patterns of areas, for the same reason."""
SHORT = 22  # characters of a line of a name in a figure
WIDTH, HEIGHT = 4.4, 3.3  # inches: readable on a phone without enlarging


def axes_or_new(axes: Axes | None, width: float = WIDTH, height: float = HEIGHT) -> Axes:
    """Return the given axes, or those of a new figure that belongs to nobody else."""
    if axes is not None:
        return axes
    from matplotlib.figure import Figure  # noqa: PLC0415 - drawing is slow to import

    axes = Figure(figsize=(width, height), layout="constrained").subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9)
    return axes


def labelled(axes: Axes, across: str, up: str, title: str = "", legend: int = 0) -> Axes:
    """Say what the axes show; return them. They keep their title if there is no new one.

    A legend of so many columns stands above the axes and below the title, where it hides nothing.
    """
    axes.set(xlabel=across, ylabel=up)
    pad = None
    if legend:
        place: Style = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": legend}
        found = axes.legend(frameon=False, fontsize=8, handlelength=1.4, columnspacing=1.0, borderaxespad=0.1, **place)
        pad = 7 + 13 * -(-len(found.get_texts()) // legend)
    if title or legend:
        axes.set_title(title or axes.get_title(), pad=pad, fontsize=10)
    return axes


def whole_ticks(*axes: Any) -> None:
    """Put ticks of an axis at whole numbers only."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - drawing is slow to import

    for axis in axes:
        axis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 2.5, 5, 10]))


def shortened(name: object, width: int = SHORT) -> str:
    """Return a name on at most two lines, so that long ones leave room for what is drawn."""
    lines = wrap(str(name), width)
    if len(lines) <= 2:
        return "\n".join(lines)
    return f"{lines[0]}\n{lines[1][: width - 1]}…"


def colour_of(index: int) -> str:
    """Return the colour of the theory at a position."""
    return PALETTE[index % len(PALETTE)]


def line_of(index: int) -> Style:
    """Return how the line of the theory at a position looks."""
    return {"color": colour_of(index), "linestyle": STYLES[index % len(STYLES)], "linewidth": 1.8}


def area_of(index: int) -> Style:
    """Return how the area of the kind at a position looks."""
    return {"color": colour_of(index), "hatch": HATCHES[index % len(HATCHES)], "edgecolor": "white", "linewidth": 0}
