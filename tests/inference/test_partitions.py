"""People in partitions: the answer is the ordinary one, and what needs all people at once is refused."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from partition_builders import GAMES, simulated

import estimation as est
from estimation.fits.job import Settings
from estimation.inference.partitioned.crowd import Judgement
from estimation.inference.partitioned.fit import _needed
from estimation.inference.remedies import Remedy
from estimation.population.likelihoods import TOLERATED_IN_ALL

HOW = {"draws": 250, "chains": 2, "cores": 1, "seed": 4, "samples": 50, "accuracy": 0.5, "progress": False}


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


def test_a_store_that_holds_a_finished_fit_is_not_given_to_another_one(parted, parts):
    """The first one's nodes and people would be removed when the second is finished."""
    fit = parted["honest"]
    others = {
        "errors (there 'distance', now 'lie size')": lambda: est.fit(
            est.Honest(errors="lie size"), parts, path=fit.store, **HOW
        ),
        "seed (there 4, now 5)": lambda: est.fit(est.Honest(), parts, path=fit.store, **HOW | {"seed": 5}),
        "the data (there 'simulated_honest')": lambda: est.fit(
            est.Honest(), replace(parts, fingerprint="other"), path=fit.store, **HOW
        ),
    }
    for words, call in others.items():
        with pytest.raises(est.FitError, match=f"(?s)differs in {re.escape(words)}.* choose another folder"):
            call()
    assert len(fit.people) == parts.people


def test_a_fit_whose_files_are_gone_says_so(parted, parts, tmp_path):
    shutil.copytree(parted["honest"].store, tmp_path / "store")
    fit = est.load_fit(tmp_path / "store")
    next(fit.people_folder.glob("part-00002*")).unlink()
    with pytest.raises(est.FitError, match="rows about the people of 'part-00002' are missing"):
        _ = fit.people
    shutil.rmtree(tmp_path / "store")
    for call in (lambda: fit.people, lambda: est.compare({"one": fit, "near": parted["near"]}, progress=False)):
        with pytest.raises(est.FitError, match="is not there; read the fit where its store is now"):
            call()


def test_what_was_done_is_told_of_people_in_partitions_as_of_others(parted):
    told = parted["honest"].to_latex("methods")
    assert "480 simulated decisions of senders by 60 people" in told
    assert "integrated out of the likelihood by importance sampling" in told
    assert "points a person" not in told  # numbers of nodes are not kept for each person
    assert "fitted" in est.compare(parted, progress=False).to_latex("methods")


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
