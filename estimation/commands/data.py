"""Commands about data: list them, fetch them, check one's own."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.choice_options import (
    Alternative,
    Alternatives,
    Best,
    Chosen,
    Columns,
    Layout,
    Offered,
    Outside,
    Rank,
    Situation,
    Subject,
    Weight,
    Wide,
    Worst,
    as_options,
    layout_of,
)
from estimation.commands.inputs import SIMULATED
from estimation.commands.output import AsJson, say
from estimation.commands.own import Own
from estimation.commands.selected import Exclude, LeaveOut, Rounds, given_for_files
from estimation.errors import DataError, raise_all
from estimation.reading import read_text

if TYPE_CHECKING:
    from estimation.data import ChoiceTable, Entry, Table


class Schema(StrEnum):
    """The kinds of table that can be checked."""

    CHEAP_TALK = "cheap-talk"
    CHOICE = "choice"


OTHER = {"experiments": "choices", "choices": "decisions"}
"""What an option is for → the table that is checked instead."""


def datasets(as_json: AsJson = False) -> None:
    """List the data sets that can be loaded."""
    from dataclasses import asdict

    from estimation.data import catalogue

    entries = catalogue()
    say("\n".join(_lines(entries)), {"datasets": [asdict(entry) for entry in entries]}, as_json=as_json)


def fetch(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A data set, as `estimation datasets` lists it.")],
    as_json: AsJson = False,
) -> None:
    """Download the files of a data set, unless they are on this machine already."""
    from estimation.data import fetch as fetch_files

    paths = {file: str(path) for file, path in fetch_files(name).items()}
    text = "\n".join([f"{name} is on this machine:", *(f"  {path}" for path in paths.values())])
    say(text, {"name": name, "files": paths}, as_json=as_json)


def check(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A table, one row per decision or per alternative; or an export of oTree, z-Tree or jsPsych.",
        ),
    ],
    *,
    schema: Annotated[
        Schema | None, typer.Option(help="What kind of table it is; choices if an option is only for them.")
    ] = None,
    games: Annotated[
        Path | None,
        typer.Option(
            metavar="TOML|CSV", help="The game of each condition, and the layout of an export; or a table of payoffs."
        ),
    ] = None,
    game_from: Annotated[
        str | None, typer.Option(metavar="DATASET", help="Take the games from a known data set instead.")
    ] = None,
    subjects: Annotated[
        Path | None,
        typer.Option(metavar="TXT", help="Everybody who took part, one per line: each must have a decision."),
    ] = None,
    rounds: Rounds = None,
    leave_out: LeaveOut = None,
    exclude: Exclude = None,
    outside: Outside = None,
    situation: Situation = None,
    alternative: Alternative = None,
    chosen: Chosen = None,
    subject: Subject = None,
    weight: Weight = None,
    columns: Columns = None,
    wide: Wide = None,
    alternatives: Alternatives = None,
    best: Best = None,
    worst: Worst = None,
    offered: Offered = None,
    rank: Rank = None,
    layout: Layout = None,
    _own: Own = None,
    as_json: AsJson = False,
) -> None:
    """Check a table and list everything that is wrong with it, by line and column."""
    table: ChoiceTable | Table
    selected: dict[str, Any] = {"rounds": rounds, "leave_out": leave_out, "exclude": exclude}
    roles = {"situation": situation, "alternative": alternative, "chosen": chosen, "subject": subject}
    roles |= {"weight": weight, "outside": outside, "wide": wide, "best": best, "worst": worst, "rank": rank}
    if schema is None:
        named = [*roles.values(), layout, columns, alternatives, offered]
        schema = Schema.CHEAP_TALK if not any(named) else Schema.CHOICE
    if schema is Schema.CHOICE:
        _refuse("experiments", {"games": games, "game_from": game_from, "subjects": subjects, **selected})
        with as_options():
            how = layout_of(layout, columns, alternatives, offered, **roles)
            table = how.table(file, synthetic=file.name.startswith(SIMULATED))
        contents = {"choices": len(table), "alternatives": table.alternatives, "attributes": table.attributes}
    else:
        listed = {"columns": columns, "alternatives": alternatives, "offered": offered, "layout": layout}
        _refuse("choices", {**roles, **listed})
        table = _table(file, games, game_from, _roster(subjects), selected)
        contents = {"decisions": table.decisions, "conditions": table.conditions}
    about = {"file": str(file), "schema": schema.value, "valid": True, "subjects": len(table.subjects)}
    facts = about | contents | {"fingerprint": table.fingerprint, "caveats": list(table.caveats)}
    notes = "".join(f"\nNote: {caveat}" for caveat in table.caveats)
    say(f"{file} meets the {schema.value} schema.\n{table!r}{notes}", facts, as_json=as_json)


def _refuse(kind: str, options: Mapping[str, object]) -> None:
    """Complain about options that only the other kind of table has."""
    given = [name.replace("_", "-") for name, value in options.items() if value]
    problems = [f"--{name} is for {kind}; leave it out" for name in given]
    raise_all(problems, DataError, f"The options do not fit a table of {OTHER[kind]}:")


def _lines(entries: list[Entry]) -> list[str]:
    width = max((len(entry.name) for entry in entries), default=0)
    lines = []
    for entry in entries:
        mark = " (SYNTHETIC)" if entry.synthetic else ""
        lines.append(f"{entry.name:<{width}}  {entry.description}{mark}")
        where = "on this machine" if entry.available else f"to be fetched: estimation fetch {entry.name}"
        lines.append(f"{'':<{width}}  {where}; licence: {entry.licence}")
    return lines


def _table(
    file: Path, path: Path | None, dataset: str | None, subjects: list[str] | None, selected: dict[str, Any]
) -> Table:
    from estimation.data import describe, read_own, read_table

    synthetic = file.name.startswith(SIMULATED)
    if path is not None and dataset is None:
        return read_own(
            file,
            path,
            synthetic=synthetic,
            subjects=subjects,
            **{key: value for key, value in selected.items() if value},
        )
    if dataset is not None and path is None:
        raise_all(given_for_files(selected), DataError, "The options do not fit games of a data set:")
        return read_table(file, describe(dataset).games(), synthetic=synthetic, subjects=subjects)
    problem = "say which game was played in each condition: either --games FILE.toml or --game-from DATASET"
    raise DataError("The games are not clear:", [problem])


def _roster(path: Path | None) -> list[str] | None:
    if path is None:
        return None
    lines = read_text(path, DataError, "The list of subjects cannot be read:").splitlines()
    return [line.strip() for line in lines if line.strip()]
