"""What `interactive` returns: a view that is shown, saved as a page, or used as a widget."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from estimation.errors import ReportError, raise_all
from estimation.reading import no_path
from estimation.report.interactive.view import View
from estimation.report.writers.html import view_page
from estimation.report.writers.widget import widget_of
from estimation.saving import write_text_whole

HEIGHT = 720  # pixels of a page inside a notebook


@dataclass(frozen=True, eq=False, repr=False)
class Interactive:
    """Something that moves: a page that needs nothing but a browser, or a widget in a notebook.

    In a notebook it shows itself as the page. Whatever is shown is text: no name in the data is read as a mark, the
    page runs its own script only, and fetches nothing.

    Attributes
    ----------
    view
        What is shown: its ``data`` as the script reads them, ``tables`` for readers without scripts, and ``notes``.
    """

    view: View

    @property
    def html(self) -> str:
        """The whole page."""
        return view_page(self.view)

    def save(self, path: str | Path) -> Path:
        """Write the page to a file, which appears once it is complete, and return where it is.

        Raises
        ------
        ReportError
            If the name does not end in .html, or the folder does not exist.
        """
        raise_all(no_path(path), ReportError, "The page cannot be written:")
        if Path(path).suffix.lower() != ".html":
            raise ReportError("The page cannot be written:", [f"{Path(path).name!r} must end in .html"])
        return write_text_whole(path, self.html, ReportError, "The page cannot be written:")

    def widget(self) -> Any:
        """Return it as a widget for notebooks, which needs the extra ``estimation[widgets]``.

        ``widget.state`` is what the reader has moved, and moves it when it is set: the place of the lever (``menu``)
        and the number of ``customers``; the places of sliders (``places``) and what is ``offered``; or the ``person``.

        Raises
        ------
        ReportError
            If anywidget is not installed.
        """
        return widget_of(self.view)

    def __repr__(self) -> str:
        return f"{self.view.title}: {self.view.label} ({len(self.html) / 1e3:,.0f} kB; .save('page.html'), .widget())"

    def _repr_html_(self) -> str:
        style = f"width:100%;height:{HEIGHT}px;border:0"
        about = f'title="{escape(self.view.title)}" style="{style}" sandbox="allow-scripts"'
        return f'<iframe {about} srcdoc="{escape(self.html)}"></iframe>'
