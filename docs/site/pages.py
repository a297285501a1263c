"""All pages of the site, those in docs/ and those made from code and from files elsewhere: path → Markdown."""

from __future__ import annotations

import re
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
    "`docs/studies/rivals.md`": "[the study of rivals](studies/rivals.md)",
    "`CONTRIBUTING.md`": "[Contributing](contributing.md)",
    "`docs/studies`": "[studies](studies/README.md)",
    "`docs/theories/`": "[the pages of theories](theories/README.md)",
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
"""Files that are named in prose become links where they have a page: these under a name of their own …"""
PAGE = re.compile(r"`docs/([\w/-]+\.md)`")
"""… and all others under their title."""


def written() -> dict[str, str]:
    """Return the pages in docs/: path → Markdown."""
    files = (file for file in sorted(DOCS.rglob("*.md")) if file.relative_to(DOCS).parts[0] != "site")
    return {file.relative_to(DOCS).as_posix(): file.read_text(encoding="utf-8") for file in files}


def generated() -> dict[str, str]:
    """Return the pages that no file in docs/ holds: path → Markdown."""
    pages = {page: _linked((ROOT / file).read_text(encoding="utf-8")) for page, file in FROM_ROOT.items()}
    pages["tour.md"] = pages["tour.md"].replace("# estimation\n", "# A tour\n", 1)
    pages["commands.md"] = command_page()
    notebooks = notebook_pages(ROOT / "notebooks", ROOT / "build" / "notebooks")
    pages |= {page: _linked(text, "../") for page, text in notebooks.items()}
    return pages | data_pages(ROOT) | api_pages(ROOT)


def _linked(text: str, above: str = "") -> str:
    """Return a text with links to the pages of the files that it names; `above` leads from its folder to the top."""
    for name, link in LINKS.items():
        text = text.replace(name, link.replace("](", f"]({above}"))
    return PAGE.sub(lambda found: f"[{_title(found[1])}]({above}{found[1]})", text)


def _title(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
