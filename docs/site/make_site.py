"""Build the documentation site into build/site. Warnings are errors, broken links too; nothing is fetched."""

from __future__ import annotations

import logging
import shutil
import sys

from contents import with_contents
from links import check_site
from pages import DOCS, ROOT, generated, written
from search_pages import write_index
from sphinx.cmd.build import main as sphinx

SOURCE, SITE, NOTEBOOKS = (ROOT / "build" / name for name in ("pages", "site", "notebooks"))


def build() -> int:
    """Lay all pages out in build/pages, let Sphinx read them, and check every link of the result."""
    logging.disable(logging.INFO)  # libraries that Sphinx imports introduce themselves otherwise
    pages = written() | generated()
    _lay_out(with_contents(pages))
    shutil.rmtree(SITE, ignore_errors=True)
    options = ["--fresh-env", "--fail-on-warning", "--keep-going", "--quiet", "-d", str(ROOT / "build" / "doctrees")]
    status = sphinx(["-b", "html", "-c", str(DOCS / "site"), *options, str(SOURCE), str(SITE)])
    if NOTEBOOKS.is_dir():
        theirs = [f"{file.stem}.html" for file in (ROOT / "notebooks").glob("*.ipynb")]  # have pages of the site
        others = shutil.ignore_patterns("running_*", ".*", *theirs)
        shutil.copytree(NOTEBOOKS, SITE / "notebooks", dirs_exist_ok=True, ignore=others)
    write_index(pages, ROOT, SITE)
    broken, outside = check_site(SITE)
    (ROOT / "build" / "external-links.txt").write_text("\n".join(outside) + "\n", encoding="utf-8")
    for problem in broken:
        sys.stderr.write(f"{problem}\n")
    sys.stdout.write(f"{SITE / 'index.html'}: {len(list(SITE.rglob('*.html')))} pages; {len(broken)} broken links\n")
    sys.stdout.write(f"{len(outside)} links to elsewhere, not followed: build/external-links.txt\n")
    return status or bool(broken)


def _lay_out(pages: dict[str, str]) -> None:
    """Write the pages, leaving files alone that have not changed: Sphinx then reads only the others."""
    for old in SOURCE.rglob("*.md") if SOURCE.is_dir() else []:
        if old.relative_to(SOURCE).as_posix() not in pages:
            old.unlink()
    for path, text in pages.items():
        file = SOURCE / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
    for file in (*DOCS.rglob("*.png"), *DOCS.rglob("*.json")):  # pictures, and numbers to download
        target = SOURCE / file.relative_to(DOCS)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)


if __name__ == "__main__":
    raise SystemExit(build())
