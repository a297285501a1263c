"""Where nothing can be written, commands end with code 2 and one sentence; the file that was there stays, alone."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from choice_builders import choice_frame

import estimation as est
from estimation import cli
from estimation.fits.checkpoint import unfinished
from estimation.fits.nuts import whole_chains
from estimation.jobs.store import Store

GAMES = '[conditions.over]\nfamily = "estimation"\ndirection = "over"\nhighest = 20\n'
OLD = "what was there"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """A folder with a table of choices, a fit of it, games, and products."""
    place = tmp_path_factory.mktemp("inputs")
    frame = choice_frame(40)
    frame.to_csv(place / "choices.csv", index=False)
    est.fit(est.MultinomialLogit(["price"]), est.read_choices(place / "choices.csv"), draws=200, path=place / "mnl.nc")
    (place / "games.toml").write_text(GAMES)
    (place / "products.csv").write_text("product,revenue,weight\na,3,1\nb,2,2\nc,1,4\n")
    return place


def commands(inputs, out):
    """Return every command that writes a file, with where it writes, by name."""
    simulated = out / "simulated_talk.csv"
    talk = ["--theory", "honest", "--games", inputs / "games.toml", "--people", "4", "--decisions", "4"]
    talk += ["--set", "lapse=0.05:0.3", "--set", "sender_precision=1:0.3", "--set", "receiver_precision=1:0.3"]
    return {
        "fit": (out / "fit.nc", ["fit", "simulated_forecast_sharing", "--theory", "honest", "--out", out / "fit.nc"]),
        "fit-choice": (out / "fit.nc", ["fit-choice", inputs / "choices.csv", "-a", "price", "--out", out / "fit.nc"]),
        "report": (out / "page.html", ["report", inputs / "mnl.nc", "--out", out / "page.html"]),
        "report with figures": (out / "page.md", ["report", inputs / "mnl.nc", "--out", out / "page.md"]),
        "simulate": (simulated, ["simulate", *talk, "--out", simulated]),
        "assort": (out / "menus.csv", ["assort", inputs / "products.csv", "--out", out / "menus.csv"]),
        "assort report": (out / "menus.html", ["assort", inputs / "products.csv", "--out", out / "menus.html"]),
    }


NAMES = ["fit", "fit-choice", "report", "report with figures", "simulate", "assort", "assort report"]


@contextmanager
def full_disk():
    """No file may grow beyond 90 bytes: what writes more is refused by the system, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (90, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def ends_with_a_sentence(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    complaint = capsys.readouterr().err
    assert ended.value.code == 2, complaint
    assert "Traceback" not in complaint
    return complaint


@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk(inputs, tmp_path, capsys, name):
    target, arguments = commands(inputs, tmp_path)[name]
    target.write_text(OLD)
    with full_disk():
        complaint = ends_with_a_sentence(capsys, arguments)
    assert "make room, or choose another disk" in complaint
    assert target.read_text() == OLD
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [target]


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_in_the_place_of_the_file(inputs, tmp_path, capsys, name, monkeypatch):
    """It is seen before anything is computed: none of the engines is asked."""
    target, arguments = commands(inputs, tmp_path)[name]
    target.mkdir()
    (target / "kept").write_text(OLD)
    for engine in ("inference.fit.fit", "inference.load.load_fit", "assortment.problem.Assortment.frontier"):
        monkeypatch.setattr(f"estimation.{engine}", lambda *_, **__: pytest.fail("something was computed before"))
    assert "is a folder; name a file in it" in ends_with_a_sentence(capsys, arguments)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [target / "kept"]


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_takes_nothing(inputs, tmp_path, capsys, name, monkeypatch):
    target, arguments = commands(inputs, tmp_path)[name]
    target.write_text(OLD)
    monkeypatch.setattr("estimation.saving.os.access", lambda path, _: Path(path) != tmp_path)
    assert "nothing may be written to folder" in ends_with_a_sentence(capsys, arguments)
    assert list(tmp_path.iterdir()) == [target]


def test_the_demo_says_where_nothing_can_be_kept(tmp_path, capsys):
    (tmp_path / "demo").write_text(OLD)
    complaint = ends_with_a_sentence(capsys, ["demo", "--quick", "--out", tmp_path / "demo"])
    assert "a file of this name is there" in complaint


def test_results_that_cannot_be_printed_are_one_sentence():
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no device that is always full")
    code = "from estimation.cli import main; main(['datasets'])"
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 2), ended.stderr
    assert "The result cannot be printed:" in ended.stderr


INTERRUPTED = {
    "fit": "it goes on there",
    "fit-choice": "it goes on there",
    "report": "No file is half-written: start the same command again",
    "simulate": "No file is half-written",
    "assort": "No file is half-written",
}


@pytest.mark.parametrize("name", INTERRUPTED)
def test_ctrl_c_is_one_sentence_that_says_how_to_go_on(inputs, tmp_path, capsys, monkeypatch, name):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    for place in ("commands.fit.table_of", "commands.choice.choices_of", "commands.compare.named_fits"):
        monkeypatch.setattr(f"estimation.{place}", interrupted)
    for place in ("commands.simulate.theory_of", "commands.assort.read_products"):
        monkeypatch.setattr(f"estimation.{place}", interrupted)
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in commands(inputs, tmp_path)[name][1]])
    told = capsys.readouterr().err
    assert ended.value.code == 130
    assert INTERRUPTED[name] in told
    assert told.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_interrupted_chains_are_no_shorter_chains(monkeypatch):
    """Asked directly, nutpie returns what it has when it is interrupted, and a fit would go on with it."""
    ended = []

    class Running:
        def wait(self):
            raise KeyboardInterrupt

        def cancel(self):
            ended.append(True)

    monkeypatch.setattr("nutpie.sample", lambda *_, **__: Running())
    with pytest.raises(KeyboardInterrupt):
        whole_chains(None)
    assert ended


def test_two_runs_do_not_make_one_fit(inputs, tmp_path):
    path, table = tmp_path / "fit.nc", est.read_choices(inputs / "choices.csv")
    in_use = pytest.raises(est.FitError, match=r"fit\.nc\.unfinished is in use: another process")
    with unfinished(path, {"another": "run"}), in_use:
        est.fit(est.MultinomialLogit(["price"]), table, draws=100, path=path)
    assert est.fit(est.MultinomialLogit(["price"]), table, draws=100, path=path).manifest
    assert [file.name for file in tmp_path.iterdir()] == ["fit.nc"]


def test_two_runs_do_not_share_the_store_of_a_study(tmp_path):
    def opened():
        return Store.open(tmp_path / "store", {"name": "one"})

    with opened(), pytest.raises(est.StudyError, match="is in use"), opened():
        pass
    with opened() as store:
        assert store.finished(["unit"]) == {}


def test_what_an_unfinished_fit_left_without_a_note_is_not_taken_up(tmp_path):
    """As when its removal was cut short: whose it was cannot be known."""
    folder = tmp_path / "fit.nc.unfinished"
    folder.mkdir()
    (folder / "chains-0-0-100-300-0.9.nc").write_text("of another fit")
    with unfinished(tmp_path / "fit.nc", {"name": "new"}) as checkpoint:
        assert not list(checkpoint.folder.glob("chains*"))


def test_a_device_is_not_replaced_by_a_file(inputs, tmp_path, capsys):
    """Whoever may replace it, as an administrator may, would find a file there instead of the device ever after."""
    os.mkfifo(tmp_path / "pipe.html")
    complaint = ends_with_a_sentence(capsys, ["report", inputs / "mnl.nc", "--out", tmp_path / "pipe.html"])
    assert "is a device, not a file" in complaint
    assert (tmp_path / "pipe.html").is_fifo()


def test_a_file_that_may_not_be_changed_is_not_replaced(inputs, tmp_path, capsys):
    target = tmp_path / "page.html"
    target.write_text(OLD)
    target.chmod(0o444)
    complaint = ends_with_a_sentence(capsys, ["report", inputs / "mnl.nc", "--out", target])
    assert "may not be changed" in complaint
    assert target.read_text() == OLD


def test_what_only_its_owner_may_read_stays_so(inputs, tmp_path):
    target = tmp_path / "page.html"
    target.write_text(OLD)
    target.chmod(0o600)
    with pytest.raises(SystemExit):
        cli.main(["report", str(inputs / "mnl.nc"), "--out", str(target)])
    assert target.read_text() != OLD
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_name_that_no_file_can_have_is_seen_before_anything_is_computed(inputs, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("estimation.inference.load.load_fit", lambda *_, **__: pytest.fail("something was computed"))
    complaint = ends_with_a_sentence(capsys, ["report", inputs / "mnl.nc", "--out", tmp_path / f"{'x' * 300}.html"])
    assert "cannot be the name of a file" in complaint


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="this system has no device that never ends")
def test_a_device_that_never_ends_is_not_read(inputs, capsys):
    complaint = ends_with_a_sentence(capsys, ["check", "/dev/zero", "--games", inputs / "games.toml"])
    assert "'/dev/zero' is a device" in complaint
    with pytest.raises(est.FitError, match="/dev/zero is not a file"):
        est.load_fit("/dev/zero")
    with pytest.raises(est.StudyError, match="it is a folder or a device"):
        est.load_study("/dev/zero")


def test_a_name_that_no_file_can_have_is_no_fit():
    with pytest.raises(est.FitError, match="is not a file"):
        est.load_fit("x" * 5000)


def test_a_folder_where_the_note_of_an_unfinished_fit_belongs_is_said(tmp_path):
    (tmp_path / "fit.nc.unfinished" / "job.json").mkdir(parents=True)
    with pytest.raises(est.FitError, match="belongs to another fit"), unfinished(tmp_path / "fit.nc", {"name": "new"}):
        pass
