"""The notebooks: where they are, what stands in them, and running one in a folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
QUICK = "ESTIMATION_NOTEBOOK_QUICK"


def notebook(name: str) -> nbformat.NotebookNode:
    """Return a notebook as it stands in the repository."""
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def cells(name: str, kind: str) -> list[nbformat.NotebookNode]:
    """Return the cells of one kind, ``"code"`` or ``"markdown"``."""
    return [cell for cell in notebook(name).cells if cell.cell_type == kind]


def run(name: str, folder: Path) -> nbformat.NotebookNode:
    """Return a notebook run from top to bottom in an empty folder; a cell that fails is an error with its traceback."""
    shutil.copytree(FOLDER / "example", folder / "example")
    opened = notebook(name)
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(opened, timeout=1200, kernel_name="python3", resources=place).execute()
    return opened


def shown(ran: nbformat.NotebookNode) -> str:
    """Return everything that the cells of a run printed or showed as text."""
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    return "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)


def complaints(ran: nbformat.NotebookNode) -> list[str]:
    """Return what cells wrote to standard error: warnings, which readers of the page would see."""
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    return [output["text"] for output in outputs if output.get("name") == "stderr"]


def pictures(ran: nbformat.NotebookNode) -> int:
    """Return how many figures were drawn."""
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    return sum("image/png" in output.get("data", {}) for output in outputs)


def page(ran: nbformat.NotebookNode) -> str:
    """Return a run as the page that `make notebooks` makes of it."""
    exporter = HTMLExporter(template_name="page", extra_template_basedirs=[str(FOLDER)])
    text, _ = exporter.from_notebook_node(ran)
    return str(text)
