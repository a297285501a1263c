"""What commands are given in words: a table, a theory, options; turned into objects, or into a typed complaint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from estimation.commands.own import theory_class, typed_name
from estimation.commands.said_twice import said_twice
from estimation.commands.selected import given_for_files
from estimation.errors import DataError, TheoryError, did_you_mean, raise_all

if TYPE_CHECKING:
    from estimation.data import PlayTable, Table
    from estimation.theories import PlayTheory, Theory

SIMULATED = "simulated_"
"""A file whose name starts like this holds synthetic data."""


class RoleName(StrEnum):
    """Whose decisions to look at."""

    SENDER = "sender"
    RECEIVER = "receiver"
    BOTH = "both"


class MethodName(StrEnum):
    """How to draw from a posterior: `estimation.fits.job.METHODS`, which is not imported for ``--help``."""

    AUTOMATIC = "automatic"
    IMPORTANCE = "importance"
    INTEGRATED = "integrated"
    JOINT = "joint"


def is_file(data: str) -> bool:
    """Return whether a command was given a file rather than the name of a data set."""
    return data.lower().endswith(".csv") or Path(data).is_file()


def table_of(
    data: str,
    games: Path | None,
    *,
    synthetic: bool = False,
    role: RoleName = RoleName.BOTH,
    selected: Mapping[str, Any] | None = None,
) -> Table | PlayTable:
    """Return the decisions that a command was given: those of a data set, or `selected` ones of a file.

    A file named ``simulated_*`` counts as synthetic, whatever is said.

    Raises
    ------
    DataError, DatasetError
        If there is no such table or something is wrong with it.
    """
    from estimation.data import PlayTable, Table, load, read_own

    asked = {key: value for key, value in (selected or {}).items() if value}
    if not is_file(data):
        for_files = {"games": games, "synthetic": synthetic}
        only = f"is for a file of your own; {data} is a data set, which says that itself; leave it out"
        problems = given_for_files(asked) + [f"--{name} {only}" for name, value in for_files.items() if value]
        raise_all(problems, DataError, "The options do not fit a data set:")
        table = load(data)
    elif games is None:
        problem = f"say which game was played in each condition of {data}: --games FILE.toml"
        raise DataError("The games are not clear:", [problem])
    else:
        made_up = synthetic or Path(data).name.startswith(SIMULATED)
        table = read_own(data, games, synthetic=made_up, **asked)
    if not isinstance(table, Table | PlayTable):
        how = f"estimation fit-choice {data} --attribute …"
        problem = f"{data} holds choices without messages, among alternatives; fit it with: {how}"
        raise DataError("The data are of another kind:", [problem])
    if role is RoleName.BOTH:
        return table
    if isinstance(table, PlayTable):
        raise DataError("The role is not clear:", [f"nobody sends messages in {data}; leave --role out"])
    return table.only(role.value)


def theory_of(name: str, options: Sequence[str]) -> Theory | PlayTheory:
    """Return a theory with options given as ``key=value``, or ``parameter=~ columns`` for formulas.

    Raises
    ------
    TheoryError
        Listing every option that is malformed or unknown.
    """
    theory = theory_class(name)
    known = [option for option in signature(theory).parameters if option != "formulas"]
    takes_formulas = "formulas" in signature(theory).parameters
    problems = said_twice("--option", (text.partition("=")[0] for text in options))
    given: dict[str, Any] = {}
    for text in options:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            problems.append(f"{text!r} is not of the form key=value")
        elif value.startswith("~") and takes_formulas:
            given[key] = value  # the formula of a parameter; whether there is such a parameter depends on the data
        elif key not in known:
            hint = did_you_mean(key, known)
            problems.append(f"{name} has no option {key!r}; it has {', '.join(known) or 'none'}{hint}")
        else:
            given[key] = _value(value)
    raise_all(problems, TheoryError, f"The options of {name} are not clear:")
    return cast("Theory | PlayTheory", theory(**given))


def check_kinds(theory: str, chosen: Theory | PlayTheory, data: str, table: Table | PlayTable | None = None) -> None:
    """Raise an error if a theory is not of what the table holds, or a theory of play is to be fitted to a file.

    Raises
    ------
    TheoryError, DataError
        With what to type instead.
    """
    from estimation.data import PlayTable
    from estimation.theories import PLAY_THEORIES, PlayTheory

    of_play = isinstance(chosen, PlayTheory)
    if of_play and is_file(data):
        how = "est.fit(theory, est.PlayTable.from_frame(frame, games))"
        problem = f"{theory} is a theory of play, and plays of your own are read from Python only: {how}"
        raise DataError(f"{data} cannot be fitted here:", [problem])
    if table is not None and of_play != isinstance(table, PlayTable):
        of, holds = ("play", "messages") if of_play else ("messages", "plays, in which nobody sends messages")
        fitting = "" if of_play else f": {', '.join(sorted(map(typed_name, PLAY_THEORIES)))}"
        problem = f"{theory} is a theory of {of}, and {data} holds {holds}; name one that fits{fitting}"
        raise TheoryError("Theory and data do not belong together:", [problem])


def pairs_of(texts: Sequence[str], flag: str) -> dict[str, tuple[float, ...]]:
    """Return ``key=1.5`` or ``key=1.5:0.2`` as numbers by key.

    Raises
    ------
    TheoryError
        Listing everything that is not of this form.
    """
    problems, found = said_twice(flag, (text.partition("=")[0] for text in texts)), {}
    for text in texts:
        key, _, value = (part.strip() for part in text.partition("="))
        try:
            found[key] = tuple(float(part) for part in value.split(":"))
        except ValueError:
            problems.append(f"{flag} {text!r} is not of the form name=number or name=number:number")
    raise_all(problems, TheoryError, "The simulation is not clear:")
    return found


def _value(text: str) -> Any:
    """Return a truth value, a number or a word."""
    truth = {"true": True, "yes": True, "false": False, "no": False}
    if text.lower() in truth:
        return truth[text.lower()]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
