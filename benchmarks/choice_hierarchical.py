"""The hierarchical logit against its peers: effective draws per second of the worst population mean, start-up included.

Two data sets: `camera` (332 people x 16 situations x 5 alternatives, 10 correlated coefficients; it has to be fetched)
and a SYNTHETIC one (300 x 12 x 4, 6 coefficients). Each program is started anew, one after another, and reads the same
CSV:

* estimation, as a new process: import, sampling until the chains agree, each person's integral and the summary; with
  its default of 500 draws a chain, and with 1,000. The fixed cost of a start weighs less in a longer run, so the ratio
  depends on the length: both are reported. First of all with an empty compile cache, as at the first start ever;
* R with bayesm's rhierMnlRwMixture, one normal component, 20,000 iterations of which a quarter is dropped: a process
  on each of two cores, effective draws added up;
* pymc-marketing's mixed logit (diagonal: it has no full covariance), with nutpie, in an environment of its own that
  ``PYMC_MARKETING_PYTHON`` names.

A peer that is not there is reported as absent. Run it alone: ``python benchmarks/choice_hierarchical.py [times]``.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import arviz as az
import numpy as np
import pandas as pd

HERE = Path(__file__).parent / "peers"
ITERATIONS, KEEP = 20_000, 5
CORES = 2


def synthetic() -> pd.DataFrame:
    """Return choices of 300 people with correlated tastes, long."""
    rng = np.random.default_rng(7)
    people, situations, alternatives, size = 300, 12, 4, 6
    root = 0.4 * rng.normal(size=(size, size))
    tastes = rng.multivariate_normal(np.linspace(-1, 1, size), root @ root.T + 0.3 * np.eye(size), people)
    x = rng.normal(size=(people, situations, alternatives, size))
    utility = np.einsum("ntjk,nk->ntj", x, tastes) + rng.gumbel(size=x.shape[:3])
    return _long(x, utility.argmax(axis=-1), [f"x{k}" for k in range(size)], outside=None)


def camera() -> pd.DataFrame:
    """Return the camera choices, long, the outside option with zeros."""
    import estimation as est

    table = est.load("camera")
    frame = table.frame
    names = [name for name in table.attributes if name not in table.covariates]
    keep = ["subject", "situation", "alternative", "chosen", *names]
    frame = frame[keep].fillna(dict.fromkeys(names, 0.0)).assign(chosen=frame["chosen"].astype(int))
    frame.attrs["outside"] = table.outside
    return frame


def _long(x, choice, names, outside) -> pd.DataFrame:
    people, situations, alternatives, size = x.shape
    frame = pd.DataFrame(x.reshape(-1, size), columns=names)
    frame.insert(0, "subject", np.repeat(np.arange(people), situations * alternatives))
    frame.insert(1, "situation", np.repeat(np.arange(people * situations), alternatives))
    frame.insert(2, "alternative", np.tile(np.arange(alternatives), people * situations))
    frame.insert(3, "chosen", (frame["alternative"] == np.repeat(choice.ravel(), alternatives)).astype(int))
    frame.attrs["outside"] = outside
    return frame


def started(command: list[list[str]], threads: int) -> tuple[float, list[str]]:
    """Run processes side by side; return the seconds until all are done and what they printed."""
    settings = os.environ | {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    begin = time.perf_counter()
    running = [
        subprocess.Popen([*one], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for one in command
    ]
    printed = []
    for process in running:
        out, problem = process.communicate()
        if process.returncode:
            raise RuntimeError(problem[-2000:])
        printed.append(out)
    return time.perf_counter() - begin, printed


def ours(csv: Path, outside: str | None, seed: int, draws: int, cache: Path | None = None) -> dict[str, float]:
    """Fit in a fresh process; `cache` is an empty folder for a first start ever."""
    if cache is not None:
        os.environ["NUMBA_CACHE_DIR"] = str(cache)
    words = [str(csv), str(outside), str(seed), str(draws)]
    seconds, printed = started([[sys.executable, str(HERE / "fit_estimation.py"), *words]], 1)
    os.environ.pop("NUMBA_CACHE_DIR", None)
    return {"seconds": seconds, **json.loads(printed[0].splitlines()[-1])}


def bayesm(csv: Path, seed: int) -> dict[str, float]:
    """Run one R process per core."""
    outs = [csv.with_name(f"bayesm{core}.csv") for core in range(CORES)]
    script = str(HERE / "fit_bayesm.R")
    jobs = [
        ["Rscript", script, str(csv), str(ITERATIONS), str(seed * CORES + core), str(outs[core]), str(KEEP)]
        for core in range(CORES)
    ]
    seconds, _ = started(jobs, 1)
    draws = np.array([pd.read_csv(out).to_numpy() for out in outs])
    draws = draws[:, draws.shape[1] // 4 :, : draws.shape[2] // 2]  # means; spreads stand behind them
    alone = [sum(float(az.ess(chain[None, :, k])) for chain in draws) for k in range(draws.shape[2])]
    rhat = max(float(az.rhat(draws[:, :, k])) for k in range(draws.shape[2]))
    return {"seconds": seconds, "ess": min(alone), "rhat": rhat, "means": draws.mean(axis=(0, 1)).tolist()}


def pymc_marketing(csv: Path, seed: int) -> dict[str, float]:
    """Run the mixed logit in the environment that holds it."""
    python = os.environ["PYMC_MARKETING_PYTHON"]
    seconds, printed = started([[python, str(HERE / "fit_pymc_marketing.py"), str(csv), str(seed)]], 1)
    return {"seconds": seconds, **json.loads(printed[0].splitlines()[-1])}


def measured(name: str, frame: pd.DataFrame, repetitions: int, folder: Path) -> None:
    csv, outside = folder / f"{name}.csv", frame.attrs["outside"]
    frame.to_csv(csv, index=False)
    first = ours(csv, outside, 0, 500, folder / f"numba_{name}")
    print(f"{name}: first start ever, empty compile cache: {_line(first)}", flush=True)
    programs = {
        "estimation": lambda seed: ours(csv, outside, seed, 500),
        "estimation, 1,000 draws": lambda seed: ours(csv, outside, seed, 1000),
    }
    if shutil.which("Rscript"):
        programs["bayesm"] = lambda seed: bayesm(csv, seed)
    else:
        print("bayesm is absent: no Rscript on the path")
    if "PYMC_MARKETING_PYTHON" not in os.environ:
        print("pymc-marketing is absent: PYMC_MARKETING_PYTHON names no environment")
    rates: dict[str, list[float]] = {}
    for repetition in range(repetitions):
        for program, run in programs.items():
            result = run(repetition + 1)
            rates.setdefault(program, []).append(result["ess"] / result["seconds"])
            print(f"{name}, {program}: {_line(result)}", flush=True)
    if "PYMC_MARKETING_PYTHON" in os.environ:
        result = pymc_marketing(csv, 1)
        rates["pymc-marketing"] = [result["ess"] / result["seconds"]]
        print(f"{name}, pymc-marketing: {_line(result)}", flush=True)
    middle = {program: statistics.median(values) for program, values in rates.items()}
    for mine in [program for program in middle if program.startswith("estimation")]:
        for peer in [program for program in middle if not program.startswith("estimation")]:
            ratio = middle[mine] / middle[peer]
            print(f"{name}: {mine} / {peer} = {ratio:.1f} (effective draws per second of the worst mean)")


def _line(result: dict[str, float]) -> str:
    rate = result["ess"] / result["seconds"]
    return (
        f"{result['seconds']:.1f} s, worst mean {result['ess']:.0f} effective draws, {rate:.1f} per second, "
        f"R-hat {result['rhat']:.3f}"
    )


if __name__ == "__main__":
    sets = {"synthetic": synthetic, "camera": camera}
    chosen = [name for name in sys.argv[1:] if name in sets] or list(sets)
    count = next((int(word) for word in sys.argv[1:] if word.isdigit()), 3)
    with tempfile.TemporaryDirectory() as place:
        for one in chosen:
            measured(one, sets[one](), count, Path(place))
