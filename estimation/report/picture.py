"""A picture for a report: no display, alternative text always."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RESOLUTION = 150  # dots per inch of what is not drawn as lines


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure as it stands in a report."""

    figure: Figure
    alt: str  # what it shows, for those who do not see it
    caption: str  # what it shows and how to read it

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


def picture(axes: Axes, alt: str, caption: str) -> Picture:
    """Return the figure of some axes as a picture."""
    figure: Figure = axes.figure  # type: ignore[assignment]
    return Picture(figure, alt, caption)
