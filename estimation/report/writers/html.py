"""A report as one HTML page that loads nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from estimation.report.blocks import WITHHELD, Document
from estimation.report.interactive.scripts import as_json, asset, digest, page_script
from estimation.report.interactive.view import View
from estimation.report.numbering import Numbers
from estimation.report.writers.text import Written, unbroken

if TYPE_CHECKING:
    from jinja2 import Environment

FAILED = "The diagnosis failed: these numbers are not to be used."
MADE_UP = "These numbers are made up, or a simulation made them. Nothing here is evidence about anybody."


def written(report: Document, folder: str) -> Written:  # noqa: ARG001 - everything is inside
    """Return a report as HTML."""
    return Written(page(report).encode("utf-8"))


def page(report: Document) -> str:
    """Return a report as one self-contained page, for light and dark screens, phones and paper."""
    return _environment().get_template("page.html").render(report=report, numbers=Numbers(report), withheld=WITHHELD)


def view_page(view: View) -> str:
    """Return a view that moves as a page by itself."""
    return _environment().get_template("view.html").render(view=view, made_up=MADE_UP, withheld=FAILED)


def _script(views: Sequence[View]) -> str:
    return page_script(view.kind for view in views)


def _allowed(views: Sequence[View]) -> str:
    """Return the scripts that may run, as a page's policy names them."""
    return f"'{digest(_script(views))}'" if views else "'none'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - needed only to write
    from markupsafe import Markup  # noqa: PLC0415 - as above

    environment = Environment(
        loader=PackageLoader("estimation.report.writers", package_path=""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: unbroken(value) if type(value) is str else value,
    )
    ours = {  # texts of our own, and data in which nothing is a mark
        "script": lambda views: Markup(_script(views)),  # noqa: S704
        "allowed": lambda views: Markup(_allowed(views)),  # noqa: S704
        "style": lambda: Markup(asset("interactive.css")),  # noqa: S704
        "content": lambda view: Markup(as_json(view.data)),  # noqa: S704
    }
    environment.globals |= ours | {"kind_of": lambda block: type(block).__name__}
    return environment
