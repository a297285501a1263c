"""Time and memory of logits on choices in partitions: SYNTHETIC people, whose weights are shared or differ.

``python benchmarks/choice_partitions.py DIR [tastes-2000 tastes-20000 pooled-1000000 ...] [--workers N]`` writes people
into DIR, fits each case in a process of its own and adds a row to ``choices.csv`` when it is finished; the page is
``choices.md``. What is in the file is not measured again; a fit that was interrupted goes on, and the row says so.

``tastes-N``: N people, 10 choices of 4 alternatives, 6 attributes, weights that differ (full covariance), 1,000 people
in a file; goal at 20,000: 30 minutes and 6 GB. ``pooled-N``: N choices of 5 alternatives, 8 attributes, 10 by each
person, 20,000 people in a file: mode with errors by person, then draws; goal at 10 million: 15 minutes and 8 GB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd

import estimation as est

CASES = ("tastes-2000", "tastes-20000", "pooled-1000000", "pooled-10000000")
CHOICES = 10
TASTES = {f"x{k + 1}": (round(0.4 * (k - 2.5), 2), round(0.4 + 0.15 * k, 2)) for k in range(6)}
SHARED = {f"x{k + 1}": (round(0.2 * (k - 3.5), 2), 0.0) for k in range(8)}


def model_of(kind: str) -> est.MultinomialLogit:
    """Return the model of a case."""
    return est.MultinomialLogit(list(TASTES), random="all") if kind == "tastes" else est.MultinomialLogit(list(SHARED))


def people_of(folder: Path, kind: str, count: int) -> est.ChoicePartitions:
    """Return the choices of a case, written if they are not there."""
    people = count if kind == "tastes" else count // CHOICES
    size = {"people": people, "choices": CHOICES, "seed": 7}
    size |= {"alternatives": 4, "each": 1_000} if kind == "tastes" else {"alternatives": 5, "each": 20_000}
    population = TASTES if kind == "tastes" else SHARED
    return est.simulate_choice_partitions(model_of(kind), folder / f"{kind}-{people}", population, **size)


def measured(folder: Path, case: str, workers: int | None) -> dict[str, object]:
    """Return what one case took, and how near it came to the truth: in this process, which does nothing else."""
    kind, count = case.split("-")
    store = folder / f"store-{case}"
    resumed, watch = store.exists(), _Watch()
    started, used = time.perf_counter(), _seconds_used()
    parts = people_of(folder, kind, int(count))
    mode_seconds = 0.0
    if kind == "pooled":
        est.mode(model_of(kind), parts, path=store, executor=workers)
        mode_seconds = _seconds_used() - used
    fit = est.fit(model_of(kind), parts, path=store, executor=workers, seed=1, progress=sys.stderr.isatty())
    seconds, cpu = time.perf_counter() - started, _seconds_used() - used
    checks = est.diagnose(fit)
    return {
        "case": case,
        "partitions": len(parts.parts),
        "workers": workers or "threads",
        "seconds": seconds,
        "cpu_seconds": cpu,
        "of_which_mode": mode_seconds,
        "peak_MB": watch.peak(),
        "data_MB": sum(file.stat().st_size for file in parts.folder.glob("part-*.parquet")) / 1e6,
        "draws_seconds_per_sweep": cpu / fit.manifest["sampler"].get("sweeps", np.nan),
        "rhat": float(checks.table["value"].get("R-hat", np.nan)),
        "bulk_ess": float(checks.table["value"].get("bulk ESS", np.nan)),
        "farthest_from_truth": _farthest(fit, kind),
        "ok": checks.ok,
        "resumed": resumed,
    }


def _farthest(fit: est.PartitionedFit, kind: str) -> float:
    """Return the largest distance of the truth from posterior means, posterior standard deviations."""
    truth = SHARED if kind == "pooled" else TASTES
    names = {f"coefficients[{name}]": mean for name, (mean, _) in truth.items()}
    if kind == "tastes":
        names = {f"mean[{name}]": mean for name, (mean, _) in truth.items()}
        names |= {f"sd[{name}]": sd for name, (_, sd) in truth.items()}
    draws = fit.draws
    return max(abs(draws[name].mean() - value) / draws[name].std() for name, value in names.items())


class _Watch:
    """Watches the resident memory of this process and of all that it started, twice a second."""

    def __init__(self) -> None:
        self.most = 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def peak(self) -> float:
        """Return the most memory, MB; of this process alone at least what the system says."""
        return max(self.most, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)

    def _look(self) -> None:
        import psutil

        own = psutil.Process()
        while True:
            total = 0
            for process in [own, *own.children(recursive=True)]:
                try:
                    total += process.memory_info().rss
                except psutil.Error:
                    continue
            self.most = max(self.most, total / 2**20)
            time.sleep(0.5)


def _seconds_used() -> float:
    """Return the processor's seconds of this process and of those that it started and that ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def page(found: pd.DataFrame) -> str:
    """Return the page."""
    shown = found.map(lambda value: f"{value:.3g}" if isinstance(value, float) and abs(value) < 1000 else str(value))
    cells = [list(shown), ["---"] * shown.shape[1], *shown.to_numpy().tolist()]
    lines = ["# What choices in partitions cost", "", "All people are SYNTHETIC.", ""]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in cells), ""])


def main() -> None:
    """Measure what is missing, and write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("cases", nargs="*", default=CASES)
    asked.add_argument("--workers", type=int)
    asked.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        sys.stdout.write(json.dumps(measured(given.folder, given.cases[0], given.workers)))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    file = given.folder / "choices.csv"
    for case in given.cases:
        known = pd.read_csv(file) if file.exists() else pd.DataFrame(columns=["case"])
        if case in known["case"].tolist():
            continue
        people_of(given.folder, *(part if at == 0 else int(part) for at, part in enumerate(case.split("-"))))
        workers = [] if given.workers is None else ["--workers", str(given.workers)]
        command = [sys.executable, __file__, str(given.folder), case, "--one", *workers]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        row = pd.DataFrame([json.loads(done.stdout)])
        (pd.concat([known, row]) if len(known) else row).to_csv(file, index=False)
        (given.folder / "choices.md").write_text(page(pd.read_csv(file)), encoding="utf-8")


if __name__ == "__main__":
    main()
