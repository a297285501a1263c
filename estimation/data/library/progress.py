"""A progress bar for downloads, in the form that the downloader asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn


class DownloadBar:
    """What the downloader tells: first how many bytes will come (0 if the server does not say), then what has come."""

    def __init__(self, bars: Progress) -> None:
        self.total = 0
        self._bars, self._task = bars, bars.add_task("download", total=None)

    def update(self, size: int) -> None:
        """Add bytes that have come."""
        self._bars.update(self._task, total=self.total or None, advance=size)

    def reset(self) -> None:
        """Start counting anew."""
        self._bars.update(self._task, completed=0)

    def close(self) -> None:
        """Do nothing: leaving the context stops the display."""


@contextmanager
def download_bar(message: str, *, show: bool) -> Iterator[DownloadBar]:
    """Show on standard error what is being downloaded, in a line that stays in logs, and how much of it has come."""
    console = Console(stderr=True, quiet=not show, soft_wrap=True)
    console.print(message, highlight=False)
    columns = (TextColumn("  "), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console) as bars:
        yield DownloadBar(bars)
