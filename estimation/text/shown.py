"""How objects show themselves in a notebook: a sentence, named facts, a table, notes; all text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from estimation.text.page import table_html

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 120  # characters of a fact; and as many numbers as fit


@dataclass(frozen=True, eq=False)
class Display:
    """What a notebook shows.

    Attributes
    ----------
    sentence
        What it is.
    facts
        Name → value, told one beneath the other.
    table
        Shown whole: keep it short.
    notes
        What is to be known besides.
    """

    sentence: str
    facts: Mapping[str, object] = field(default_factory=dict)
    table: pd.DataFrame | None = None
    notes: Iterable[str] = ()

    @property
    def html(self) -> str:
        """The display as HTML in which no text is read as a mark."""
        rows = "".join(
            f'<tr><th style="text-align:left">{escape(name)}</th><td style="text-align:left">{escape(briefly(value))}'
            "</td></tr>"
            for name, value in self.facts.items()
        )
        parts = [f"<p>{escape(self.sentence)}</p>", f"<table>{rows}</table>" if rows else ""]
        parts += [] if self.table is None else [table_html(self.table)]
        return "".join([*parts, *(f"<p>{escape(note)}</p>" for note in self.notes)])


class Shown:
    """Base of what shows itself in a notebook; the fields of a dataclass, unless `_display` says otherwise."""

    def _display(self) -> Display:
        """Return what is shown."""
        return Display(type(self).__name__, self._facts())

    def _facts(self) -> dict[str, object]:
        """Return what is told by name."""
        named: Any = self
        return (
            {each.name: getattr(self, each.name) for each in fields(named) if each.repr} if is_dataclass(self) else {}
        )

    def _repr_html_(self) -> str:
        return self._display().html


def briefly(value: object) -> str:
    """Return a value in a line: numbers with the digits that mean something, long lists by their ends."""
    value = getattr(value, "name", value) if isinstance(value, Shown) else value
    value = value.tolist() if hasattr(value, "tolist") else value
    match value:
        case None:
            return "not given"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6g}"
        case Mapping():
            return briefly(", ".join(f"{name}: {briefly(each)}" for name, each in value.items()) or "none")
        case list() | tuple() | set() | frozenset():
            return _listed([briefly(each) for each in value])
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 2] + " …"


def _listed(words: list[str]) -> str:
    whole = ", ".join(words)
    if len(whole) <= LONGEST:
        return whole or "none"
    return f"{', '.join(words[:4])[: LONGEST // 2]}, …, {words[-1][: LONGEST // 3]} ({len(words):,} in all)"


def first_line(text: str | None) -> str:
    """Return the first sentence of a docstring, without its full stop."""
    return (text or "").strip().split("\n\n")[0].replace("\n", " ").strip().removesuffix(".")
