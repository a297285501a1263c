"""Tables written as comma-separated text: every cell comes back, whatever signs it holds."""

from __future__ import annotations

import csv
from io import StringIO

import pandas as pd

from estimation.text.comma_separated import frame_text, rows_text

HARD = ["\rreturn", "line\nfeed", "both\r\n", 'a "quote"', "comma, comma", " space", "plain"]


def read(text):
    return list(csv.reader(StringIO(text, newline="")))


def test_every_sign_comes_back_from_a_frame_and_from_rows():
    frame = pd.DataFrame({"label\r": HARD, "number": range(len(HARD))})
    rows = [list(frame.columns), *([label, str(place)] for place, label in enumerate(HARD))]
    assert read(frame_text(frame, index=False)) == rows
    assert read(frame_text(frame.set_index("label\r"))) == rows
    assert read(rows_text(rows)) == rows


def test_words_have_quotes_only_where_a_reader_needs_them():
    assert frame_text(pd.DataFrame({"label": ["a", "b c"], "number": [1.5, 2.0]}), index=False) == (
        "label,number\na,1.5\nb c,2.0\n"
    )
