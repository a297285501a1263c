"""A report as one HTML page that loads nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from estimation.report.blocks import WITHHELD, Document

if TYPE_CHECKING:
    from jinja2 import Template


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
        finalize=_bound_units,
    )
    environment.globals["kind_of"] = lambda block: type(block).__name__
    return environment.get_template("page.html")


def _bound_units(value: Any) -> Any:
    """Keep a per cent sign on the line of its number."""
    return value.replace(" %", "\N{NO-BREAK SPACE}%") if type(value) is str else value
