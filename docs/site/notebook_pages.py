"""One page for each notebook: its words and code always, its outputs where `make notebooks` has run it."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from html import escape
from pathlib import Path
from typing import Any

from pictures import is_wide

HEAD = """# Notebooks

Each asks one question, and is run from top to bottom. To work with one, open its file in `notebooks/`.

"""
WITHOUT = (
    "This site was built without outputs: `make notebooks` (a few minutes with `QUICK=1`) and `make docs` add them.\n"
)
QUICK = "Run with few people and draws (`QUICK=1`): numbers show how output looks, not what the data say."
FENCE = "`" * 6


def notebook_pages(source: Path, ran: Path) -> dict[str, str]:
    """Return the list of notebooks and a page for each: path → Markdown.

    Parameters
    ----------
    source
        The folder of the notebooks as they stand in the repository.
    ran
        The folder in which `make notebooks` has left them with outputs, if it has.
    """
    pages, missing = {}, False
    listed = []
    for file in sorted(source.glob("*.ipynb")):
        cells = _cells(file)
        outputs = _outputs(ran / file.name, cells)
        missing |= outputs is None
        pages[f"notebooks/{file.stem}.md"] = _page(cells, outputs)
        title, question = _opening(cells)
        listed.append(f"* [{title}]({file.stem}.md): {question}\n")
    note = f"\n{WITHOUT}" if missing else ""
    return {"notebooks/README.md": HEAD + "".join(listed) + note} | pages


def _cells(file: Path) -> list[dict[str, Any]]:
    return list(json.loads(file.read_text(encoding="utf-8"))["cells"])


def _outputs(file: Path, cells: list[dict[str, Any]]) -> list[list[dict[str, Any]]] | None:
    """Return the outputs of each cell of a run, if there is one of these very cells."""
    if not file.is_file():
        return None
    ran = _cells(file)
    same = [_source(cell) for cell in ran] == [_source(cell) for cell in cells]
    return [cell.get("outputs", []) for cell in ran] if same else None


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _opening(cells: list[dict[str, Any]]) -> tuple[str, str]:
    """Return the title, and the first sentence that asks something."""
    heading, _, text = _source(cells[0]).partition("\n")
    asked = re.search(r"[^.?!\n][^.?!]*\?", text)
    return heading.removeprefix("# ").strip(), " ".join(asked[0].split()) if asked else ""


def _page(cells: list[dict[str, Any]], outputs: list[list[dict[str, Any]]] | None) -> str:
    parts = []
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "markdown":
            parts.append(re.sub(r"\]\((\w+)\.ipynb", r"](\1.md", _source(cell)))
        else:
            parts.append(f"```python\n{_source(cell)}\n```")
            alt = cell.get("metadata", {}).get("alt", "")
            parts += [_shown(output, alt) for output in (outputs[place] if outputs else [])]
    return "\n\n".join(part for part in parts if part) + "\n"


def _shown(output: dict[str, Any], alt: str) -> str:
    """Return an output as Markdown: a picture, a page's own HTML, or plain text."""
    data = output.get("data", {})
    if "image/png" in data:
        picture = "".join("".join(data["image/png"]).split())
        mark = ' class="wide"' if is_wide(b64decode(picture[:32])) else ""
        return _raw(f'<img{mark} alt="{escape(alt)}" src="data:image/png;base64,{picture}">')
    if "text/html" in data:
        return _raw("".join(data["text/html"]))
    text = "".join(output.get("text", data.get("text/plain", "")))
    return f"{FENCE}text\n{text.rstrip()}\n{FENCE}" if text.strip() else ""


def _raw(html: str) -> str:
    return f'{FENCE}{{raw}} html\n<div class="notebook-output">{html}</div>\n{FENCE}'
