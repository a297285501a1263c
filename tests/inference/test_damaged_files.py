"""A file of a fit is what was written, or it is refused in one sentence."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

import estimation as est
from estimation.errors import EstimationError, FitError
from estimation.fits.checkpoint import Checkpoint
from estimation.fits.storage import MANIFEST, read_tree, write_tree
from estimation.inference.partitioned.files import read_back, written_down

QUICK = {"accuracy": 0.1, "draws": 50, "chains": 1, "samples": 5, "progress": False}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    everybody = est.load("simulated_forecast_sharing").only("receiver")
    path = tmp_path_factory.mktemp("fits") / "honest.nc"
    return est.fit(est.Honest(), everybody.of(everybody.subjects[:2]), path=path, **QUICK), path


def same(one, other):
    return one.tree.identical(other.tree) and one.manifest == other.manifest


def test_what_was_saved_is_read_back(saved):
    fit, path = saved
    assert same(fit, est.load_fit(path))


def test_files_are_written_and_read_here_while_a_client_of_dask_is_open(tmp_path, monkeypatch):
    distributed = pytest.importorskip("dask.distributed")

    def asked(*_, **__):
        raise AssertionError("the scheduler was asked for a lock")

    monkeypatch.setattr(distributed.Lock, "__init__", asked)
    tree = xr.DataTree.from_dict({"/": xr.Dataset(), "inside": xr.Dataset({"x": ("n", np.arange(3.0))})})
    how = {"processes": False, "n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.Client(**how):
        write_tree(tree, tmp_path / "tree.nc")
        assert read_tree(tmp_path / "tree.nc").identical(tree)


def test_flipped_bits_are_refused(saved, tmp_path):
    content, rng = saved[1].read_bytes(), np.random.default_rng(1)
    for place in rng.integers(len(content), size=200):
        damaged = bytearray(content)
        damaged[place] ^= 1 << rng.integers(8)
        (tmp_path / "damaged.nc").write_bytes(bytes(damaged))
        with pytest.raises(FitError, match=r"cannot be used: it (is damaged|does not end)"):
            est.load_fit(tmp_path / "damaged.nc")


def test_files_that_break_off_are_refused(saved, tmp_path):
    content = saved[1].read_bytes()
    for length in np.linspace(0, len(content) - 1, 50).astype(int):
        (tmp_path / "short.nc").write_bytes(content[:length])
        with pytest.raises(FitError, match=r"The fit cannot be read:"):
            est.load_fit(tmp_path / "short.nc")


def test_a_file_that_somebody_rewrote_is_refused(saved, tmp_path):
    tree = read_tree(saved[1])
    tree["posterior"] = tree["posterior"].dataset.assign(mean=tree["posterior"]["mean"] + 1)
    tree.to_netcdf(tmp_path / "changed.nc", engine="h5netcdf")
    with pytest.raises(FitError, match=r"it does not end as files of fits do"):
        est.load_fit(tmp_path / "changed.nc")


def test_other_tools_read_the_file(saved):
    with xr.open_datatree(saved[1], engine="h5netcdf") as opened:
        assert opened["posterior"].dataset.equals(saved[0].posterior)


MANIFESTS = {
    "no model": lambda manifest: manifest.pop("model"),
    "no data": lambda manifest: manifest.pop("data"),
    "model is text": lambda manifest: manifest.update(model="TrustEmbedded"),
    "model is a list": lambda manifest: manifest.update(model=[1, 2]),
    "data is a number": lambda manifest: manifest.update(data=3),
    "family is a list": lambda manifest: manifest.update(family=["messages"]),
    "unknown family": lambda manifest: manifest.update(family="witches"),
    "other format": lambda manifest: manifest.update(format=[3]),
    "no format": lambda manifest: manifest.pop("format"),
    "other data": lambda manifest: manifest["data"].update(fingerprint="0" * 64),
    "games are text": lambda manifest: manifest["data"].update(games="none"),
    "pooled is text": lambda manifest: manifest.update(equal=["a"], pooled=True),
}


@pytest.mark.parametrize("what", MANIFESTS)
def test_odd_manifests_are_refused_in_a_sentence(saved, tmp_path, what):
    tree = read_tree(saved[1])
    manifest = json.loads(tree.attrs[MANIFEST])
    MANIFESTS[what](manifest)
    tree.attrs[MANIFEST] = json.dumps(manifest)
    write_tree(tree, tmp_path / "odd.nc")
    with pytest.raises(EstimationError):
        est.load_fit(tmp_path / "odd.nc")


@pytest.mark.parametrize("group", ["posterior", "people", "table", "log_likelihood", "nodes"])
def test_a_file_that_lacks_a_group_is_refused(saved, tmp_path, group):
    tree = read_tree(saved[1])
    del tree[group]
    write_tree(tree, tmp_path / "less.nc")
    with pytest.raises(FitError, match=r"The fit cannot be read:"):
        est.load_fit(tmp_path / "less.nc")


def test_a_file_with_other_data_than_it_says_is_refused(saved, tmp_path):
    tree = read_tree(saved[1])
    manifest = json.loads(tree.attrs[MANIFEST])
    MANIFESTS["other data"](manifest)
    tree.attrs[MANIFEST] = json.dumps(manifest)
    write_tree(tree, tmp_path / "odd.nc")
    with pytest.raises(FitError, match=r"odd\.nc holds other data than its manifest says"):
        est.load_fit(tmp_path / "odd.nc")


def test_chains_are_forgotten_when_nodes_are_made_anew_and_nothing_else(tmp_path):
    tree = xr.DataTree.from_dict({"/": xr.Dataset({"x": ("n", np.arange(3.0))})})
    kept = Checkpoint(tmp_path)
    kept.keep_chains("0-1", tree)
    kept.keep_arrays("nodes", {"theta": np.arange(2.0)})
    assert kept.chains("0-1").identical(tree)
    kept.forget_chains()
    assert kept.chains("0-1") is None
    assert kept.arrays("nodes", dict)["theta"].tolist() == [0.0, 1.0]
    nothing = Checkpoint()
    assert nothing.keep_chains("0-1", tree) is tree
    nothing.forget_chains()
    assert nothing.chains("0-1") is None


def test_populations_that_are_gone_say_what_to_do(tmp_path):
    name = written_down(tmp_path, {"mean": np.arange(3.0)})
    assert read_back(tmp_path, name)["mean"].tolist() == [0.0, 1.0, 2.0]
    (tmp_path / f"{name}.npz").unlink()
    with pytest.raises(FitError, match=r"populations-.*\.npz is damaged or gone; start it again"):
        read_back(tmp_path, name)
