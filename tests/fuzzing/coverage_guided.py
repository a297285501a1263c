"""Fuzzing led by coverage: what reaches a line that nothing reached before is changed further.

Lines are seen by `sys.monitoring`, which tells each of them once and costs nothing afterwards.
"""

from __future__ import annotations

import random
import sys
import time
from types import CodeType

from base_files import BASES
from hostile_inputs import Hostile, changed
from judged import Judge

TOOL = 3
PACKAGE = "/estimation/"


class Lines:
    """Counts the lines of the package that were reached for the first time."""

    def __init__(self) -> None:
        self.reached: set[tuple[CodeType, int]] = set()

    def __enter__(self) -> Lines:
        monitoring = sys.monitoring
        monitoring.use_tool_id(TOOL, "fuzzing")
        monitoring.register_callback(TOOL, monitoring.events.LINE, self._seen)
        monitoring.set_events(TOOL, monitoring.events.LINE)
        return self

    def __exit__(self, *_: object) -> None:
        sys.monitoring.set_events(TOOL, 0)
        sys.monitoring.register_callback(TOOL, sys.monitoring.events.LINE, None)
        sys.monitoring.free_tool_id(TOOL)

    def _seen(self, code: CodeType, line: int) -> object:
        if PACKAGE in code.co_filename:
            self.reached.add((code, line))
        return sys.monitoring.DISABLE


def fuzz(judge: Judge, seconds: float, seed: int = 0, most: float = float("inf")) -> dict[str, int]:
    """Change so many inputs, or for so long; keep those that lead further, and return how many of each were kept."""
    rng = random.Random(seed)
    kept = {kind: [Hostile(kind, text.encode())] for kind, text in BASES.items()}
    end = time.monotonic() + seconds
    with Lines() as lines:
        while time.monotonic() < end and judge.counts.total() < most and len(judge.failed) < 20:
            kind = rng.choice(list(kept))
            given = rng.choice(kept[kind])
            for _ in range(rng.randint(1, 3)):
                given = changed(given, rng)
            before = len(lines.reached)
            judge.read(given)
            if len(lines.reached) > before and len(given.content) < 20_000:
                kept[kind].append(given)
    return {kind: len(inputs) - 1 for kind, inputs in kept.items()}
