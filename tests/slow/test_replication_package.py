"""A paper's folder as somebody else gets it: theories, one of the authors' own, and choices, made anew."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from choice_builders import choice_frame

import estimation as est
from estimation import cli

pytestmark = pytest.mark.slow
OWN = Path(est.__file__).parent / "examples" / "discounting.py"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    place = tmp_path_factory.mktemp("paper")
    table = est.load("simulated_forecast_sharing").only("sender")
    table = table.of(table.subjects[:8])
    shutil.copy(OWN, place / OWN.name)
    own = est.import_file(place / OWN.name)
    quick = {"seed": 1, "draws": 200, "chains": 2, "accuracy": 0.5, "progress": False}
    fits = est.fit({"trust": est.TrustEmbedded(), "own": own.Discounting()}, table, **quick)
    prices = est.fit(est.MultinomialLogit(["price", "quality"], random="all"), est.read_choices(choice_frame(30)))
    studies = {"senders": est.compare(fits, progress=False), "prices": prices}
    return est.replication_package(place / "package", studies, title="Trust and prices").folder


def test_somebody_else_finds_every_number_with_one_command_in_a_process_that_knows_nothing(package):
    command = [sys.executable, "-m", "estimation.cli", "verify", str(package), "--run"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "numbers of a second run agree within Monte-Carlo error" in " ".join(done.stdout.split())


def test_a_second_run_that_was_interrupted_reads_the_fits_that_it_had_finished(package, capfd):
    """The run of the test before is there: its fits are not made again, and the numbers are the same."""
    (again,) = package.parent.glob("package-rerun-*")
    before = {path: path.stat().st_mtime_ns for path in (again / "fits").glob("*.nc")}
    assert len(before) == 3
    found = est.verify_package(package, run=True)
    assert (found.ok, found.rerun) == (True, again)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_another_seed_agrees_within_monte_carlo_error(package, tmp_path):
    """Chance is what the errors are about: a run with other seeds is an honest second run."""
    other = shutil.copytree(package, tmp_path / "other")
    script = (other / "replicate.py").read_text()
    assert "seed=1" in script
    (other / "replicate.py").write_text(script.replace("seed=1", "seed=17").replace("seed=0", "seed=18"))
    done = subprocess.run([sys.executable, "replicate.py", str(tmp_path / "again")], cwd=other, check=False)
    assert done.returncode == 0
    from estimation.papers.numbers import differences, read_numbers

    for study in ("senders", "prices"):
        names = [folder / study / "numbers.csv" for folder in (package / "results", tmp_path / "again")]
        assert differences(*map(read_numbers, names)) == []


def test_a_script_that_fails_is_told_in_a_sentence(package, capsys):
    other = shutil.copytree(package, package.parent / "broken")
    from estimation.papers.manifest import FILE, Manifest, digests

    (other / "replicate.py").write_text("raise SystemExit(3)")
    manifest = Manifest.read(other)
    manifest.files.update(digests(other))
    (other / FILE).write_text(manifest.text())
    with pytest.raises(SystemExit) as ended:
        cli.main(["verify", str(other), "--run"])
    assert ended.value.code == 2
    assert "replicate.py ended with code 3" in capsys.readouterr().err
