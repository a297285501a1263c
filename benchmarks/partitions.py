"""Growth of time, memory and bytes with people in partitions: SYNTHETIC sellers, from a thousand on.

``python benchmarks/partitions.py DIR [1000 4000 ...] [--workers N]`` writes people into DIR, fits each size in a
process of its own, adds a row to ``growth.csv`` when it is finished, and writes the page, ``growth.md``. Sizes that are
in the file are not measured again, and a fit that was interrupted goes on: then its seconds are those of the rest, and
the row says so. Without sizes it runs 1,000 to 100,000, some hours on two cores.
"""

from __future__ import annotations

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
THEORY = est.TrustEmbedded(believed_trust=1.0)
POPULATION = {"lying_cost": (7.5, 0.7), "sender_precision": (0.006, 0.4), "lapse": (0.03, 0.5)}


def people_of(folder: Path, people: int) -> est.Partitions:
    """Return so many sellers, written if they are not there."""
    games = {"risky": est.ForecastSharing(**GAME)}
    size = {"people": people, "decisions": DECISIONS, "each": EACH, "seed": 7}
    return est.simulate_partitions(THEORY, games, folder, POPULATION, roles=("sender",), **size)


def measured(folder: Path, people: int, workers: int | None) -> dict[str, float]:
    """Return what one fit took, and how near it came to the truth: in this process, which does nothing else."""
    parts, store = people_of(folder / f"people-{people}", people), folder / f"store-{people}"
    resumed = store.exists()
    started, used = time.perf_counter(), _seconds_used()
    fit = est.fit(THEORY, parts, path=store, executor=workers, cores=1, seed=1, progress=True)
    seconds, cpu = time.perf_counter() - started, _seconds_used() - used
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    draws, integrals = fit.draws, fit.tree["integration"].dataset
    off = [abs(draws[name].mean() - typical) / draws[name].std() for name, (typical, _) in POPULATION.items()]
    return {
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
    rows = found.sort_values("people")
    fresh = rows[~rows["resumed"].astype(bool)]
    lines = ["# What people in partitions cost", "", "All people are SYNTHETIC."]
    if len(fresh) > 1:
        slope = np.polyfit(np.log(fresh["people"]), np.log(fresh["cpu_seconds"]), 1)[0]
        lines.append(f"Processor time grows with people to the power {slope:.2f}, peak memory by a factor of")
        lines.append(f"{fresh['peak_MB'].iloc[-1] / fresh['peak_MB'].iloc[0]:.2f} from the smallest to the largest.")
    shown = rows.map(lambda value: f"{value:.3g}" if isinstance(value, float) and value < 1000 else str(value))
    table = [
        "| " + " | ".join(row) + " |" for row in [list(shown), ["---"] * shown.shape[1], *shown.to_numpy().tolist()]
    ]
    return "\n".join([*lines, "", *table, ""])


def main() -> None:
    """Measure what is missing, and write the page."""
    arguments = sys.argv[1:]
    if arguments[0] == "--one":
        folder, people, workers = Path(arguments[1]), int(arguments[2]), int(arguments[3])
        sys.stdout.write(json.dumps(measured(folder, people, workers or None)))
        return
    workers = int(arguments[arguments.index("--workers") + 1]) if "--workers" in arguments else 0
    folder, file = Path(arguments[0]), Path(arguments[0]) / "growth.csv"
    sizes = [int(word) for word in arguments[1:] if word.isdigit() and word != str(workers)] or SIZES
    folder.mkdir(parents=True, exist_ok=True)
    for people in sizes:
        known = pd.read_csv(file) if file.exists() else pd.DataFrame(columns=["people"])
        if people in known["people"].to_numpy():
            continue
        people_of(folder / f"people-{people}", people)
        command = [sys.executable, __file__, "--one", str(folder), str(people), str(workers)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        row = pd.DataFrame([json.loads(done.stdout)])
        (pd.concat([known, row]) if len(known) else row).to_csv(file, index=False)
        (folder / "growth.md").write_text(page(pd.read_csv(file)), encoding="utf-8")
    (folder / "growth.md").write_text(page(pd.read_csv(file)), encoding="utf-8")


if __name__ == "__main__":
    main()
