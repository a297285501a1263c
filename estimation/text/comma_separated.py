"""Tables as comma-separated text whose cells may hold any sign.

Before Python 3.13 a carriage return is left without quotes where lines end in a line feed, and a reader takes it for
the end of a row: such text is written once more, with quotes around all words.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from typing import Any

import pandas as pd


def frame_text(frame: pd.DataFrame, index: bool = True) -> str:
    """Return a frame as text, its columns first; without its index if that says nothing."""
    return _quoted_if_needed(lambda quoting: frame.to_csv(index=index, lineterminator="\n", quoting=quoting))


def rows_text(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows of cells as text."""
    given = list(rows)

    def written(quoting: Any) -> str:
        stream = StringIO()
        csv.writer(stream, lineterminator="\n", quoting=quoting).writerows(given)
        return stream.getvalue()

    return _quoted_if_needed(written)


def _quoted_if_needed(written: Callable[[Any], str]) -> str:
    text = written(csv.QUOTE_MINIMAL)
    return written(csv.QUOTE_NONNUMERIC) if "\r" in text else text
