"""A replication package of choices: what is in it, what it says, and that it is made whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from command_line import command
from latex import PDFLATEX, complaints
from small_package import PRICES

import estimation as est
from estimation.papers.manifest import FILE, README
from estimation.papers.readme import Told, readme_text
from estimation.papers.script import SCRIPT
from estimation.papers.software import requirements_text


def test_a_package_holds_data_script_versions_results_readme_and_manifest(made):
    folder = made[0].folder
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {SCRIPT, README, FILE, "requirements.txt", f"data/{PRICES}", "results/prices/numbers.csv"} <= names
    assert (folder / "data" / PRICES).read_bytes() == (made[1] / PRICES).read_bytes()
    listed = (folder / "results/prices/list.csv").read_text()
    for suffixes, kind in (((".csv", ".tex"), "tables"), ((".pdf", ".png"), "figures")):
        files = [path for path in (folder / "results/prices" / kind).iterdir() if path.name[0] != "."]
        assert {path.suffix for path in files} == set(suffixes)
        assert all(f"{kind}/{path.stem}" in listed for path in files)
    assert set(made[0].manifest.files) == names - {README, FILE}


@pytest.mark.skipif(PDFLATEX is None, reason="no pdflatex on this machine: tables are not compiled")
def test_a_paper_includes_all_tables_and_none_is_wider_than_its_lines(made, tmp_path):
    tables = sorted((made[0].folder / "results/prices/tables").glob("*.tex"))
    assert len(tables) > 5
    assert complaints([table.read_text() for table in tables], tmp_path) == []


def test_the_script_is_python_that_names_data_model_and_seed(made):
    script = (made[0].folder / SCRIPT).read_text()
    compile(script, SCRIPT, "exec")
    assert f'est.read_choices(HERE / "data" / "{PRICES}", synthetic=True)' in script
    assert 'est.MultinomialLogit(attributes=("price", "quality"))' in script
    assert "seed=2, draws=250, chains=4" in script
    assert 'est.write_results(study, RESULTS / "prices", price="price")' in script


def test_the_readme_has_what_data_editors_ask_for_and_says_what_authors_must_complete(made):
    readme = (made[0].folder / README).read_text()
    for heading in ("Data availability", "Computational requirements", "Instructions to replicators", "References"):
        assert f"## {heading}" in readme
    assert "SYNTHETIC" in readme.split("\n## ")[0]
    assert "| `quality` | [authors: meaning and unit of quality] |" in readme
    assert "meaning and unit of quality" in made[0].to_complete
    assert all(f"[authors: {place}]" in readme for place in made[0].to_complete)


def test_versions_are_those_that_are_installed_and_pip_can_read_them(made):
    import numpy

    lines = (made[0].folder / "requirements.txt").read_text().splitlines()
    assert f"numpy=={numpy.__version__}" in lines
    assert any(line.startswith("estimation") for line in lines)


def test_a_package_is_not_made_over_something_else_and_leaves_nothing_where_it_fails(made, tmp_path):
    fit = est.load_fit(made[1] / "fit.nc")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "thesis.tex").write_text("mine")
    with pytest.raises(est.ReplicationError, match="there already"):
        est.replication_package(tmp_path / "there", fit)
    with pytest.raises(est.EstimationError):
        est.replication_package(tmp_path / "new", fit, price="prise")
    with pytest.raises(est.ReplicationError, match="'x/y' cannot be the name of a folder"):
        est.replication_package(tmp_path / "new", {"x/y": fit})
    with pytest.raises(est.ReplicationError, match=r"gone\.csv is not a file"):
        est.replication_package(tmp_path / "new", fit, data=[tmp_path / "gone.csv"])
    with pytest.raises(est.ReplicationError, match="give a fit"):
        est.replication_package(tmp_path / "new", {"prices": 3})
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_data_that_are_not_shared_leave_their_digests_only(made, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(
        "estimation.papers.package.write_results", lambda _study, folder, **_: folder.mkdir(parents=True)
    )
    arguments = [
        "reproduce",
        made[1] / "fit.nc",
        "--data",
        made[1] / PRICES,
        "--no-share-data",
        "--out",
        tmp_path / "new",
    ]
    code, out, err = command(capsys, *arguments)
    assert code == 0, err
    assert "estimation verify" in out
    files = {path.name for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert not {PRICES, "fit.nc"} & files
    assert not any(name.endswith(".nc") for name in files)
    found = est.verify_package(tmp_path / "new")
    assert found.ok
    assert any(f"data/{PRICES} is not in the folder" in note for note in found.notes)
    (tmp_path / "new" / "data").mkdir(exist_ok=True)
    (tmp_path / "new" / "data" / PRICES).write_text("other rows")
    assert "is not the file that the authors used" in est.verify_package(tmp_path / "new").problems[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fit.nc"], "--out FOLDER"),
        (["--out", "folder"], "FIT.nc..."),
        (["fit.nc", "swissmetro", "--out", "folder"], "'swissmetro' is no file of a fit"),
        (["swissmetro", "camera"], "one TARGET at a time"),
    ],
)
def test_what_is_not_clear_is_asked_for_in_the_words_of_the_command_line(capsys, arguments, said):
    code, _, err = command(capsys, "reproduce", *arguments)
    assert code == 2
    assert said in err


REPOSITORY, HERE = "https://example.org/estimation", "estimation==1.0  # digest of its source files: "


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"url": REPOSITORY, "vcs_info": {"commit_id": "0a1b"}}, f"estimation @ git+{REPOSITORY}@0a1b"),
        ({"url": "file:///home/me/estimation", "vcs_info": {"commit_id": "0a1b"}}, HERE),
        ({"url": "https://example.org/estimation.whl"}, HERE),
    ],
)
def test_what_was_installed_from_a_repository_is_pinned_to_its_commit(monkeypatch, told, line):
    class Installed:
        def read_text(self, name):
            return json.dumps(told) if name == "direct_url.json" else None

    monkeypatch.setattr("estimation.papers.software.distribution", lambda _: Installed())
    assert requirements_text({"estimation": "1.0", "numpy": "2.0"}).splitlines()[1] == "numpy==2.0"
    assert requirements_text({"estimation": "1.0"}).splitlines()[-1].startswith(line)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 second"), (89, "89 seconds"), (95, "2 minutes"), (5000, "83 minutes"), (9000, "2.5 hours")],
)
def test_the_readme_says_how_long_a_second_run_takes(made, seconds, said):
    studies = {name: {**about, "seconds": seconds} for name, about in made[0].manifest.studies.items()}
    told = readme_text(Told("Prices", (), ""), [], {}, replace(made[0].manifest, studies=studies), made[0].folder)
    assert f"The fits take about {said};" in told
    assert f"The fits took {said} where" in told
