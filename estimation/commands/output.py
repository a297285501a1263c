"""How commands speak: results on standard output, complaints on standard error, JSON where asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from estimation.errors import EstimationError

JSON_FLAG = "--json"

AsJson = Annotated[bool, typer.Option(JSON_FLAG, help="Print the result as JSON, for programs.")]
"""The option that every command has: ``as_json: AsJson = False``."""


def say(text: str, result: Mapping[str, Any], *, as_json: bool) -> None:
    """Print a result on standard output: in words for people, or the same as plain data for programs."""
    typer.echo(json.dumps(result, indent=2, ensure_ascii=False) if as_json else text)


def complain(error: EstimationError, *, as_json: bool) -> None:
    """Print an error on standard error; with `as_json`, its parts on standard output as well."""
    typer.echo(str(error), err=True)
    if as_json:
        parts = {"error": type(error).__name__, "heading": error.heading, "problems": list(error.problems)}
        typer.echo(json.dumps(parts, indent=2, ensure_ascii=False))
