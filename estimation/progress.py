"""Progress that a person can read: what is being done, how far it is, how long it will take, and what it took.

In a terminal a bar on standard error, in a notebook a bar in the output of the cell. Both say one step at a time, and
leave a line with the time that the whole took. Into a file or a pipe nothing is said.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from itertools import count
from threading import Lock
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

Update = Callable[[int], None]
"""Takes how much of a step is done so far."""

Track = Callable[[str, int], Update]
"""(what, total) → `Update`; the step before is over then. A total of 0 is one that nobody knows."""

Watched = Track | None
"""None where nobody watches: then no bar is made."""

Advance = Callable[[], None]
"""What is called after each piece of work."""

SHORTEST = 2.0  # seconds: what took less needs no line
OFTEN = 0.25  # seconds between two looks of a notebook
MINUTE = 60
_watched: ContextVar[Watched] = ContextVar("watched", default=None)


class Screen(ABC):
    """Where progress is shown: one step at a time."""

    @abstractmethod
    def step(self, what: str, total: int) -> Update:
        """Show the beginning of a step, and return what tells how far it is."""

    @abstractmethod
    def end(self, line: str) -> None:
        """Take the bar away, and leave a line if there is one."""


class Terminal(Screen):
    """A bar on standard error."""

    def __init__(self, console: Console) -> None:
        columns = [TextColumn("{task.description:<38}"), BarColumn(), TaskProgressColumn()]
        times = [TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()]
        self._console = console
        self._bars = Progress(*columns, *times, console=console, transient=True)
        self._bars.start()

    def step(self, what: str, total: int) -> Update:
        """Show the beginning of a step: the bar of the one before goes."""
        for task in self._bars.task_ids:
            self._bars.remove_task(task)
        own = self._bars.add_task(what, total=total or None)
        return lambda done: self._bars.update(own, completed=done) if own in self._bars.task_ids else None

    def end(self, line: str) -> None:
        """Take the bar away, and leave a line if there is one."""
        self._bars.stop()
        if line:
            self._console.print(line, highlight=False, markup=False)


class Notebook(Screen):
    """A bar in the output of a cell: plain HTML, which needs no widgets and stays when the notebook is kept."""

    def __init__(self, display: Callable[..., Any]) -> None:
        self._handle = display(_html("…"), display_id=True)
        self._started = self._shown = time.monotonic()
        self._lock, self._steps = Lock(), count(1)
        self._step = 0

    def step(self, what: str, total: int) -> Update:
        """Show the beginning of a step in the place of the one before."""
        self._step = own = next(self._steps)
        self._show(what, 0, total)

        def update(done: int) -> None:
            with self._lock:  # threads tell how far they are
                now = time.monotonic()
                if own == self._step and now - self._shown >= OFTEN:
                    self._shown = now
                    self._show(what, done, total)

        return update

    def end(self, line: str) -> None:
        """Show a line in the place of the bar."""
        self._step = 0
        self._handle.update(_html(line))

    def _show(self, what: str, done: int, total: int) -> None:
        bar = f'<progress value="{min(done, total)}" max="{total}"></progress>' if total else "<progress></progress>"
        share = f"{100 * min(done, total) // total} %" if total else ""
        text = f"{escape(what)}, {share or 'working'}, {duration(time.monotonic() - self._started)}"
        self._handle.update(_Shown(f"{bar} {text}", text))


class _Shown:
    """What a notebook shows, and what is left of it as text."""

    def __init__(self, html: str, text: str) -> None:
        self._html, self._text = html, text

    def _repr_html_(self) -> str:
        return f"<p>{self._html}</p>" if self._html else ""

    def __repr__(self) -> str:
        return self._text


def _html(line: str) -> _Shown:
    return _Shown(escape(line), line)


@contextmanager
def progress_bars(show: bool = True, title: str = "") -> Iterator[Track]:
    """Yield a function that starts a step; afterwards the `title` stands there with the time that it took."""
    screen = _screen() if show else None
    if screen is None:
        yield lambda _what, _total: lambda _done: None
        return
    started, line = time.monotonic(), ""
    try:
        yield screen.step
        took = time.monotonic() - started
        line = f"{title}: {duration(took)}" if title and took >= SHORTEST else ""
    finally:
        screen.end(line)


@contextmanager
def watching(show: bool, title: str) -> Iterator[Watched]:
    """Show the steps that `step` tells of while this lasts; yield None where nobody watches."""
    with progress_bars(show, title) as track:
        token = _watched.set(track if show else None)
        try:
            yield track if show else None
        finally:
            _watched.reset(token)


def step(what: str, total: int = 0) -> Update:
    """Begin a step of what is being watched, and return what tells how far it is; nothing is shown elsewhere."""
    track = _watched.get()
    return (lambda _done: None) if track is None else track(what, total)


def counter(update: Update) -> Advance:
    """Return a function that counts its calls and reports the count."""
    done = count(1)
    return lambda: update(next(done))


def duration(seconds: float) -> str:
    """Return a duration as people say it.

    Examples
    --------
    >>> duration(7.4), duration(135.0), duration(7300.0)
    ('7 s', '2 min 15 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    minutes, rest = divmod(whole, MINUTE)
    return f"{minutes} min {rest} s" if minutes < MINUTE else f"{minutes // MINUTE} h {minutes % MINUTE} min"


def _screen() -> Screen | None:
    """Return where progress is shown here, or None."""
    console = Console(stderr=True)
    if console.is_jupyter:
        from IPython.display import display  # noqa: PLC0415 - it is there where a notebook is

        return Notebook(display)
    return Terminal(console) if console.is_terminal else None
