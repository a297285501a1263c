"""How commands speak: results on standard output, complaints on standard error, JSON where asked for."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any

import typer

from estimation.errors import EstimationError
from estimation.saving import said

JSON_FLAG = "--json"

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
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False) if as_json else text)
    except BrokenPipeError:  # whoever read it has seen enough
        raise
    except OSError as problem:
        with suppress(OSError, ValueError):  # what is left in the buffer would be tried again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise EstimationError("The result cannot be printed:", [said(problem)]) from problem


def complain(error: EstimationError, *, as_json: bool) -> None:
    """Print an error on standard error; with `as_json`, its parts on standard output as well."""
    typer.echo(str(error), err=True)
    if as_json:
        parts = {"error": type(error).__name__, "heading": error.heading, "problems": list(error.problems)}
        typer.echo(json.dumps(parts, indent=2, ensure_ascii=False))
