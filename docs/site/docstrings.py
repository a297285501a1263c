"""Docstrings are plain text with names in backticks; this turns them into what Sphinx reads, before napoleon does."""

from __future__ import annotations

import inspect
import re
from collections.abc import Container
from pathlib import Path
from typing import Any

from api_pages import public_names

NAMES = public_names(Path(__file__).resolve().parents[2])
CODE = re.compile(r"(``.+?``|:\w+:`[^`]+`|`[^`]+`)")
SPECIAL = re.compile(r"\*(?=\S)|\||(?<=\w)_(?=\W|$)")


def plain_text(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:  # noqa: ARG001
    """Replace the lines of a docstring in place: names become code or links, signs of markup become plain signs."""
    own, block = _parameters(obj), False
    for index, line in enumerate(lines):
        if block and line.strip() and not line.startswith(" "):
            block = False
        if not block:
            lines[index] = "".join(_part(text, own) for text in CODE.split(line))
        block = block or line.rstrip().endswith("::")
    lines[:] = _returned(lines)
    if what in {"attribute", "property"}:
        lines[:0] = ["..", ""]  # an empty comment: napoleon would take what stands before a colon for a type


def readable_signature(
    app: Any,  # noqa: ARG001 - Sphinx's own protocol
    what: str,  # noqa: ARG001
    name: str,  # noqa: ARG001
    obj: Any,  # noqa: ARG001
    options: Any,  # noqa: ARG001
    signature: str | None,
    returned: str | None,
) -> tuple[str, str | None] | None:
    """Return a signature that Sphinx can read: it splits at every comma what is no Python, as `<factory>`."""
    return (signature.replace("<factory>", "..."), returned) if signature and "<factory>" in signature else None


def _returned(lines: list[str]) -> list[str]:
    """Return the lines with what is returned as a field: napoleon takes what stands before a colon for a type."""
    rules = [place for place, line in enumerate(lines) if line and not line.strip("-")]
    start = next((rule for rule in rules if lines[rule - 1] == "Returns"), None)
    if start is None:
        return lines
    end = next((rule - 1 for rule in rules if rule > start), len(lines))
    first, *rest = lines[start + 1 : end]
    if any(line.startswith(" ") for line in rest):  # a type, with its text below it
        return lines
    indent = " " * len(":returns: ")
    told = [f":returns: {first}", *(indent + line if line else "" for line in rest)]
    return [*lines[: start - 1], "", *told, *lines[end:]]  # two empty lines end the section before


def _parameters(obj: Any) -> Container[str]:
    try:
        return inspect.signature(obj).parameters
    except (TypeError, ValueError):
        return ()


def _part(text: str, own: Container[str]) -> str:
    if text.startswith(("``", ":")):
        return text
    if text.startswith("`"):
        return _named(text.strip("`"), own)
    return SPECIAL.sub(lambda sign: "\\" + sign[0], text)


def _named(text: str, own: Container[str]) -> str:
    """Return a public name as a link, unless it is a parameter here; anything else as code."""
    path = text.removeprefix("est.").removeprefix("estimation.").partition("(")[0]
    if path not in own and path.partition(".")[0] in NAMES:
        return f":py:obj:`{text} <estimation.{path}>`"
    return f"``{text}``"
