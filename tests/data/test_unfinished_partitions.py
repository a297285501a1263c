"""Partitions that a simulation has still to write: the folder is refused until it goes on; others' is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from partition_builders import simulated

import estimation as est

TASTES = {"x1": (0.5, 0.5), "x2": (-1.0, 0.3)}
ACCURACIES = {"careful": 0.9, "hasty": 0.55}
SELLERS = {"trust": (0.6, 0.5), "first_weight": (4.0, 0.5), "receiver_precision": (4.0, 0.4), "lapse": (0.05, 0.5)}


def decided(folder, seed=3):
    return simulated(folder, people=9, each=3, seed=seed)


def chosen(folder, seed=3):
    size = {"people": 9, "each": 3, "choices": 3, "alternatives": 3, "seed": seed}
    return est.simulate_choice_partitions(est.MultinomialLogit(list(TASTES), random="all"), folder, TASTES, **size)


def sold(folder, seed=3):
    game = est.AdviceGame(("low", "high"), advisers=tuple(ACCURACIES))
    size = {"accuracies": ACCURACIES, "sellers": 9, "each": 3, "decisions": 4, "seed": seed}
    return est.simulate_marketplace(est.AdviserLearning(), game, folder, SELLERS, **size)


KINDS = {
    "messages": (decided, est.partitions),
    "marketplace": (sold, est.partitions),
    "choices": (chosen, est.choice_partitions),
}


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def contents(folder):
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def interrupted(write, folder, monkeypatch):
    """Fill a folder, up to the third file that would be written: the truth about people of the second partition."""
    made = []
    renamed = os.replace

    def replace(file, target):
        made.extend([target] * (Path(target).suffix == ".parquet"))
        if len(made) == 3:
            raise KeyboardInterrupt
        renamed(file, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            write(folder)


def test_what_an_interrupted_simulation_wrote_is_not_taken_for_the_whole(kind, tmp_path, monkeypatch):
    write, read = kind
    folder = tmp_path / "made"
    interrupted(write, folder, monkeypatch)
    assert len(list(folder.glob("*.parquet"))) == 1
    for looked_at in (folder, tmp_path):
        with pytest.raises(est.DataError, match=r"some partitions of .*made are still to come.*run it again"):
            read(looked_at)
    write(folder)
    write(tmp_path / "at once")
    assert contents(folder) == contents(tmp_path / "at once")
    assert read(folder).people == 9


def test_a_folder_with_partitions_of_others_is_refused_as_it_is(kind, tmp_path):
    write, _ = kind
    write(tmp_path)
    before = contents(tmp_path)
    with pytest.raises(est.DataError, match=r"(?s)part-00001\.parquet is not of this.*part-00003\.parquet is not of"):
        write(tmp_path, seed=4)
    assert contents(tmp_path) == before
    (tmp_path / "own.parquet").write_bytes((tmp_path / "part-00001.parquet").read_bytes())
    with pytest.raises(est.DataError, match=r"own\.parquet is not of this simulation"):
        write(tmp_path)
