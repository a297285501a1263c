"""What the pages of studies have in common: their folder, their tables, the sharpness of their pictures."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "studies"
DOTS = 80  # per inch


def files(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder that match, by name."""
    return sorted(folder.glob(pattern))


def markdown(rows: list[dict[str, str]]) -> str:
    """Return a table of Markdown."""
    head = list(rows[0])
    lines = [head, ["---"] * len(head), *(list(row.values()) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def write(name: str, text: str) -> None:
    """Write a page."""
    (FOLDER / f"{name}.md").write_text(text, encoding="utf-8")
