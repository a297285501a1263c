"""Files of a folder of partitions: a part of them is never taken for the whole.

They have their names once all of them are written, or, where a run that is interrupted goes on, a file beside them says
that some are still to come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from estimation.errors import DataError
from estimation.saving import said, write_text_whole

UNFINISHED = "_unfinished.txt"
"""Stands in a folder for as long as partitions of it are still to come."""


def folder_problems(folder: Path) -> list[str]:
    """Say that a folder holds partitions already, if it does."""
    there = folder.is_dir() and any(folder.rglob("*.parquet"))
    return [f"{folder} holds Parquet files already, which would be taken for partitions; choose another"] * there


@contextmanager
def in_turn(folder: Path, heading: str) -> Iterator[None]:
    """Mark a folder as unfinished until all that is done in between is; if it is interrupted, the mark stays.

    Raises
    ------
    DataError
        Under a heading, if the mark cannot be written.
    """
    mark = folder / UNFINISHED
    write_text_whole(mark, "Partitions are being written here; some are still to come.\n", DataError, heading)
    yield
    mark.unlink()


def parquet_files(folder: Path) -> list[Path]:
    """Return the Parquet files of a folder and those in it, sorted, without hidden ones (``.name``, ``_name``)."""
    found = [file for file in sorted(folder.rglob("*.parquet")) if file.is_file()]
    return [file for file in found if not any(map(_is_hidden, file.relative_to(folder).parts))]


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "_"))


def unfinished_problems(folder: Path) -> list[str]:
    """Say that partitions are still to come, in this folder or in those in it."""
    return [
        f"some partitions of {mark.parent} are still to come: what wrote them was interrupted, or still writes; run it "
        f"again, and it goes on. Who wants those that are there removes {mark.name}"
        for mark in sorted(folder.rglob(UNFINISHED))
    ]


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
