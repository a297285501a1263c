"""One page per data set, from its folder: what it is, on what terms, with which caveats."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any


def data_pages(root: Path) -> dict[str, str]:
    """Return the list of data sets and a page for each: path → Markdown."""
    folders = sorted(path.parent for path in (root / "datasets").glob("*/README.md"))
    listed = (root / "datasets" / "README.md").read_text(encoding="utf-8")
    for folder in folders:
        listed = listed.replace(f"`{folder.name}`", f"[`{folder.name}`]({folder.name}.md)")
    listed = listed.replace("`docs/replication.md`", "[Published results](../replication.md)")
    return {"data/README.md": listed} | {f"data/{folder.name}.md": _page(folder) for folder in folders}


def _page(folder: Path) -> str:
    text = (folder / "README.md").read_text(encoding="utf-8")
    source = folder / "source.toml"
    if not source.exists():
        return text
    return text + _terms(folder.name, tomllib.loads(source.read_text(encoding="utf-8")))


def _terms(name: str, source: dict[str, Any]) -> str:
    facts = {
        "Made by a simulation (SYNTHETIC)": "yes" if source.get("synthetic") else "no",
        "Licence": source.get("licence"),
        "Shipped with the package": "yes" if source.get("redistribution") else "no",
        "Origin": _address(source.get("url")),
        "To be cited as": source.get("citation"),
    }
    lines = ["", "## As reports cite it", "", f"*{source.get('title', name)}.* {source.get('description', '')}", ""]
    lines += [f"* {key}: {_plain(value)}" for key, value in facts.items() if value]
    if source.get("caveats"):
        lines += [
            "",
            "## Caveats that every report repeats",
            "",
            *(f"* {_plain(caveat)}" for caveat in source["caveats"]),
        ]
    return "\n".join(lines) + "\n"


def _address(url: str | None) -> str:
    return f"<{url}>" if url else ""


def _plain(text: str) -> str:
    """Return the text without the accidents that Markdown would make of it."""
    return text if text.startswith("<") else re.sub(r"(?<!\w)_|_(?!\w)|\*|(?<=\s)<", lambda sign: "\\" + sign[0], text)
