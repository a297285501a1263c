"""A replication package of models that were compared, and of several studies of the same people."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from choice_builders import choice_frame

import estimation as est
from estimation import cli
from estimation.papers.numbers import numbers_of
from estimation.papers.script import SCRIPT, NamedStudy, script_text
from estimation.papers.tables import packaged_table

MODELS = {"price alone": ["price"], "price and quality": ["price", "quality"]}


@pytest.fixture(scope="module")
def study():
    table = est.read_choices(choice_frame(30), name="prices", synthetic=True)
    fits = {name: est.fit(est.MultinomialLogit(terms), table, seed=2, draws=250) for name, terms in MODELS.items()}
    return est.compare(fits, progress=False)


@pytest.fixture
def _without_reports(monkeypatch):
    """Write no reports: what is tested is all else that a package holds."""
    monkeypatch.setattr(
        "estimation.papers.package.write_results", lambda _study, folder, **_: folder.mkdir(parents=True)
    )


def called(name, module):
    """Run a function of a script with other functions in the place of those of the package, and return the calls."""
    calls = []

    class Recorder:
        def __getattr__(self, wanted):
            real = getattr(est, wanted)
            if wanted not in ("compare", "fit_or_load", "write_results"):
                return real

            def recorded(*given, **options):
                calls.append((wanted, given, options))
                return wanted

            return recorded

    module["est"] = Recorder()
    module[name]()
    return calls


def test_numbers_of_a_comparison_are_the_estimates_of_every_model_and_their_scores(study):
    found = {number.key: number for number in numbers_of(study)}
    for name, fit in study.fits.items():
        for quantity, drawn in fit.draws.items():
            assert found[name, quantity, "median"].value == pytest.approx(drawn.median())
        for score in ("elpd", "elpd_diff", "dse"):
            assert found[name, "new subject", score].value == study.table.loc[name, score]
    first, second = (str(name) for name in study.table.index)
    errors = study.table["mc_error"]
    assert found[second, "new subject", "elpd"].error == errors[second]
    both = (errors[first] ** 2 + errors[second] ** 2) ** 0.5
    assert found[second, "new subject", "elpd_diff"].error == pytest.approx(both)


def test_the_script_of_a_comparison_fits_every_model_and_compares_them_as_the_authors_did(study, tmp_path):
    products = pd.DataFrame({"price": [2.0, 3.5], "quality": [0.5, 1.0]}, index=["a", "b"])
    table = packaged_table(next(iter(study.fits.values())).table, [])
    (tmp_path / "data").mkdir()
    for name, content in table.files.items():
        (tmp_path / "data" / name).write_bytes(content)
    text = script_text([NamedStudy("prices", study, {"products": products})], {table.table.fingerprint: table}, {})
    module = {"__file__": str(tmp_path / SCRIPT), "__name__": "replicate"}
    exec(compile(text, SCRIPT, "exec"), module)
    calls = called("main", module)
    assert [name for name, _, _ in calls] == ["fit_or_load", "fit_or_load", "compare", "write_results"]
    assert [given[0].attributes for _, given, _ in calls[:2]] == [fit.model.attributes for fit in study.fits.values()]
    assert all(options["seed"] == 2 for _, _, options in calls[:2])
    assert list(calls[2][1][0]) == list(study.fits)
    assert calls[2][2]["roles_apart"] is False
    pd.testing.assert_frame_equal(calls[3][2]["products"], products)


@pytest.mark.usefixtures("_without_reports")
def test_studies_of_the_same_people_share_their_data_and_a_package_may_take_an_empty_folder(study, tmp_path):
    alone = next(iter(study.fits.values()))
    (tmp_path / "package").mkdir()
    made = est.replication_package(tmp_path / "package", {"both": study, "alone": alone})
    assert [path.name for path in (tmp_path / "package" / "data").iterdir()] == ["prices.csv"]
    assert {name: told["models"] for name, told in made.manifest.studies.items()} == {
        "both": list(study.fits),
        "alone": [alone.problem.title],
    }
    assert est.verify_package(tmp_path / "package").ok


@pytest.mark.usefixtures("_without_reports")
def test_the_command_compares_fits_of_the_same_people(study, tmp_path, capsys):
    files = [fit.save(tmp_path / f"{name}.nc") for name, fit in study.fits.items()]
    with pytest.raises(SystemExit) as ended:
        cli.main(["reproduce", *map(str, files), "--out", str(tmp_path / "package"), "--json"])
    said = capsys.readouterr()
    assert ended.value.code == 0, said.err
    folder = Path(json.loads(said.out)["folder"])
    assert "est.compare(" in (folder / SCRIPT).read_text()
    assert json.loads((folder / "manifest.json").read_text())["studies"]["prices"]["models"] == list(study.fits)
