"""Which sections of which pages can be found, and the index of the built site: ``search_index.js`` beside its pages."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from api_pages import TOPICS, by_topic, public_names
from links import anchors_of
from search_index import Section, as_script, index, sections


def searchable(pages: Mapping[str, str], root: Path) -> list[Section]:
    """Return every section of the pages; of the reference, every public name with its docstring."""
    prose = [found for path, text in pages.items() if not path.startswith("api/") for found in sections(path, text)]
    return [*prose, *sections("api/README.md", pages["api/README.md"])[:1], *_reference(root)]


def write_index(pages: Mapping[str, str], root: Path, site: Path) -> None:
    """Write the index. Where a heading has another anchor than the usual one, its page is what is found."""
    found = []
    for one in searchable(pages, root):
        page, _, anchor = one.url.partition("#")
        there = not anchor or anchor in anchors_of(site / page)
        found.append(one if there else Section(page, one.page, one.heading, one.text))
    (site / "search_index.js").write_text(as_script(index(found)), encoding="utf-8")


def _reference(root: Path) -> Iterator[Section]:
    modules = public_names(root)
    for part, names in by_topic(root).items():
        for name in names:
            text = _docstring(root / "estimation" / f"{modules[name].replace('.', '/')}.py", name)
            yield Section(f"api/{part}.html#estimation.{name}", TOPICS[part][0], f"est.{name}", text)


def _docstring(file: Path, name: str) -> str:
    """Return what is written about a name, with the names of its methods; nothing if it is made elsewhere."""
    if not file.is_file():
        file = file.with_suffix("") / "__init__.py"
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            inner = node.body if isinstance(node, ast.ClassDef) else []
            methods = [one for one in inner if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")]
            parts = [ast.get_docstring(node) or "", *(f"{one.name}: {ast.get_docstring(one) or ''}" for one in methods)]
            return " ".join(parts).replace("`", "")
    return ""
