"""Does every link lead somewhere, and does any page fetch from a network? Read from the built files."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
"""Elements that a browser loads by itself → the attribute that says from where."""


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if FETCHED.get(tag) in given:
            self.fetched.append(given[FETCHED[tag]])


def check_site(site: Path) -> tuple[list[str], list[str]]:
    """Return what is broken, and the links that lead elsewhere (which are not followed)."""
    pages = {file: _Page(file.read_text(encoding="utf-8")) for file in sorted(site.rglob("*.html"))}
    broken: list[str] = []
    outside: set[str] = set()
    for file, page in pages.items():
        name = file.relative_to(site)
        broken += [
            f"{name} fetches {place}" for place in page.fetched if _elsewhere(place) and not place.startswith("data:")
        ]
        outside |= {link for link in page.links if _elsewhere(link)}
        inside = [link for link in [*page.links, *page.fetched] if not _elsewhere(link)]
        broken += [f"{name}: {link} leads nowhere" for link in inside if not _leads(link, file, pages)]
    return broken, sorted(outside)


@cache
def anchors_of(page: Path) -> set[str]:
    """Return the places within a page that a link may lead to."""
    return _Page(page.read_text(encoding="utf-8")).anchors


def _elsewhere(link: str) -> bool:
    return link.startswith(("http:", "https:", "mailto:", "data:", "//"))


def _leads(link: str, file: Path, pages: dict[Path, _Page]) -> bool:
    path, anchor = urldefrag(link)
    path = path.split("?")[0]
    target = (file.parent / unquote(path)).resolve() if path else file
    if target not in pages:
        return target.is_file()
    return not anchor or unquote(anchor) in pages[target].anchors
