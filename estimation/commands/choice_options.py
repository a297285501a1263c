"""How commands are told where the columns of a table of choices are, and advice in the words of a command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.said_twice import said_twice
from estimation.errors import ChoiceError, DataError, raise_all

if TYPE_CHECKING:
    from estimation.data.choices.layout import ChoiceLayout


def _column(help_text: str) -> Any:
    return typer.Option(metavar="COLUMN", help=help_text)


Situation = Annotated[str | None, _column("Which choice a row belongs to; 'situation' if left out.")]
Alternative = Annotated[str | None, _column("What could be chosen; 'alternative' if left out.")]
Chosen = Annotated[
    str | None,
    _column(
        "1 for what was chosen, else 0 ('chosen' if left out); in wide files, what was chosen: 'choice', 'Q{task}'."
    ),
]
Subject = Annotated[str | None, _column("Who chose; every situation is another person if left out.")]
Weight = Annotated[str | None, _column("Weights of situations in a survey; only their ratios matter.")]
Outside = Annotated[str | None, typer.Option(metavar="NAME", help="The alternative that means none of these.")]
Without = Annotated[list[str] | None, typer.Option(metavar="NAME", help="An alternative to leave out; repeat it.")]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        "--column",
        metavar="COLUMN,…",
        help="Columns to read, of many; CODE=NAME names attributes that the file numbers.",
    ),
]
Wide = Annotated[
    str | None,
    typer.Option(
        metavar="PATTERN",
        help="How columns are named that stand side by side: '{attribute}.{alternative}' if a row is a choice, "
        "'{task}.{alternative}.{attribute}' if it is a person.",
    ),
]
Alternatives = Annotated[
    list[str] | None,
    typer.Option(metavar="CODE=NAME,…", help="In wide files: what stands for which alternative where one is chosen."),
]
Best = Annotated[str | None, _column("In best-worst tasks, what is best: a name, or 1; 'best' if left out.")]
Worst = Annotated[str | None, _column("What is worst; 'worst' if left out.")]
Offered = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN,…", help="Where rows are best-worst tasks: the columns of what was offered."),
]
Rank = Annotated[str | None, _column("In rankings, the place of each alternative, 1 for the best.")]
Layout = Annotated[
    Path | None,
    typer.Option(metavar="TOML", help="A file whose table [choices] says all this, and where surveys hold the rest."),
]


def layout_of(
    layout: Path | None,
    columns: list[str] | None,
    alternatives: list[str] | None,
    offered: list[str] | None,
    **roles: str | None,
) -> ChoiceLayout:
    """Return where a file of choices holds what, as options and a layout say.

    Raises
    ------
    DataError
        If the layout cannot be read, or an option says what it says.
    """
    from estimation.data.choices.layout import ChoiceLayout

    listed = {"--columns": columns or [], "--alternatives": alternatives or [], "--offered": offered or []}
    twice = [
        said
        for flag, texts in listed.items()
        for said in said_twice(flag, (code for code, _ in dict.fromkeys(_pairs(texts))), "meaning")
    ]
    raise_all(twice, DataError, "It is not clear what columns hold:")
    codes = {"attributes": _codes(columns or []), "alternatives": _codes(alternatives or [])}
    lists = {"offered": tuple(_codes(offered or []))}
    given: dict[str, Any] = {name: value for name, value in (roles | codes | lists).items() if value}
    return ChoiceLayout(**given) if layout is None else ChoiceLayout.read(layout, **given)


def _codes(texts: list[str]) -> dict[str, str]:
    """Return ``1=train,2=car`` as code → name; what has no name is its own."""
    return dict(_pairs(texts))


def _pairs(texts: list[str]) -> list[tuple[str, str]]:
    parts = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    pairs = [part.partition("=") for part in parts]
    return [(code.strip(), (name or code).strip()) for code, _, name in pairs]


_OPTIONS = "outside|reference|situation|alternative|chosen|subject|weight|random|wide|best|worst|rank"
_ARGUMENT = re.compile(rf"\b({_OPTIONS})=(?:'([^']*)'|(…))?")
_MAPPING = re.compile(r"\balternatives=\{'([^']*)': '([^']*)'\}")
_OFFERED = re.compile(r"\boffered=(\[[^\]]*\])")
_WITHOUT = re.compile(r"choices\.without\('([^']*)'\)")
_TERM = re.compile(r"name '([^']*)' (?:itself )?among the attributes")
_NEGATIVE = re.compile(r"random coefficients, distributions=\{[\"']([^\"']*)[\"']: [\"']-lognormal[\"']\}")
_FIXED = {
    "constants=True": "--constants",
    "estimation.fit,": "estimation fit-choice,",
    "choices_from_wide": "--wide '{attribute}.{alternative}'",
    "choices_from_survey": "--wide 'F-{task}-{alternative}-{attribute}'",
    "columns=": "--wide",
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
    advice = _MAPPING.sub(lambda found: f"--alternatives {_bare(f'{found[1]}={found[2]}')}", advice)
    advice = _OFFERED.sub(r"in Python, estimation.choices_from_wide with offered=\1", advice)
    advice = _WITHOUT.sub(lambda found: _option("without", found[1]), advice)
    advice = _TERM.sub(lambda found: f"add {_option('attribute', found[1])}", advice)
    advice = _NEGATIVE.sub(lambda found: _option("negative", found[1]), advice)
    for words, option in _FIXED.items():
        advice = advice.replace(words, option)
    return advice


def _option(name: str, value: str) -> str:
    return f"--{name} {_bare(value)}".rstrip()


def _bare(value: str) -> str:
    """Return a name as a shell takes it: in quotes only where it must."""
    name = value.strip("'")
    return name if re.fullmatch(r"[\w.…=-]*", name) else f"'{name}'"
