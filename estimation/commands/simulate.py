"""The command that lets people decide as a theory says, and writes what they did."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.commands.inputs import SIMULATED, pairs_of, theory_of
from estimation.commands.output import AsJson, say
from estimation.commands.own import Own, TheoryName
from estimation.errors import DataError, TheoryError, raise_all
from estimation.saving import destination_problems, write_together

if TYPE_CHECKING:
    import pandas as pd

    from estimation.data import Table
    from estimation.inference.problem import MessageFit
    from estimation.theories import Theory

NOWHERE = "The simulation cannot be written:"
USUAL = 40
"""People, and decisions of each in each role, unless it is said how many."""


def simulate(
    out: Annotated[Path, typer.Option(metavar="CSV", help="Where to write the decisions: simulated_*.csv.")],
    *,
    fit: Annotated[Path | None, typer.Option(metavar="NC", help="Draw new people from this fit.")] = None,
    theory: Annotated[str | None, TheoryName] = None,
    option: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="An option of the theory; may be repeated.")
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=TYPICAL:SPREAD",
            help="A parameter: typical value, and standard deviation over people on its scale (log or logit).",
        ),
    ] = None,
    share: Annotated[
        list[str] | None, typer.Option(metavar="KIND=SHARE", help="Share of a kind of people, such as 'level 1=0.5'.")
    ] = None,
    games: Annotated[Path | None, typer.Option(metavar="TOML|CSV", help="Without a fit: the games.")] = None,
    people: Annotated[
        int | None, typer.Option(min=1, metavar="N", help=f"Without a fit: how many people, {USUAL} if not said.")
    ] = None,
    decisions: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help=f"Without a fit: decisions in each role, {USUAL} if not said."),
    ] = None,
    _own: Own = None,
    seed: Annotated[int, typer.Option(help="Root of all randomness.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Simulate an experiment from a fit, or from a theory with known parameters.

    Beside the decisions stand the truth about each person and the games, ready for `estimation fit`.
    """
    from estimation.inference.load import load_fit
    from estimation.inference.simulation.simulate import NOTHING, simulate as simulated
    from estimation.theories import PlayTheory

    target = _target(out)
    of_theories: dict[str, object] = {"theory": theory, "option": option, "set": value, "share": share, "games": games}
    of_theories |= {"people": people, "decisions": decisions}
    if fit is not None:
        _check_known(of_theories)
        source: MessageFit = load_fit(fit)
        table, truth = simulated(source, seed=seed, name=target.stem)
    elif theory is not None and games is not None:
        chosen = theory_of(theory, option or [])
        if isinstance(chosen, PlayTheory):
            raise TheoryError(NOTHING, [f"in {chosen.name} nobody sends messages, and only those are simulated"])
        table, truth = _from_theory(
            chosen, games, (people or USUAL, decisions or USUAL), (value or [], share or []), seed, target.stem
        )
    else:
        raise TheoryError(NOTHING, ["give --fit FIT.nc, or --theory and --games"])
    written = _write(table, truth, target)
    text = "\n".join([repr(table), *(f"{what}: {path}" for what, path in written.items())])
    say(text, {"synthetic": True, "fingerprint": table.fingerprint} | written, as_json=as_json)


def _check_known(options: dict[str, object]) -> None:
    """Refuse options that say what a fit says itself, rather than pass over them."""
    problems = [
        f"--{name} is for simulations without --fit, which says that itself; leave one of them out"
        for name, said in options.items()
        if said
    ]
    raise_all(problems, TheoryError, "The simulation is not clear:")


def _target(out: Path) -> Path:
    problems = []
    if out.suffix.lower() != ".csv" or not out.name.startswith(SIMULATED):
        problems.append(f"{out.name!r} must be named {SIMULATED}*.csv, so that nobody takes it for data of people")
    problems += [problem for path in _files(out).values() for problem in destination_problems(path)]
    raise_all(list(dict.fromkeys(problems)), DataError, NOWHERE)
    return out


def _files(target: Path) -> dict[str, Path]:
    """Return where a simulation is written, by what is in each file."""
    beside = {what: target.with_suffix(f".{what}.{form}") for what, form in (("truth", "csv"), ("games", "toml"))}
    return {"decisions": target} | beside


def _from_theory(
    theory: Theory, games: Path, size: tuple[int, int], values: tuple[list[str], list[str]], seed: int, name: str
) -> tuple[Table, pd.DataFrame]:
    from estimation.data import read_games
    from estimation.inference.simulation.simulate import design, simulate as simulated

    given = pairs_of(values[0], "--set")
    wanted = "give the typical value and the spread, as"
    incomplete = [f"--set {key}: {wanted} {key}=0.5:1" for key, pair in given.items() if len(pair) != 2]
    parts = pairs_of(values[1], "--share")
    incomplete += [f"--share {key}: give one number, as {key}=0.5" for key, pair in parts.items() if len(pair) != 1]
    raise_all(incomplete, TheoryError, "The simulation is not clear:")
    population = {key: (pair[0], pair[1]) for key, pair in given.items()}
    shares = {key: pair[0] for key, pair in parts.items()} or None
    situations = design(read_games(games), *size, seed=seed)
    return simulated(theory, situations, population, shares=shares, seed=seed, name=name)


def _write(table: Table, truth: pd.DataFrame, target: Path) -> dict[str, str]:
    """Write decisions, truth and games; they appear only when all of them are complete."""
    from estimation.data.files.game_files import games_toml
    from estimation.text.comma_separated import frame_text

    contents = {
        "decisions": frame_text(table.written, index=False),
        "truth": frame_text(truth, index=False),
        "games": games_toml(table.games),
    }
    files = _files(target)
    write_together({files[what]: partial(_put, text) for what, text in contents.items()}, DataError, NOWHERE)
    return {what: str(path) for what, path in files.items()}


def _put(text: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8", newline="")
