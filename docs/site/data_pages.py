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
    known = tomllib.loads(source.read_text(encoding="utf-8"))
    heading = f"# {folder.name}\n"
    if text.startswith(heading):  # a name says little in a list of pages
        text = f"# {known['title']} (`{folder.name}`)\n" + text.removeprefix(heading)
    return text + _terms(folder.name, known)


def _terms(name: str, source: dict[str, Any]) -> str:
    facts = {
        "Made by a simulation (SYNTHETIC)": "yes" if source.get("synthetic") else "no",
        "Licence": source.get("licence"),
        "Shipped with the package": "yes" if source.get("redistribution") else "no",
        "How to get it": "" if source.get("redistribution") or _made(source) else f"`estimation fetch {name}`",
        "In Python": f'`est.load("{name}")`',
        "Origin": _address(source.get("url")),
        "To be cited as": source.get("citation"),
    }
    lines = ["", "## As reports cite it", "", f"*{source.get('title', name)}.* {source.get('description', '')}", ""]
    lines += [f"* {key}: {_plain(value)}" for key, value in facts.items() if value]
    if made := _made(source):
        place = "Put it [where files are looked for](README.md#where-files-are-looked-for)."
        lines += ["", "## How to make the file", *made, "", place]
    if source.get("caveats"):
        lines += [
            "",
            "## Caveats that every report repeats",
            "",
            *(f"* {_plain(caveat)}" for caveat in source["caveats"]),
        ]
    return "\n".join(lines) + "\n"


def _made(source: dict[str, Any]) -> list[str]:
    """Return how each file is made that is neither shipped nor fetched, as lines of Markdown: words, then code."""
    lines = []
    for file in source.get("files", []):
        where, colon, code = file.get("how", "").partition(":")
        if colon:
            steps = code.replace("`", "").strip()
            steps = steps if "\n" in steps else steps.replace("; ", "\n")
            lines += [
                "",
                f"`{file['name']}` is made {where}:",
                "",
                f"```{'r' if 'in R' in where else 'python'}",
                steps,
                "```",
            ]
    return lines


def _address(url: str | None) -> str:
    return f"<{url}>" if url else ""


def _plain(text: str) -> str:
    """Return the text without the accidents that Markdown would make of it."""
    return text if text.startswith("<") else re.sub(r"(?<!\w)_|_(?!\w)|\*|(?<=\s)<", lambda sign: "\\" + sign[0], text)
