"""A replication package of choices: what is in it, what verifying finds, and that nothing in it runs unasked."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from choice_builders import choice_frame
from latex import PDFLATEX, complaints

import estimation as est
from estimation import cli
from estimation.papers.manifest import FILE, README, Manifest
from estimation.papers.readme import Told, readme_text
from estimation.papers.script import SCRIPT
from estimation.papers.software import requirements_text
from estimation.sealing import sealed_json

PRICES = "our-prices.csv"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A package of one fit of made-up choices, and the fit's file."""
    place = tmp_path_factory.mktemp("paper")
    choice_frame(30).to_csv(place / PRICES, index=False)
    table = est.read_choices(place / PRICES, synthetic=True)
    fit = est.fit(est.MultinomialLogit(["price", "quality"]), table, seed=2, draws=250, path=place / "fit.nc")
    about = {"title": "Prices", "authors": ["A. Author"], "data": [place / PRICES], "price": "price"}
    return est.replication_package(place / "package", {"prices": fit}, **about), place


@pytest.fixture
def package(made, tmp_path):
    """A copy that a test may change."""
    return shutil.copytree(made[0].folder, tmp_path / "package")


def command(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(list(map(str, arguments)))
    captured = capsys.readouterr()
    return ended.value.code, captured.out, captured.err


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


def test_a_package_that_is_whole_is_found_whole_and_nothing_of_it_is_run(package):
    (package / "sitecustomize.py").write_text("raise SystemExit('run')")
    found = est.verify_package(package)
    assert (found.ok, found.problems, found.rerun) == (True, (), None)
    assert found.notes == ("sitecustomize.py is not listed in the manifest",)
    assert "nothing was run" in found.verdict


def test_every_discrepancy_is_named_and_a_changed_script_is_not_run(package, capsys):
    (package / SCRIPT).write_text("raise SystemExit('run')")
    (package / "data" / PRICES).unlink()
    found = est.verify_package(package)
    assert [problem.split(" is ")[0] for problem in found.problems] == [f"data/{PRICES}", SCRIPT]
    with pytest.raises(est.ReplicationError, match="what the authors deposited"):
        est.verify_package(package, run=True)
    code, out, _ = command(capsys, "verify", package, "--json")
    assert (code, json.loads(out)["problems"]) == (1, list(found.problems))


def test_a_readme_may_be_completed_and_a_manifest_may_not_be_edited(package):
    (package / README).write_text("What the authors say.")
    assert est.verify_package(package).ok
    text = (package / FILE).read_text()
    (package / FILE).write_text(text.replace('"title": "Prices"', '"title": "Others"'))
    with pytest.raises(est.ReplicationError, match="damaged"):
        est.verify_package(package)


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/../../b", "C:\\x", "..\\x", "~/x", ""])
def test_a_manifest_that_names_files_outside_its_folder_is_refused(package, name):
    told = json.loads((package / FILE).read_text())
    told.pop("sha256")
    for outside in ({"files": {name: "0" * 64}}, {"studies": {name: {}}}):
        (package / FILE).write_text(sealed_json(told | outside))
        with pytest.raises(est.ReplicationError, match="which is not in the folder"):
            est.verify_package(package)


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", '{"sha256": 3}'])
def test_a_folder_without_a_readable_manifest_is_no_package(tmp_path, content):
    with pytest.raises(est.ReplicationError, match=r"has no manifest\.json"):
        est.verify_package(tmp_path)
    (tmp_path / FILE).write_text(content)
    with pytest.raises(est.ReplicationError, match="cannot be used"):
        est.verify_package(tmp_path)


def test_other_versions_are_told_and_are_no_discrepancy(package):
    manifest = Manifest.read(package)
    manifest.software["packages"]["numpy"] = "1.0"
    (package / FILE).write_text(manifest.text())
    found = est.verify_package(package)
    assert found.ok
    assert any("numpy is" in note and "1.0 in the package" in note for note in found.notes)


def test_numbers_of_a_second_run_are_compared_and_a_shifted_one_is_named(package, tmp_path, monkeypatch):
    """The second run is a copy in which one number was moved; that the script itself finds them is a slow test."""
    source = package / "results" / "prices" / "numbers.csv"
    lines = source.read_text().splitlines()
    name, value, error = lines[1].rsplit(",", 2)
    ran = []

    def run(given, **_):
        ran.append(given[1])
        shutil.copytree(package / "results" / "prices", Path(given[2]) / "prices")
        moved = f"{name},{float(value) + 10 * float(error)!r},{error}"
        (Path(given[2]) / "prices" / "numbers.csv").write_text("\n".join([lines[0], moved, *lines[2:], ""]))
        return subprocess.CompletedProcess(given, 0)

    monkeypatch.setattr(subprocess, "run", run)
    found = est.verify_package(package, run=True, out=tmp_path / "again")
    assert (ran, found.numbers) == ([SCRIPT], len(lines) - 1)
    (problem,) = found.problems
    assert problem.startswith(f"prices: {name.replace(',', ', ')}: ")


def test_a_second_run_into_the_package_itself_is_refused(package):
    with pytest.raises(est.ReplicationError, match="choose another folder"):
        est.verify_package(package, run=True, out=package / "results")


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


def second_run(monkeypatch, package, change=lambda _: None, code=0):
    """Let the script leave the package's own results, changed, in the other folder."""

    def run(given, **_):
        shutil.copytree(package / "results" / "prices", Path(given[2]) / "prices")
        change(Path(given[2]) / "prices")
        return subprocess.CompletedProcess(given, code)

    monkeypatch.setattr(subprocess, "run", run)


def test_a_second_run_with_the_same_numbers_confirms_the_package(package, tmp_path, monkeypatch):
    second_run(monkeypatch, package)
    found = est.verify_package(package, run=True, out=tmp_path / "again")
    assert (found.ok, found.notes, found.rerun) == (True, (), tmp_path / "again")
    assert f"all {found.numbers} numbers of a second run agree within Monte-Carlo error" in found.verdict


def test_words_and_last_digits_that_differ_are_noted_and_are_no_discrepancy(package, tmp_path, monkeypatch):
    table = next(path for path in sorted((package / "results/prices/tables").glob("*.csv")))

    def change(folder):
        (folder / "verdict.txt").write_text("Other words.")
        (folder / "tables" / table.name).write_text("other,digits\n")

    second_run(monkeypatch, package, change)
    found = est.verify_package(package, run=True, out=tmp_path / "again")
    assert found.ok
    assert found.notes == (
        f"prices: the verdict has other words or digits in {tmp_path / 'again' / 'prices' / 'verdict.txt'}",
        f"prices: {table.name} differs in its last digits",
    )


def test_a_script_that_fails_is_told_with_its_code_and_where_it_goes_on(package, tmp_path, monkeypatch):
    second_run(monkeypatch, package, code=3)
    with pytest.raises(est.ReplicationError, match=rf"{SCRIPT} ended with code 3; .* goes on in {tmp_path / 'again'}"):
        est.verify_package(package, run=True, out=tmp_path / "again")


def test_a_folder_for_a_second_run_without_a_second_run_is_not_clear(package, tmp_path, capsys):
    code, _, err = command(capsys, "verify", package, "--out", tmp_path / "again")
    assert code == 2
    assert "--out is where a second run goes; add --run" in err
    assert not (tmp_path / "again").exists()


def test_data_sets_that_have_to_be_fetched_are_noted(package, tmp_path, monkeypatch):
    told = json.loads((package / FILE).read_text())
    told.pop("sha256")
    wanted = {"oey_what_is_reality": {}, "swissmetro": {}}
    (package / FILE).write_text(sealed_json(told | {"datasets": wanted}))
    monkeypatch.setattr("estimation.papers.verify.is_available", lambda name: name == "swissmetro")
    found = est.verify_package(package)
    assert found.ok
    fetch = "the script fetches it, or estimation fetch oey_what_is_reality"
    assert found.notes == (f"the data set oey_what_is_reality is not on this machine: {fetch}",)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"format": 2}, r"manifest\.json has format 2, this version reads 1"),
        ({"files": ["a"]}, "cannot be used: files is a list"),
        ({"title": {}}, "cannot be used: title is a dict"),
        ({"software": {"packages": ["numpy"]}}, "cannot be used: its packages are no list of versions"),
    ],
)
def test_a_manifest_of_another_format_or_shape_is_refused(package, told, said):
    whole = json.loads((package / FILE).read_text())
    whole.pop("sha256")
    (package / FILE).write_text(sealed_json(whole | told))
    with pytest.raises(est.ReplicationError, match=said):
        est.verify_package(package)


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
