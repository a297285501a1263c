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
    people: Annotated[int, typer.Option(min=1, metavar="N", help="Without a fit: how many people.")] = 40,
    decisions: Annotated[int, typer.Option(min=1, metavar="N", help="Without a fit: decisions in each role.")] = 40,
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
    if fit is not None:
        source: MessageFit = load_fit(fit)
        table, truth = simulated(source, seed=seed, name=target.stem)
    elif theory is not None and games is not None:
        chosen = theory_of(theory, option or [])
        if isinstance(chosen, PlayTheory):
            raise TheoryError(NOTHING, [f"in {chosen.name} nobody sends messages, and only those are simulated"])
        table, truth = _from_theory(chosen, games, (people, decisions), (value or [], share or []), seed, target.stem)
    else:
        raise TheoryError(NOTHING, ["give --fit FIT.nc, or --theory and --games"])
    written = _write(table, truth, target)
    text = "\n".join([repr(table), *(f"{what}: {path}" for what, path in written.items())])
    say(text, {"synthetic": True, "fingerprint": table.fingerprint} | written, as_json=as_json)


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
    if incomplete:
        raise TheoryError("The simulation is not clear:", incomplete)
    population = {key: (pair[0], pair[1]) for key, pair in given.items()}
    shares = {key: pair[0] for key, pair in pairs_of(values[1], "--share").items()} or None
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
