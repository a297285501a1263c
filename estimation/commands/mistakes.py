"""Mistakes in files of somebody's own, told by file and line, as a person would."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from estimation.errors import EstimationError, did_you_mean
from estimation.registry import OWN


def own_mistake(problem: Exception) -> EstimationError | None:
    """Return what failed in a file of the user's own (`estimation.registry.import_file`); None if nothing of it ran."""
    if isinstance(problem, SyntaxError) and problem.filename and problem.filename.endswith(".py"):
        return _told(Path(problem.filename), problem.lineno or 1, f"{problem.msg}: {(problem.text or '').strip()}")
    own = [
        (frame, line)
        for frame, line in traceback.walk_tb(problem.__traceback__)
        if str(frame.f_globals.get("__name__", "")).startswith(OWN)
    ]
    if not own:
        return None
    frame, line = own[-1]
    file, code = Path(frame.f_code.co_filename), linecache.getline(frame.f_code.co_filename, line).strip()
    what = f"in {frame.f_code.co_name}: {code} ({type(problem).__name__}: {problem}){_meant(problem, frame)}"
    return _told(file, line, what)


def _told(file: Path, line: int, what: str) -> EstimationError:
    return EstimationError(f"{file.name} does not work:", [f"line {line}, {what}"])


def _meant(problem: Exception, frame: FrameType) -> str:
    """Return which name was meant, if values are asked for a parameter that there is not."""
    values = frame.f_locals.get("values")
    if not isinstance(problem, KeyError) or not isinstance(values, Mapping):
        return ""
    names = [str(name) for name in values]
    return did_you_mean(str(problem.args[0]), names, otherwise=f"; the parameters are {', '.join(names)}")
