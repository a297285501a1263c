"""Choices in partitions: whole people in every file, whatever the order of rows; all that is wrong told at once."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pandas as pd
import pytest
from choice_builders import choice_frame, with_outside

import estimation as est

TASTES = {"x1": (0.5, 0.5), "x2": (-1.0, 0.3)}


def simulated(folder, people=50, **more):
    model = est.MultinomialLogit(list(TASTES), random="all")
    size = {"people": people, "each": 20, "choices": 3, "alternatives": 3, "seed": 3}
    return est.simulate_choice_partitions(model, folder, TASTES, **size | more)


def together(parts, outside=None):
    frame = pd.concat([parts.read(part).frame for part in parts.parts])
    labels = {name: str for name in frame if str(frame[name].dtype) == "category"}
    return est.ChoiceTable.from_frame(frame.astype(labels), outside=outside, name="whole", synthetic=True)


@pytest.mark.parametrize("stored", ["table", "csv", "parquet"])
def test_choices_that_are_written_as_partitions_are_the_same_data(tmp_path, stored):
    table = with_outside(people=30)
    data = table
    if stored != "table":
        data = tmp_path / f"choices.{stored}"
        frame = table.frame.astype({"subject": str, "situation": str, "alternative": str}).sample(
            frac=1, random_state=1
        )
        frame = frame.rename(columns={"subject": "who", "chosen": "taken"})
        frame.to_csv(data, index=False) if stored == "csv" else frame.to_parquet(data)
    names = {} if stored == "table" else {"subject": "who", "chosen": "taken", "outside": "nothing", "name": "made"}
    parts = est.write_choice_partitions(data, tmp_path / "parts", 4, **names)
    assert together(parts, "nothing").fingerprint == table.fingerprint
    people = [set(parts.read(part).subjects) for part in parts.parts]
    assert sum(map(len, people)) == len(set().union(*people)) == parts.people == len(table.subjects)
    assert (len(parts), parts.outside, parts.alternatives) == (len(table), "nothing", table.alternatives)
    assert parts.subjects == sorted(table.subjects)
    with pytest.raises(est.DataError, match="holds Parquet files already"):
        est.write_choice_partitions(data, tmp_path / "parts", 4, **names)


def test_numbers_of_partitions_that_make_no_sense_and_a_missing_library_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr("estimation.data.choices.partitions.writer.find_spec", lambda _: None)
    with pytest.raises(est.DataError, match=r"(?s)of at least 1, not 0.*pip install 'estimation\[partitions\]'"):
        est.write_choice_partitions(with_outside(people=3), tmp_path / "parts", 0)


def test_a_column_is_one_of_numbers_if_all_its_cells_are(tmp_path):
    frame = choice_frame(people=4)
    frame["price"] = [1.0] * (len(frame) - 1) + [2.5]
    frame = frame.assign(code=[f"x{place}" for place in range(len(frame))], price=frame["price"].map("{:g}".format))
    frame.to_csv(tmp_path / "choices.csv", index=False)
    parts = est.write_choice_partitions(tmp_path / "choices.csv", tmp_path / "parts", 2)
    read = pd.concat([pd.read_parquet(file) for file in parts.folder.glob("*.parquet")])
    assert [str(read[name].dtype) for name in ("price", "income")] == ["float64", "float64"]
    assert (set(read["price"]), set(read["code"])) == ({1.0, 2.5}, set(frame["code"]))


def test_every_alternative_and_label_occurs_in_the_example_wherever_it_is(tmp_path):
    frame = choice_frame(people=300, situations=8).assign(brand="common", size=2)
    frame.loc[frame["subject"] == "s211", ["brand", "size"]] = ["rare", 5]
    last = frame.index[frame["subject"] == "s250"][-1]
    frame.loc[last, "alternative"] = "z"
    frame.to_parquet(tmp_path / "choices.parquet")
    parts = est.write_choice_partitions(tmp_path / "choices.parquet", tmp_path / "parts", 3)
    assert parts.alternatives == ["a", "b", "c", "z"]
    rows = parts.example.rows
    assert (set(rows["brand"]), set(rows["size"])) == ({"common", "rare"}, {2.0, 5.0})
    assert len(parts.example) < len(parts) / 2


def test_folders_that_cannot_be_partitions_are_refused_with_every_reason(tmp_path):
    parts = simulated(tmp_path / "parts")
    first, second, third = (pd.read_parquet(parts.file_of(part)) for part in parts.parts)
    pd.concat([second, first[first["subject"] == first["subject"][0]]]).to_parquet(parts.file_of(parts.parts[1]))
    third.drop(columns="chosen").to_parquet(parts.file_of(parts.parts[2]))
    (parts.folder / "part-9.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(est.DataError) as caught:
        est.choice_partitions(parts.folder)
    for words in (
        "'00001-000000' is in 'part-00001' and in 'part-00002'",
        "column 'chosen' is missing",
        "part-9.parquet cannot be read as Parquet",
    ):
        assert words in str(caught.value)
    with pytest.raises(est.DataError, match="is not a folder"):
        est.choice_partitions(tmp_path / "nowhere")


def test_what_is_wrong_with_rows_is_told_with_the_partition(tmp_path):
    parts = simulated(tmp_path / "parts")
    bad = pd.read_parquet(parts.file_of(parts.parts[1])).assign(chosen=True)
    bad.to_parquet(parts.file_of(parts.parts[1]))
    with pytest.raises(est.DataError, match="has changed since it was looked at"):
        parts.read(parts.parts[1])
    found = hashlib.sha256(parts.file_of(parts.parts[1]).read_bytes()).hexdigest()
    with pytest.raises(est.DataError, match=r"(?s)Partition 'part-00002'.*more than one choice: row 0"):
        parts.read(replace(parts.parts[1], sha256=found))
    with pytest.raises(est.DataError, match=r"part-00002\.parquet: column 'situation' .* more than one choice: row 0"):
        est.choice_partitions(parts.folder)
    with pytest.raises(est.DataError, match="never collected"):
        _ = parts.rows


def test_simulated_choices_are_written_once_and_labelled(tmp_path):
    parts = simulated(tmp_path)
    assert parts.label.endswith("(SYNTHETIC)")
    assert "SYNTHETIC" in repr(parts)
    assert ([part.people for part in parts.parts], len(parts)) == ([20, 20, 10], 150)
    parts.file_of(parts.parts[1]).unlink()
    assert simulated(tmp_path) == parts
    truth = pd.read_parquet(tmp_path / "_truth" / "part-00003.parquet")
    assert truth["subject"].tolist() == parts.read(parts.parts[2]).subjects
    with pytest.raises(est.DataError, match="is not of this simulation"):
        simulated(tmp_path, seed=9)
    model, shared = est.MultinomialLogit(["x1", "x2"]), {"x1": (0.0, 0.0)}
    with pytest.raises(est.DataError, match=r"(?s)alternatives must be.*'x2' is missing"):
        est.simulate_choice_partitions(model, tmp_path, shared, people=5, choices=1, alternatives=1, seed=1)
    triangular = est.MultinomialLogit(["x1"], random="all", distributions={"x1": "triangular"})
    with pytest.raises(est.DataError, match="tastes of one normal"):
        est.simulate_choice_partitions(triangular, tmp_path, shared, people=5, choices=1, alternatives=2, seed=1)


def test_weights_of_a_survey_are_refused_for_partitions(tmp_path):
    frame = choice_frame().assign(w=lambda rows: 1.5 + rows.groupby("situation", sort=False).ngroup() % 2)
    table = est.read_choices(frame, weight="w")
    with pytest.raises(est.DataError, match="weights of a survey are not read from partitions"):
        est.write_choice_partitions(table, tmp_path / "parts", 2)


def test_a_file_of_one_column_is_not_taken_for_choices(tmp_path):
    (tmp_path / "choices.csv").write_text("subject;situation\n1;1\n1;2\n")
    with pytest.raises(est.DataError, match="one column only; cells are to be separated by ','"):
        est.write_choice_partitions(tmp_path / "choices.csv", tmp_path / "parts", 2)


def test_partitions_are_the_same_from_a_folder_of_pieces_and_from_one_file(tmp_path):
    """A person's rows may lie in two stored files; the partition has all of them."""
    frame = choice_frame(people=12, situations=6)
    (tmp_path / "pieces").mkdir()
    frame[::2].to_parquet(tmp_path / "pieces" / "even.parquet")
    frame[1::2].to_parquet(tmp_path / "pieces" / "odd.parquet")
    frame.to_parquet(tmp_path / "whole.parquet")
    pieces = est.write_choice_partitions(tmp_path / "pieces", tmp_path / "from_pieces", 3)
    whole = est.write_choice_partitions(tmp_path / "whole.parquet", tmp_path / "from_whole", 3)
    assert together(pieces).fingerprint == together(whole).fingerprint
    assert (pieces.people, len(pieces)) == (12, 72)


def test_a_column_that_has_many_numbers_further_down_is_no_list_of_labels(tmp_path):
    """Prices that are the same in the first 10,000 rows and differ later do not all occur in the example."""
    frame = choice_frame(people=1_100, situations=4)
    frame["late"] = [2.0 if place < 10_000 else place / 7 for place in range(len(frame))]
    parts = est.write_choice_partitions(est.read_choices(frame), tmp_path / "parts", 1)
    assert len(parts.example) < len(parts) / 4
    assert parts.example.rows["late"].nunique() < frame["late"].nunique() / 4
