"""A SYNTHETIC marketplace in partitions: is its truth recovered, what does fidelity do, and what does a seller cost.

``python benchmarks/marketplace.py DIR SELLERS`` writes that many sellers into DIR, fits trust that moves, and changes
the recommenders' accuracy by five points. It adds a row to ``marketplace.csv`` and writes the page, ``marketplace.md``,
with what a million sellers would take by the parts that were measured. A fit that was interrupted goes on; then its row
says that its seconds are those of the rest.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pandas as pd

import estimation as est

ACCURACIES = {"careful": 0.9, "average": 0.75, "hasty": 0.6}
GAME = est.AdviceGame(("low", "high"), advisers=tuple(ACCURACIES))
THEORY = est.AdviserLearning()
POPULATION = {"trust": (0.6, 0.5), "first_weight": (4.0, 0.5), "receiver_precision": (4.0, 0.4), "lapse": (0.05, 0.5)}
DECISIONS, EACH, CHANGE = 40, 250, 0.05
MILLION, HOUR = 1_000_000, 3600
PARTS = ("build", "remake", "sum", "judge", "describe")


class Counted(Executor):
    """Works in this process, and counts the bytes that a cluster would send, and processor seconds by what is done."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.steps: dict[str, list[float]] = {}  # seconds of each partition, by what is done with all of them
        self.sent = self.returned = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do a call at once."""
        self.sent += len(cloudpickle.dumps((fn, args, kwargs)))
        started = time.process_time()
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as problem:  # it is for the future to tell
            done.set_exception(problem)
            return done
        inputs, took = fn.call.args[-1].inputs, time.process_time() - started
        self.seconds[inputs.get("do", "effect")] += took
        self.steps.setdefault(str([inputs.get(name) for name in ("do", "stage", "found")]), []).append(took)
        self.returned += len(cloudpickle.dumps(done.result()))
        return done


def measured(folder: Path, sellers: int) -> tuple[dict[str, Any], pd.DataFrame, pd.DataFrame]:
    """Return what a fit took, what it found beside the truth, and what a change of accuracy does."""
    size = {"sellers": sellers, "decisions": DECISIONS, "each": EACH, "seed": 1}
    started = time.process_time()
    people = folder / f"sellers-{sellers}"
    parts = est.simulate_marketplace(THEORY, GAME, people, POPULATION, accuracies=ACCURACIES, **size)
    written = time.process_time() - started
    store, crew = folder / f"store-{sellers}", Counted()
    resumed, started = store.exists(), time.process_time()
    fit = est.fit(THEORY, parts, path=store, executor=crew, seed=1, progress=False)
    fitted = time.process_time() - started
    alone, shared = (sum(map(by, crew.steps.values())) for by in (sum, by_two))
    bytes_moved = {"sent_MB": crew.sent / 1e6, "returned_MB": crew.returned / 1e6}
    effect = est.effect_by_partition(fit, changed, by="partner", executor=crew, progress=False)
    whole = est.effect_by_partition(fit, changed, executor=crew, progress=False).rename(columns={"over": "partner"})
    integrals = fit.tree["integration"].dataset
    row = {
        "sellers": sellers,
        "partitions": len(parts.parts),
        "writing_s": written,
        "fit_s": fitted,
        **{f"{name}_s": crew.seconds[name] for name in PARTS},
        "effect_s": crew.seconds["effect"] / 2,
        "two_workers": fitted / (fitted - alone + shared),
        **bytes_moved,
        "nodes_MB": sum(file.stat().st_size for file in fit.work_folder.glob("*-flat.npz")) / 1e6,
        "peak_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "integral_error": float(integrals["any_error"]),
        "worst_k": float(integrals["k"].max()),
        "ok": est.diagnose(fit).ok,
        "resumed": resumed,
    }
    return row, recovered(fit), pd.concat([whole, effect], ignore_index=True)


def by_two(seconds: list[float]) -> float:
    """Return when two workers are finished with a step, each taking what comes next."""
    busy = [0.0, 0.0]
    for each in seconds:
        busy[busy.index(min(busy))] += each
    return max(busy)


def changed(table: est.Table) -> est.Table:
    """Return the situations of sellers whose recommenders are right more often."""
    return est.with_accuracy(table, CHANGE)


def recovered(fit: est.PartitionedFit) -> pd.DataFrame:
    """Return truth and posterior of typical values and spreads."""
    rows = []
    for name, truth in POPULATION.items():
        for what, true in zip((name, f"spread of {name}"), truth, strict=True):
            low, middle, high = np.quantile(fit.draws[what], [0.05, 0.5, 0.95])
            away = (fit.draws[what].mean() - true) / fit.draws[what].std()
            rows.append({"what": what, "truth": true, "median": middle, "low": low, "high": high, "sd_away": away})
    return pd.DataFrame(rows)


def projected(row: pd.Series) -> list[str]:
    """Return what a million sellers would take, by the parts that were measured."""
    scale = MILLION / row["sellers"]
    own = row["fit_s"] - sum(row[f"{name}_s"] for name in PARTS)
    work = scale * (row["fit_s"] - own)
    lines = [f"{name}: {scale * row[f'{name}_s'] / HOUR:.1f} processor hours" for name in (*PARTS, "effect")]
    return [
        *lines,
        f"who hands out work and adds up: {scale * own / HOUR:.1f} hours of one process, by the number of partitions",
        f"workers for an hour, if none waits: {int(np.ceil(work / HOUR))}",
        f"network: {scale * (row['sent_MB'] + row['returned_MB']) / 1e3:.1f} GB between scheduler and workers",
        f"disk: {scale * row['nodes_MB'] / 1e3:.1f} GB of nodes, read once for each of some tens of sums",
    ]


def page(rows: pd.DataFrame, truth: pd.DataFrame, effect: pd.DataFrame) -> str:
    """Return the page."""
    last = rows.iloc[-1]
    title = f"# A SYNTHETIC marketplace of {int(last['sellers']):,} sellers, {DECISIONS} recommendations each"
    heads = ("What it took, processor seconds and megabytes", "Truth and posterior (90 %)")
    told = f"Probability of following, if each recommender is right {100 * CHANGE:.0f} points more often"
    pieces = [title, f"## {heads[0]}", _table(rows), f"## {heads[1]}", _table(truth), f"## {told}", _table(effect)]
    return "\n\n".join([*pieces, "## A million sellers, projected", *(f"- {line}" for line in projected(last)), ""])


def _table(frame: pd.DataFrame) -> str:
    shown = frame.map(lambda value: f"{value:.3g}" if isinstance(value, float) else str(value))
    rows = [list(shown), ["---"] * shown.shape[1], *shown.to_numpy().tolist()]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)


def main() -> None:
    """Measure, and write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("sellers", type=int)
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    row, truth, effect = measured(given.folder, given.sellers)
    file = given.folder / "marketplace.csv"
    known = [pd.read_csv(file)] if file.exists() else []
    rows = pd.concat([*known, pd.DataFrame([row])], ignore_index=True)
    rows.to_csv(file, index=False)
    (given.folder / "marketplace.md").write_text(page(rows, truth, effect), encoding="utf-8")


if __name__ == "__main__":
    main()
