"""The command that shows what the package is for: from experiments to verdicts, in a few minutes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.compare import compare_fits
from estimation.commands.demo_assortment import demo_assortment
from estimation.commands.demo_choices import demo_choices
from estimation.commands.demo_fits import NeededFit, collect_fits, needed_fits, side_by_side
from estimation.commands.inputs import RoleName
from estimation.commands.output import AsJson, command, say
from estimation.commands.shown import comparison_as_data, comparison_as_text
from estimation.errors import DatasetError, FitError
from estimation.saving import check_destination, make_folder

if TYPE_CHECKING:
    from concurrent.futures import Future

    from estimation.data import Table
    from estimation.evaluation.comparison.comparison import Comparison

REAL, SYNTHETIC = "oey_what_is_reality", "simulated_forecast_sharing"
ROLES = (RoleName.SENDER, RoleName.RECEIVER, RoleName.BOTH)
QUICK_PEOPLE = 16
RIVALS = (
    "A verdict is about the theories that were entered. Stronger ones, and habits that belong to no theory, change",
    "what is said of real people (docs/studies/rivals.md):",
    "  est.TrustEmbedded(discount='personal', habits='all'), est.LevelKLying(beliefs='own', habits='all')",
)


@dataclass(frozen=True)
class DemoComparison:
    """One comparison of the demo and where it is kept."""

    study: Comparison
    files: dict[str, Path]
    report: Path
    seconds: float


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to keep fits and reports.")] = Path("estimation-demo"),
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help=f"Only {QUICK_PEOPLE} people of each experiment, both roles together.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare trust and level-k thinking on experiments; say what people value, and what to offer them.

    Senders, receivers, and both roles together; of the simulated experiment only both together if the real one is
    there. Takes some minutes; fits that are there already are not made again. The
    last step takes the weights of people who chose among electricity suppliers to a menu of contracts.
    """
    make_folder(out, FitError, "The demo cannot be kept:", parents=True)
    check_destination(out / "demo.html", FitError, "The demo cannot be kept:")
    tables, notes = _tables()
    _tell("\n".join(notes), quiet=as_json)
    comparisons = []
    for table in tables:
        beside_real = table.synthetic and len(tables) > 1
        for role in (RoleName.BOTH,) if quick or beside_real else ROLES:
            stem = f"{table.name}-{role.value}" + ("-quick" if quick else "")
            comparisons.append(needed_fits(_part(table, role, quick=quick), out / stem))
    results = _run_comparisons(comparisons, quiet=as_json)
    choices = demo_choices(out, quick=quick)
    _tell(choices.text, quiet=as_json)
    menus = demo_assortment(out)
    _tell(menus.text, quiet=as_json)
    ending = _as_data(results, notes) | {"choices": choices.data, "menus": menus.data}
    say(_ending(results, menus.data["report"]), ending, as_json=as_json)


def _tables() -> tuple[list[Table], list[str]]:
    """Return the experiments that can be had, and what to tell about those that cannot."""
    from estimation.data import load

    tables: list[Any] = []
    notes = []
    try:
        tables.append(load(REAL))
    except DatasetError as problem:
        notes += [f"The real experiment is left out. {problem}", "The demo goes on with SYNTHETIC data alone."]
    tables.append(load(SYNTHETIC))
    notes += [repr(table) + "\n" for table in tables]
    return tables, notes


def _part(table: Table, role: RoleName, *, quick: bool) -> Table:
    part = table if role is RoleName.BOTH else table.only(role.value)
    if not quick or len(part.subjects) <= QUICK_PEOPLE:
        return part
    return part.of(part.subjects[:: len(part.subjects) // QUICK_PEOPLE][:QUICK_PEOPLE])


def _run_comparisons(comparisons: list[list[NeededFit]], *, quiet: bool) -> list[DemoComparison]:
    """Return each comparison, told as soon as its fits are there while the fits of the next ones go on."""
    results = []
    with side_by_side([job for jobs in comparisons for job in jobs]) as done:
        for jobs in comparisons:
            results.append(_result(jobs, done))
            _tell(_as_text(results[-1]), quiet=quiet)
    return results


def _result(jobs: list[NeededFit], done: dict[str, Future[None]]) -> DemoComparison:
    from estimation.report.document import report

    started = time.perf_counter()
    study = compare_fits(collect_fits(jobs, done))
    stem = jobs[0].path.name.removesuffix(f"-{jobs[0].name}.nc")
    written = report(study, jobs[0].path.with_name(f"{stem}.html"))
    return DemoComparison(study, {job.name: job.path for job in jobs}, written, time.perf_counter() - started)


def _as_text(result: DemoComparison) -> str:
    return f"{comparison_as_text(result.study)}\n({result.seconds:.0f} seconds; report: {result.report})\n"


def _ending(results: list[DemoComparison], menus: str) -> str:
    total = sum(result.seconds for result in results)
    chosen = " ".join(str(path) for path in list(results[0].files.values())[:2])
    return "\n".join(
        [
            f"Verdicts, after {total:.0f} seconds:",
            *(f"  {result.study.verdict}" for result in results),
            *RIVALS,
            "Reports, to be opened in a browser:",
            *(f"  {path}" for path in [*(result.report for result in results), menus]),
            "Next, your own comparison:",
            f"  {command()} compare {chosen} --out comparison.html",
            "and your own data:",
            f"  {command()} check mine.csv --games games.toml",
        ]
    )


def _as_data(results: list[DemoComparison], notes: list[str]) -> dict[str, Any]:
    studies = [
        comparison_as_data(result.study) | {"report": str(result.report), "seconds": round(result.seconds, 1)}
        for result in results
    ]
    return {"notes": notes, "studies": studies}


def _tell(text: str, *, quiet: bool) -> None:
    """Print what is known so far; programs wait for the whole."""
    if not quiet:
        say(text, {}, as_json=False)
