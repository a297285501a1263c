"""People in partitions: the answer is the ordinary one, one partition is open at a time, nothing finished is lost."""

from __future__ import annotations

import gc
import shutil
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from builders import forecast_game

import estimation as est
from estimation.data.partitions.partitions import Partitions
from estimation.fits.job import Settings
from estimation.inference.partitioned import fit as partitioned_fit
from estimation.inference.partitioned.crowd import Judgement
from estimation.inference.partitioned.fit import _needed
from estimation.inference.partitioned.work import Work
from estimation.inference.remedies import Remedy
from estimation.population.ensemble import Team
from estimation.population.likelihoods import TOLERATED_IN_ALL

GAMES = {"risky": forecast_game()}
POPULATION = {"sender_precision": (0.006, 0.5), "lapse": (0.05, 0.5)}
HOW = {"draws": 250, "chains": 2, "cores": 1, "seed": 4, "samples": 50, "accuracy": 0.5, "progress": False}
QUICK = HOW | {"draws": 50, "samples": 10, "accuracy": 0.1}


def simulated(folder, people=60, each=20, decisions=8, **more):
    size = {"people": people, "each": each, "decisions": decisions, "roles": ("sender",), "seed": 3}
    return est.simulate_partitions(est.Honest(), GAMES, folder, POPULATION, **size | more)


def together(parts):
    frames = [parts.read(part).frame for part in parts.parts]
    return est.Table.from_frame(pd.concat(frames), parts.games, name="whole", synthetic=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("partitions")


@pytest.fixture(scope="module")
def parts(folder):
    return simulated(folder / "people")


@pytest.fixture(scope="module")
def parted(folder, parts):
    theories = {"honest": est.Honest(), "near": est.Honest(errors="lie size")}
    return est.fit(theories, parts, path=folder / "fits", **HOW)


@pytest.fixture(scope="module")
def whole(parts):
    return est.fit(est.Honest(), together(parts), **HOW)


@pytest.fixture(scope="module")
def few(folder):
    return simulated(folder / "few", people=9, each=3)


def test_the_population_is_that_of_the_ordinary_fit(parted, whole):
    mine, theirs = parted["honest"], whole
    effective = [float(fit.tree["proposals"].dataset["effective"]) for fit in (mine, theirs)]
    for name in ("mean", "sd"):
        one, other = (np.log(fit.posterior[name]) if name == "sd" else fit.posterior[name] for fit in (mine, theirs))
        sd = other.std(("chain", "draw"))
        drawn = np.sqrt(1 / effective[0] + 1 / effective[1])
        summed = [fit.tree["integration"].dataset["any_error"] for fit in (mine, theirs)]
        error = np.sqrt(drawn**2 + sum(float(each) ** 2 for each in summed))
        gap = np.abs(one.mean(("chain", "draw")) - other.mean(("chain", "draw"))) / sd
        assert (gap < 4 * error).all()
        assert (np.abs(one.std(("chain", "draw")) / sd - 1) < 4 * error).all()


def test_people_are_scored_and_described_as_in_the_ordinary_fit(parted, whole):
    study = est.compare(parted, progress=False)
    assert sorted(study.sound) == ["honest", "near"]
    assert "SYNTHETIC" in study.verdict
    plain = est.compare({"honest": whole, "again": whole}, progress=False)
    gap = study.pointwise["honest"] - plain.pointwise["honest"]
    error = np.hypot(parted["honest"].people["error"], whole.tree["integration"].dataset["error"].to_series())
    assert (gap.abs() < 5 * error + 0.05).all()
    assert abs(gap.sum()) < 4 * np.hypot(*(one.table.loc["honest", "mc_error"] for one in (study, plain)))
    described = parted["honest"].people.join(whole.people.add_suffix("_there"))
    lapse = next(p for p in whole.problem.parameters if p.name == "lapse")
    drawn = lapse.natural(whole.tree["people"].dataset["theta"].sel(parameter="lapse"))
    chance = drawn.std("sample").to_numpy() * np.sqrt(2 / HOW["samples"])
    gap = (described["lapse"] - described["lapse_there"]) / chance
    assert np.sqrt((gap**2).mean()) < 2, (
        "means of draws differ by chance; of other people's they would by three times it"
    )
    assert set(whole.people.columns) <= set(parted["honest"].people.columns)


def test_the_fit_is_judged_and_its_integrals_errors_are_shown(parted):
    found = est.diagnose(parted["honest"])
    assert found.ok
    assert {"integral error", "missed peaks", "Pareto k", "effective nodes"} <= set(found.table.index)
    judged = parted["honest"].tree["integration"].dataset
    assert 0 < float(judged["bias"]) <= float(judged["any_error"])


def test_nodes_grow_for_as_long_as_the_error_of_all_people_together_asks_for_more(parted):
    fit = parted["honest"]
    posterior = fit.tree["posterior"].dataset
    moved = fit.tree["integration"].dataset.assign(any_error=1.5 * TOLERATED_IN_ALL)
    for there, wanted in ((1, Remedy("redraw", 3)), (4, Remedy("redraw", 12)), (12, None)):
        assert _needed(Judgement(0.2, there, 0.0, moved), posterior, Settings(), least=1, attempt=0) == wanted


def test_a_saved_fit_is_read_by_its_folder_and_predicts_for_another_table(parted, parts):
    fit = parted["honest"]
    again = est.load_fit(fit.store)
    pd.testing.assert_frame_equal(again.summary, fit.summary)
    pd.testing.assert_frame_equal(again.people, fit.people)
    assert again.table == parts
    table, _ = est.simulate(again, parts.read(parts.parts[0]), seed=1)
    assert table.synthetic


def test_rows_about_people_are_parquet_files_of_partitions_that_say_what_is_synthetic(parted, parts):
    files = sorted(parted["honest"].people_folder.iterdir())
    assert [len(pd.read_parquet(file)) for file in files] == [part.people for part in parts.parts]
    pyarrow = pytest.importorskip("pyarrow.parquet")
    assert all(b"SYNTHETIC" in pyarrow.read_schema(file).metadata[b"estimation"] for file in files)


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


def test_what_needs_all_people_at_once_is_refused_in_words(tmp_path, parted, parts):
    fit = parted["honest"]
    refused = {
        "need a store": lambda: est.fit(est.Honest(), parts),
        "formulas read columns of all people": lambda: est.fit(est.Honest(sender_precision="~ period"), parts),
        "leave executor out": lambda: est.fit(est.Honest(), parts.read(parts.parts[0]), executor=2),
        "leave method out": lambda: est.fit(est.Honest(), parts, method="integrated", path=tmp_path / "x"),
        "says nothing about a Partitions": lambda: est.fit(est.Honest(), parts, pooled=True),
        "never collected": lambda: parts.frame,
        "has no rows of its own": lambda: est.predictive_check(fit),
        "use people='new'": lambda: est.predict(fit, parts.read(parts.parts[0])),
        "see fit.people": lambda: est.plot_people(fit, "lapse"),
        "left out by weights": lambda: est.leave_out(fit, parts.subjects[:1]),
        "by 'subject' only": lambda: est.compare(parted, unit="period"),
        "copy that folder": lambda: fit.save(tmp_path / "fit.nc"),
    }
    for words, call in refused.items():
        with pytest.raises(est.EstimationError) as caught:
            call()
        assert words in str(caught.value).replace("\n", " "), str(caught.value)


def test_whoever_lacks_what_reads_parquet_is_told_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr("estimation.data.partitions.parquet.find_spec", lambda _: None)
    with pytest.raises(est.DataError, match=r"pip install 'estimation\[partitions\]'"):
        simulated(tmp_path / "parts", people=4, each=2, decisions=2)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "0.parquet").write_bytes(b"")
    with pytest.raises(est.DataError, match=r"pip install 'estimation\[partitions\]'"):
        est.partitions(tmp_path / "there", GAMES)
