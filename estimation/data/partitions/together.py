"""Files of a folder of partitions, which have their names once all of them are written: a part is never the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from estimation.errors import DataError
from estimation.saving import said


def folder_problems(folder: Path) -> list[str]:
    """Say that a folder holds partitions already, if it does."""
    there = folder.is_dir() and any(folder.rglob("*.parquet"))
    return [f"{folder} holds Parquet files already, which would be taken for partitions; choose another"] * there


@contextmanager
def appearing_together(folder: Path, heading: str) -> Iterator[Callable[[str], Path]]:
    """Yield a function that says where to write the file of a name; all have their names when nothing more is written.

    Whatever ends it before that, no file is there. What a killed process left under such names is removed.

    Raises
    ------
    DataError
        Under a heading, if files cannot be written.
    """
    unfinished: dict[str, Path] = {}
    finished: list[Path] = []
    for left in folder.glob(".part-*.partial"):
        left.unlink()

    def of(name: str) -> Path:
        return unfinished.setdefault(name, folder / f".{name}.partial")

    try:
        yield of
        for name, file in unfinished.items():
            finished.append(file.replace(folder / name))
    except BaseException as problem:
        for file in finished:
            file.unlink(missing_ok=True)
        if isinstance(problem, OSError):
            raise DataError(heading, [f"nothing was written to {folder}: {said(problem)}"]) from problem
        raise
    finally:
        for file in unfinished.values():
            file.unlink(missing_ok=True)
