"""Who does the work: this process, a pool of processes, or any executor, and what happens when some of them die."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import platform
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing.connection import wait
from threading import Thread
from traceback import walk_tb
from types import ModuleType
from typing import Any

from threadpoolctl import threadpool_limits

from estimation.errors import StudyError

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # settings of glibc's mallopt

AnyExecutor = int | Executor | None
"""`None`: this process. A number: so many processes. Or any executor, of `concurrent.futures` or of dask."""


@dataclass(frozen=True)
class Portable:
    """A call that goes to another process with the code of theories and games from a notebook or somebody's file.

    Such code cannot be imported there. It is packed when the call is sent, and not when it is planned: packed calls of
    a whole study would fill the memory.
    """

    call: Callable[[], Any]

    def __call__(self) -> Any:
        """Return the result."""
        return self.call()

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Arrive as the call itself."""
        import cloudpickle  # noqa: PLC0415 - only who sends work to other processes needs it

        return cloudpickle.loads, (cloudpickle.dumps(self.call),)


@dataclass
class Workers:
    """An executor that is replaced when it breaks."""

    executor: Executor | None  # the one in use; None for this process
    own: bool  # it was made here, and is to be shut down here

    def submit(self, do: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Start a call; in this process it is finished when this returns."""
        if self.executor is not None:
            with _large_work_allowed() if _is_of_dask(self.executor) else nullcontext():
                return self.executor.submit(Portable(partial(do, *arguments)))
        done: Future[Any] = Future()
        try:
            done.set_result(do(*arguments))
        except Exception as problem:  # it is for the future to tell
            done.set_exception(problem)
        return done

    @property
    def generation(self) -> int:
        """How often dask has been restarted, which has no public name; 0 of others."""
        return int(getattr(getattr(self.executor, "_client", None), "generation", 0))

    def renew(self) -> None:
        """Replace a pool of processes that broke; others mend themselves."""
        broken = self.executor
        if not isinstance(broken, ProcessPoolExecutor):
            return
        broken.shutdown(wait=False, cancel_futures=True)
        self.executor, self.own = _same_pool(broken), True

    def close(self, at_once: bool) -> None:
        """Shut down what was made here; at once, what still runs is ended."""
        if not self.own or self.executor is None:
            return
        running = list((getattr(self.executor, "_processes", None) or {}).values()) if at_once else []
        self.executor.shutdown(wait=not at_once, cancel_futures=True)
        for process in running:
            process.terminate()


@contextmanager
def workers(executor: AnyExecutor | Workers) -> Iterator[Workers]:
    """Yield who does the work: workers who are given serve several jobs, and are closed by whoever made them.

    Raises
    ------
    StudyError
        If `executor` is nothing that can do work.
    """
    if isinstance(executor, Workers):
        yield executor
        return
    check_executor(executor)
    crew = Workers(processes(executor), True) if isinstance(executor, int) else Workers(executor, False)
    try:
        yield crew
    except BaseException:
        crew.close(at_once=True)
        raise
    crew.close(at_once=False)


def check_executor(executor: AnyExecutor) -> None:
    """Raise `StudyError` if something is no executor."""
    if isinstance(executor, bool) or not (executor is None or isinstance(executor, (int, Executor))):
        advice = "give None, a number of processes, or a concurrent.futures.Executor (dask: client.get_executor())"
        raise StudyError("The study cannot be run:", [f"executor {executor!r} is no executor; {advice}"])
    if isinstance(executor, int) and executor < 1:
        raise StudyError("The study cannot be run:", [f"{executor} processes can do nothing; give at least 1"])


def processes(count: int) -> ProcessPoolExecutor:
    """Return a pool of fresh processes, each on one core, that do not outlive this one.

    They are started afresh rather than forked, because copies of a process with threads may hang.
    """
    return ProcessPoolExecutor(count, _Spawn(), prepare_worker)


class _Process(multiprocessing.context.SpawnProcess):
    """A fresh process that does not run its user's script once more: what it needs of it is sent (`Portable`)."""

    @staticmethod
    def _Popen(process: Any) -> Any:
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return multiprocessing.context.SpawnProcess._Popen(process)
        finally:
            sys.modules["__main__"] = script


class _Spawn(multiprocessing.context.SpawnContext):
    """Starts such processes."""

    Process = _Process


def prepare_worker() -> None:
    """Keep a worker to one core, and let it end when the process that started it is gone, however that ended.

    Ctrl-C reaches all processes of a terminal; who started the workers answers it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threadpool_limits(1)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()


@cache
def keep_memory() -> None:
    """Let a worker of dask reuse its memory.

    Dask has glibc hand every freed array back to the system; fetching it anew costs studies two thirds of their speed.
    """
    if "MALLOC_TRIM_THRESHOLD_" in os.environ and platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        for setting, size in ((_MMAP_THRESHOLD, 1 << 25), (_TRIM_THRESHOLD, 1 << 28)):
            libc.mallopt(setting, size)


def _leave_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _same_pool(pool: ProcessPoolExecutor) -> ProcessPoolExecutor:
    """Return a new pool made as another one was; the standard library has no public way to ask."""
    made: Any = pool
    return ProcessPoolExecutor(made._max_workers, made._mp_context, made._initializer, made._initargs)


def is_lost(problem: BaseException) -> bool:
    """Return whether work ended because who did it is gone, and not because of the work."""
    return isinstance(problem, (BrokenExecutor, CancelledError)) or _is_of_dask(problem) or _was_lost_by_dask(problem)


def _was_lost_by_dask(problem: BaseException) -> bool:
    """Return whether dask raised an error while it passed a result on.

    A worker may die between the moment when its result is fetched and the moment when dask looks at the state of the
    future again. Dask then takes the result for an error and fails on it: what the work raised would have come from
    the work's own lines.
    """
    lines = list(walk_tb(problem.__traceback__))
    return bool(lines) and lines[-1][0].f_globals.get("__name__") == "distributed.cfexecutor"


def _is_of_dask(thing: Any) -> bool:
    return type(thing).__module__.split(".")[0] == "distributed"


@contextmanager
def _large_work_allowed() -> Iterator[None]:
    """Silence dask where work has more than 10 MB: what brings large data along needs them, and is not sent often."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending large graph")
        yield
