"""Correlated tastes on panels of purchases and surveys: effective draws per processor second, and the same posterior.

Each panel is fitted by a fresh process of each program, one after another: start, reading, sampling, summary.
What counts is the worst of all population means *and* spreads, per second of processor time of the whole process, which
a crowded machine distorts less than time on the clock.

* estimation, with its default settings: four chains of 500 draws, made longer until they agree, each person's integral
  and the checks;
* R with bayesm's rhierMnlRwMixture, one normal component and its own prior, 20,000 iterations of which a quarter is
  dropped: one chain;
* PyMC with nutpie, under our prior: not for speed, but to see that means and spreads are the same; where it does not
  converge, textbooks' random walks of people instead.

bayesm's prior differs (Huang and Wand's, and an inverse Wishart that keeps spreads away from zero), and so do what a
spread near zero may be and how hard it is to draw. Run it alone: ``python benchmarks/scanner_panels.py FOLDER
[panel …] [--without PROGRAM …]``; it writes ``scanner-panels.json`` there after each program, does not repeat what is
there, and writes ``scanner-panels.md``.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import arviz as az
import numpy as np
import pandas as pd

import estimation as est
from estimation.data.choices.table import ChoiceTable

HERE = Path(__file__).parent / "peers"
ITERATIONS, KEEP, DRAWS, APART = 20_000, 5, 500, 800
UNITS = {"cracker": {"price": 100.0}, "train": {"price": 10.0, "time": 60.0}}
"""Divisors of columns: bayesm's prior knows of no units."""
PANELS = ("yogurt", "train", "cracker", "catsup", "electricity", "camera", "margarine", "bank")
WALKED = ("electricity",)
"""Panels that random walks draw under our prior in PyMC's place: it is slow to follow people of many choices."""
STANDARD = ["subject", "situation", "alternative", "chosen"]


def panel(name: str) -> tuple[pd.DataFrame, str | None]:
    """Return a long table whose columns are the terms, constants among them, and the outside option."""
    table = est.load(name)
    assert isinstance(table, ChoiceTable)
    attributes = [column for column in table.attributes if column not in table.covariates]
    frame = table.frame[[*STANDARD, *attributes]].fillna(dict.fromkeys(attributes, 0.0))
    for column, unit in UNITS.get(name, {}).items():
        frame[column] /= unit
    labels = sorted(set(frame["alternative"]))
    if len(labels) > 2 and name not in ("electricity", "camera"):  # brands; alternatives without a name have none
        frame = frame.assign(**{label: (frame["alternative"] == label).astype(float) for label in labels[1:]})
    return frame.assign(chosen=frame["chosen"].astype(int)), table.outside


def ran(command: list[str]) -> tuple[float, str]:
    """Run a process; return its processor seconds and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def python(script: str, draws: int, csv: Path, outside: str | None, seed: int) -> dict[str, Any]:
    """Return effective draws of the worst mean and spread of a fit by one of our scripts, and what it cost."""
    seconds, printed = ran([sys.executable, str(HERE / script), str(csv), str(outside), str(seed), str(draws)])
    found = json.loads(printed.splitlines()[-1])
    return {"seconds": seconds, "mean": found.pop("ess"), "spread": found.pop("ess_spreads"), **found}


def bayesm(csv: Path, _outside: str | None, seed: int) -> dict[str, Any]:
    """Return the same of a chain of bayesm."""
    out = csv.with_name("bayesm.csv")
    script = [str(HERE / "fit_bayesm.R"), str(csv), str(ITERATIONS), str(seed), str(out), str(KEEP)]
    seconds, _ = ran(["Rscript", *script])
    draws = pd.read_csv(out).to_numpy()
    means, spreads = np.split(draws[len(draws) // 4 :], 2, axis=1)
    worst = [min(float(az.ess(part[None, :, k])) for k in range(part.shape[1])) for part in (means, spreads)]
    middle = {"means": means.mean(axis=0).tolist(), "spreads": spreads.mean(axis=0).tolist()}
    return {"seconds": seconds, "mean": worst[0], "spread": worst[1], **middle}


PROGRAMS = {
    "bayesm": bayesm,
    "estimation": partial(python, "fit_estimation.py", DRAWS),
    "pymc": partial(python, "fit_pymc.py", APART),
    "walks": partial(python, "fit_metropolis.py", APART),
}


def programs(name: str) -> list[str]:
    """Return the programs that fit a panel."""
    return [program for program in PROGRAMS if program != ("pymc" if name in WALKED else "walks")]


def rate(found: dict[str, Any]) -> float:
    """Return effective draws of the worst parameter per processor second."""
    return min(found["mean"], found["spread"]) / found["seconds"]


ROWS = (
    *("", "people", "choices", "coefficients", "checks", "seconds", "effective draws of the worst mean"),
    *("of the worst spread", "worst, per second", "bayesm: seconds", "effective draws of the worst mean"),
    *("of the worst spread", "worst, per second", "ratio of the two rates"),
)
"""What the table of speed says of each panel, which has a column."""


def speed(results: dict[str, dict[str, Any]]) -> str:
    """Return the table of effective draws per second and what it shows, Markdown."""
    rows = [[head] for head in ROWS]
    for name, found in results.items():
        mine, theirs = found["estimation"], found["bayesm"]
        failed = [check for check, passed in mine["passed"].items() if not passed]
        cells = [f"`{name}`", *found["size"], "pass" if not failed else ", ".join(failed)]
        for one in (mine, theirs):
            cells += [f"{one['seconds']:.0f}", f"{one['mean']:.0f}", f"{one['spread']:.0f}", f"{rate(one):.1f}"]
        for row, cell in zip(rows, [*cells, f"{rate(mine) / rate(theirs):.1f}"], strict=True):
            row.append(str(cell))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    ratios = [rate(found["estimation"]) / rate(found["bayesm"]) for found in results.values()]
    lines += ["", f"Median ratio {statistics.median(ratios):.1f}, least {min(ratios):.1f}, of {len(ratios)} panels."]
    return "\n".join(lines) + "\n"


def gaps(mine: dict[str, Any], theirs: dict[str, Any]) -> list[np.ndarray]:
    """Return by how much means and spreads differ, in Monte-Carlo standard errors of the difference."""
    of = ("means", "spreads")
    error = np.hypot(np.array(mine["errors"]), np.array(theirs["errors"]))
    return [(np.array(mine[name]) - np.array(theirs[name])) / error[place] for place, name in enumerate(of)]


def agreement(results: dict[str, dict[str, Any]]) -> str:
    """Return the table of what another sampler finds under the same prior, Markdown."""
    head = "| panel | by | seconds | R-hat | divergences | worst mean | worst spread | largest gap of a mean |"
    lines = [f"{head} of a spread | root mean square |", "|---" * 10 + "|"]
    for name, found in results.items():
        program = programs(name)[-1]
        theirs = found[program]
        means, spreads = gaps(found["estimation"], theirs)
        cells = [f"`{name}`", program, f"{theirs['seconds']:.0f}", f"{theirs['rhat']:.3f}"]
        cells.append(str(theirs.get("divergences", "")))
        cells += [f"{theirs['mean']:.0f}", f"{theirs['spread']:.0f}"]
        cells += [f"{np.abs(part).max():.1f}" for part in (means, spreads)]
        lines.append("| " + " | ".join([*cells, f"{np.sqrt(np.mean([*means**2, *spreads**2])):.2f}"]) + " |")
    return "\n".join(lines) + "\n"


def page(results: dict[str, dict[str, Any]]) -> str:
    """Return the tables of the panels whose programs are done."""
    both = {name: found for name, found in results.items() if {"estimation", "bayesm"} <= found.keys()}
    same = {name: found for name, found in results.items() if {"estimation", programs(name)[-1]} <= found.keys()}
    return "\n".join(table(found) for table, found in ((speed, both), (agreement, same)) if found)


def main(folder: Path, names: list[str], without: list[str]) -> None:
    """Fit every panel with every program, one after another."""
    kept = folder / "scanner-panels.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    for name in names:
        frame, outside = panel(name)
        found = results.setdefault(name, {})
        found["size"] = [frame["subject"].nunique(), frame["situation"].nunique(), len(frame.columns) - len(STANDARD)]
        with tempfile.TemporaryDirectory() as place:
            csv = Path(place) / f"{name}.csv"
            frame.to_csv(csv, index=False)
            for program in programs(name):
                if program in found or program in without:
                    continue
                found[program] = PROGRAMS[program](csv, outside, PANELS.index(name) + 1)
                kept.write_text(json.dumps(results, indent=1))
                (folder / "scanner-panels.md").write_text(page(results))
        print(page({name: found}), flush=True)


if __name__ == "__main__":
    split = sys.argv.index("--without") if "--without" in sys.argv else len(sys.argv)
    main(Path(sys.argv[1]), sys.argv[2:split] or list(PANELS), sys.argv[split + 1 :])
