"""The command that says what to offer: menus that trade revenue against utility."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.assort_inputs import constraints_of, is_synthetic, read_products
from estimation.commands.compare import busy
from estimation.commands.output import AsJson, say
from estimation.commands.shown import plain, tables_as_text
from estimation.errors import AssortmentError, raise_all
from estimation.saving import destination_problems

if TYPE_CHECKING:
    from estimation.assortment import Assortment, Constraint, Frontier, Menu

CSV = ".csv"


def assort(
    products: Annotated[
        Path,
        typer.Argument(
            metavar="PRODUCTS.csv", help="Columns product, revenue, and weight or utility; others for demands."
        ),
    ],
    *,
    utility_weight: Annotated[
        list[float] | None,
        typer.Option(metavar="MONEY", help="The best menu for this money per unit of utility; may be repeated."),
    ] = None,
    outside_weight: Annotated[float, typer.Option(help="exp(utility) of buying nothing.")] = 1.0,
    at_most: Annotated[int | None, typer.Option(metavar="N", help="At most N products.")] = None,
    at_least: Annotated[int | None, typer.Option(metavar="N", help="At least N products.")] = None,
    exactly: Annotated[int | None, typer.Option(metavar="N", help="Exactly N products.")] = None,
    cap: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN[:VALUE]=N", help="At most N products of each category, or of one."),
    ] = None,
    minimum: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN[:VALUE]=N", help="At least N products of each category, or of one."),
    ] = None,
    window: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN:LOW:HIGH=N", help="At most N products in a window of prices.")
    ] = None,
    requires: Annotated[list[str] | None, typer.Option(metavar="A=B", help="No A without B.")] = None,
    together: Annotated[list[str] | None, typer.Option(metavar="A=B", help="A and B both, or neither.")] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Few menus, one of which has at least 1 - SHARE of the best objective."),
    ] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Write the frontier as .csv, or a report as .html, .pdf, .tex or .md; may be repeated."
        ),
    ] = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="The numbers are made up: label them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say which products to offer: every menu that trades revenue against customers' utility best.

    Without --utility-weight the whole frontier; with it, the best menu for each weight, with a proof.
    """
    targets = _targets(out or [], is_frontier=not utility_weight)
    _check_tolerance(tolerance, is_frontier=not utility_weight)
    table = read_products(products)
    texts = {"cap": cap, "minimum": minimum, "window": window, "requires": requires, "together": together}
    label = f"{products.stem} (SYNTHETIC)" if is_synthetic(products, synthetic=synthetic) else products.stem
    demands = constraints_of(table, texts, at_most=at_most, at_least=at_least, exactly=exactly)
    problem = _problem(label, table, demands, outside_weight)
    if utility_weight:
        _say_menus([_solve(problem, lever) for lever in utility_weight], problem, as_json=as_json)
    else:
        _say_frontier(_frontier(problem, tolerance), targets, as_json=as_json)


def _problem(label: str, table: Any, demands: list[Constraint], outside_weight: float) -> Assortment:
    from estimation.assortment import Assortment, NotUnimodularWarning

    numbers = table["revenue"].to_numpy(), table["weight"].to_numpy(), outside_weight, table.index
    problem = Assortment(*numbers, label=label).subject_to(*demands)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", NotUnimodularWarning)
        _ = problem.oracle
    for warning in caught:
        typer.echo(str(warning.message), err=True)
    return problem


def _solve(problem: Assortment, lever: float) -> Menu:
    with busy(f"{problem.catalogue.label}: finding the best menu for weight {lever:g}"):
        return problem.solve(lever)


def _frontier(problem: Assortment, tolerance: float | None) -> Frontier:
    doing = f"{problem.catalogue.label}: finding the frontier of {len(problem.catalogue):,} products"
    with busy(doing) as status:
        if tolerance is not None:
            return problem.approximate(tolerance)
        return problem.frontier(lambda count: status.update(f"{doing}: {count:,} menus"))


def _targets(out: list[Path], *, is_frontier: bool) -> list[Path]:
    """Return where to write, or complain before anything is computed."""
    from estimation.report.document import SUFFIXES

    forms = (CSV, *SUFFIXES)
    problems = [f"{path.name!r} must end in one of {', '.join(forms)}" for path in out if path.suffix not in forms]
    problems += [problem for path in out for problem in destination_problems(path)]
    if out and not is_frontier:
        problems.append("--out writes the whole frontier; leave --utility-weight out")
    raise_all(problems, AssortmentError, "The frontier cannot be written:")
    return out


def _check_tolerance(tolerance: float | None, *, is_frontier: bool) -> None:
    """Refuse a tolerance where it would be passed over: the best menu for one weight is exact, or says how far off."""
    problem = "--tolerance is for the whole frontier; leave --utility-weight out, or it"
    raise_all([problem] * (tolerance is not None and not is_frontier), AssortmentError, "It is not clear what to find:")


def _say_frontier(frontier: Frontier, targets: list[Path], *, as_json: bool) -> None:
    from estimation.report.menus.tables import exchange_table, frontier_table, products_table
    from estimation.report.menus.words import verdict

    written = [str(_written(frontier, path)) for path in targets]
    tables = [frontier_table(frontier), exchange_table(frontier), products_table(frontier)]
    kept = [f"The frontier is in {path}" for path in written]
    label = frontier.path.catalogue.label
    text = "\n".join([tables_as_text(tables), f"{label}: {verdict(frontier)}", *kept])
    rows = plain(frontier.listing()) if as_json else []
    for row in rows:
        row["products"] = list(frontier.menus[row["menu"]].products) if "products" in row else None
    result = {"data": label, "synthetic": "SYNTHETIC" in label, "quality": frontier.quality, "menus": rows}
    say(text, result | {"files": written}, as_json=as_json)


def _written(frontier: Frontier, path: Path) -> Path:
    from estimation.report.document import report

    with busy(f"writing {path}"):
        return frontier.to_csv(path) if path.suffix == CSV else report(frontier, path)


def _say_menus(menus: list[Menu], problem: Assortment, *, as_json: bool) -> None:
    from dataclasses import asdict

    label = problem.catalogue.label
    lines = [f"{label}, weight {menu.utility_weight:g} on utility: {menu}" for menu in menus]
    lines += ["", *(f"  {product}" for product in menus[0].products)] if len(menus) == 1 else []
    result = {"data": label, "synthetic": "SYNTHETIC" in label, "menus": [asdict(menu) for menu in menus]}
    say("\n".join(lines), result, as_json=as_json)
