"""A few named facts as lines of text or as a small HTML table."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def as_text(facts: Mapping[str, str]) -> str:
    """Return one line per fact, the values aligned."""
    width = max(map(len, facts))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in facts.items())


def as_html(facts: Mapping[str, str]) -> str:
    """Return the facts as an HTML table with two columns."""
    rows = [f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in facts.items()]
    return "<table>" + "".join(rows) + "</table>"
