"""One page for each part of the package, from ``estimation/__init__.pyi``: no public name can be forgotten."""

from __future__ import annotations

import ast
from pathlib import Path

from api_tasks import tasks_page

TOPICS = {
    "data": ("Data", "Tables come in, are checked, and keep their source with them."),
    "games": ("Games", "What people were asked: states, messages, actions, payoffs."),
    "theories": ("Theories", "What one person does."),
    "inference": ("Fits", "From a theory and a table to draws, predictions and simulations."),
    "evaluation": ("Evaluation", "Can a fit be trusted, what does it miss, and which theory predicts better?"),
    "choice": ("Choices", "Models of choice, and what follows from them for money and markets."),
    "assortment": ("Assortments", "What to offer."),
    "report": ("Reports and figures", "What is handed on."),
    "studies": ("Studies of a design", "What a design could show, and whether fits can be believed."),
    "replication": ("Published results", "The ledger of published numbers, computed anew."),
    "papers": ("Replication packages", "A folder from which somebody else gets the numbers of a paper, and its check."),
    "examples": ("Examples", "Problems that ship with the package; all of them SYNTHETIC."),
    "errors": ("Errors", "What goes wrong on purpose; each lists all problems at once and says what to do."),
}
"""Part of the package, in the order of the pages → title, and a line on it."""

WITH = {"fits": "inference", "registry": "theories"}
"""Part of the package without a page → the page on which its names stand."""

PRINTED = ("Fit", "Comparison", "Mode", "MixedMode", "TheoryMode", "Frontier", "Tradeoff")
"""Classes with parts for papers, by a base that is not public."""


def public_names(root: Path) -> dict[str, str]:
    """Return every public name of the package → the module that it is imported from, without ``estimation.``."""
    return {name: module or name for name, module in _imports(root / "estimation" / "__init__.pyi").items()}


def by_topic(root: Path) -> dict[str, list[str]]:
    """Return what stands on each page: part of the package → names as they are reached from `estimation`.

    Raises
    ------
    KeyError
        If a name lives in a part of the package that has no page yet: give it one in `TOPICS`.
    """
    pages: dict[str, list[str]] = {part: [] for part in TOPICS}
    for name, module in public_names(root).items():
        part = module.split(".")[0]
        pages[WITH.get(part, part)].append(name)
    return pages


def api_pages(root: Path) -> dict[str, str]:
    """Return the pages: path → Markdown with a directive for each name."""
    topics = by_topic(root)
    return {"api/README.md": tasks_page(TOPICS, topics)} | {
        f"api/{part}.md": _page(part, names) for part, names in topics.items()
    }


def _page(part: str, names: list[str]) -> str:
    title, line = TOPICS[part]
    return f"# {title}\n\n{line}\n\n```{{eval-rst}}\n" + "\n".join(map(_directive, names)) + "```\n"


def _directive(name: str) -> str:
    if _is_class(name):
        return f".. autoclass:: estimation.{name}\n   :members:\n{_inherited(name)}"
    return f".. autofunction:: estimation.{name}\n"


def _inherited(name: str) -> str:
    """Return what a class has from a base that has no entry of its own."""
    return "\n   .. automethod:: to_latex\n" if name in PRINTED else ""


def _is_class(name: str) -> bool:
    return name.rpartition(".")[2][0].isupper()


def _imports(file: Path) -> dict[str, str]:
    nodes = ast.parse(file.read_text(encoding="utf-8")).body
    return {
        alias.asname or alias.name: node.module or ""
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
