"""The files that CONTRIBUTING.md prints, and the edits that it asks for."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def _section(title):
    return GUIDE.split(f"## {title}", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]


def printed(title):
    """Return the files that a walk-through prints: name → text, in order."""
    found = re.findall(r"`([\w.]+\.\w+)`[^`]*?```\w+\n(.*?)```", _section(title), flags=re.DOTALL)
    return dict(found)


def folder(title):
    """Return the folder into which the printed file goes that ships."""
    return re.findall(r"(?:into|folder) `([\w/]+/)`", _section(title))[0]


def edits(title):
    """Return what is changed in files that are there: path → the change, as a diff."""
    found = re.findall(r"`([\w/]+\.(?:pyi?|md))`[^`]*?```diff\n(.*?)```", _section(title), flags=re.DOTALL)
    return dict(found)


def edited(text, change):
    """Return a text after a change, each part of which must fit one place."""
    for part in change.split("@@\n"):
        lines = part.splitlines(keepends=True)
        before, after = ("".join(line[1:] for line in lines if line[0] in kinds) for kinds in (" -", " +"))
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times"
        text = text.replace(before, after)
    return text
