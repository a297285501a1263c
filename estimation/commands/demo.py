"""The command that shows what the package is for: from experiments to verdicts, in a few minutes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.demo_assortment import demo_assortment
from estimation.commands.demo_choices import demo_choices
from estimation.commands.inputs import RoleName
from estimation.commands.output import AsJson, say
from estimation.errors import DatasetError, FitError

if TYPE_CHECKING:
    from estimation.data import Table
    from estimation.evaluation.comparison import Comparison
    from estimation.theories import Theory

REAL, SYNTHETIC = "oey_what_is_reality", "simulated_forecast_sharing"
ROLES = (RoleName.SENDER, RoleName.RECEIVER, RoleName.BOTH)
SEED = 20110611
SAMPLING: dict[str, Any] = {"draws": 500, "tune": 300, "chains": 4, "target_accept": 0.9}
QUICK_PEOPLE = 16


@dataclass(frozen=True)
class Result:
    """One comparison of the demo and where it is kept."""

    study: Comparison
    files: dict[str, Path]
    report: Path
    seconds: float


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to keep fits and reports.")] = Path(
        "estimation-demo"
    ),
    *,
    quick: Annotated[
        bool,
        typer.Option("--quick", help=f"Only {QUICK_PEOPLE} people of each experiment, both roles together."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare trust and level-k thinking on experiments; say what people value, and what to offer them.

    Senders, receivers, and both roles together; of the simulated experiment only both together if the real one is
    there. Takes some minutes; fits that are there already are not made again. The
    last step takes the weights of people who chose among electricity suppliers to a menu of contracts.
    """
    out.mkdir(parents=True, exist_ok=True)
    tables, notes = _tables()
    _tell("\n".join(notes), quiet=as_json)
    results = []
    for table in tables:
        beside_real = table.synthetic and len(tables) > 1
        for role in (RoleName.BOTH,) if quick or beside_real else ROLES:
            stem = f"{table.name}-{role.value}" + ("-quick" if quick else "")
            result = _result(_part(table, role, quick=quick), out / stem)
            results.append(result)
            _tell(_shown(result), quiet=as_json)
    choices = demo_choices(out, quick=quick)
    _tell(choices.text, quiet=as_json)
    menus = demo_assortment(out)
    _tell(menus.text, quiet=as_json)
    ending = _as_data(results, notes) | {"choices": choices.data, "menus": menus.data}
    say(_ending(results, menus.report), ending, as_json=as_json)


def contenders(table: Table) -> dict[str, Theory]:
    """Return the theories that are compared on a table.

    Level-k leaves open what a receiver makes of a message that nobody should send. The rule shapes what receivers do
    from level 1; it is varied for receivers alone, where it decides most and costs least. For other tables there is
    ``estimation fit --option off_path=literal``. Babbling is compared on the simulated experiment only: on the real one
    it is more than ten thousand nats behind, and the time is better spent.
    """
    from estimation.names import RECEIVER
    from estimation.theories import Babbling, LevelK, TrustEmbedded

    theories: dict[str, Theory] = {"trust-embedded": TrustEmbedded(), "level-k": LevelK()}
    if table.roles == [RECEIVER]:
        theories["level-k, literal"] = LevelK(off_path="literal")
    return theories | ({"babbling": Babbling()} if table.synthetic else {})


def _tables() -> tuple[list[Table], list[str]]:
    """Return the experiments that can be had, and what to tell about those that cannot."""
    from estimation.data import load

    tables: list[Any] = []
    notes = []
    try:
        tables.append(load(REAL))
    except DatasetError as problem:
        notes += [
            f"The real experiment is left out. {problem}",
            "The demo goes on with SYNTHETIC data alone.",
        ]
    tables.append(load(SYNTHETIC))
    notes += [repr(table) + "\n" for table in tables]
    return tables, notes


def _part(table: Table, role: RoleName, *, quick: bool) -> Table:
    part = table if role is RoleName.BOTH else table.only(role.value)
    if not quick or len(part.subjects) <= QUICK_PEOPLE:
        return part
    return part.of(part.subjects[:: len(part.subjects) // QUICK_PEOPLE][:QUICK_PEOPLE])


def _result(table: Table, stem: Path) -> Result:
    from estimation.commands.compare import compared
    from estimation.report.document import report

    started = time.perf_counter()
    files = {name: stem.with_name(f"{stem.name}-{name.replace(', ', '-')}.nc") for name in contenders(table)}
    fits = {name: _fitted(name, theory, table, files[name]) for name, theory in contenders(table).items()}
    study = compared(fits)
    written = report(study, stem.with_name(f"{stem.name}.html"))
    return Result(study, files, written, time.perf_counter() - started)


def _fitted(name: str, theory: Theory, table: Table, path: Path) -> Any:
    """Return the fit in a file if it is the same fit, or make it."""
    from estimation.commands.compare import busy
    from estimation.inference.artifact import load_fit
    from estimation.inference.fit import fit

    try:
        found = load_fit(path)
        if (found.theory, found.fingerprint) == (theory, table.fingerprint) and _same(
            found.manifest["settings"]
        ):
            return found
    except FitError:
        pass
    with busy(f"{table.label}: fitting {name}"):
        pass
    return fit(theory, table, seed=SEED, path=path, **SAMPLING)


def _same(settings: dict[str, Any]) -> bool:
    return all(settings.get(key) == value for key, value in {"seed": SEED, **SAMPLING}.items())


def _shown(result: Result) -> str:
    from estimation.commands.shown import comparison_as_text

    return f"{comparison_as_text(result.study)}\n({result.seconds:.0f} seconds; report: {result.report})\n"


def _ending(results: list[Result], menus: Path) -> str:
    total = sum(result.seconds for result in results)
    chosen = " ".join(str(path) for path in list(results[0].files.values())[:2])
    return "\n".join(
        [
            f"Verdicts, after {total:.0f} seconds:",
            *(f"  {result.study.verdict}" for result in results),
            "Reports, to be opened in a browser:",
            *(f"  {path}" for path in [*(result.report for result in results), menus]),
            "Next, your own comparison:",
            f"  estimation compare {chosen} --out comparison.html",
            "and your own data:",
            "  estimation check mine.csv --games games.toml",
        ]
    )


def _as_data(results: list[Result], notes: list[str]) -> dict[str, Any]:
    from estimation.commands.shown import comparison_as_data

    studies = [
        comparison_as_data(result.study) | {"report": str(result.report), "seconds": round(result.seconds, 1)}
        for result in results
    ]
    return {"notes": notes, "studies": studies}


def _tell(text: str, *, quiet: bool) -> None:
    """Print what is known so far; programs wait for the whole."""
    if not quiet:
        typer.echo(text)
