"""Write docs/studies/calibration.md from finished calibrations: ``python docs/site/calibrations.py FOLDER``.

What `benchmarks/calibrations.py` wrote to FOLDER is added to docs/studies/calibration.json, in the place of earlier
runs of the same models; page and picture show all that stands there.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image
from study_page import FOLDER, files, markdown, write

import estimation as est
from estimation.studies.calibration import band_probability
from estimation.studies.rank_plot import draw_ranks
from estimation.studies.recovery import recovered
from estimation.studies.trial import LIKELIHOOD
from estimation.text.sentences import per_cent

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

COLOURS = 32
COLUMNS, DOTS = 4, 64  # of panels side by side, and per inch: a page of many small panels
NO_BREAK = "\N{NON-BREAKING HYPHEN}"  # between the ends of a range
HEAD = """# Calibration

A posterior is right if the truth lies in it as often as it says. For each theory and model in the table: draw a
population from the prior, simulate an experiment, fit it, and note which rank the truth has among posterior draws.
Over many experiments the ranks of every quantity must be uniform (Talts and others 2018), and central intervals of
50, 80 and 95 % must hold the truth so often. All data are SYNTHETIC; designs are small, so that priors matter.

**Uniform**: of how many quantities the distribution of ranks stays inside a band that holds all quantities of the
model at once with 99 % probability. **Covered**: the same for the three coverages, by the binomial distribution.
The log likelihood of the data is one of the quantities (Modrák and others 2023): it sees errors that parameters
one by one do not show. **Fits that fail a check** count all the same.

Populations of the theories were drawn as `fit` draws them: by importance sampling, and by chains where that fails
its check; on nodes of the given **accuracy** (1 in `fit`). The mixture is of trust-embedded people and level 1.
Where there are fewer **simulations** than 200, the others made data that no fit accepts, such as a second class of
which choices tell nothing; that depends on data alone, and leaves ranks uniform.

`benchmarks/calibrations.py` runs them; settings, seeds and versions of each, every rank and every coverage stand
in [calibration.json](calibration.json).

**Another machine.** The first forty simulations of trust, of level-k with lying cost and of the mixture were run again
on other processors and by later code, both of which change last digits, so that other draws follow: 1,440 ranks. They
differ by a standard deviation of .060 from those of the table, as a share of all ranks, where two samples of
independent draws of that size differ by .058, and on average by less than .001.


"""
ALT = "For each model, how far the distribution of ranks is from uniform, with the band in which it should stay"
RECOVERY = """## Recovery

How near the posterior means of the same simulations are to the truths. **Unbiased**: of how many quantities the mean
error is within three of its Monte-Carlo errors. **Error**: its root mean square, as a multiple of what posterior
variances make expect (spreads of tastes may be very large beforehand, so that a few simulations decide on it).
**Correlation** of truths and estimates: how much so small a design tells, from the quantity of which it tells least to
that of which it tells most.

"""
FOOT = f"""![{ALT}](calibration.png)

Grey: the band. Blue: quantities inside it. Orange, if any: outside.
"""
Record = dict[str, Any]
"""A stored calibration: label, facts, share of fits that failed a check, coverage and ranks by quantity."""


def record(study: Any) -> Record:
    """Return what is stored of a calibration."""
    variance = (study.trials["sd"] ** 2).groupby("quantity", sort=False).mean()
    found = recovered(study.trials)[["bias", "bias_error", "rmse", "correlation"]]
    found["sd"] = np.sqrt(variance)  # of errors, if posteriors are what they claim to be
    return {
        "label": study.label,
        "facts": dict(study.facts),
        "failed": round(float(1 - study.trials.groupby("simulation")["ok"].first().mean()), 3),
        "coverage": {"name": study.table.index.tolist()} | _columns(study.table),
        "ranks": _columns(study.ranks),
        "recovery": _columns(found),
    }


def row(name: str, kept: Record) -> dict[str, str]:
    """Return the row of a model in the page's table."""
    table = pd.DataFrame(kept["coverage"])
    of = {f"{level} %": 100 * table[f"coverage_{level}%"] for level in (50, 80, 95)}
    return {
        "model": name,
        "simulations": str(len(pd.DataFrame(kept["ranks"]))),
        "accuracy": str(kept["facts"]["settings"].get("accuracy", "")),
        "quantities": str(len(table)),
        "uniform": str(int(table["uniform"].sum())),
        "covered": str(int(table["covered"].sum())),
        **{level: f"{found.min():.0f}{NO_BREAK}{found.max():.0f}" for level, found in of.items()},
        "fits that fail a check": per_cent(kept["failed"]),
    }


def recovery_row(name: str, kept: Record) -> dict[str, str]:
    """Return the row of a model in the table of recovery."""
    found = pd.DataFrame(kept["recovery"], index=kept["coverage"]["name"]).drop(index=LIKELIHOOD, errors="ignore")
    error, correlation = found["rmse"] / found["sd"], found["correlation"]
    return {
        "model": name,
        "simulations": str(len(pd.DataFrame(kept["ranks"]))),
        "quantities": str(len(found)),
        "unbiased": str(int((found["bias"].abs() <= 3 * found["bias_error"]).sum())),
        "error": f"{error.min():.2f}{NO_BREAK}{error.max():.2f}",
        "correlation": f"{correlation.min():.2f}{NO_BREAK}{correlation.max():.2f}",
    }


def doubts(stored: dict[str, Record]) -> str:
    """Return what is not what it claims to be, and which models of the tests' list have no run yet."""
    from oracles.calibrated import cases  # noqa: PLC0415

    wrong = [
        f"{quantity['name']} of {_words(model)} (95 % intervals: {100 * quantity['coverage_95%']:.0f} %)"
        for model, kept in stored.items()
        for quantity in pd.DataFrame(kept["coverage"]).to_dict("records")
        if not (quantity["uniform"] and quantity["covered"])
    ]
    missing = [name for name in cases() if name.replace(",", "").replace(" ", "_") not in stored]
    text = f"\n**Not what they claim to be**: {'; '.join(wrong)}.\n" if wrong else ""
    return text + (f"\nNot stored here yet: {'; '.join(missing)}.\n" if missing else "")


def drawn(stored: dict[str, Record]) -> Figure:
    """Return the picture of all ranks, one panel for each model."""
    lines = -(-len(stored) // COLUMNS)
    figure = Figure(figsize=(12, 2.6 * lines), layout="constrained")
    grid = figure.subplots(lines, COLUMNS, squeeze=False, sharex=True, sharey=True)
    for axes, (name, kept) in zip(grid.flat, stored.items(), strict=False):
        table = pd.DataFrame(kept["coverage"]).set_index("name")
        ranks = pd.DataFrame(kept["ranks"])
        draw_ranks(axes, ranks[table.index.tolist()], table["uniform"], band_probability(len(table)))
        axes.set_title(_words(name), fontsize="medium")
        axes.spines[["top", "right"]].set_visible(False)
    for axes in grid.flat[len(stored) :]:
        axes.set_visible(False)
    for axes in grid.flat[len(stored) - COLUMNS : len(stored)]:  # the lowest of each column
        axes.tick_params(labelbottom=True)
        axes.set_xlabel("rank of the truth")
    for axes in grid[:, 0]:
        axes.set_ylabel("share below,\nminus expected", fontsize="small")
    return figure


def _words(name: str) -> str:
    return name.replace("_", " ")


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Return columns of four digits."""
    return {str(name): frame[name].round(4).tolist() for name in frame}


if __name__ == "__main__":
    store = FOLDER / "calibration.json"
    stored = json.loads(store.read_text(encoding="utf-8")) if store.exists() else {}
    for file in files(Path(sys.argv[1]), "calibration_*.json"):
        stored[file.stem.removeprefix("calibration_")] = record(est.load_study(file))
    stored = dict(sorted(stored.items()))
    drawn(stored).savefig(FOLDER / "calibration.png", dpi=DOTS)
    picture = Image.open(FOLDER / "calibration.png").convert("RGB").quantize(COLOURS)  # a third of the bytes
    picture.save(FOLDER / "calibration.png", optimize=True)
    rows = [row(_words(name), kept) for name, kept in stored.items()]
    again = [recovery_row(_words(name), kept) for name, kept in stored.items() if "recovery" in kept]
    write("calibration", HEAD + markdown(rows) + doubts(stored) + "\n" + FOOT + "\n" + RECOVERY + markdown(again))
    store.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
