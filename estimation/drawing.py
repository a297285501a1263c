"""How figures look: colours, lines and axes of every figure of the package; no global style, no display."""

from __future__ import annotations

import itertools
import math
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
ENOUGH, SMALLEST = 2.8, 0.6
"""Inches of axes whose letters have their usual size, and the share of it that letters of others have at least."""
POINTS, LETTER, REACH, FILLED = 72, 0.52, 0.9, 0.75
"""Points per inch; width of a letter, and what lines take of their axis and letters of their row, as shares."""
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

    A legend of so many columns stands above the axes and below the title, where it hides nothing. In small axes letters
    are smaller, and long words are broken.
    """
    wide, high = _room(axes)
    shrunk = min(1.0, max(SMALLEST, wide / ENOUGH))
    pad = None
    if legend:
        place: Style = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": legend}
        place |= {"fontsize": 8 * shrunk, "handlelength": 1.4, "columnspacing": 1.0, "borderaxespad": 0.1}
        found = axes.legend(frameon=False, **place)
        pad = 7 + 13 * shrunk * _lines([text.get_text() for text in found.get_texts()], legend)
    left = high - (pad or 0) / POINTS
    axes.set(xlabel=_in_lines(across, wide, 10 * shrunk), ylabel=_in_lines(up, left, 10 * shrunk))
    if title or legend:
        axes.set_title(_in_lines(title or axes.get_title(), wide, 10 * shrunk), pad=pad, fontsize=10 * shrunk)
    if shrunk < 1:
        _shrink(axes, shrunk)
    _make_room_for_names(axes, wide, left, 9 * shrunk)
    return axes


def _lines(names: list[str], columns: int) -> int:
    """Return how many lines a legend takes: those of its highest column; Matplotlib fills one after the other."""
    each, extra = divmod(len(names), columns)
    sizes = [each + (place < extra) for place in range(columns)]
    ends = [sum(sizes[: place + 1]) for place in range(columns)]
    parts = (names[end - size : end] for size, end in zip(sizes, ends, strict=True))
    return max(sum(name.count("\n") + 1 for name in part) for part in parts)


def is_small(axes: Axes) -> bool:
    """Return whether axes are smaller than those that figures have by themselves."""
    return _room(axes)[0] < ENOUGH


def _room(axes: Axes) -> tuple[float, float]:
    """Return the width and height of axes, inches, before labels take their part."""
    dots = float(axes.figure.dpi)
    return float(axes.bbox.width) / dots, float(axes.bbox.height) / dots


def _in_lines(text: str, inches: float, size: float) -> str:
    """Return text whose lines are as long as an axis, and a little longer, in letters of a size (points)."""
    most = max(12, int(REACH * inches * POINTS / (LETTER * size)))
    return "\n".join(part for line in text.split("\n") for part in wrap(line, most) or [line])


def _shrink(axes: Axes, shrunk: float) -> None:
    """Make letters smaller that are not those of legend and title, and marks of ticks come less often."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_fontsize(10 * shrunk)
        axis.set_tick_params(labelsize=9 * shrunk)
    for text in axes.texts:
        text.set_fontsize(shrunk * float(text.get_fontsize()))


def _make_room_for_names(axes: Axes, wide: float, high: float, size: float) -> None:
    """Make the names of rows as small as their rows, and turn names of columns that would lie on each other."""
    from matplotlib.ticker import FixedLocator  # noqa: PLC0415 - drawing is slow to import

    rows, columns = axes.yaxis, axes.xaxis
    if isinstance(rows.get_major_locator(), FixedLocator):
        names = [label.get_text() for label in rows.get_ticklabels()]
        lines = sum(name.count("\n") + 1 for name in names)
        rows.set_tick_params(labelsize=max(3.5, min(size, FILLED * high * POINTS / max(1, lines))))
    if isinstance(columns.get_major_locator(), FixedLocator):
        names = [line for label in columns.get_ticklabels() for line in label.get_text().split("\n")]
        longest, count = max(map(len, names), default=0), max(1, len(columns.get_ticklabels()))
        if longest * LETTER * size > wide * POINTS / count:
            columns.set_tick_params(labelsize=min(size, FILLED * wide * POINTS / count))
            for label in columns.get_ticklabels():
                label.set(rotation=40, ha="right", rotation_mode="anchor")


def whole_ticks(*axes: Any) -> None:
    """Put ticks of an axis at whole numbers only."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - drawing is slow to import

    for axis in axes:
        axis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 2.5, 5, 10]))


def log_ticks(axis: Any, most: int = 7) -> None:
    """Put labelled ticks on a logarithmic axis at numbers that are said aloud: at least two, at most so many."""
    from matplotlib.ticker import Locator, NullLocator  # noqa: PLC0415 - drawing is slow to import

    class Spoken(Locator):
        def tick_values(self, vmin: float, vmax: float) -> list[float]:
            return spoken(vmin, vmax, most)

        def __call__(self) -> list[float]:
            return self.tick_values(*self.axis.get_view_interval())  # type: ignore[union-attr]

    axis.set_major_locator(Spoken())
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(lambda value, _: f"{value:g}")


def spoken(low: float, high: float, most: int = 7) -> list[float]:
    """Return 2 to `most` numbers between positive ends, evenly spaced by ratio where powers of ten allow it.

    Examples
    --------
    >>> spoken(0.3, 9.0), spoken(0.002, 900.0, 4), spoken(1.1, 1.4, 4)
    ([0.5, 1.0, 2.0, 5.0], [0.01, 1.0, 100.0], [1.1, 1.2, 1.3, 1.4])
    """
    low, high = sorted((low, high))
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for within in ((1, 2, 5), (1, 3), (1,)):
        found = [round(m * 10.0**n, 12 - n) for n in range(first, last + 1) for m in within]
        inside = [value for value in found if low <= value <= high]
        if 2 <= len(inside) <= most:
            return inside
        if len(inside) < 2:  # less than a decade
            return _evenly(low, high, most)
    return inside[:: -(-len(inside) // most)]


def _evenly(low: float, high: float, most: int) -> list[float]:
    """Return round numbers between two that are close to each other."""
    finest = math.floor(math.log10(high - low)) - 1
    steps = (m * 10.0**n for n in itertools.count(finest) for m in (1, 2, 2.5, 4, 5))
    step = next(s for s in steps if math.floor(high / s + 1e-9) - math.ceil(low / s - 1e-9) < most)
    places = max(0, 1 - math.floor(math.log10(step)))
    return [round(step * at, places) for at in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


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
