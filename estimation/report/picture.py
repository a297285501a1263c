"""A picture for a report: no display, alternative text always."""

from __future__ import annotations

import base64
import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from estimation.text.signs import in_brackets, one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABSENT = re.compile(r"Glyph (\d+) .*missing from")
"""What Matplotlib says of a sign for which it draws a box."""
WIDE = 5.5  # inches from which a figure has no other beside it
RESOLUTION = 150  # dots per inch of what is not drawn as lines


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure as it stands in a report."""

    figure: Figure
    alt: str  # what it shows, for those who do not see it
    caption: str  # what it shows and how to read it

    def image(self, form: str) -> bytes:
        """Return the picture as ``svg``, ``pdf`` or ``png``, the same bytes every time, with its fonts inside.

        Signs that the fonts do not have stand as their names in brackets.
        """
        self._take_dollars_for_dollars()
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            image = self._drawn(form)
        found = [(each.message, ABSENT.match(str(each.message))) for each in told]
        absent = {int(sign[1]) for _, sign in found if sign}
        for other in (message for message, sign in found if not sign):
            warnings.warn(other, stacklevel=2)
        if not absent:
            return image
        names = {code: in_brackets(chr(code)) for code in absent}
        for text in self._texts():
            text.set_text(text.get_text().translate(names))
        for axis in (axis for axes in self.figure.axes for axis in (axes.xaxis, axes.yaxis)):
            labels = [label.get_text() for label in axis.get_ticklabels()]
            if absent & set(map(ord, "".join(labels))):  # ticks would write their old labels again
                axis.set_ticks(axis.get_ticklocs(), [label.translate(names) for label in labels])
        return self._drawn(form)

    def _take_dollars_for_dollars(self) -> None:
        """Show names with two dollar signs as they are: Matplotlib would read what is between them as mathematics."""
        for text in self._texts():
            text.set_parse_math("\\mathdefault" in text.get_text())  # what its own logarithmic ticks say

    def _drawn(self, form: str) -> bytes:
        from matplotlib import rc_context  # noqa: PLC0415 - drawing is slow to import

        stream = BytesIO()
        stamp = {"svg": {"Date": None, "Title": one_line(self.alt)}, "pdf": {"CreationDate": None}, "png": {}}[form]
        with rc_context({"svg.hashsalt": "estimation", "pdf.fonttype": 42}):
            self.figure.savefig(stream, format=form, dpi=RESOLUTION, metadata=stamp)
        return stream.getvalue()

    def _texts(self) -> list[Any]:
        from matplotlib.text import Text  # noqa: PLC0415 - as above

        for axes in self.figure.axes:
            axes.get_xticklabels(), axes.get_yticklabels()  # ticks are made when they are asked for
        return self.figure.findobj(Text)

    @property
    def source(self) -> str:
        """The picture itself, as a data address."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.image("svg")).decode("ascii")

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole width of a page, not half of it."""
        return bool(self.figure.get_figwidth() > WIDE)

    @property
    def width(self) -> int:
        """The width at which its letters have the size of the page's, pixels."""
        return round(96 * self.figure.get_figwidth())


def picture(axes: Axes, alt: str, caption: str) -> Picture:
    """Return the figure of some axes as a picture."""
    figure: Figure = axes.figure  # type: ignore[assignment]
    return Picture(figure, alt, caption)
