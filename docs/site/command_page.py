"""The reference of the command line, from the commands themselves."""

from __future__ import annotations

import re
from typing import Any

import typer
import typer.main

from estimation.cli import app
from estimation.commands.help import in_words

HEAD = """# Command line

Written from the commands; `estimation COMMAND --help` says the same in a terminal. Results go to standard output,
progress and complaints to standard error. A command ends with code 0, or with 2 and a list of what to change if
something is wrong with its input. `--json` prints plain data for programs.
"""


def command_page() -> str:
    """Return one section per command: what it does, how it is called, its arguments and options."""
    program: Any = typer.main.get_command(app())
    context = typer.Context(program, info_name="estimation")
    return "\n".join([HEAD, *(_section(name, program.commands[name], context) for name in program.commands)])


def _section(name: str, command: Any, parent: Any) -> str:
    context = typer.Context(command, info_name=name, parent=parent)
    rows = [parameter.get_help_record(context) for parameter in command.params]
    lines = [f"| `{_cell(in_words(first))}` | {_cell(second)} |" for first, second in filter(None, rows)]
    usage = command.get_usage(context).removeprefix("Usage: ").replace("{", "").replace("}", "")
    table = ["| argument or option | meaning |", "| --- | --- |", *lines]
    told = re.sub(r"(?<!\S)(--[\w-]+)", r"`\1`", command.help or "")  # two hyphens become a dash in prose
    return "\n".join([f"## {name}", "", told, "", "```text", usage, "```", "", *table, ""])


def _cell(text: str) -> str:
    """Return a text for a table; lines may end between choices, as in ``‹sender | receiver | both›``."""
    return " ".join(text.replace("|", " | ").split()).replace("|", "\\|").replace("<", "‹").replace(">", "›")
