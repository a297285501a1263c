"""Alternatives called none, and cells that hold NA: a name is a name, and what may be no name is shown, not guessed."""

from __future__ import annotations

import pytest

import estimation as est
from estimation.commands.market_inputs import products_of

NONES = ("none", "None", "NONE", "null", "n/a", ".")
NOTHINGS = ("NA", "NaN", "nan")
LONG = "task,concept,picked,price\n1,1,1,4\n1,2,0,6\n1,{0},0,\n2,1,0,4\n2,2,0,6\n2,{0},1,\n"


@pytest.fixture
def read(tmp_path):
    def reading(text, name="choices.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return reading


def long_of(file, **options):
    return est.read_choices(file, situation="task", alternative="concept", chosen="picked", **options)


@pytest.mark.parametrize("name", NONES)
def test_an_alternative_may_be_called_none_beside_others_that_are_numbers(read, name):
    table = long_of(read(LONG.format(name)), outside=name)
    assert table.alternatives == ["1", "2", name]
    assert table.outside == name
    rows = table.frame
    assert rows.loc[rows["chosen"], "alternative"].tolist() == ["1", name]
    assert rows["price"].tolist() == [4, 6, 0, 4, 6, 0]


@pytest.mark.parametrize("name", NOTHINGS)
@pytest.mark.parametrize("column", ["alternative", "concept"])
def test_a_cell_that_may_be_empty_is_refused_as_it_stands_whatever_the_column_is_called(read, name, column):
    file = read(LONG.format(name).replace("concept", column))
    with pytest.raises(est.DataError, match=rf"is empty: line 4 has '{name}', .*; if '{name}' is a name, write it oth"):
        est.read_choices(file, situation="task", alternative=column, chosen="picked", outside="none")


def test_an_empty_cell_still_has_nothing(read):
    with pytest.raises(est.DataError, match=r"'alternative' .* is empty: line 4 has nothing, .* or drop the row$"):
        long_of(read(LONG.format("")))


def test_labels_of_attributes_may_be_none_too(read):
    table = long_of(read(LONG.format("3").replace(",4\n", ",none\n").replace(",6\n", ",lowest\n")))
    assert table.frame["price"].dropna().tolist() == ["none", "lowest", "none", "lowest"]


def test_in_wide_files_none_is_what_was_taken_and_na_is_no_answer(read):
    text = "choice,price_1,price_2\n1,4,6\n{0},4,6\n2,4,6\n"
    about = {"alternatives": ["1", "2"], "attributes": ["price"], "columns": "{attribute}_{alternative}"}
    taken = est.choices_from_wide(read(text.format("none")), **about, outside="none")
    assert taken.frame.loc[taken.frame["chosen"], "alternative"].tolist() == ["1", "none", "2"]
    with pytest.raises(est.DataError, match="is none of the alternatives: line 3 has 'none'"):
        est.choices_from_wide(read(text.format("none")), **about)
    with pytest.raises(est.DataError, match="is empty: line 3 has 'NA'"):
        est.choices_from_wide(read(text.format("NA")), **about)


def test_counts_rankings_and_best_worst_tasks_know_an_item_that_is_called_none(read):
    counts = read("market,good,sold\n1,1,30\n1,none,70\n2,1,50\n2,none,50\n")
    table = est.choices_from_counts(counts, market="market", alternative="good", count="sold", outside="none")
    assert table.alternatives == ["1", "none"]
    ranks = read("task,item,rank\n1,1,2\n1,2,1\n1,none,3\n")
    assert est.read_ranks(ranks, situation="task", alternative="item").alternatives == ["1", "2", "none"]
    tasks = read("one,two,three,best,worst\n1,2,none,1,none\n2,none,1,none,2\n")
    assert est.read_best_worst(tasks, offered=["one", "two", "three"]).alternatives == ["1", "2", "none"]


def test_a_product_may_be_called_none(read):
    products = products_of(read("product,price\n1,4\nnone,6\n"))
    assert products["alternative"].tolist() == ["1", "none"]
