"""Write a report: one file with everything inside, complete or not there at all."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimation.assortment import Frontier, Tradeoff
from estimation.errors import EstimationError, raise_all

if TYPE_CHECKING:
    from jinja2 import Template

    from estimation.evaluation.comparison import Comparison
    from estimation.inference.artifact import Fit

SUFFIXES = (".html",)


class ReportError(EstimationError):
    """A report that cannot be written as asked."""


def report(study: Comparison | Fit | Frontier | Tradeoff, path: str | Path) -> Path:
    """Write a comparison, a fit, or a frontier of menus as one self-contained file.

    Parameters
    ----------
    study
        What ``compare`` or ``fit`` gave, or ``Assortment.frontier`` or ``UnderDraws.frontier``.
    path
        Where to write; the suffix says in what form. An existing file is replaced, once the new one is complete.

    Returns
    -------
    Where the report is.

    Raises
    ------
    ReportError
        If the form is not supported, or the folder does not exist.
    """
    target = Path(path)
    check_target(target)
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.write_text(render(study), encoding="utf-8")
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def check_target(path: str | Path) -> None:
    """Raise a `ReportError` if a report cannot be written there; for a look before long work."""
    target = Path(path)
    problems = []
    if target.suffix.lower() not in SUFFIXES:
        problems.append(f"{target.name!r} ends in {target.suffix!r}; supported are {', '.join(SUFFIXES)}")
    if not target.parent.is_dir():
        problems.append(f"folder {target.parent} does not exist; make it first")
    raise_all(problems, ReportError, "The report cannot be written:")


def render(study: Comparison | Fit | Frontier | Tradeoff) -> str:
    """Return the report as HTML."""
    if isinstance(study, Frontier | Tradeoff):
        from estimation.report.menus import menu_content  # noqa: PLC0415 - each page waits for its own libraries only

        return _template("frontier.html").render(**menu_content(study))
    from estimation.report.sections import content  # noqa: PLC0415 - as above

    return _template("template.html").render(**content(study))


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - needed only to write

    loader = PackageLoader("estimation.report", package_path="")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_bound_units,
    )
    return environment.get_template(name)


def _bound_units(value: Any) -> Any:
    """Keep a per cent sign on the line of its number."""
    return value.replace(" %", "\N{NO-BREAK SPACE}%") if type(value) is str else value
