"""What must hold of every notebook that was run."""

from __future__ import annotations

import re

import nbformat
from notebook_runs import cells, complaints, page, pictures, shown


def assert_a_run_is_sound(name: str, ran: nbformat.NotebookNode) -> None:
    """Hold a run to what its readers may expect: every figure, no warnings, simulated data labelled."""
    assert complaints(ran) == []
    assert pictures(ran) == sum("subplots(" in cell.source for cell in cells(name, "code"))
    if "simulated_" in shown(ran):
        assert "SYNTHETIC" in shown(ran)
    assert_a_page_stands_alone(page(ran))


def assert_a_page_stands_alone(text: str) -> None:
    """Hold a page to what a reader without a network, or without sight of its figures, needs."""
    assert not re.findall(r"<script[^>]*src=|<link[^>]*href=|import\s+\w+ from .https", text)
    figures = re.findall(r"<img[^>]*>", text)
    assert figures
    assert all(re.search(r'alt="[^"]{30,}"', figure) and 'src="data:' in figure for figure in figures)
