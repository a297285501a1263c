"""The command that fits a theory to a table and keeps the fit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from estimation.commands.inputs import MethodName, RoleName, check_kinds, table_of, theory_of
from estimation.commands.output import AsJson, say
from estimation.commands.own import Own, TheoryName
from estimation.commands.selected import Exclude, LeaveOut, Rounds
from estimation.commands.shown import fit_as_data, fit_as_text
from estimation.errors import FitError, TheoryError, raise_all
from estimation.saving import destination_problems

TYPED = {
    r"table\.only\('(\w+)'\)": r"--role \1",
    r"est\.fit\(theory, plays, pooled=False\)": "--no-pooled",
    r"NormalFormLevelK\(per='choice'\)": "--theory normal-form-level-k --option per=choice",
}
"""What Python calls that which is an option here, and what to type."""


def fit(
    data: Annotated[str, typer.Argument(metavar="DATA", help="A data set, or a file: a table, or an export.")],
    *,
    theory: Annotated[str, TheoryName],
    option: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="An option of the theory; may be repeated.")
    ] = None,
    role: Annotated[RoleName, typer.Option(help="Whose decisions to fit.")] = RoleName.BOTH,
    pooled: Annotated[
        bool | None, typer.Option(help="Whether everybody shares the parameters; by default people differ if they can.")
    ] = None,
    games: Annotated[
        Path | None, typer.Option(metavar="TOML|CSV", help="The game of each condition, for a file.")
    ] = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="The file was made by a simulation: label it.")
    ] = False,
    rounds: Rounds = None,
    leave_out: LeaveOut = None,
    exclude: Exclude = None,
    _own: Own = None,
    seed: Annotated[int, typer.Option(help="Root of all randomness.")] = 1,
    draws: Annotated[int, typer.Option(help="Draws kept in each chain.")] = 500,
    tune: Annotated[
        int | None, typer.Option(help="Draws discarded in each chain before; 300 if there are chains.")
    ] = None,
    chains: Annotated[int, typer.Option(help="Chains.")] = 4,
    method: Annotated[
        MethodName | None,
        typer.Option(help="How to draw, where people differ; the quickest way that holds if left out."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="NC", help="Where to keep the fit.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fit a theory to decisions, check the fit, and keep it in a file.

    An interrupted fit goes on where it stopped when it is started again in the same way.
    """
    from estimation.data import PlayTable

    chosen = theory_of(theory, option or [])
    selected = {"rounds": rounds, "leave_out": leave_out, "exclude": exclude}
    check_kinds(theory, chosen, data)
    table = table_of(data, games, synthetic=synthetic, role=role, selected=selected)
    check_kinds(theory, chosen, data, table)
    whose = () if isinstance(table, PlayTable) else (role,)
    target = fit_file(out or Path(f"{file_name(table.name, *whose, theory.rpartition(':')[-1])}.nc"))
    from estimation.evaluation.diagnosis import diagnose
    from estimation.inference.fit import fit as fitted
    from estimation.report.estimates import estimate_tables

    how: Any = {"seed": seed, "draws": draws, "tune": tune, "chains": chains, "method": method}
    try:
        result = fitted(chosen, table, pooled=pooled, **how, path=target)
    except (FitError, TheoryError) as error:
        raise type(error)(error.heading, [as_typed(problem) for problem in error.problems]) from error
    diagnosis = diagnose(result)
    text = f"{fit_as_text(result, diagnosis, estimate_tables)}\nThe fit is in {target}"
    say(text, {"file": str(target)} | fit_as_data(result, diagnosis), as_json=as_json)


def as_typed(text: str) -> str:
    """Return a complaint with what to type in the place of Python."""
    for python, typed in TYPED.items():
        text = re.sub(python, typed, text)
    return text


def file_name(*parts: str) -> str:
    """Return parts joined to a name that any file system takes."""
    return "-".join(re.sub(r"[^A-Za-z0-9_.]+", "_", part).strip("_") for part in parts)


def fit_file(path: Path) -> Path:
    """Return the path of a fit, or complain before anything is computed."""
    problems = [] if path.suffix.lower() == ".nc" else [f"{path.name!r} must end in .nc"]
    raise_all(problems + destination_problems(path), FitError, "The fit cannot be saved:")
    return path
