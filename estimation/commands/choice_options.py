"""How commands are told where the columns of a table of choices are, and advice in the words of a command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from estimation.errors import ChoiceError, DataError


def _column(help_text: str) -> Any:
    return typer.Option(metavar="COLUMN", help=help_text)


Situation = Annotated[str, _column("Which choice a row belongs to.")]
Alternative = Annotated[str, _column("What could be chosen.")]
Chosen = Annotated[str, _column("1 for what was chosen, else 0.")]
Subject = Annotated[str | None, _column("Who chose; every situation is another person if left out.")]
Weight = Annotated[str | None, _column("Weights of situations in a survey; only their ratios matter.")]
Outside = Annotated[str | None, typer.Option(metavar="NAME", help="The alternative that means none of these.")]
Without = Annotated[list[str] | None, typer.Option(metavar="NAME", help="An alternative to leave out; repeat it.")]
Columns = Annotated[
    list[str] | None, typer.Option("--column", metavar="COLUMN", help="A column to read, of many; repeat it.")
]

_OPTIONS = "outside|reference|situation|alternative|chosen|subject|weight|random"
_ARGUMENT = re.compile(rf"\b({_OPTIONS})=(?:'([^']*)'|(…))?")
_WITHOUT = re.compile(r"choices\.without\('([^']*)'\)")
_TERM = re.compile(r"name '([^']*)' (?:itself )?among the attributes")
_FIXED = {
    "constants=True": "--constants",
    "estimation.fit,": "estimation fit-choice,",
    "choices_from_wide": "estimation.choices_from_wide, in Python",
}


@contextmanager
def as_options() -> Iterator[None]:
    """Say errors about choices in the words of the command line: options for arguments of functions."""
    try:
        yield
    except (ChoiceError, DataError) as error:
        raise type(error)(error.heading, [spoken(problem) for problem in error.problems]) from error


def spoken(advice: str) -> str:
    """Return advice with options in place of arguments of functions."""
    advice = _ARGUMENT.sub(lambda found: _option(found[1], found[2] or found[3] or ""), advice)
    advice = _WITHOUT.sub(lambda found: _option("without", found[1]), advice)
    advice = _TERM.sub(lambda found: f"add {_option('attribute', found[1])}", advice)
    for words, option in _FIXED.items():
        advice = advice.replace(words, option)
    return advice


def _option(name: str, value: str) -> str:
    return f"--{name} {_bare(value)}".rstrip()


def _bare(value: str) -> str:
    """Return a name as a shell takes it: in quotes only where it must."""
    name = value.strip("'")
    return name if re.fullmatch(r"[\w.…-]*", name) else f"'{name}'"
