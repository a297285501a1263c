"""Write docs/studies from the files of finished studies: ``python docs/site/studies.py FOLDER``.

FOLDER holds what `benchmarks/recoveries.py` and `benchmarks/leaving_people_out.py` wrote. A page is written if its
studies are there; the others stay as they are. Calibrations have a program of their own.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from study_page import DOTS, FOLDER, files, markdown, write

import estimation as est
from estimation.drawing import BLUE, GREEN, VERMILION

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


if __name__ == "__main__":
    source = Path(sys.argv[1])
    FOLDER.mkdir(exist_ok=True)
    for make, pattern in ((recovery, "recovery_*.json"), (leaving, "leaving/*.csv")):
        if files(source, pattern):
            make(source)
