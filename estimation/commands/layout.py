"""The command that proposes how a file is to be read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from estimation.commands.output import AsJson, say


def layout(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An export of oTree, z-Tree or jsPsych, or a table of decisions.")
    ],
    as_json: AsJson = False,
) -> None:
    """Propose which columns hold what, as a file of games to be completed; where there are two readings, both."""
    from dataclasses import asdict

    from estimation.data.exports.proposal import propose

    found = propose(file)
    say(found.to_toml(), asdict(found), as_json=as_json)
