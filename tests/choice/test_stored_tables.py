"""A table that is written into a fit's file and read back is the same table."""

from __future__ import annotations

import pandas as pd

import estimation as est
from estimation.data.choices.columns import sorted_labels
from estimation.data.stored import from_dataset, to_dataset


def test_situations_numbered_anew_for_each_person_keep_their_order_and_fingerprint():
    rows = [
        {"subject": person, "situation": turn, "alternative": option, "chosen": option == "a", "x": turn * slope}
        for person in (2, 10)
        for turn in range(1, 13)
        for option, slope in (("a", 1.0), ("b", -1.0))
    ]
    table = est.ChoiceTable.from_frame(pd.DataFrame(rows))
    again = from_dataset(to_dataset(table), table.spec())
    assert again.fingerprint == table.fingerprint
    pd.testing.assert_frame_equal(again.frame, table.frame)
    assert list(table.frame["situation"].cat.categories[:3]) == ["2/1", "2/2", "2/3"]


def test_labels_are_sorted_piece_by_piece_and_numbers_by_size():
    assert sorted_labels({"10/2", "2/11", "2/3"}) == ["2/3", "2/11", "10/2"]
    assert sorted_labels({"b", "10", "9"}) == ["9", "10", "b"]
