"""People in partitions: one partition is open at a time, and nothing finished is lost to what is killed or damaged."""

from __future__ import annotations

import gc
import shutil
import weakref
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from partition_builders import simulated

import estimation as est
from estimation.data.partitions.partitions import Partitions
from estimation.inference.partitioned import fit as partitioned_fit
from estimation.inference.partitioned.work import Work
from estimation.inference.remedies import Remedy
from estimation.population.ensemble import Team

QUICK = {"draws": 50, "chains": 2, "cores": 1, "seed": 4, "samples": 10, "accuracy": 0.1, "progress": False}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("partitions")


@pytest.fixture(scope="module")
def few(folder):
    return simulated(folder / "few", people=9, each=3)


@pytest.fixture(scope="module")
def alone(folder, few):
    """A fit without incidents, and how many partitions of how many that were opened had been open together."""
    opened, together, read = [], [], Partitions.read

    def watched(self, part):
        if any(each() is not None for each in opened):
            gc.collect()  # which takes most of a second beside a thousand tests
        together.append(1 + sum(each() is not None for each in opened))
        table = read(self, part)
        opened.append(weakref.ref(table))
        return table

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Partitions, "read", watched)
        return est.fit(est.Honest(), few, path=folder / "alone", **QUICK), together


def test_no_more_than_one_partition_is_open_at_a_time(alone, few):
    _, together = alone
    assert len(together) >= 3 * len(few.parts)
    assert max(together) == 1


def test_a_fit_that_is_killed_goes_on_and_ends_as_it_would_have_ended_whoever_works(alone, few, tmp_path, monkeypatch):
    built = []

    class Killed(BaseException):
        pass

    def noting(self, unit, build=Work.build):
        built.append(unit.key) if not self._files(unit).file("start", "flat").exists() else None
        return build(self, unit)

    def deadly(self, unit, remake=Work.remake):
        if unit.key.endswith("2"):
            raise Killed
        return remake(self, unit)

    monkeypatch.setattr(Work, "build", noting)
    with monkeypatch.context() as patch:
        patch.setattr(Work, "remake", deadly)
        with pytest.raises(Killed):
            est.fit(est.Honest(), few, path=tmp_path / "killed", **QUICK)
    assert not (tmp_path / "killed" / "fit.nc").exists()
    with ThreadPoolExecutor(2) as threads:
        resumed = est.fit(est.Honest(), few, path=tmp_path / "killed", executor=threads, **QUICK)
    assert len(built) == len(few.parts)
    assert resumed.posterior.equals(alone[0].posterior)
    pd.testing.assert_frame_equal(resumed.people, alone[0].people)


def test_a_fit_that_is_killed_while_nodes_follow_the_posterior_goes_on(few, tmp_path, monkeypatch):
    remade = []

    class Killed(BaseException):
        pass

    def follows_once(*given):
        return Remedy("redraw", 1) if given[-1] == 0 else None

    def deadly(self, unit, remake=Work.remake):
        if len(remade) == len(few.parts) + 1:  # one partition has given up the nodes that were judged
            raise Killed
        remade.append(unit.key)
        return remake(self, unit)

    monkeypatch.setattr(partitioned_fit, "_needed", follows_once)
    undisturbed = est.fit(est.Honest(), few, path=tmp_path / "undisturbed", **QUICK)
    with monkeypatch.context() as patch:
        patch.setattr(Work, "remake", deadly)
        with pytest.raises(Killed):
            est.fit(est.Honest(), few, path=tmp_path / "killed", **QUICK)
    monkeypatch.setattr(Team, "build", None)  # nothing is built again
    assert est.fit(est.Honest(), few, path=tmp_path / "killed", **QUICK).posterior.equals(undisturbed.posterior)


def test_a_partition_that_is_damaged_is_named_and_loses_nothing_else(alone, few, tmp_path):
    shutil.copytree(few.folder, tmp_path / "people")
    parts = est.partitions(tmp_path / "people", name=few.name)
    bad, kept = parts.file_of(parts.parts[2]), tmp_path / "kept.parquet"
    shutil.copy(bad, kept)
    bad.write_bytes(kept.read_bytes()[:200])
    with pytest.raises(est.DataError, match=r"part-00003\.parquet cannot be read as Parquet"):
        est.partitions(parts.folder)
    with pytest.raises(est.FitError, match=r"Partition 'part-00003' of .* cannot be used"):
        est.fit(est.Honest(), parts, path=tmp_path / "store", **QUICK)
    assert len(list((tmp_path / "store").rglob("*-start-flat.npz"))) == 2
    shutil.copy(kept, bad)
    assert est.fit(est.Honest(), parts, path=tmp_path / "store", **QUICK).posterior.equals(alone[0].posterior)


def test_nodes_that_are_damaged_are_made_anew(alone, few, folder):
    fit = alone[0]
    next(fit.work_folder.glob("part-00002*-flat.npz")).write_bytes(b"nothing")
    with pytest.warns(UserWarning, match="cannot be read"), pytest.raises(est.StudyError, match="'part-00002' are dam"):
        est.compare({"one": fit, "two": fit}, progress=False)
    assert est.fit(est.Honest(), few, path=folder / "alone", **QUICK).posterior.equals(fit.posterior)
