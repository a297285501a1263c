"""Folders of partitions: whole people in every file, everything that is wrong told at once, and SYNTHETIC kept."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from builders import forecast_game

import estimation as est
from estimation.data.partitions import writer
from estimation.data.partitions.parquet import write_parquet

GAMES = {"risky": forecast_game()}
POPULATION = {"sender_precision": (0.006, 0.5), "lapse": (0.05, 0.5)}


def simulated(folder, people=60, each=20, **more):
    size = {"people": people, "each": each, "decisions": 4, "roles": ("sender",), "seed": 3}
    return est.simulate_partitions(est.Honest(), GAMES, folder, POPULATION, **size | more)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    return simulated(tmp_path_factory.mktemp("people"))


def test_folders_that_cannot_be_partitions_are_refused_with_every_reason(tmp_path, parts):
    for file in sorted(parts.folder.glob("*.parquet"))[:2]:
        shutil.copy(file, tmp_path)
    shutil.copy(tmp_path / "part-00001.parquet", tmp_path / "part-9.parquet")
    frame = pd.read_parquet(tmp_path / "part-00002.parquet")
    frame.assign(condition="other").to_parquet(tmp_path / "part-00002.parquet")
    frame.drop(columns="role").to_parquet(tmp_path / "part-8.parquet")
    with pytest.raises(est.DataError) as caught:
        est.partitions(tmp_path, GAMES)
    told = str(caught.value)
    for words in (
        "is in 'part-00001' and in 'part-9'",
        "20 people in all are in two",
        "'other' has no game",
        "'role' is missing",
    ):
        assert words in told
    (tmp_path / "empty").mkdir()
    with pytest.raises(est.DataError, match="holds no Parquet files"):
        est.partitions(tmp_path / "empty", GAMES)


def test_a_table_that_is_written_as_partitions_is_the_same_data(tmp_path):
    table = est.load("simulated_forecast_sharing")
    parts = est.write_partitions(table, tmp_path / "people", people=17)
    frame = pd.concat([parts.read(part).frame for part in parts.parts])
    assert (
        est.Table.from_frame(frame, est.read_games(tmp_path / "people" / "games.toml")).fingerprint == table.fingerprint
    )
    assert (parts.people, len(parts), parts.decisions) == (len(table.subjects), len(table), table.decisions)
    assert parts.label.endswith("(SYNTHETIC)")
    with pytest.raises(est.DataError, match="holds Parquet files already"):
        est.write_partitions(table, tmp_path / "people")


@pytest.mark.parametrize("ends", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_table_that_is_written_only_in_part_is_no_partitions(tmp_path, monkeypatch, ends):
    """Half of the people are never taken for all of them, whether writing ends within a file or between two."""
    table, folder = est.load("simulated_forecast_sharing"), tmp_path / "people"
    written = []

    def third_fails(*given):
        written.append(given)
        if len(written) == 3:
            raise ends
        return write_parquet(*given)

    with monkeypatch.context() as patch:
        patch.setattr(writer, "write_parquet", third_fails)
        with pytest.raises((KeyboardInterrupt, est.DataError)):
            est.write_partitions(table, folder, people=10)
    assert len(written) == 3
    assert list(folder.iterdir()) == []
    (folder / ".part-00001.parquet.partial").write_bytes(b"a process that was killed left this")
    assert est.write_partitions(table, folder, people=17).people == len(table.subjects)
    assert not list(folder.glob(".*"))


def test_files_that_cannot_have_their_names_leave_none_behind(tmp_path):
    (tmp_path / "games.toml").mkdir()
    with pytest.raises(est.DataError, match="nothing was written to"):
        est.write_partitions(est.load("simulated_forecast_sharing"), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["games.toml"]


def test_simulated_people_are_written_once_and_labelled(tmp_path, parts):
    few = simulated(tmp_path, people=5, each=2)
    assert few.synthetic
    assert [part.people for part in few.parts] == [2, 2, 1]
    few.file_of(few.parts[1]).unlink()
    assert simulated(tmp_path, people=5, each=2) == few
    with pytest.raises(est.DataError, match="is not of this simulation"):
        simulated(tmp_path, people=5, each=2, seed=9)
    truth = pd.read_parquet(parts.folder / "_truth" / "part-00002.parquet")
    assert truth["subject"].tolist() == parts.read(parts.parts[1]).subjects


@pytest.mark.parametrize("mark", [b"{", b"5", b'{"SYNTHETIC": 1}', b"\xff", b"[" * 100_000, b'["SYNTHETIC", 5]'])
def test_whatever_a_file_says_of_itself_it_is_read(tmp_path, parts, mark):
    parquet = pytest.importorskip("pyarrow.parquet")
    content = parquet.read_table(next(parts.folder.glob("*.parquet"))).replace_schema_metadata({"estimation": mark})
    parquet.write_table(content, tmp_path / "part-1.parquet")
    found = est.partitions(tmp_path, GAMES)
    assert (found.people, found.synthetic) == (20, mark.startswith(b'["SYNTHETIC"'))


def test_folders_that_other_programs_call_as_files_are_looked_into(tmp_path, parts):
    for file in parts.folder.glob("*.parquet"):
        (tmp_path / file.name).mkdir()
        shutil.copy(file, tmp_path / file.name / "part-0.parquet")
    assert est.partitions(tmp_path, GAMES).people == parts.people


def test_a_column_that_a_file_has_twice_is_not_chosen_from(tmp_path, parts):
    parquet = pytest.importorskip("pyarrow.parquet")
    content = parquet.read_table(next(parts.folder.glob("*.parquet")))
    parquet.write_table(content.append_column("message", content["message"]), tmp_path / "part-1.parquet")
    with pytest.raises(est.DataError, match="duplicate field names"):
        est.partitions(tmp_path, GAMES)


@pytest.mark.parametrize("label", [["p1"], {"name": "p1"}])
def test_lists_and_records_are_no_labels(tmp_path, parts, label):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    content = parquet.read_table(next(parts.folder.glob("*.parquet")))
    parquet.write_table(
        content.set_column(0, content.column_names[0], arrow.array([label] * len(content))), tmp_path / "part-1.parquet"
    )
    with pytest.raises(est.DataError, match="holds lists or records"):
        est.partitions(tmp_path, GAMES)
