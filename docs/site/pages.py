"""All pages of the site, those in docs/ and those made from code and from files elsewhere: path → Markdown."""

from __future__ import annotations

import re
from pathlib import Path

from api_pages import api_pages
from command_page import command_page
from data_pages import data_pages

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

FROM_ROOT = {
    "tour.md": "README.md",
    "notation.md": "NOTATION.md",
    "contributing.md": "CONTRIBUTING.md",
    "decisions.md": "DECISIONS.md",
    "changelog.md": "CHANGELOG.md",
}
"""Page of the site → file at the top of the repository."""

LINKS = {
    "`docs/theories/`": "[theories](theories/README.md)",
    "`docs/theories`": "[theories](theories/README.md)",
    "`docs/your-own-file.md`": "[your own file](your-own-file.md)",
    "`docs/recommendations.md`": "[the page on recommendations](recommendations.md)",
    "`docs/replication.md`": "[the ledger](replication.md)",
    "`datasets/README.md`": "[the page on data sets](data/README.md)",
    "`NOTATION.md`": "[Notation](notation.md)",
    "`docs/decisions-history.md`": "[decisions by date](decisions-history.md)",
    "`DECISIONS.md`": "[Decisions](decisions.md)",
    "`CHANGELOG.md`": "[Changes](changelog.md)",
}
"""Files that are named in prose become links where they have a page."""

NO_NOTEBOOKS = "`make notebooks` runs and renders them; this site was built without.\n"


def written() -> dict[str, str]:
    """Return the pages in docs/: path → Markdown."""
    files = (file for file in sorted(DOCS.rglob("*.md")) if file.relative_to(DOCS).parts[0] != "site")
    return {file.relative_to(DOCS).as_posix(): file.read_text(encoding="utf-8") for file in files}


def generated() -> dict[str, str]:
    """Return the pages that no file in docs/ holds: path → Markdown."""
    pages = {page: _linked((ROOT / file).read_text(encoding="utf-8")) for page, file in FROM_ROOT.items()}
    pages["tour.md"] = pages["tour.md"].replace("# estimation\n", "# A tour\n", 1)
    pages["commands.md"] = command_page()
    pages["notebooks/index.md"] = notebook_page(ROOT / "build" / "notebooks")
    return pages | data_pages(ROOT) | api_pages(ROOT)


def notebook_page(folder: Path) -> str:
    """Return the list of rendered notebooks, or how to make them."""
    text = "# Notebooks\n\nEach asks one question and is run from top to bottom before it is shown.\n\n"
    found = [page for page in sorted(folder.glob("*.html")) if page.with_suffix(".ipynb").exists()]
    if not found:
        return text + NO_NOTEBOOKS
    # Plain HTML: the files are copied as they are, so they are no pages of Sphinx.
    return text + "\n".join(f'* <a href="{file.name}">{_title(file)}</a>' for file in found) + "\n"


def _title(file: Path) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", file.read_text(encoding="utf-8"), re.DOTALL)
    plain = re.sub(r"<a class=\"anchor-link\".*?</a>|<[^>]+>", "", found[1]).strip() if found else ""
    return plain or file.stem


def _linked(text: str) -> str:
    for name, link in LINKS.items():
        text = text.replace(name, link)
    return text
