"""Files that somebody made elsewhere: as text, or one sentence that says what they are instead."""

from __future__ import annotations

import codecs
from os import PathLike
from pathlib import Path

from estimation.errors import EstimationError, raise_all

WORKBOOK = "a workbook of a spreadsheet; open it there and save the sheet as CSV (UTF-8)"
KINDS = {
    b"PK\x03\x04": WORKBOOK,
    b"\xd0\xcf\x11\xe0": WORKBOOK,
    b"\x1f\x8b": "compressed; unpack it first",
    b"BZh": "compressed; unpack it first",
    b"\xfd7zXZ": "compressed; unpack it first",
    b"\x89HDF": "an HDF5 or netCDF file; this command reads text",
    b"CDF": "an HDF5 or netCDF file; this command reads text",
    b"%PDF": "a PDF; save the table itself as CSV (UTF-8)",
    b"$FL2": "a file of SPSS; export it as CSV (UTF-8)",
    b"<stata_dta>": "a file of Stata; export it as CSV (UTF-8)",
    b"PAR1": "a file of Parquet; write it as CSV (UTF-8)",
}
"""What files begin with, and what they then are."""

MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte-order marks, the longer ones first, and the encodings that they announce; a file without one is UTF-8."""


def no_path(given: object, advice: str = "") -> list[str]:
    """Say that something is no path of a file, with `advice` on what takes it."""
    return (
        [] if isinstance(given, str | PathLike) else [f"give the path of a file, not a {type(given).__name__}{advice}"]
    )


def read_text(path: str | Path, error: type[EstimationError], heading: str) -> str:
    """Return a file's text, its ends of lines as they are, or raise `error` with what keeps it from being read."""
    content = read_bytes(path, error, heading)
    kind = next((what for start, what in KINDS.items() if content.startswith(start)), None)
    if kind is not None:
        raise error(heading, [f"it is {kind}"])
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8-sig")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        what = f"line {line} holds signs that are not {encoding.removesuffix('-sig')}"
        raise error(heading, [f"{what}; save the file as CSV UTF-8, or as text in UTF-8"]) from problem


def read_bytes(path: str | Path, error: type[EstimationError], heading: str) -> bytes:
    """Return what a file holds, or raise `error` with what keeps it from being read."""
    raise_all(no_path(path), error, heading)
    try:
        endless = Path(path).is_char_device() or Path(path).is_block_device()
        raise_all([f"{str(path)!r} is a device; name a file"] * endless, error, heading)
        return Path(path).read_bytes()
    except (OSError, ValueError) as problem:
        raise error(heading, [unreadable(path, problem)]) from problem


def unreadable(path: str | Path, problem: Exception) -> str:
    """Say why a file cannot be opened."""
    if isinstance(problem, FileNotFoundError):
        return f"there is no file {str(path)!r}"
    if isinstance(problem, IsADirectoryError):
        return f"{str(path)!r} is a folder; name a file in it"
    return f"{str(path)!r} cannot be opened: {(getattr(problem, 'strerror', None) or str(problem)).lower()}"
