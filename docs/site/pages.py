"""All pages of the site, those in docs/ and those made from code and from files elsewhere: path → Markdown."""

from __future__ import annotations

from pathlib import Path

from api_pages import api_pages
from command_page import command_page
from data_pages import data_pages
from notebook_pages import notebook_pages

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
    "`docs/question.md`": "[from data to a sentence](question.md)",
    "`docs/priors.md`": "[priors](priors.md)",
    "`docs/checks.md`": "[checks](checks.md)",
    "`docs/time.md`": "[time](time.md)",
    "`docs/draws.md`": "[draws](draws.md)",
    "`docs/studies`": "[studies](studies/README.md)",
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


def written() -> dict[str, str]:
    """Return the pages in docs/: path → Markdown."""
    files = (file for file in sorted(DOCS.rglob("*.md")) if file.relative_to(DOCS).parts[0] != "site")
    return {file.relative_to(DOCS).as_posix(): file.read_text(encoding="utf-8") for file in files}


def generated() -> dict[str, str]:
    """Return the pages that no file in docs/ holds: path → Markdown."""
    pages = {page: _linked((ROOT / file).read_text(encoding="utf-8")) for page, file in FROM_ROOT.items()}
    pages["tour.md"] = pages["tour.md"].replace("# estimation\n", "# A tour\n", 1)
    pages["commands.md"] = command_page()
    pages |= notebook_pages(ROOT / "notebooks", ROOT / "build" / "notebooks")
    return pages | data_pages(ROOT) | api_pages(ROOT)


def _linked(text: str) -> str:
    for name, link in LINKS.items():
        text = text.replace(name, link)
    return text
