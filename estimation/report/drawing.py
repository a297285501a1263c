"""A picture for a report: no global style, no display, alternative text always."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW = (
    *("#0072B2", "#E69F00", "#009E73", "#CC79A7"),
    *("#56B4E9", "#D55E00", "#F0E442"),
)
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
"""Colours that people with any kind of colour vision tell apart (Okabe and Ito 2008)."""
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
"""Line styles, so that no reader needs the colours."""
HATCHES = ("", "//", "..", "xx", "--", "\\\\")
"""Patterns of areas, for the same reason."""
SHORT = 22  # characters of a line of a name in a figure
WIDTH, HEIGHT = 4.4, 3.3  # inches: readable on a phone without enlarging
RESOLUTION = 150  # dots per inch of what is not drawn as lines


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure as it stands in a report.

    Parameters
    ----------
    figure
        What was drawn.
    alt
        What it shows, for those who do not see it.
    caption
        What it shows and how to read it.
    """

    figure: Figure
    alt: str
    caption: str

    def image(self, form: str) -> bytes:
        """Return the picture as ``svg`` or ``pdf``, the same bytes every time, with its fonts inside."""
        from matplotlib import rc_context  # noqa: PLC0415 - drawing is slow to import

        stream = BytesIO()
        stamp = {"svg": {"Date": None, "Title": self.alt}, "pdf": {"CreationDate": None}}[form]
        with rc_context({"svg.hashsalt": "estimation", "pdf.fonttype": 42}):
            self.figure.savefig(stream, format=form, dpi=RESOLUTION, metadata=stamp)
        return stream.getvalue()

    @property
    def source(self) -> str:
        """The picture itself, as a data address."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.image("svg")).decode("ascii")

    @property
    def width(self) -> int:
        """The width at which its letters have the size of the page's, pixels."""
        return round(96 * self.figure.get_figwidth())


def new_axes(width: float = WIDTH, height: float = HEIGHT) -> Axes:
    """Return the axes of a new figure that belongs to nobody else."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - drawing is slow to import

    axes: Axes = Figure(figsize=(width, height), layout="constrained").subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9)
    return axes


def axes_or_new(axes: Any) -> Any:
    """Return the given axes, or new ones."""
    return new_axes() if axes is None else axes


def legend_above(axes: Any, columns: int) -> None:
    """Put the legend above the axes and below the title, where it hides nothing."""
    place = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": columns}
    axes.legend(frameon=False, fontsize=8, handlelength=1.4, columnspacing=1.0, borderaxespad=0.1, **place)
    rows = -(-len(axes.get_legend().get_texts()) // columns)
    axes.set_title(axes.get_title(), pad=7 + 13 * rows, fontsize=10)


def whole_numbers(*axes: Any) -> None:
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


def picture(axes: Axes, alt: str, caption: str) -> Picture:
    """Return the figure of some axes as a picture."""
    figure: Figure = axes.figure  # type: ignore[assignment]
    return Picture(figure, alt, caption)


def colour_of(index: int) -> str:
    """Return the colour of the theory at a position."""
    return PALETTE[index % len(PALETTE)]


def style_of(index: int) -> Any:
    """Return the line style of the theory at a position."""
    return STYLES[index % len(STYLES)]
