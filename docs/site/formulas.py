"""Formulas as MathML, made when the site is built: browsers set it by themselves, so nothing is fetched or run."""

from __future__ import annotations

from typing import Any

from docutils.nodes import SkipNode
from latex2mathml.converter import convert
from spacing import spaced

NAME = "mathml"


def setup(app: Any) -> None:
    """Register the renderer with Sphinx, which asks for it by the name `NAME`."""
    app.add_html_math_renderer(NAME, (_inline, None), (_displayed, None))


def _inline(translator: Any, node: Any) -> None:
    translator.body.append(_mathml(node.astext(), "inline"))
    raise SkipNode


def _displayed(translator: Any, node: Any) -> None:
    translator.body.append(f'<div class="formula">{_mathml(node.astext(), "block")}</div>')
    raise SkipNode


def _mathml(formula: str, display: str) -> str:
    """Return a formula as MathML; what the converter leaves as it was would be shown as it is."""
    found = str(convert(formula, display=display))
    if "\\" in found:
        raise ValueError(f"a command of this formula is not known to latex2mathml: {formula}")
    return spaced(found)
