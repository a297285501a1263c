"""What no line of a page may break: a number and its per cent sign; a cell of a table that is one word or name."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

PER_CENT = re.compile(r"(?<=\d) (?=%)")
NO_BREAK = "\N{NO-BREAK SPACE}"
LONGEST = 24
"""Letters of a word that may not be broken: a longer one would push its table aside."""


def setup(app: Any) -> None:
    """Look at the texts of each page once Sphinx has read it."""
    app.connect("doctree-read", _whole)


def _whole(app: Any, tree: Any) -> None:  # noqa: ARG001 - Sphinx's own protocol
    for text in tree.findall(nodes.Text):
        if not isinstance(text.parent, nodes.literal | nodes.literal_block) and PER_CENT.search(text):
            text.parent.replace(text, nodes.Text(PER_CENT.sub(NO_BREAK, text)))
    for cell in tree.findall(nodes.entry):
        if is_word(cell.astext()):
            cell["classes"].append("word")


def is_word(text: str) -> bool:
    """Return whether a text is one word, with a hyphen at which browsers would break it.

    Examples
    --------
    >>> is_word("level-k"), is_word("a level-k"), is_word("trust")
    (True, False, False)
    """
    return "-" in text.strip("-") and not re.search(r"\s", text) and len(text) <= LONGEST
