"""A progress bar for downloads, in the form that the downloader asks for."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn


class DownloadBar:
    """Shows on standard error what is being downloaded and how much of it has come.

    Parameters
    ----------
    message
        What is being downloaded, printed first so that it also stands in logs.
    show
        Whether to show anything at all.
    """

    def __init__(self, message: str, *, show: bool = True) -> None:
        self._message = message
        console = Console(stderr=True, quiet=not show, soft_wrap=True)
        columns = (TextColumn("  "), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        self._progress = Progress(*columns, console=console)
        self._task = self._progress.add_task("download", total=None)

    def __enter__(self) -> DownloadBar:
        self._progress.console.print(self._message, highlight=False)
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    @property
    def total(self) -> float | None:
        """Bytes to come, None if the server does not say."""
        return self._progress.tasks[0].total

    @total.setter
    def total(self, size: int) -> None:
        self._progress.update(self._task, total=size or None)

    def update(self, size: int) -> None:
        """Add bytes that have come."""
        self._progress.advance(self._task, size)

    def reset(self) -> None:
        """Start counting anew."""
        self._progress.update(self._task, completed=0)

    def close(self) -> None:
        """Do nothing: leaving the context stops the display."""
