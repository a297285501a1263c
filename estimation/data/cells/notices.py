"""What may be wrong with labels and columns, though nobody can know it: told, and left as it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

from estimation.data.cells.cells import EMPTY, MARKED
from estimation.data.cells.rows import list_some, show

NUMBER = re.compile(r"([+-]?)0*(\d+?)(?:\.(\d*?)0*)?")


def look_alikes(name: str, labels: Iterable[str]) -> list[str]:
    """Say which labels of a column a reader would take for one: ``001``, ``1`` and ``1.0``, or ``Ann`` and ``ann``."""
    groups: dict[str, list[str]] = {}
    for label in sorted(set(labels)):
        groups.setdefault(_seen(label), []).append(label)
    alike = [" and ".join(map(show, group)) for group in groups.values() if len(group) > 1]
    if not alike:
        return []
    return [f"Labels of {name} look alike and are told apart: {list_some(alike, 'groups')}; spell what is one alike."]


def alike_labels(frame: pd.DataFrame, besides: Iterable[str] = ()) -> list[str]:
    """Say which labels in columns of text, but some of them, a reader would take for one; see `look_alikes`."""
    notes = []
    for name in frame.columns:
        cells = frame[name]
        if isinstance(cells.dtype, pd.CategoricalDtype):
            texts = cells.cat.categories
        elif cells.dtype == object or pd.api.types.is_string_dtype(cells.dtype):
            texts = pd.Index(cells.dropna().unique())
        else:
            continue
        if name not in besides:
            notes += look_alikes(str(name), [text for text in texts if isinstance(text, str)])
    return notes


def half_numbers(frame: pd.DataFrame, standard: Iterable[str]) -> list[str]:
    """Say which covariates are text because of a few cells among numbers, of signs around them, or for nothing."""
    notes = []
    for name in frame.columns:
        if name in standard or not pd.api.types.is_string_dtype(frame[name].dtype):
            continue
        cells = frame[name].dropna().astype(str)
        cells = cells[~cells.str.strip().str.lower().isin(EMPTY)]
        words = cells[pd.to_numeric(cells, errors="coerce").isna()]
        if 0 < len(words) < len(cells):
            note = f"Column {name!r} is text: {len(cells) - len(words):,} cells spell numbers, {show(words.iloc[0])}"
            notes.append(f"{note} does not; correct it if numbers are meant.")
        elif len(words) and words.str.strip().str.fullmatch(MARKED).all():
            note = f"Column {name!r} is text: its cells are numbers with signs, as {show(words.iloc[0])}"
            notes.append(f"{note}; write digits alone if numbers are meant.")
        elif len(cells) and not len(words):
            note = f"Column {name!r} is text though all its cells spell numbers, as {show(cells.iloc[0])}"
            notes.append(f"{note}: each is a category of its own; make numbers of them if these are meant.")
    return notes


def _seen(label: str) -> str:
    """Return what is left of a label without capitals, blanks, signs that are not seen and zeros that say nothing."""
    if not label.isascii():
        label = "".join(sign for sign in unicodedata.normalize("NFKC", label) if unicodedata.category(sign) != "Cf")
    text = "".join(label.split()).casefold()
    number = NUMBER.fullmatch(text)
    return "".join(("-" * (number[1] == "-"), number[2], "." * bool(number[3]), number[3] or "")) if number else text
