"""Processes that are killed once something is kept; `tests/slow/test_many_kills.py` kills fifty at random moments."""

from __future__ import annotations

import signal
import time

from killed_work import fetch, fit_choice, watch
from kills import kept, same, served, start

from estimation.fits.checkpoint import Checkpoint
from estimation.jobs.store import Store


def kill_once_kept(process, is_there):
    ends = time.monotonic() + 300
    while process.poll() is None and not is_there():
        assert time.monotonic() < ends
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_fit_of_choices_that_is_killed_goes_on(tmp_path, monkeypatch):
    folder = tmp_path / "killed"
    kill_once_kept(start("fit_choice", folder), lambda: kept(folder))
    (tmp_path / "whole").mkdir()
    fit_choice(tmp_path / "whole")
    for name in ("keep_arrays", "keep_chains"):
        monkeypatch.setattr(Checkpoint, name, getattr(Checkpoint, name))  # as they were, afterwards
    monkeypatch.setattr(Store, "keep", Store.keep)
    watch(folder)
    fit_choice(folder)
    assert len(set(kept(folder))) == len(kept(folder)) > 1, "what was finished was done again"
    assert same(folder, tmp_path / "whole")
    assert not list(folder.glob("*.unfinished"))


def test_files_that_have_arrived_are_not_fetched_again(tmp_path, monkeypatch):
    with served(tmp_path) as (source, asked):
        folder = tmp_path / "killed"
        folder.mkdir()
        (folder / "source").write_text(source)
        kill_once_kept(start("fetch", folder), lambda: len(list((folder / "cache").rglob("?.csv"))) == 2)
        assert not (folder / "end.txt").exists()
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        fetch(folder)
        assert (folder / "end.txt").read_text().split() == [f"{number}.csv" for number in range(5)]
        assert all(asked.count(path) == 1 for path in ("/0.csv", "/1.csv"))
        assert not list(folder.rglob("*.partial"))
