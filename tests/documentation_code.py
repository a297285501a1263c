"""Code that stands on pages of the documentation, and running it: the blocks of a page, one after another."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [
    *(f"theories/{file.stem}" for file in sorted((DOCS / "theories").glob("*.md")) if file.stem != "README"),
    "priors",
    "question",
    "your-own-game",
    "your-own-theory",
]
"""Pages whose code is whole: run from top to bottom it does what the page says."""


def blocks(page: str) -> list[str]:
    """Return the code of a page."""
    return BLOCK.findall((DOCS / f"{page}.md").read_text(encoding="utf-8"))


def data(page: str) -> list[str]:
    """Return the data sets that the code of a page loads."""
    return re.findall(r'est\.load\("(\w+)"\)', "".join(blocks(page)))


def run(page: str) -> dict[str, object]:
    """Run the code of a page and return the names that it leaves."""
    names: dict[str, object] = {}
    for place, code in enumerate(blocks(page)):
        exec(compile(code, f"{page}.md, block {place}", "exec"), names)
    return names
