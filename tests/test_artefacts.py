"""What the package wrote is read back as it was written, or refused in one sentence."""

from __future__ import annotations

import copy
import hashlib
import json
import warnings

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_table

import estimation as est
from estimation.choice.hierarchy.rounds import read_round
from estimation.data.library.files import locate
from estimation.data.tables.source import SourceFile
from estimation.errors import DatasetError, EstimationError
from estimation.fits.checkpoint import Checkpoint
from estimation.fits.storage import MANIFEST, read_tree, write_tree
from estimation.inference.reached import _read as read_reached
from estimation.jobs.store import Store
from estimation.sealing import read_json, sealed_json
from estimation.studies.recovery import Recovery

QUICK = {"accuracy": 0.1, "draws": 50, "chains": 1, "samples": 5, "progress": False}
KEY = "unit 1"
CONTENT = b"subject,choice\n1,2\n2,4\n3,1\n" * 20


def small_study():
    table = pd.DataFrame({"truth": [1.0, np.nan], "bias": [0.25, -1.0]}, pd.Index(["a", "b"], name="quantity"))
    index = pd.MultiIndex.from_product([[0, 1], ["a", "b"]], names=["simulation", "quantity"])
    trials = pd.DataFrame({"mean": [0.5, 1.5, 2.0, -0.0], "ok": [True, False, True, True]}, index)
    return Recovery(
        "Recovery of a theory (SYNTHETIC)", {"simulations": 2, "seed": 1}, {"table": table, "trials": trials}
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """One file of each kind that the package writes, by kind."""
    place = tmp_path_factory.mktemp("artefacts")
    talk = est.load("simulated_forecast_sharing").only("receiver")
    files = {"fit": place / "fit.nc", "choice fit": place / "choices.nc", "study": place / "study.json"}
    est.fit(est.Honest(), talk.of(talk.subjects[:2]), path=files["fit"], **QUICK)
    est.fit(est.MultinomialLogit(["price"]), choice_table(12), draws=60, chains=1, path=files["choice fit"])
    small_study().save(files["study"])
    with Store.open(place / "store", {"name": "job"}) as store:
        store.keep(KEY, {"score": 0.1, "names": ["a", None]})
    files["result"] = next((place / "store" / "units").iterdir())
    kept = Checkpoint(place)
    kept.keep_arrays("arrays", {"numbers": np.linspace(0, 1, 50), "words": np.array("what")})
    kept.keep_chains("0", read_tree(files["choice fit"]))
    files |= {"checkpoint": place / "arrays.npz", "chains": place / "chains-0.nc", "data": place / "data.csv"}
    files["data"].write_bytes(CONTENT)
    return files


def contents(kind, file, monkeypatch):
    """Return what is read of a file, comparable; None if it is passed over, as what can be made again is."""
    if "fit" in kind:
        fit = est.load_fit(file)
        return [fit.manifest, *(node.dataset.to_dict() for node in fit.tree.subtree)]
    if kind == "study":
        return json.loads(sealed_json({"all": repr(vars(est.load_study(file)))}))
    if kind == "data":
        monkeypatch.setattr("estimation.data.library.files.cache_folder", lambda _: file.parent)
        expected = SourceFile(file.name, hashlib.sha256(CONTENT).hexdigest(), "https://example.org/data.csv")
        found = locate("made_up", expected)
        return None if found is None else found.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        if kind == "result":
            store = Store(file.parent)
            object.__setattr__(store, "_file", lambda _: file)
            return store.finished([KEY]).get(KEY)
        kept = Checkpoint(file.parent)
        if kind == "checkpoint":
            return kept.arrays(file.stem, lambda found: {name: array.tolist() for name, array in found.items()})
        tree = kept.chains(file.stem.removeprefix("chains-"))
        return None if tree is None else [node.dataset.to_dict() for node in tree.subtree]


def same(one, other):
    return repr(one) == repr(other)


KINDS = ["fit", "choice fit", "study", "result", "checkpoint", "chains", "data"]


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_are_refused_or_read_as_they_were(written, tmp_path, monkeypatch, kind):
    """200 flipped bits, and 50 places at which a file may break off."""
    original, rng = written[kind].read_bytes(), np.random.default_rng(1)
    file = tmp_path / written[kind].name
    file.write_bytes(original)
    before = contents(kind, file, monkeypatch)
    assert before is not None
    damaged = [original[:length] for length in np.linspace(0, len(original) - 1, 50).astype(int)]
    for place in rng.integers(len(original), size=200):
        flipped = bytearray(original)
        flipped[place] ^= 1 << rng.integers(8)
        damaged.append(bytes(flipped))
    for content in damaged:
        file.write_bytes(content)
        try:
            found = contents(kind, file, monkeypatch)
        except EstimationError as refusal:
            assert str(refusal).count("\n") == 1, refusal  # noqa: PT017 - a heading and one sentence
        else:
            assert found is None or same(found, before)


JUNK = [None, True, -1, 2.5, float("nan"), "", "x", "\0", [], [1, "a"], {}, {"a": 1}, 10**400, [[[]]]]


def crafted(plain, rng):
    """Return plain data with one place replaced by something else."""
    result = copy.deepcopy(plain)
    holder, key = {"": result}, ""
    while isinstance(holder[key], (dict, list)) and holder[key] and rng.random() < 0.8:
        holder = holder[key]
        key = list(holder)[rng.integers(len(holder))] if isinstance(holder, dict) else rng.integers(len(holder))
    if holder is not result and rng.random() < 0.3:
        del holder[key]
    else:
        holder[key] = JUNK[rng.integers(len(JUNK))]
    return result if "" not in holder or holder[""] is result else holder[""]


@pytest.mark.parametrize("tries", [12, pytest.param(50, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", ["fit", "choice fit"])
def test_manifests_that_somebody_made_up_are_refused_in_a_sentence(written, tmp_path, kind, tries):
    rng, tree = np.random.default_rng(2), read_tree(written[kind])
    manifest = json.loads(tree.attrs[MANIFEST])
    for _ in range(tries):
        tree.attrs[MANIFEST] = json.dumps(crafted(manifest, rng))
        write_tree(tree, tmp_path / "made_up.nc")
        try:
            fit = est.load_fit(tmp_path / "made_up.nc")
        except EstimationError:
            continue
        assert json.dumps(fit.manifest) == tree.attrs[MANIFEST]


def test_studies_that_somebody_made_up_are_refused_in_a_sentence(written, tmp_path):
    rng, content = np.random.default_rng(3), read_json(written["study"])
    for _ in range(50):
        made_up = crafted(content, rng)
        text = sealed_json(made_up) if isinstance(made_up, dict) else json.dumps(made_up)
        (tmp_path / "study.json").write_text(text)
        try:
            study = est.load_study(tmp_path / "study.json")
        except EstimationError:
            continue
        assert study.label == made_up["label"]


def test_checkpoints_that_somebody_made_up_are_passed_over(tmp_path):
    rng = np.random.default_rng(4)
    kept = Checkpoint(tmp_path)
    state = '{"rng": 1, "step": 1, "accepted": 0}'
    names = ["state", "form", "pull", "information", "reference_shift", "0_state", "0_theta", "array_0"]
    for _ in range(50):
        arrays = {
            name: np.array(rng.choice([state, '[0, "", null]', '{"kind": "Ensemble"}', "x"]))
            if rng.random() < 0.5
            else rng.normal(size=rng.integers(0, 4, 2))
            for name in rng.choice(names, size=4, replace=False)
        }
        kept.keep_arrays("made_up", arrays)
        for built in (read_reached, lambda found: read_round(None, found)):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                kept.arrays("made_up", built)


def test_a_file_of_the_mirror_that_is_another_one_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ESTIMATION_DATA_DIR", str(tmp_path))
    (tmp_path / "made_up").mkdir()
    (tmp_path / "made_up" / "data.csv").write_bytes(CONTENT[:-1])
    expected = SourceFile("data.csv", hashlib.sha256(CONTENT).hexdigest(), "https://example.org/data.csv")
    with pytest.raises(DatasetError, match="is not the file that it should be"):
        locate("made_up", expected)
