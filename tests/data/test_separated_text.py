"""Cells of text files: what separates them, columns without a name, and points between thousands."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import games_of, make_frame
from choice_builders import choice_frame

import estimation as est


def choices_of(prices, tmp_path, separator=";", **further):
    frame = choice_frame()
    places = [place % len(prices) for place in range(len(frame))]
    frame = frame.assign(price=[prices[place] for place in places], **further)
    frame.to_csv(tmp_path / "long.csv", sep=separator, index=False)
    return est.read_choices(tmp_path / "long.csv").frame["price"].tolist()


@pytest.mark.parametrize("prices", [["8.600", "900"], ["1.234.567", "2.000"]])
def test_points_that_may_stand_between_thousands_are_refused_beside_semicolons(tmp_path, prices):
    with pytest.raises(
        est.DataError, match=rf"thousands or before decimals: column 'price' as '{prices[0]}'; write 1234"
    ):
        choices_of(prices, tmp_path, quality=2)


@pytest.mark.parametrize("prices", [["8.6", "1.250"], ["8.600", "1250"], ["0.125", "1.250"], ["1.2340", "2.500"]])
def test_points_that_are_decimals_for_certain_are_read_so(tmp_path, prices):
    assert set(choices_of(prices, tmp_path, quality=2)) == set(map(float, prices))


def test_points_are_those_of_thousands_where_decimals_follow_a_comma(tmp_path):
    assert set(choices_of(["8.600", "900"], tmp_path, quality="0,5")) == {8600.0, 900.0}
    assert set(choices_of(["8.600,50", "1.250,00", "3,75"], tmp_path, quality=2)) == {8600.5, 1250.0, 3.75}


def test_beside_commas_and_tabulators_a_point_is_a_decimal_point(tmp_path):
    for separator in (",", "\t"):
        assert set(choices_of(["8.600", "1.250"], tmp_path, separator, quality=2)) == {8.6, 1.25}


@pytest.mark.parametrize(
    "prices", [["8\u202f600", "1\u00a0250"], ["8\u2019600", "1\u2019250"], ["\u22121.50", "\u22122"]]
)
def test_numbers_as_they_are_printed_are_no_labels(tmp_path, prices):
    """Otherwise each price would be a level of its own."""
    with pytest.raises(est.DataError, match=r"column 'price' .* must be a number"):
        choices_of(prices, tmp_path, ",")


def test_covariates_that_are_text_because_of_signs_are_told(tmp_path):
    frame = make_frame().assign(income="1,250", country="NL")
    table = est.Table.from_frame(frame, games_of())
    assert table.caveats == (
        "Column 'income' is text: its cells are numbers with signs, as '1,250'; "
        "write digits alone if numbers are meant.",
    )


def test_columns_without_name_and_content_are_none_and_others_stay(tmp_path):
    plain = make_frame()
    plain.to_csv(tmp_path / "plain.csv", index=False)
    lines = (tmp_path / "plain.csv").read_text().splitlines()
    (tmp_path / "data.csv").write_text("\n".join(f",{line},, " for line in lines))
    told = est.read_table(tmp_path / "data.csv", games_of())
    assert told.fingerprint == est.read_table(tmp_path / "plain.csv", games_of()).fingerprint
    (tmp_path / "data.csv").write_text("\n".join(f"{line},{'x' * bool(place)}" for place, line in enumerate(lines)))
    assert set(est.read_table(tmp_path / "data.csv", games_of()).frame[""]) == {"x"}


def test_a_first_line_that_says_the_separator_is_no_row_and_lines_keep_their_numbers(tmp_path):
    frame = make_frame()
    text = "sep=;\n" + frame.to_csv(index=False, sep=";")
    (tmp_path / "data.csv").write_text(text)
    pd.testing.assert_frame_equal(
        est.read_table(tmp_path / "data.csv", games_of()).frame, est.Table.from_frame(frame, games_of()).frame
    )
    (tmp_path / "data.csv").write_text(text.replace(";sender;", ";sender;x", 1))
    with pytest.raises(est.DataError, match="line 3 has 'x"):
        est.read_table(tmp_path / "data.csv", games_of())
