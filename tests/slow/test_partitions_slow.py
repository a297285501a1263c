"""People in partitions at size: 2,000 as in the ordinary fit, memory that does not grow, workers that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import arviz as az
import numpy as np
import pandas as pd
import pytest
from builders import forecast_game

import estimation as est

GAMES = {"risky": forecast_game()}
POPULATION = {"sender_precision": (0.006, 0.5), "lapse": (0.05, 0.5)}
HOW = {"seed": 2, "progress": False}
PEOPLE = 2000
SIZES = (200, 800)

pytestmark = pytest.mark.slow


def simulated(folder, people, each=250, decisions=20):
    size = {"people": people, "each": each, "decisions": decisions, "roles": ("sender",), "seed": 3}
    return est.simulate_partitions(est.Honest(), GAMES, folder, POPULATION, **size)


def test_two_thousand_people_are_fitted_as_by_the_ordinary_road(tmp_path):
    parts = simulated(tmp_path / "people", PEOPLE)
    table = together(parts)
    mine, theirs = est.fit(est.Honest(), parts, path=tmp_path / "store", **HOW), est.fit(est.Honest(), table, **HOW)
    assert est.diagnose(mine).ok == est.diagnose(theirs).ok
    effective = [float(fit.tree["proposals"].dataset["effective"]) for fit in (mine, theirs)]
    agree(mine, theirs, effective)
    scores = [
        est.compare({"one": fit, "two": fit}, progress=False).pointwise["one"].sort_index() for fit in (mine, theirs)
    ]
    errors = np.hypot(mine.people["error"], theirs.tree["integration"].dataset["error"].to_series())
    gap = scores[0] - scores[1]
    assert (gap.abs() > 3 * errors + 0.02).mean() < 0.02
    assert abs(gap.sum()) < 4 * np.linalg.norm(errors)


def test_the_posterior_of_some_of_the_people_is_that_of_chains(tmp_path):
    """Proposals around the mode are an approximation that a check passes; chains need none."""
    parts = simulated(tmp_path / "people", 120, each=40)
    mine = est.fit(est.Honest(), parts, path=tmp_path / "store", **HOW)
    chains = est.fit(est.Honest(), together(parts), method="integrated", **HOW)
    assert mine.manifest["sampler"]["name"].startswith("importance sampling")
    posterior = chains.posterior[["mean", "sd"]]
    fewest = min(float(value.min()) for value in az.ess(posterior).data_vars.values())
    agree(mine, chains, [float(mine.tree["proposals"].dataset["effective"]), fewest])


def together(parts):
    frame = pd.concat([parts.read(part).frame for part in parts.parts])
    return est.Table.from_frame(frame, GAMES, name="whole", synthetic=True)


def agree(mine, theirs, effective):
    """Hold means and spreads of two posteriors against each other, by the errors of draws and of integrals."""
    summed = [float(fit.tree["integration"].dataset["any_error"]) for fit in (mine, theirs)]
    error = np.sqrt(sum(1 / each for each in effective) + sum(each**2 for each in summed))
    for name in ("mean", "sd"):
        one, other = mine.posterior[name], theirs.posterior[name]
        sd = other.std(("chain", "draw"))
        assert (np.abs(one.mean(("chain", "draw")) - other.mean(("chain", "draw"))) < 4 * error * sd).all()
        assert (np.abs(one.std(("chain", "draw")) / sd - 1) < 4 * error).all()


MEASURED = """
import resource, sys
import estimation as est
parts = est.partitions(sys.argv[1])
est.fit(est.Honest(), parts, path=sys.argv[2], seed=1, cores=1, progress=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_people(tmp_path):
    peaks = []
    for people in SIZES:
        folder = tmp_path / str(people)
        simulated(folder, people, each=100, decisions=10)
        command = [sys.executable, "-c", MEASURED, str(folder), str(tmp_path / f"store {people}")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout.split()[-1]))
    assert peaks[1] < 1.05 * peaks[0]


def test_a_dask_worker_that_is_killed_loses_its_partition_only(tmp_path):
    distributed = pytest.importorskip("dask.distributed")
    parts = simulated(tmp_path / "people", 60, each=10, decisions=8)
    alone = est.fit(est.Honest(), parts, path=tmp_path / "alone", **HOW)
    store, killed = tmp_path / "store", []
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):

        def kill():
            while len(list(store.rglob("*-start-flat.npz"))) < 2:
                time.sleep(0.05)
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        found = est.fit(est.Honest(), parts, path=store, executor=client.get_executor(), **HOW)
        killer.join()
    assert killed
    assert found.posterior.equals(alone.posterior)
    pd.testing.assert_frame_equal(found.people, alone.people)


def test_a_driver_that_is_killed_loses_nothing_finished(tmp_path):
    parts = simulated(tmp_path / "people", 60, each=10, decisions=8)
    store = tmp_path / "store"
    code = (
        "import sys, estimation as est; parts = est.partitions(sys.argv[1]); "
        "est.fit(est.Honest(), parts, path=sys.argv[2], seed=2, progress=False, executor=2)"
    )
    driver = subprocess.Popen([sys.executable, "-c", code, str(parts.folder), str(store)])
    while len(list(store.rglob("*-start-told.npz"))) < 3:
        assert driver.poll() is None
        time.sleep(0.02)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    before = {file: file.stat().st_mtime_ns for file in store.rglob("*-start-told.npz")}
    time.sleep(1)  # until its processes are gone
    seen = {}

    def watch():
        while not done.is_set():
            seen.update({file: file.stat().st_mtime_ns for file in before if file.exists()})
            time.sleep(0.05)

    done = threading.Event()
    watcher = threading.Thread(target=watch)
    watcher.start()
    found = est.fit(est.Honest(), parts, path=store, **HOW)
    done.set()
    watcher.join()
    assert {file: seen[file] for file in before} == before
    assert found.posterior.equals(est.fit(est.Honest(), parts, path=tmp_path / "a", **HOW).posterior)
