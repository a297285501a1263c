"""Options that say which rows of a file count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

Rounds = Annotated[
    str | None,
    typer.Option(metavar="RANGES", help='Rounds that count, such as "3-" or "1-5, 8"; practice is left out.'),
]
LeaveOut = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN", help="Leave out decisions that a column marks, as time-outs; may be repeated."),
]
Exclude = Annotated[
    list[str] | None, typer.Option(metavar="SUBJECT", help="Leave out somebody's decisions; may be repeated.")
]


def given_for_files(options: Mapping[str, object]) -> list[str]:
    """Say which options are given that only a file with its own games can have."""
    given = [name.replace("_", "-") for name, value in options.items() if value]
    return [f"--{name} is for a file with --games FILE.toml; leave it out" for name in given]
