"""Growth of time, memory and bytes with people in partitions: SYNTHETIC sellers, from a thousand on.

``python benchmarks/partitions.py DIR [1000 4000 ...] [--workers N] [--theory honest]`` writes people into DIR, fits
each size in a process of its own, adds a row to ``growth.csv`` when it is finished, and writes the page,
``growth.md``. What is in the file is not measured again, and a fit that was interrupted goes on: then its seconds are
those of the rest, and the row says so. Without sizes it runs 1,000 to 100,000, some hours on two cores. Theories are
``trust`` (trust-embedded, three parameters of a sender) and ``honest`` (two).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

import estimation as est

SIZES = (1_000, 4_000, 16_000, 100_000)
EACH, DECISIONS = 250, 40
GAME = {
    "mean_demand": 250.0,
    "retail_price": 100.0,
    "wholesale_price": 75.0,
    "unit_cost": 0.0,
    "capacity_cost": 60.0,
    "state_range": 150.0,
    "noise_range": 75.0,
}
NOISE = {"sender_precision": (0.006, 0.4), "lapse": (0.03, 0.5)}
THEORIES = {
    "trust": (est.TrustEmbedded(believed_trust=1.0), {"lying_cost": (7.5, 0.7), **NOISE}),
    "honest": (est.Honest(), NOISE),
}
"""Name → theory, and the population of its SYNTHETIC people."""


def people_of(folder: Path, name: str, people: int) -> est.Partitions:
    """Return so many sellers, written if they are not there."""
    games = {"risky": est.ForecastSharing(**GAME)}
    size = {"people": people, "decisions": DECISIONS, "each": EACH, "seed": 7}
    theory, population = THEORIES[name]
    return est.simulate_partitions(theory, games, folder / f"{name}-{people}", population, roles=("sender",), **size)


def measured(folder: Path, name: str, people: int, workers: int | None) -> dict[str, object]:
    """Return what one fit took, and how near it came to the truth: in this process, which does nothing else."""
    parts, store = people_of(folder, name, people), folder / f"store-{name}-{people}"
    theory, population = THEORIES[name]
    resumed = store.exists()
    started, used = time.perf_counter(), _seconds_used()
    fit = est.fit(theory, parts, path=store, executor=workers, cores=1, seed=1, progress=True)
    seconds, cpu = time.perf_counter() - started, _seconds_used() - used
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    draws, integrals = fit.draws, fit.tree["integration"].dataset
    off = [abs(draws[what].mean() - typical) / draws[what].std() for what, (typical, _) in population.items()]
    return {
        "theory": name,
        "people": people,
        "partitions": len(parts.parts),
        "workers": workers or 1,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "peak_MB": peak / 1024,
        "data_MB": _megabytes(parts.folder, "part-*.parquet"),
        "nodes_MB": _megabytes(fit.work_folder, "*-flat.npz"),
        "integral_error": float(integrals["any_error"]),
        "integral_bias": float(integrals["bias"]),
        "worst_k": float(integrals["k"].max()),
        "farthest_from_truth": float(np.max(off)),
        "ok": est.diagnose(fit).ok,
        "resumed": resumed,
    }


def _seconds_used() -> float:
    """Return the processor's seconds of this process and of those that it started and that ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _megabytes(folder: Path, pattern: str) -> float:
    return sum(file.stat().st_size for file in folder.glob(pattern)) / 1e6


def page(found: pd.DataFrame) -> str:
    """Return the page."""
    lines = ["# What people in partitions cost", "", "All people are SYNTHETIC."]
    for name, rows in found.sort_values(["theory", "people"]).groupby("theory"):
        fresh = rows[~rows["resumed"].astype(bool)]
        if len(fresh) > 1:
            slope = np.polyfit(np.log(fresh["people"]), np.log(fresh["cpu_seconds"]), 1)[0]
            memory = fresh["peak_MB"].iloc[-1] / fresh["peak_MB"].iloc[0]
            lines.append(f"{name}: processor time grows with people to the power {slope:.2f}, memory by {memory:.2f}.")
    shown = found.map(lambda value: f"{value:.3g}" if isinstance(value, float) and value < 1000 else str(value))
    cells = [list(shown), ["---"] * shown.shape[1], *shown.to_numpy().tolist()]
    return "\n".join([*lines, "", *("| " + " | ".join(row) + " |" for row in cells), ""])


def main() -> None:
    """Measure what is missing, and write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("sizes", type=int, nargs="*", default=SIZES)
    asked.add_argument("--workers", type=int)
    asked.add_argument("--theory", choices=THEORIES, default="trust")
    asked.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        sys.stdout.write(json.dumps(measured(given.folder, given.theory, given.sizes[0], given.workers)))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    file = given.folder / "growth.csv"
    for people in given.sizes:
        known = pd.read_csv(file) if file.exists() else pd.DataFrame(columns=["theory", "people"])
        if [given.theory, people] in known[["theory", "people"]].to_numpy().tolist():
            continue
        people_of(given.folder, given.theory, people)
        workers = [] if given.workers is None else ["--workers", str(given.workers)]
        command = [sys.executable, __file__, str(given.folder), str(people), "--one", "--theory", given.theory]
        done = subprocess.run([*command, *workers], stdout=subprocess.PIPE, text=True, check=True)
        row = pd.DataFrame([json.loads(done.stdout)])
        (pd.concat([known, row]) if len(known) else row).to_csv(file, index=False)
        (given.folder / "growth.md").write_text(page(pd.read_csv(file)), encoding="utf-8")


if __name__ == "__main__":
    main()
