"""Write docs/studies from the files of finished studies: ``python docs/site/studies.py FOLDER``.

FOLDER holds what `benchmarks/calibrations.py`, `benchmarks/recoveries.py` and `benchmarks/leaving_people_out.py`
wrote. A page is written if its studies are there; the others stay as they are.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from study_page import DOTS, FOLDER, files, markdown, write

import estimation as est
from estimation.drawing import BLUE, GREEN, VERMILION
from estimation.text.sentences import per_cent

COLUMNS = 4
NO_BREAK = "\N{NON-BREAKING HYPHEN}"  # between the ends of a range
CALIBRATION = """# Calibration

A posterior is right if the truth lies in it as often as it says. For each theory and model in the table: draw a
population from the prior, simulate an experiment, fit it, and note which rank the truth has among posterior draws.
Over many experiments the ranks of every quantity must be uniform (Talts and others 2018), and central intervals of
50, 80 and 95 % must hold the truth so often. All data are SYNTHETIC; designs are small, so that priors matter.

**Uniform**: of how many quantities the distribution of ranks stays inside a band that holds all quantities of the
model at once with 99 % probability. **Covered**: the same for the three coverages, by the binomial distribution.
The log likelihood of the data is one of the quantities (Modrák and others 2023): it sees errors that parameters
one by one do not show. **Fits that fail a check** count all the same.

Populations of the theories were drawn by importance sampling (`method="importance"`), on nodes of the given
**accuracy**; `fit` runs chains by default, with accuracy 1. The mixture is of trust-embedded people and level 1.

`benchmarks/calibrations.py` runs them; settings, seeds and versions of each, every rank and every coverage stand
in [calibration.json](calibration.json).


"""
RECOVERY = """# Could the design have told the theories apart?

Every theory makes data in the design of an experiment, every theory is fitted to them, and the comparison says who
wins: the one with the highest elpd for new people. All data are SYNTHETIC; the designs (who met what, how often)
are those of the named experiments. Populations are those that each theory's fit to the experiment found, so the
question is about people like these.

A maker that wins everywhere may still be **named** seldom: with 24 people who differ much, a few of them carry the
difference, and two standard errors are wide. That is what more people are for (`est.design_power`).

`benchmarks/recoveries.py` runs them; settings, seeds and versions stand in the files named below.


"""
LEAVING = """# Leaving people out

How well does a theory predict a person whom it has not seen? **Exact**: fit again without each person.
**Weights**: reweight the draws of one fit, the person's own parameters integrated out (this package's default).
**Folds**: fit again without a tenth of the people, ten times. All three answer the question, the last with a
little less to learn from: for theories of talk and for tastes that differ they agree within two standard errors, of
the difference over people or of the computation (`mc_error`: the nodes of a fit err for all people together).
**Conditional**: reweight the likelihood given the parameters that were estimated *from that same person*. It looks
alike, is often reported, and answers no question.

![Weights and folds lie near exact refits, the conditional sum far above](leaving-people-out.png)

`benchmarks/leaving_people_out.py` computes the numbers, from real people: 204 receivers (Oey and Vul 2024) and every
sixth of 361 households who chose electricity suppliers (Huber and Train 2001).


"""
EXPLAINED = (
    "In what share of a maker's data sets (rows) the comparison rules a rival out (columns), by more than 4 nats and "
    "two standard errors. Data sets in which the fit of either failed a check do not count; where more than half did, "
    "nothing is said. Differences in nats, how often a rival was named wrongly, and how often both fits were sound, "
    "are in"
)


def calibration(folder: Path) -> None:
    """Write page, picture and numbers of all calibrations."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
    from oracles.calibrated import cases  # noqa: PLC0415

    studies = {
        file.stem.removeprefix("calibration_"): est.load_study(file) for file in files(folder, "calibration_*.json")
    }
    rows = [_calibrated(name.replace("_", " "), study) for name, study in studies.items()]
    figure = Figure(figsize=(12, 2.6 * -(-len(studies) // COLUMNS)), layout="constrained")
    grid = figure.subplots(-(-len(studies) // COLUMNS), COLUMNS, squeeze=False, sharex=True, sharey=True)
    for axes, (name, study) in zip(grid.flat, studies.items(), strict=False):
        study.plot(axes)
        axes.set_title(name.replace("_", " "), fontsize="medium")
        axes.label_outer()
        axes.get_legend().remove()
    for axes in grid.flat[len(studies) :]:
        axes.set_visible(False)
    for axes in grid.flat[len(studies) - COLUMNS : len(studies)]:  # the lowest of each column
        axes.tick_params(labelbottom=True)
        axes.set_xlabel("rank of the truth")
    figure.savefig(FOLDER / "calibration.png", dpi=DOTS, pil_kwargs={"optimize": True})
    alt = "For each model, how far the distribution of ranks is from uniform, with the band in which it should stay"
    pictures = f"![{alt}](calibration.png)\n\nGrey: the band. Blue: quantities inside it. Orange, if any: outside.\n"
    missing = [name for name in cases() if name.replace(",", "").replace(" ", "_") not in studies]
    wrong = [
        f"{name} of {model.replace('_', ' ')} (95 % intervals hold the truth in {100 * row['coverage_95%']:.0f} %)"
        for model, study in studies.items()
        for name, row in study.table.iterrows()
        if not (row["uniform"] and row["covered"])
    ]
    doubt = f"\n**Not what they claim to be**: {'; '.join(wrong)}.\n" if wrong else ""
    rest = f"\nNot stored here yet: {'; '.join(missing)}.\n" if missing else ""
    single = [name.replace("_", " ") for name, study in studies.items() if study.facts["settings"]["chains"] == 1]
    alone = "One chain has no R-hat, so that every fit that needed chains fails a check, in the runs of "
    rest += f"\n{alone}{', '.join(single)}; later runs have two.\n" if single else ""
    write("calibration", CALIBRATION + markdown(rows) + doubt + rest + "\n" + pictures)
    kept = {
        name: {
            "label": study.label,
            "facts": dict(study.facts),
            "coverage": _plain(study.table),
            "ranks": _plain(study.ranks),
        }
        for name, study in studies.items()
    }
    (FOLDER / "calibration.json").write_text(json.dumps(kept) + "\n", encoding="utf-8")


def _calibrated(name: str, study: Any) -> dict[str, str]:
    table, trials = study.table, study.trials
    of = {f"{level} %": 100 * table[f"coverage_{level}%"] for level in (50, 80, 95)}
    coverages = {level: f"{found.min():.0f}{NO_BREAK}{found.max():.0f}" for level, found in of.items()}
    failed = 1 - trials.groupby("simulation")["ok"].first().mean()
    return {
        "model": name,
        "simulations": str(len(study.ranks)),
        "accuracy": str(study.facts["settings"].get("accuracy", "")),
        "quantities": str(len(table)),
        "uniform": str(int(table["uniform"].sum())),
        "covered": str(int(table["covered"].sum())),
        **coverages,
        "fits that fail a check": per_cent(failed),
    }


def recovery(folder: Path) -> None:
    """Write page, pictures and numbers of the recoveries of theories."""
    text = RECOVERY
    for file in files(folder, "recovery_*.json"):
        study, name = est.load_study(file), file.stem.replace("_", "-")
        study.plot().figure.savefig(FOLDER / f"{name}.png", dpi=DOTS)
        study.save(FOLDER / f"{name}.json")
        named, names = study.pairs["named"], list(study.table.index)
        silent = {*study.unjudged, *((name, name) for name in names)}
        shown = [
            {"maker": maker}
            | {rival: "" if (maker, rival) in silent else f"{named[maker, rival]:.1f}" for rival in names}
            for maker in names
        ]
        among = ": rivals and habits" if "rivals" in name else ""
        text += f"## The design of {study.label.split('design of ')[-1]}{among}\n\n{study.verdict}\n\n"
        text += f"![Share of data sets made by each theory (rows) that each theory (columns) wins]({name}.png)\n\n"
        text += f"{EXPLAINED} [{name}.json]({name}.json)\n\n"
        text += markdown(shown) + "\n"
    write("recovery-of-theories", text)


def leaving(folder: Path) -> None:
    """Write page and picture of four ways to leave people out."""
    tables = {file.stem: pd.read_csv(file, index_col="subject") for file in files(folder / "leaving", "*.csv")}
    figure, rows = Figure(figsize=(10, 3.4), layout="constrained"), []
    for axes, (name, table) in zip(figure.subplots(1, len(tables)), tables.items(), strict=True):
        ways = {"weights": BLUE, "folds": GREEN, "conditional": VERMILION}
        for place, (way, colour) in enumerate(ways.items()):
            gap = table[way] - table["exact"]
            spread = np.sqrt(len(gap)) * gap.std()
            axes.errorbar(place, gap.sum(), 2 * spread, fmt="o", color=colour, capsize=4)
            rows.append(
                {
                    "model": name.replace("-", " "),
                    "way": way,
                    "total": f"{table[way].sum():,.1f}",
                    "minus exact": f"{gap.sum():+.1f}",
                    "standard error": f"{spread:.1f}",
                    "Monte-Carlo error": _told(table, f"{way}_error"),
                    "Pareto k above .7": str(int((table[f"{way}_k"] > 0.7).sum())) if f"{way}_k" in table else "",
                }
            )
        axes.axhline(0, color="black", linewidth=0.8)
        axes.set_xticks(range(len(ways)), ways)
        axes.set_xlim(-0.5, len(ways) - 0.5)
        axes.set_title(f"{name.replace('-', ' ')} ({len(table)} people)", fontsize="medium")
        axes.spines[["top", "right"]].set_visible(False)
    figure.axes[0].set_ylabel("elpd minus that of exact refits (nats)")
    figure.savefig(FOLDER / "leaving-people-out.png", dpi=DOTS)
    write("leaving-people-out", LEAVING + markdown(rows))


def _told(table: pd.DataFrame, column: str) -> str:
    return f"{table[column].iloc[0]:.1f}" if column in table and table[column].notna().all() else ""


def _plain(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Return columns of four digits; `name` holds the index where it is a name."""
    index = {} if frame.index.name == "simulation" else {"name": frame.index.tolist()}
    return index | {str(name): frame[name].round(4).tolist() for name in frame}


if __name__ == "__main__":
    source = Path(sys.argv[1])
    FOLDER.mkdir(exist_ok=True)
    for make, pattern in (
        (calibration, "calibration_*.json"),
        (recovery, "recovery_*.json"),
        (leaving, "leaving/*.csv"),
    ):
        if files(source, pattern):
            make(source)
