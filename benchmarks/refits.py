"""Refits of a theory to simulated data, a minute: one process, a pool of processes, a local dask cluster, in one run.

Trust-embedded senders, 48 SYNTHETIC people x 40 decisions, 31 possible messages, three parameters a person: each unit
simulates a data set, fits it, and checks the fit. Chains are timed too, on one data set that a first fit has compiled
for. Run it alone on a quiet machine: ``python benchmarks/refits.py [REFITS] [WORKERS]``.
"""

from __future__ import annotations

import sys
import time

import estimation as est
from estimation.jobs.workers import processes

GAME = est.EstimationGame("over", highest=30, lie_reference=3.0)
PEOPLE = {"trust": (0.6, 0.8), "lying_cost": (0.36, 0.7), "sender_precision": (1.25, 0.3)}
THEORY = est.TrustEmbedded(lapse=False)


def refits(count: int, executor, seed: int) -> tuple[float, est.Recovery]:
    """Return seconds for `count` refits, and the study."""
    situations = est.design({"over": GAME}, people=48, decisions=40, seed=1, roles=("sender",))
    started = time.perf_counter()
    study = est.recovery(THEORY, situations, PEOPLE, simulations=count, seed=seed, executor=executor, progress=False)
    return time.perf_counter() - started, study


def measured(name: str, count: int, executor, alone: float | None) -> float:
    """Print and return the rate of refits, once every worker has loaded the package and compiled its loops."""
    refits(2 * WORKERS, executor, seed=1)
    seconds, study = refits(count, executor, seed=2)
    rate = 60 * count / seconds
    sound = study.trials.groupby("simulation")["ok"].first().mean()
    ratio = "" if alone is None else f"  {rate / alone:.2f} times one process"
    print(f"{name:<28} {rate:6.0f} refits a minute, {sound:.0%} pass every check{ratio}", flush=True)
    return rate


def chains() -> None:
    """Print how long a fit by chains takes, compiled before."""
    situations = est.design({"over": GAME}, people=48, decisions=40, seed=1, roles=("sender",))
    tables = [est.simulate(THEORY, situations, PEOPLE, seed=seed)[0] for seed in range(4)]
    seconds = []
    for table in tables:
        started = time.perf_counter()
        est.fit(THEORY, table, seed=1, draws=200, chains=2, progress=False)
        seconds.append(time.perf_counter() - started)
    after = sum(seconds[1:]) / len(seconds[1:])
    first = f"(the first, with compilation: {seconds[0]:.0f} s)"
    print(f"{'chains, both cores':<28} {60 / after:6.0f} refits a minute {first}")


if __name__ == "__main__":
    COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    WORKERS = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    ALONE = measured("one process", COUNT, None, None)
    with processes(WORKERS) as pool:
        measured(f"{WORKERS} processes", COUNT, pool, ALONE)
    try:
        from dask.distributed import Client, LocalCluster
    except ImportError:
        print("dask is not installed: pip install 'estimation[cluster]'")
    else:
        with (
            LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            measured(f"dask, {WORKERS} workers", COUNT, client.get_executor(), ALONE)
    chains()
