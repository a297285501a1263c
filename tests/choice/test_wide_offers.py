"""Wide tables: which alternatives were available is read as it is said, or refused; nothing that is said is dropped."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import estimation as est

CODES = {1: "TRAIN", 2: "SM", 3: "CAR"}
SHAPE = {"attributes": ["TT"], "columns": "{alternative}_{attribute}", "choice": "CHOICE", "subject": "ID"}


@pytest.fixture
def trips():
    """Forty trips by code of the alternative; the car is there in some of them."""
    rng = np.random.default_rng(4)
    there = np.column_stack([np.ones((40, 2), dtype=int), rng.integers(0, 2, 40)])
    times = rng.uniform(0.5, 3, (40, 3))
    taken = np.where(there == 1, rng.gumbel(size=(40, 3)) - times, -np.inf).argmax(axis=1) + 1
    frame = pd.DataFrame({"ID": np.arange(40), "CHOICE": taken})
    for place, name in enumerate(CODES.values()):
        frame[f"{name}_TT"], frame[f"{name}_AV"] = times[:, place], there[:, place]
    return frame


def read(frame, **options):
    return est.choices_from_wide(frame, **({"alternatives": CODES} | SHAPE | options))


def said(frame, **options) -> str:
    with pytest.raises(est.DataError) as caught:
        read(frame, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "available",
    [
        {"TRAIN": "TRAIN_AV", "SM": "SM_AV", "CAR": "CAR_AV"},
        {1: "TRAIN_AV", 2: "SM_AV", 3: "CAR_AV"},
        {1.0: "TRAIN_AV", "2": "SM_AV", np.int64(3): "CAR_AV"},
        {3: "CAR_AV"},
        pd.Series({"CAR": "CAR_AV"}),
    ],
)
def test_availability_is_the_same_by_pattern_by_name_and_by_code(trips, available):
    expected = trips["TRAIN_AV"].sum() + trips["SM_AV"].sum() + trips["CAR_AV"].sum()
    table = read(trips, available=available)
    assert len(table.rows) == expected < 120
    assert table.fingerprint == read(trips, available="{alternative}_AV").fingerprint


@pytest.mark.parametrize(
    ("available", "words"),
    [
        (
            {"car": "CAR_AV", 4: "SM_AV"},
            "available['car'] is none of the alternatives; there are ['TRAIN', 'SM', 'CAR']",
        ),
        ({"car": "CAR_AV", 4: "SM_AV"}, "available[4] is none of"),
        ({3: "CAR_AV", "CAR": "SM_AV"}, "available['CAR'] is 'CAR' once more"),
        ("AV", "available 'AV' lacks {alternative}"),
        (["TRAIN_AV"], "available must be a pattern"),
        ({3: "CAR_OPEN"}, "column 'CAR_OPEN' is missing"),
    ],
)
def test_availability_of_what_there_is_not_is_refused(trips, available, words):
    assert words in said(trips, available=available)


def test_a_key_that_is_the_code_of_one_alternative_and_the_name_of_another_is_refused(trips):
    swapped = trips.rename(columns=lambda name: name.replace("TRAIN", "2").replace("SM", "1"))
    text = said(swapped, alternatives={1: "2", 2: "1", 3: "CAR"}, available={1: "2_AV"})
    assert "the code of one alternative and the name of another" in text


def test_an_empty_cell_of_availability_is_neither_yes_nor_no(trips):
    holes = trips.assign(CAR_AV=trips["CAR_AV"].where(trips["CHOICE"] != 3), SM_AV=trips["SM_AV"].astype(object))
    holes.loc[7, "SM_AV"] = "perhaps"
    row, text = holes.index[holes["CAR_AV"].isna()][0], said(holes, available="{alternative}_AV")
    assert f"column 'CAR_AV' (0 or 1) is empty: row {row} has nothing" in text
    assert (
        "column 'SM_AV' (0 or 1) must be 0 or 1: row 7 has 'perhaps'; write 1 where the alternative was available"
        in (text)
    )
    assert "was not available" not in text


def test_patterns_tell_alternatives_and_attributes_apart(trips):
    assert "columns 'TT' lacks {attribute}" in said(trips, columns="TT")
    assert "columns '{attribute}' lacks {alternative}" in said(trips, columns="{attribute}")
    assert "columns must be a text" in said(trips, columns=5)


def test_codes_are_numbers_with_or_without_a_point_and_stand_for_one_alternative(trips):
    assert read(trips, alternatives={float(code): name for code, name in CODES.items()}) == read(trips)
    text = said(trips, alternatives={1: "TRAIN", "1": "SM", 3: "CAR"})
    assert "code '1' stands for 'TRAIN' and for 'SM'" in text
    assert "alternatives must be their names" in said(trips, alternatives=None)


def test_an_alternative_that_nobody_took_and_no_column_describes_is_refused(trips):
    assert "alternative 'BUS' has none of the columns ['BUS_TT'], and nobody took it" in said(
        trips, alternatives=CODES | {4: "BUS"}
    )
    some = trips.assign(CHOICE=trips["CHOICE"].where(trips["ID"] > 4, 4))
    assert read(some, alternatives=CODES | {4: "BUS"}).alternatives == ["BUS", "CAR", "SM", "TRAIN"]


def test_what_was_offered_is_said_once_and_is_an_alternative():
    tasks = pd.DataFrame({"choice": list("abc"), "one": list("abc"), "two": ["b", "d", "a"], "price.a": 1.0})
    tasks = tasks.assign(**{"price.b": 2.0, "price.c": 3.0})
    how = {"alternatives": list("abc"), "attributes": ["price"], "offered": ["one", "two"]}
    with pytest.raises(est.DataError, match=r"column 'two'.* is none of the alternatives: row 1 has 'd'"):
        est.choices_from_wide(tasks, **how)
    fine = tasks.assign(two=["b", "c", None])
    with pytest.raises(est.DataError, match="available and offered both"):
        est.choices_from_wide(fine, available={"a": "one"}, **how)
    numbers = fine.replace({"a": 1, "b": 2, "c": 3}).assign(two=[2.0, 3.0, np.nan], one=[1.0, 2.0, 3.0])
    coded = est.choices_from_wide(numbers.head(2), **how | {"alternatives": {1: "a", 2: "b", 3: "c"}})
    assert coded.fingerprint == est.choices_from_wide(fine.head(2), **how).fingerprint


@pytest.mark.parametrize("attributes", [{"prize": "price", "time": "time"}, {"price": "price", "color": "colour"}])
@pytest.mark.parametrize("wide", ["{attribute}.{alternative}", "{attribute}.{alternative}.{task}"])
def test_attributes_that_no_column_is_named_like_are_refused_in_layouts(attributes, wide):
    end = ".1" if "task" in wide else ""
    frame = pd.DataFrame({f"{name}.{at}{end}": [1.0, 2.0, 3.0] for name in ("price", "time") for at in "ab"})
    frame["pick1" if end else "choice"] = ["a", "b", "a"]
    layout = est.ChoiceLayout(wide=wide, chosen="pick{task}" if end else None, attributes=attributes)
    with pytest.raises(est.DataError, match=r"attribute '(prize|color)' has no column named like"):
        layout.table(frame)


def test_attributes_of_long_files_are_columns_that_are_there():
    frame = pd.DataFrame({"situation": [1, 1], "alternative": ["a", "b"], "chosen": [1, 0], "price": [1.0, 2.0]})
    layout = est.ChoiceLayout(attributes={"prize": "price"})
    with pytest.raises(est.DataError, match="column 'prize' is missing"):
        layout.table(frame)
    assert est.ChoiceLayout(attributes={"price": "cost"}).table(frame).attributes == ["cost"]
