"""How commands show their help: in lines that end between words, whole names, and nothing cut short."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

WIDEST = 120  # columns of a line of help
_WITHIN = re.compile(r"(?<=\w)-(?=\w)")
_KEPT = "\u2011"  # a hyphen at which no line ends
_KIND = re.compile(r" <(\w+|list\[\w+\])>$")
KINDS = {"int": "N", "float": "NUMBER", "str": "TEXT", "path": "PATH"}
"""A type of Python → what stands in its place behind an option; an argument has its name alone."""


_Usual: Any = typer.Context.formatter_class


class _Formatter(_Usual):  # type: ignore[misc]
    """Writes help as usual, but breaks no name at its hyphens, since people copy them, and names no type of Python."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args.replace("{", "").replace("}", ""), prefix)

    def write_text(self, text: str) -> None:
        super().write_text(_WITHIN.sub(_KEPT, text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        whole = [(in_words(term), _WITHIN.sub(_KEPT, meaning)) for term, meaning in rows]
        super().write_dl(whole, min(col_max, self.width // 3), col_spacing)  # what is meant has most of the line

    def getvalue(self) -> str:
        return str(super().getvalue()).replace(_KEPT, "-")


def in_words(term: str) -> str:
    """Return an argument or option without a type of Python behind it."""
    return _KIND.sub(partial(_called, term), term)


def _called(term: str, kind: re.Match[str]) -> str:
    name = KINDS.get(kind[1], kind[0].strip())
    return f" {name}" if term.startswith("-") else ""


def _written(command: Any, context: Any) -> str:
    formatter = _Formatter(width=context.terminal_width, max_width=WIDEST)
    command.format_help(context, formatter)
    return formatter.getvalue().rstrip("\n")


class Command(TyperCommand):
    """A command whose help is whole."""

    def get_help(self, ctx: Any) -> str:
        """Return the help."""
        return _written(self, ctx)

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 - nothing is cut
        """Return the first sentence of the help."""
        return " ".join((self.help or "").split("\n\n")[0].split())


class Group(TyperGroup):
    """A program of such commands."""

    def get_help(self, ctx: Any) -> str:
        """Return the help."""
        return _written(self, ctx)
