"""Commands about fits that exist: compare them, and write a report of one or several."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.output import AsJson, say

if TYPE_CHECKING:
    from estimation.evaluation.comparison import Comparison
    from estimation.inference.artifact import Fit

Fits = Annotated[list[Path], typer.Argument(metavar="FIT.nc ...", help="Files that `estimation fit` wrote.")]


def compare(
    fits: Fits,
    out: Annotated[Path | None, typer.Option(metavar="HTML", help="Write a report as well.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say which of several fits to the same data predicts a new person better, and how sure that is."""
    if out is not None:
        _check_target(out)
    study = compared(named_fits(fits))
    from estimation.commands.shown import comparison_as_data, comparison_as_text

    text, result = comparison_as_text(study), comparison_as_data(study)
    if out is not None:
        written = _written(study, out)
        text, result = f"{text}\nThe report is in {written}", result | {"report": str(written)}
    say(text, result, as_json=as_json)


def report(
    fits: Fits,
    out: Annotated[Path, typer.Option(metavar="HTML", help="Where to write the report.")],
    as_json: AsJson = False,
) -> None:
    """Write a report of one fit, or of a comparison of several, as one file that can be handed on."""
    _check_target(out)
    named = named_fits(fits)
    study = compared(named) if len(named) > 1 else next(iter(named.values()))
    written = _written(study, out)
    say(f"The report is in {written}", {"report": str(written)}, as_json=as_json)


def named_fits(paths: list[Path]) -> dict[str, Fit]:
    """Return fits by the names of their theories; those of the same theory by the names of their files."""
    from estimation.inference.artifact import load_fit
    from estimation.report.words import short_name

    fits = {path: load_fit(path) for path in dict.fromkeys(paths)}
    names = [short_name(fit.theory) for fit in fits.values()]
    if len(set(names)) < len(names):
        names = [path.stem for path in fits]
    if len(set(names)) < len(names):
        names = [str(path) for path in fits]
    return dict(zip(names, fits.values(), strict=True))


def compared(fits: dict[str, Fit]) -> Comparison:
    """Compare fits, saying so while it takes its time."""
    from estimation.evaluation.comparison import compare as comparison

    with busy(f"comparing {', '.join(fits)}"):
        return comparison(fits)


def busy(what: str) -> Any:
    """Return a context that shows on standard error that something is being done."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    if not sys.stderr.isatty():
        console.print(f"{what} …", highlight=False, markup=False)
    return console.status(escape(what))


def _check_target(out: Path) -> None:
    from estimation.report.document import check_target

    check_target(out)


def _written(study: Comparison | Fit, out: Path) -> Path:
    from estimation.report.document import report as write

    with busy(f"writing {out}"):
        return write(study, out)
