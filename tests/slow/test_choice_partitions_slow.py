"""Choices in partitions at size: 300 people as in the ordinary fit, memory that does not grow, workers elsewhere."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import estimation as est
from estimation.fits.checks import least_ess
from estimation.inference.choice_partitions import tastes

TASTES = {"a": (0.5, 0.5), "b": (-1.0, 0.7), "c": (0.2, 0.3)}
MODEL = est.MultinomialLogit(list(TASTES), random="all")

pytestmark = pytest.mark.slow


def simulated(folder, people, each, choices=8):
    size = {"people": people, "each": each, "choices": choices, "alternatives": 4, "seed": 1}
    return est.simulate_choice_partitions(MODEL, folder, TASTES, **size)


def test_three_hundred_people_are_fitted_as_by_the_ordinary_road(tmp_path):
    parts = simulated(tmp_path / "people", people=300, each=100)
    frame = pd.concat([parts.read(part).frame for part in parts.parts])
    labels = {name: str for name in frame if str(frame[name].dtype) == "category"}
    whole = est.read_choices(frame.astype(labels), name="whole", synthetic=True)
    mine, theirs = est.fit(MODEL, parts, path=tmp_path / "store", progress=False), est.fit(MODEL, whole, seed=5)
    assert est.diagnose(mine).ok
    ess = [min(least_ess(fit.posterior[["mean", "sd"]], how) for how in ("bulk", "tail")) for fit in (mine, theirs)]
    error = np.sqrt(sum(1 / each for each in ess))
    one, other = mine.draws, theirs.draws
    names = [name for name in other if other[name].std() > 0]
    assert ((one[names].mean() - other[names].mean()).abs() < 4 * error * other[names].std()).all()
    assert ((one[names].std() / other[names].std() - 1).abs() < 4 * error).all()
    people, gap = theirs.people, mine.people[list(TASTES)] - theirs.people
    assert (gap.std() < 0.15 * people.std()).all()  # means of at least a hundred draws of each
    assert (gap.mean().abs() < 4 * error * people.std()).all()


MEASURED = """
import resource, sys
import estimation as est
from estimation.inference.choice_partitions import tastes
tastes.STAGES, tastes.BURN, tastes.ROUNDS = (4, 4), 4, 1
model = est.MultinomialLogit(["a", "b", "c"], random="all")
parts = est.choice_partitions(sys.argv[1])
est.fit(model, parts, path=sys.argv[2], seed=1, draws=50, progress=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_people(tmp_path):
    peaks = []
    for people in (1_000, 6_000):
        parts = simulated(tmp_path / str(people), people, each=500)
        command = [sys.executable, "-c", MEASURED, str(parts.folder), str(tmp_path / f"store {people}")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] < 1.1 * peaks[0]


def test_processes_find_what_threads_find(tmp_path, monkeypatch):
    for name, value in {"STAGES": (4, 4), "BURN": 4, "ROUNDS": 1}.items():
        monkeypatch.setattr(tastes, name, value)
    parts, how = simulated(tmp_path / "people", people=60, each=20), {"draws": 50, "chains": 2, "progress": False}
    threads = est.fit(MODEL, parts, path=tmp_path / "threads", **how)
    processes = est.fit(MODEL, parts, path=tmp_path / "processes", executor=2, **how)
    assert processes.posterior.equals(threads.posterior)
    shared = est.MultinomialLogit(list(TASTES))
    one, other = est.mode(shared, parts), est.mode(shared, parts, executor=2)
    assert one.coefficients.equals(other.coefficients)
