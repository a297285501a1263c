"""Progress that a person can read: what is being done, how far it is, and how long it will take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

Track = Callable[[str, int], Callable[[int], None]]
"""(what, total) → a function that takes how much is done so far"""

Watched = Track | None
"""None where nobody watches: then no bar is made."""

Advance = Callable[[], None]
"""What is called after each piece of work."""


@contextmanager
def progress_bars(show: bool = True) -> Iterator[Track]:
    """Yield a function that starts a bar; bars go to standard error, and vanish when the work is done."""
    columns = [TextColumn("{task.description:<38}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()]
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not show) as bars:

        def track(what: str, total: int) -> Callable[[int], None]:
            task = bars.add_task(what, total=total)
            return lambda done: bars.update(task, completed=done)

        yield track


def counter(update: Callable[[int], None]) -> Advance:
    """Return a function that counts its calls and reports the count."""
    done = count(1)
    return lambda: update(next(done))
