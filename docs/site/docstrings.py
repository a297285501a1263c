"""Docstrings are plain text with names in backticks; this turns them into what Sphinx reads, before napoleon does."""

from __future__ import annotations

import re
from pathlib import Path

from api_pages import public_names

NAMES = public_names(Path(__file__).resolve().parents[2])
CODE = re.compile(r"(``.+?``|:\w+:`[^`]+`|`[^`]+`)")
SPECIAL = re.compile(r"\*(?=\S)|\||(?<=\w)_(?=\W|$)")


def plain_text(app, what, name, obj, options, lines) -> None:  # noqa: ANN001, ARG001 - Sphinx's own protocol
    """Replace the lines of a docstring in place: names become code or links, signs of markup become plain signs."""
    block = False
    for index, line in enumerate(lines):
        if block and line.strip() and not line.startswith(" "):
            block = False
        if not block:
            lines[index] = "".join(map(_part, CODE.split(line)))
        block = block or line.rstrip().endswith("::")


def _part(text: str) -> str:
    if text.startswith(("``", ":")):
        return text
    if text.startswith("`"):
        return _named(text.strip("`"))
    return SPECIAL.sub(lambda sign: "\\" + sign[0], text)


def _named(text: str) -> str:
    first = text.removeprefix("est.").removeprefix("estimation.").split("(")[0]
    known = first.split(".")[0] in NAMES and NAMES[first.split(".")[0]] != f"estimation.{first}"
    return f":py:obj:`{text} <estimation.{first}>`" if known else f"``{text}``"
