"""The command that simulates a market: importances, hit rates, shares, price curves, scenarios, the best menu."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.commands.choice_options import as_options
from estimation.commands.compare import busy
from estimation.commands.interactive import check_page, made
from estimation.commands.market_answers import MarketAnswers
from estimation.commands.market_inputs import (
    basics_of,
    curves_of,
    fit_of,
    menus_of,
    people_of,
    products_of,
    scenarios_of,
    worths_of,
)
from estimation.commands.output import AsJson, say
from estimation.commands.own import Own
from estimation.commands.shown import tables_as_text
from estimation.errors import ChoiceError, raise_all
from estimation.saving import destination_problems, write_whole

if TYPE_CHECKING:
    from estimation.assortment import UnderDraws
    from estimation.choice.problem import ChoiceFit
    from estimation.report.picture import Picture

PRICE = "price"  # what the column of the price is called unless --price says otherwise
NOT_WRITTEN = "The market cannot be written down:"


def market(
    fit: Annotated[Path, typer.Argument(metavar="FIT.nc", help="A fit of choices, as `fit-choice` keeps it.")],
    *,
    products: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="What is offered: a column 'alternative' (or 'product'), and the attributes."),
    ] = None,
    scenario: Annotated[
        list[str] | None, typer.Option(metavar="NAME=CSV", help="Another market to compare with; repeat it.")
    ] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME:COLUMN=VALUE", help="A scenario in which one product is changed; repeat it."),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A scenario in which a product is withdrawn; repeat it.")
    ] = None,
    curve: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME[=LOW:HIGH]", help="Shares as the price of a product changes; repeat it."),
    ] = None,
    price: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The column of the price, for --curve and --out; else 'price'.")
    ] = None,
    people: Annotated[
        str, typer.Option(metavar="known|new", help="The people in the data, or people like them whom nobody has seen.")
    ] = "known",
    revenue: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="What a sale earns, in the products: shows the best menu.")
    ] = None,
    at_most: Annotated[int | None, typer.Option(metavar="N", help="Of the menu: at most N products.")] = None,
    menus: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A report on the menus that trade --revenue against utility, with a lever: .html, .pdf, .tex or .md.",
        ),
    ] = None,
    part_worths: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Where to write the part-worths of each person.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="A page on which sliders move the products of --products.")
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where to draw importances and curves, as .svg; it must exist."),
    ] = None,
    _own: Own = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a market: what matters, how well choices are predicted, who buys what, at which price.

    Without --products the market is the situations of the data.
    """
    _check_destinations(products, part_worths, out, figures)
    _check_menus(menus, revenue)
    needless = "--price is for curves and the page: ask for --curve NAME or --out FILE.html, or leave it out"
    raise_all([needless] * (price is not None and not curve and out is None), ChoiceError, "The price is for nothing:")
    with as_options():
        found, whose = _sound_fit(fit), people_of(people)
        offers = scenarios_of(found, products, scenario or [], change or [], without or [])
        with busy(f"simulating {found.label}"):
            worths = None if part_worths is None else worths_of(found)
            offering = menus_of(found, products, revenue, at_most, whose)
            importances, hits, shares = basics_of(found, offers, whose)
            offered, money = next(iter(offers.values())), PRICE if price is None else price
            curves = curves_of(found, offered, curve or [], money, whose)
            menu = None if offering is None else offering.solve()
    answers = MarketAnswers(found, importances, hits, shares, curves, menu)
    notes, pages = answers.sentences(), []
    if out is not None and products is not None:  # refuses some of what it is asked, so before anything else is written
        notes += _moved(found, products, price, whose, out)
        pages.append(str(out))
    written = [*_drawn(figures, answers), *pages]
    if menus is not None and offering is not None:
        written.append(_traded(offering, menus))
    if part_worths is not None and worths is not None:
        write_whole(part_worths, worths.to_csv, ChoiceError, NOT_WRITTEN)
        written.append(str(part_worths))
    notes += [f"Written: {', '.join(written)}"] * bool(written)
    text = "\n".join([tables_as_text(answers.tables()), *notes])
    say(text, answers.plain() | {"files": written}, as_json=as_json)


def _check_destinations(
    products: Path | None, part_worths: Path | None, out: Path | None, figures: Path | None
) -> None:
    """Say what cannot be written before anything is computed."""
    problems = [] if part_worths is None else destination_problems(part_worths)
    problems += [f"{figures} is no folder"] * (figures is not None and not figures.is_dir())
    problems += ["--out needs products: --products FILE.csv"] * (out is not None and products is None)
    if out is not None:
        check_page(out)
    raise_all(problems, ChoiceError, NOT_WRITTEN)


def _check_menus(menus: Path | None, revenue: str | None) -> None:
    """Say that a report on menus cannot be written before anything is computed."""
    from estimation.report.document import check_target

    asked = ["--menus needs what a sale earns: --revenue COLUMN"] * (menus is not None and revenue is None)
    raise_all(asked, ChoiceError, NOT_WRITTEN)
    if menus is not None:
        check_target(menus)


def _traded(offering: UnderDraws, menus: Path) -> str:
    """Write the report on menus under the posterior, and return where it is."""
    from estimation.report.document import report

    with busy(f"writing {menus}"):
        return str(report(offering.frontier(), menus))


def _sound_fit(path: Path) -> ChoiceFit:
    """Return a fit of choices that passes its checks."""
    from estimation.evaluation.diagnosis import diagnose

    found = fit_of(path)
    diagnosis = diagnose(found)
    raise_all([] if diagnosis.ok else [diagnosis.verdict], ChoiceError, "The fit is not fit for use:")
    return found


def _moved(found: ChoiceFit, products: Path, price: str | None, people: str, out: Path) -> tuple[str, ...]:
    """Write the page on which sliders move the market, and return what one must know to read it."""
    offered = products_of(products)
    usual = PRICE if PRICE in found.table.attributes and PRICE in offered else None
    money = usual if price is None else price
    return made(found, offered, {"people": people} | ({} if money is None else {"price": money}), out).view.notes


def _drawn(folder: Path | None, answers: MarketAnswers) -> list[str]:
    """Draw the answers into a folder, if one is named, and return the files."""
    pictures = {} if folder is None else {folder / name: picture for name, picture in answers.pictures().items()}
    for file, picture in pictures.items():
        write_whole(file, partial(_put, picture), ChoiceError, NOT_WRITTEN)
    return [str(file) for file in pictures]


def _put(picture: Picture, file: Path) -> None:
    file.write_bytes(picture.image("svg"))
