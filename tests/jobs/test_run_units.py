"""A study's units: each is done once, none is lost, and results depend on nothing but their keys."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from threading import Thread, Timer

import pytest
from work_units import Dies, Draw, Fails, begun, numbered, processes_of

import estimation as est
from estimation.jobs.run import run_units
from estimation.jobs.unit import plain
from estimation.jobs.workers import is_lost, processes

HERE = Path(__file__).parent


def run(folder, count=12, work=None, **options):
    work = work or Draw(folder / "log")
    return run_units(numbered(count), work, job={"name": "draws"}, progress=False, **options)


def test_every_executor_gives_the_same_results(tmp_path):
    alone = run(tmp_path)
    with ThreadPoolExecutor(3) as threads:
        assert run(tmp_path, executor=threads) == alone
    assert run(tmp_path, executor=2) == alone
    assert list(alone) == [unit.key for unit in numbered(12)]


def test_more_units_do_not_change_the_first_ones(tmp_path):
    few, many = run(tmp_path, 3), run(tmp_path, 12)
    assert few == {key: many[key] for key in few}


def test_finished_units_are_not_done_again(tmp_path):
    first = run(tmp_path, 5, store=tmp_path / "store")
    more = run(tmp_path, 9, store=tmp_path / "store")
    assert Counter(begun(tmp_path / "log")) == Counter(unit.key for unit in numbered(9))
    assert first == {key: more[key] for key in first}


@pytest.mark.parametrize("executor", [0, 2], ids=["in this process", "in two processes"])
def test_a_driver_that_is_killed_repeats_no_finished_unit(tmp_path, executor):
    command = [sys.executable, str(HERE / "work_units.py"), str(tmp_path), str(executor), "100", "0.05"]
    driver = subprocess.Popen(command)
    finished = tmp_path / "store" / "units"
    while not finished.is_dir() or len(list(finished.glob("unit*.json"))) < 30:
        assert driver.poll() is None
        time.sleep(0.01)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    done = [json.loads(file.read_text())["key"] for file in finished.glob("unit*.json")]
    assert 30 <= len(done) < 100
    before = Counter(begun(tmp_path / "log"))
    results = run(tmp_path, 100, store=tmp_path / "store")
    after = Counter(begun(tmp_path / "log"))
    assert all(after[key] == before[key] == 1 for key in done)
    assert results == run(tmp_path, 100)


def test_workers_end_with_a_driver_that_is_killed(tmp_path):
    command = [sys.executable, str(HERE / "work_units.py"), str(tmp_path), "2", "100", "0.2"]
    driver = subprocess.Popen(command)
    while not (tmp_path / "log").exists():
        time.sleep(0.01)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    ends = time.monotonic() + 30
    while any(map(is_alive, processes_of(tmp_path / "log"))):  # they may begin what they had been given before
        assert time.monotonic() < ends, "workers outlive their driver"
        time.sleep(0.05)


def is_alive(process):
    """Return whether a process runs; one that has ended and is waited for by nobody does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_a_users_pool_has_not_begun_is_dropped_if_the_study_ends_in_an_error(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("estimation.jobs.store.Store.keep", full)
    with ThreadPoolExecutor(1) as threads:
        with pytest.raises(OSError, match="no space left"):
            run(tmp_path, 40, work=Draw(tmp_path / "log", pause=0.05), executor=threads)
        threads.submit(int).result()
    assert len(begun(tmp_path / "log")) < 10


@pytest.mark.parametrize("owned", [True, False], ids=["our pool", "a user's pool"])
def test_a_worker_that_is_killed_loses_nothing(tmp_path, owned):
    deadly = tmp_path / "deadly"
    deadly.touch()
    work = Draw(tmp_path / "log", deadly=deadly)
    if owned:
        results = run(tmp_path, work=work, executor=2, store=tmp_path / "store")
    else:
        with processes(2) as pool:
            results = run(tmp_path, work=work, executor=pool, store=tmp_path / "store")
    assert not deadly.exists()
    assert results == run(tmp_path)


def test_units_that_always_kill_their_worker_are_given_up(tmp_path):
    with pytest.raises(est.StudyError, match=r"3 times in a row \(the last one: BrokenProcessPool"):
        run(tmp_path, 2, work=Dies(), executor=1)


def test_a_failure_is_told_with_its_unit_and_what_is_finished_is_kept(tmp_path):
    told = r"finished ones are kept:\s+1. unit 'unit 4': ZeroDivisionError: nothing to divide by"
    with pytest.raises(est.StudyError, match=told) as caught:
        run(tmp_path, work=Fails(4), store=tmp_path / "store")
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(est.StudyError, match=r"^Some units failed:"):
        run(tmp_path, work=Fails(4))
    assert len(list((tmp_path / "store" / "units").glob("unit*.json"))) == 4
    assert run(tmp_path, work=Fails(99), store=tmp_path / "store")["unit 4"] == 4


def test_a_folder_of_another_job_is_refused_and_the_difference_told(tmp_path):
    run(tmp_path, store=tmp_path / "store")
    with pytest.raises(est.StudyError, match='name is "draws" there and "other" here'):
        run_units(numbered(2), Draw(tmp_path / "log"), job={"name": "other"}, store=tmp_path / "store")


def test_what_is_no_executor_is_refused(tmp_path):
    for executor in ("two", 0, True):
        with pytest.raises(est.StudyError, match="cannot be run"):
            run(tmp_path, executor=executor)


def test_a_dask_worker_that_is_killed_loses_nothing(tmp_path):
    distributed = pytest.importorskip("dask.distributed")
    deadly = tmp_path / "deadly"
    deadly.touch()
    work = Draw(tmp_path / "log", pause=0.1, deadly=deadly, ballast=bytes(11_000_000))  # dask warns above ten
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=tmp_path / "dask"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pids = set(client.run(os.getpid).values())
        results = run(tmp_path, 6, work=work, executor=client.get_executor(), store=tmp_path / "store")
        client.wait_for_workers(2)
        assert set(client.run(os.getpid).values()) != pids
    assert not deadly.exists()
    assert results == run(tmp_path, 6)


class OnItsWay:
    """A future of dask while its result is passed on."""

    def __init__(self, status, result):
        self.status = status
        self._found = result

    async def _result(self, **_how):
        return self._found


def passed_on(status, result):
    """Return what a future of `concurrent.futures` says once dask has passed a result on."""
    cfexecutor = pytest.importorskip("distributed.cfexecutor")
    future = Future()

    async def pass_on():
        await cfexecutor._cascade_future(OnItsWay(status, result), future)

    asyncio.run(pass_on())
    return future.exception()


def raised(do):
    """Return kind, error and traceback of a call that fails."""
    try:
        do()
    except Exception:
        return sys.exc_info()


@pytest.mark.parametrize("result", [{"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}, 7])
def test_a_result_that_dask_lost_while_it_was_passed_on_is_no_fault_of_the_work(result):
    assert is_lost(passed_on("lost", result))


def test_an_error_of_the_work_that_dask_passes_on_is_the_works():
    problem = passed_on("error", raised(lambda: int("seven")))
    assert isinstance(problem, ValueError)
    assert not is_lost(problem)


class Forgetful(Executor):
    """Dask that is restarted: one call is on its way then, and its future never ends."""

    def __init__(self):
        self._client = self
        self.generation = 0
        self.forgotten = []

    def submit(self, do, *arguments):
        future = Future()
        if self.generation == 0 and not self.forgotten:
            self.forgotten.append(future)
        else:
            future.set_result(do(*arguments))
        return future


def test_work_that_a_restart_of_dask_forgot_is_given_out_again(tmp_path, monkeypatch):
    monkeypatch.setattr("estimation.jobs.run.LOOKED_AFTER", 0.05)
    executor, found = Forgetful(), {}
    Timer(0.2, setattr, (executor, "generation", 1)).start()
    worker = Thread(target=lambda: found.update(run(tmp_path, executor=executor)), daemon=True)
    worker.start()
    worker.join(60)
    assert found == run(tmp_path)
    assert executor.forgotten[0].cancelled()


def test_a_result_that_lies_under_the_name_of_another_unit_is_computed_again(tmp_path):
    first = run(tmp_path, 3, store=tmp_path / "store")
    one, other, _ = sorted((tmp_path / "store" / "units").glob("unit*.json"))
    one.write_bytes(other.read_bytes())
    with pytest.warns(UserWarning, match="it is of another unit.*computed again"):
        assert run(tmp_path, 3, store=tmp_path / "store") == first


def test_a_result_that_is_no_plain_data_is_refused_by_its_type():
    with pytest.raises(TypeError, match="a unit's result is plain data, not set"):
        plain({"a": [1, {2}]})
