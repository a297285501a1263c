"""Verifying a replication package: what is found, what a second run may change, and that nothing runs unasked."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from command_line import command
from small_package import PRICES

import estimation as est
from estimation.papers.manifest import FILE, README, Manifest
from estimation.papers.script import SCRIPT
from estimation.sealing import sealed_json


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
