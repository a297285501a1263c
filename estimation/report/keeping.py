"""Put a report where it belongs: figures first, the file last, and nothing half written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estimation.report.writers.text import Written


def figures_folder(target: Path) -> Path:
    """Return the folder beside a report in which its figures lie, if they are not inside."""
    return target.with_name(f"{target.stem}_figures")


def keep(written: Written, target: Path) -> Path:
    """Write a report and the figures beside it; what was there is replaced once everything is on disk.

    Figures of an earlier report in the same form that the new one does not have are removed; nothing else is touched.
    """
    folder = figures_folder(target)
    wanted = {folder / name: content for name, content in written.beside.items()} | {target: written.content}
    partial = {path: path.with_name(f".{path.name}.partial") for path in wanted}
    try:
        if written.beside:
            folder.mkdir(exist_ok=True)
        for path, content in wanted.items():
            partial[path].write_bytes(content)
        for path, made in partial.items():
            os.replace(made, path)
    finally:
        for made in partial.values():
            made.unlink(missing_ok=True)
    forms = {Path(name).suffix for name in written.beside}
    for form in forms:
        for old in folder.glob(f"figure-[0-9][0-9]{form}"):
            if old not in wanted:
                old.unlink()
    return target
