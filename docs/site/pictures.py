"""Wide pictures, whose letters would be too small on a phone, are marked for the style sheet: there they scroll."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WIDE = 800
"""Pixels across from which a picture cannot be read at a phone's width."""


def setup(app: Any) -> None:
    """Look at the pictures of each page once Sphinx has read it."""
    app.connect("doctree-read", _marked)


def _marked(app: Any, tree: Any) -> None:
    for image in tree.findall(lambda node: node.tagname == "image"):
        file = Path(app.srcdir) / image["uri"]
        if file.suffix == ".png" and file.is_file() and is_wide(file.read_bytes()):
            image["classes"].append("wide")


def is_wide(picture: bytes) -> bool:
    """Return whether a PNG is wide; its first 20 bytes say so."""
    return int.from_bytes(picture[16:20], "big") >= WIDE
