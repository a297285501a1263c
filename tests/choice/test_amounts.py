"""Amounts with signs of money, and tasks without an answer: alike in long files and in surveys, never guessed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame

import estimation as est
from estimation.commands.market_inputs import products_of
from estimation.data.choices.survey import as_numbers

READ = {
    ("$2.50", "$1.05"): (2.5, 1.05),
    ("20%", "30 %"): (20, 30),
    ("€ 4", "€5"): (4, 5),
    ("$400", "$1,000"): (400, 1000),
    ("$1,200", "$1,500"): (1200, 1500),
    ("€400", "€1,000"): (400, 1000),
    ("1,250.50 €", "1,100 €"): (1250.5, 1100),
    ("€1,000,000", "€900"): (1e6, 900),
    ("-$1,000", "$20"): (-1000, 20),
    ("$1.234", "$2.345"): (1.234, 2.345),  # petrol
    ("€1.234", "€2.50"): (1.234, 2.5),
    ("1.234 €", "1500 €"): (1.234, 1500),
}
UNCLEAR = {
    ("$400", "$1,00"): ["$1,00"],  # a slip, or cents
    ("$1000", "$1,500"): ["$1,500"],  # why a comma in one and not in the other
    ("€1,234", "€2,345"): ["€1,234", "€2,345"],  # litres of petrol have such prices
    ("€2", "€1,234"): ["€1,234"],
    ("2 %", "1,234 %"): ["1,234 %"],
    ("1.234 €", "900 €"): ["1.234 €"],  # a thousand and more, as half of Europe writes it
    ("€1.234", "€2.345"): ["€1.234", "€2.345"],
    ("$0,500", "$0,250"): ["$0,500", "$0,250"],
    ("$5", "$1.000,50"): ["$1.000,50"],
    ("€5", "$6"): ["€5", "$6"],
    ("1,234", "2,500"): ["1,234", "2,500"],
    ("2,02 €", "3,76 €"): ["2,02 €", "3,76 €"],
}
"""What cannot be read → the cells at fault."""


def priced(texts):
    frame = choice_frame()
    return frame.assign(price=np.resize(texts, len(frame)))


@pytest.mark.parametrize(("texts", "numbers"), READ.items())
def test_one_sign_and_commas_between_thousands_are_left_out_in_every_form(texts, numbers, tmp_path):
    frame = priced(texts)
    plain = est.read_choices(frame.assign(price=np.resize(numbers, len(frame))))
    assert est.read_choices(frame).fingerprint == plain.fingerprint
    frame.to_csv(tmp_path / "long.csv", index=False)
    assert est.read_choices(tmp_path / "long.csv").fingerprint == plain.fingerprint
    assert as_numbers(pd.Series(texts, name="level")).tolist() == list(numbers)
    pd.DataFrame({"product": ["a", "b"], "price": texts}).to_csv(tmp_path / "products.csv", index=False)
    assert products_of(tmp_path / "products.csv")["price"].tolist() == list(numbers)


@pytest.mark.parametrize(("texts", "blamed"), UNCLEAR.items())
def test_what_may_be_another_number_is_refused_and_nothing_else_is_blamed(texts, blamed):
    with pytest.raises(est.DataError) as caught:
        est.read_choices(priced(texts))
    (problem,) = caught.value.problems
    assert f"'price' (as given) must be a number: row {texts.index(blamed[0])} has '{blamed[0]}'" in problem
    assert [text for text in texts if repr(text) in problem] == blamed


LONG = "resp,task,item,picked,price\n" + "".join(
    f"{who},{task},{item},{int(item == ('none' if who == task == 1 else 'ab'[(who + task) % 2]))},{5 + who + task}\n"
    for who in (1, 2)
    for task in (1, 2, 3)
    for item in ("a", "b", "none")
)


def long_of(text, tmp_path, outside="none"):
    (tmp_path / "long.csv").write_text(text, encoding="utf-8")
    about = {"situation": "task", "alternative": "item", "chosen": "picked", "subject": "resp"}
    return est.read_choices(tmp_path / "long.csv", **about, outside=outside)


@pytest.mark.parametrize("mark", ["0", "", " "])
def test_tasks_without_an_answer_are_left_out_and_counted_in_long_files_too(tmp_path, mark):
    full = long_of(LONG, tmp_path)
    lines = [
        ",".join([*line.split(",")[:3], mark, line.split(",")[4]]) if line.startswith("2,3,") else line
        for line in LONG.splitlines()
    ]
    table = long_of("\n".join(lines), tmp_path)
    assert table.caveats == ("1 task without an answer is left out.",)
    assert table.fingerprint == full.where(full.frame["situation"] != "2/3", "all but one").fingerprint


def test_zeros_everywhere_are_asked_about_where_nobody_ever_took_the_outside_option(tmp_path):
    """They may be how the file says "none of these": to leave them out would be to lose all who wanted nothing."""
    never = LONG.replace("1,1,none,1", "1,1,none,0").replace("2,3,b,1", "2,3,b,0")
    with pytest.raises(est.DataError, match="has no choice"):
        long_of(never, tmp_path)


def test_zeros_everywhere_are_none_of_these_where_that_has_no_row(tmp_path):
    without = "".join(line for line in LONG.splitlines(keepends=True) if ",none," not in line)
    table = long_of(without.replace("2,3,a,0", "2,3,a,0").replace("2,3,b,1", "2,3,b,0"), tmp_path)
    rows = table.frame
    assert table.caveats == ()
    assert rows.loc[rows["chosen"] & (rows["situation"] == "2/3"), "alternative"].tolist() == ["none"]


def test_zeros_everywhere_are_asked_about_where_no_option_means_none(tmp_path):
    with pytest.raises(est.DataError, match=r"has no choice: .* name the outside option"):
        long_of(LONG.replace("2,3,b,1", "2,3,b,0"), tmp_path, outside=None)


def test_a_task_with_some_empty_cells_is_no_unanswered_one(tmp_path):
    with pytest.raises(est.DataError, match=r"'chosen' .* is empty: line 19 has"):
        long_of(LONG.replace("2,3,none,0", "2,3,none,").replace("2,3,b,1", "2,3,b,0"), tmp_path)


def test_a_number_beside_amounts_has_another_unit_and_is_refused():
    wide = pd.DataFrame({"choice": ["a", "b"], "price.a": ["10%", "20%"], "price.b": [0.1, 0.2]})
    with pytest.raises(est.DataError, match=r"column 'price' .* must be a number: row 0 has '10%'"):
        est.choices_from_wide(wide, alternatives=["a", "b"], attributes=["price"])
    alone = est.choices_from_wide(wide.drop(columns="price.b"), alternatives=["a", "b"], attributes=["price"])
    assert alone.frame["price"].tolist() == [10.0, 0.0, 20.0, 0.0]
    long = pd.DataFrame({"situation": [1, 1], "alternative": ["a", "b"], "chosen": [1, 0], "price": ["$5", 7]})
    with pytest.raises(est.DataError, match=r"must be a number: row 0 has '\$5'"):
        est.read_choices(long)
