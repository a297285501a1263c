"""Commands about fits that exist: compare them, and write a report of one or several."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.market_inputs import products_of
from estimation.commands.output import AsJson, say
from estimation.commands.own import Own
from estimation.commands.shown import comparison_as_data, comparison_as_text

if TYPE_CHECKING:
    from estimation.evaluation.comparison.comparison import Comparison

Fits = Annotated[list[Path], typer.Argument(metavar="FIT.nc", help="Files that `estimation fit` wrote.")]


def compare(
    fits: Fits,
    *,
    out: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Write a report as well: .html, .pdf, .tex or .md; may be repeated."),
    ] = None,
    roles_apart: Annotated[
        bool,
        typer.Option(help="Say what it costs the best theory that people are the same in both roles: two more fits."),
    ] = True,
    _own: Own = None,
    as_json: AsJson = False,
) -> None:
    """Say which of several fits to the same data predicts a new person better, and how sure that is."""
    targets = _checked(out or [])
    study = compare_fits(named_fits(fits), roles_apart)
    text, result = comparison_as_text(study), comparison_as_data(study)
    if targets:
        written = _written(study, targets)
        text, result = f"{text}\n{_where(written)}", result | {"reports": written}
    say(text, result, as_json=as_json)


def report(
    fits: Fits,
    *,
    out: Annotated[
        list[Path],
        typer.Option(metavar="FILE", help="Where to write the report: .html, .pdf, .tex or .md; may be repeated."),
    ],
    price: Annotated[
        str | None, typer.Option(metavar="TERM", help="Of choices: the weight of price, for what people would pay.")
    ] = None,
    removed: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Of choices: the alternative whose withdrawal shows close substitutes."),
    ] = None,
    products: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Of choices: a market, as for `market`: who would buy what, at which price."),
    ] = None,
    _own: Own = None,
    as_json: AsJson = False,
) -> None:
    """Write a report of one fit, or of a comparison of several, as a file that can be handed on.

    The suffix says in what form: one self-contained page (.html), an accessible PDF, or LaTeX or Markdown with a folder
    of figures beside it.
    """
    targets = _checked(out)
    named = named_fits(fits)
    study = compare_fits(named) if len(named) > 1 else next(iter(named.values()))
    offered = None if products is None else products_of(products)
    written = _written(study, targets, price=price, removed=removed, products=offered)
    say(_where(written), {"reports": written}, as_json=as_json)


def named_fits(paths: list[Path]) -> dict[str, Any]:
    """Return fits by the names of their models; those of the same model by the names of their files."""
    from estimation.inference.load import load_fit
    from estimation.report.called import name_of

    fits = {path: load_fit(path) for path in dict.fromkeys(paths)}
    names = [name_of(fit) for fit in fits.values()]
    if len(set(names)) < len(names):
        names = [path.stem for path in fits]
    if len(set(names)) < len(names):
        names = [str(path) for path in fits]
    return dict(zip(names, fits.values(), strict=True))


def compare_fits(fits: dict[str, Any], roles_apart: bool = False) -> Comparison:
    """Compare fits, saying so while it takes its time; `roles_apart` as in the comparison itself."""
    from estimation.evaluation.comparison.compare import compare as comparison

    with busy(f"comparing {', '.join(fits)}"):
        # a bar would draw over this
        return comparison(fits, roles_apart=roles_apart, progress=False)


def busy(what: str) -> Any:
    """Return a context that shows on standard error that something is being done."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    if not sys.stderr.isatty():
        console.print(f"{what} …", highlight=False, markup=False)
    return console.status(escape(what))


def _checked(out: list[Path]) -> list[Path]:
    """Return where to write, or complain before anything is computed."""
    from estimation.report.document import check_target

    for path in out:
        check_target(path)
    return out


def _written(study: Any, targets: list[Path], **options: Any) -> list[str]:
    from estimation.report.contents import document
    from estimation.report.document import write

    with busy(f"writing {', '.join(str(path) for path in targets)}"):
        report_ = document(study, **options)
        return [str(write(report_, path)) for path in targets]


def _where(written: list[str]) -> str:
    return f"The report is in {' and '.join(written)}"
