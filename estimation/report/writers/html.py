"""A report as one HTML page that loads nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from estimation.report.blocks import WITHHELD, Document
from estimation.report.writers.text import Written, unbroken

if TYPE_CHECKING:
    from jinja2 import Template


def written(report: Document, folder: str) -> Written:  # noqa: ARG001 - everything is inside
    """Return a report as HTML."""
    return Written(page(report).encode("utf-8"))


def page(report: Document) -> str:
    """Return a report as one self-contained page, for light and dark screens, phones and paper."""
    return _template().render(report=report, withheld=WITHHELD)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - needed only to write

    environment = Environment(
        loader=PackageLoader("estimation.report.writers", package_path=""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: unbroken(value) if type(value) is str else value,
    )
    environment.globals["kind_of"] = lambda block: type(block).__name__
    return environment.get_template("page.html")
