"""Units of work for tests of executors: cheap ones that leave a trace, deadly ones, and real fits."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from estimation.jobs.run import run_units
from estimation.jobs.unit import Unit, seed_of


@dataclass(frozen=True)
class Draw:
    """Draw a number after a pause, and write down that it was begun.

    It also writes down by which process. A unit that finds the file `deadly` removes it and kills its own process: it
    dies once. The ballast makes it as large as work that brings a fit along.
    """

    log: Path
    pause: float = 0.0
    deadly: Path | None = None
    ballast: bytes = field(default=b"", repr=False)

    def __call__(self, unit):
        with self.log.open("a") as file:
            file.write(f"{unit.key}, {os.getpid()}\n")
        if self.deadly is not None and unit.inputs["number"] == 3 and self.deadly.exists():
            self.deadly.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(self.pause)
        rng = np.random.default_rng(seed_of(7, unit.key))
        return {"value": rng.normal(), "vector": rng.normal(size=3)}


@dataclass(frozen=True)
class Fails:
    """Fail for one unit."""

    wrong: int

    def __call__(self, unit):
        if unit.inputs["number"] == self.wrong:
            raise ZeroDivisionError("nothing to divide by")
        return unit.inputs["number"]


@dataclass(frozen=True)
class Dies:
    """Kill the worker, whatever the unit."""

    def __call__(self, _):
        os.kill(os.getpid(), signal.SIGKILL)


def numbered(count):
    return [Unit(f"unit {number}", {"number": number}) for number in range(count)]


def begun(log):
    """Return the keys of the units that were begun."""
    return [line.split(", ")[0] for line in log.read_text().splitlines()]


def processes_of(log):
    """Return the processes that began units."""
    return {int(line.split(", ")[1]) for line in log.read_text().splitlines()}


if __name__ == "__main__":
    folder, executor, count, pause = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    work = Draw(folder / "log", pause)
    run_units(
        numbered(count), work, job={"name": "draws"}, executor=executor or None, store=folder / "store", progress=False
    )
