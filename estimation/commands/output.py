"""How commands speak: results on standard output, complaints on standard error, JSON where asked for.

Prose is broken between words at the width of the terminal, or at COLUMNS where that is set; into a file or a pipe it
goes in lines as long as they are.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any, TextIO

import typer

from estimation.errors import EstimationError
from estimation.saving import said

PROGRAM = "estimation"
JSON_FLAG = "--json"
NARROWEST = 20  # columns: a terminal that says less has said nothing
_START = re.compile(r"\s*(?:\d+\.\s+|[-*]\s+|\S+(?:\s\S+)*\s{2,})?")
"""What further lines of a paragraph are indented by: its indent, its number, or a name set apart by two spaces."""

AsJson = Annotated[bool, typer.Option(JSON_FLAG, help="Print the result as JSON, for programs.")]
"""The option that every command has: ``as_json: AsJson = False``."""


def say(text: str, result: Mapping[str, Any], *, as_json: bool) -> None:
    """Print a result on standard output: in words for people, or the same as plain data for programs.

    Raises
    ------
    EstimationError
        If it cannot be printed, as into a file on a full disk.
    """
    try:
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False) if as_json else wrapped(text, sys.stdout))
    except BrokenPipeError:  # whoever read it has seen enough
        raise
    except OSError as problem:
        with suppress(OSError, ValueError):  # what is left in the buffer would be tried again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise EstimationError("The result cannot be printed:", [said(problem)]) from problem


def complain(error: EstimationError, *, as_json: bool) -> None:
    """Print an error on standard error; with `as_json`, its parts on standard output as well."""
    typer.echo(wrapped(str(error), sys.stderr), err=True)
    if as_json:
        parts = {"error": type(error).__name__, "heading": error.heading, "problems": list(error.problems)}
        typer.echo(json.dumps(parts, indent=2, ensure_ascii=False))


def command() -> str:
    """Return how the program was called, as it can be called again: by its name if that finds it, else by its path."""
    called = Path(sys.argv[0])
    if called.stem == "__main__":
        return f"{Path(sys.executable)} -m {PROGRAM}"
    found = shutil.which(PROGRAM)
    if called.stem != PROGRAM or (found and Path(found).samefile(called)):
        return PROGRAM
    here = Path.cwd()
    return str(called.relative_to(here) if called.is_relative_to(here) else called)


def screen_width(file: TextIO) -> int | None:
    """Return how many columns a line has where it is shown: COLUMNS if set, else the terminal's; None elsewhere."""
    with suppress(ValueError):
        if (told := int(os.environ.get("COLUMNS", ""))) >= NARROWEST:
            return told
    with suppress(OSError, ValueError):
        if file.isatty() and (found := os.get_terminal_size(file.fileno()).columns) >= NARROWEST:
            return found
    return None


def wrapped(text: str, file: TextIO) -> str:
    """Return text whose lines end between words where the screen ends; a word that is longer stays whole."""
    width = screen_width(file)
    return text if width is None else "\n".join(_broken(line, width) for line in text.split("\n"))


def _broken(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    start = _START.match(line)
    indent = len(start.group()) if start else 0
    if indent > width // 2:
        indent = len(line) - len(line.lstrip())
    parts = wrap(
        line[indent:], max(width - indent, 1), break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return ("\n" + " " * indent).join([line[:indent] + parts[0], *parts[1:]]) if parts else line
