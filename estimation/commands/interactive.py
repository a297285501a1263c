"""The command that makes pages with something to move: a market with sliders, or people one by one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.compare import Fits, busy, compare_fits, named_fits
from estimation.commands.market_inputs import products_of
from estimation.commands.output import AsJson, say
from estimation.commands.own import Own
from estimation.errors import EstimationError, ReportError, raise_all
from estimation.saving import destination_problems

if TYPE_CHECKING:
    from estimation.report.writers.interactive import Interactive

NOT_WRITTEN = "The page cannot be written:"
SPOKEN = {
    r"\bproducts=,": "--products FILE.csv,",
    r"^products are\b": "--products is",
    r"^(price|draws|people) (?='|must)": r"--\1 ",
    r"^most_people must": "--most-people must",
    r"^'(price|people|draws)' is no option": r"--\1 is no option",
    r"\bmost_people\b": "--most-people",
    r"est\.share_table and est\.price_curve say": "`estimation market` says",
}
"""What Python says of arguments → what the command line says of options."""
Page = Annotated[Path, typer.Option(metavar="FILE.html", help="Where to write the page.")]


def interactive(
    fits: Fits,
    *,
    out: Page,
    products: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Of choices: what is offered, as for `market`.")
    ] = None,
    price: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Of choices: the column of prices, for what is earned.")
    ] = None,
    people: Annotated[
        str | None, typer.Option(metavar="known|new", help="Of choices: the people in the data, or people like them.")
    ] = None,
    draws: Annotated[int | None, typer.Option(metavar="N", help="Draws of the posterior in the page.")] = None,
    most_people: Annotated[int | None, typer.Option(metavar="N", help="People in the page, at most.")] = None,
    _own: Own = None,
    as_json: AsJson = False,
) -> None:
    """Make a page that moves: sliders of a market for a fit of choices, people one by one for fits of theories.

    The page needs nothing but a browser. For menus with a lever see `assort --out FILE.html`, and `market --menus
    FILE.html` for those of a fit.
    """
    check_page(out)
    named = named_fits(fits)
    study: Any = compare_fits(named) if len(named) > 1 else next(iter(named.values()))
    offered = None if products is None else products_of(products)
    given = {"price": price, "people": people, "draws": draws, "most_people": most_people}
    options = {name: value for name, value in given.items() if value is not None}
    say_page(made(study, offered, options, out), out, as_json=as_json)


def check_page(out: Path) -> None:
    """Raise a `ReportError` if a page cannot be written there; for a look before long work."""
    problems = [f"{out.name!r} must end in .html"] * (out.suffix.lower() != ".html")
    raise_all(problems + destination_problems(out), ReportError, NOT_WRITTEN)


def made(study: Any, products: Any, options: dict[str, Any], out: Path) -> Interactive:
    """Make a page of a study, write it, and return it."""
    from estimation.report.views import interactive as make

    try:
        with busy(f"writing {out}"):
            found = make(study, products, **options)
            found.save(out)
    except EstimationError as error:
        raise type(error)(error.heading, [_spoken(problem) for problem in error.problems]) from error
    return found


def _spoken(problem: str) -> str:
    for words, option in SPOKEN.items():
        problem = re.sub(words, option, problem)
    return problem


def say_page(found: Interactive, out: Path, *, as_json: bool) -> None:
    """Say where a page is, and what one must know to read it."""
    view, size = found.view, out.stat().st_size
    text = "\n".join([f"{view.label}: the page is in {out} ({size / 1000:,.0f} kB)", *view.notes])
    result = {"data": view.label, "synthetic": view.synthetic, "notes": list(view.notes), "bytes": size}
    say(text, result | {"files": [str(out)]}, as_json=as_json)
