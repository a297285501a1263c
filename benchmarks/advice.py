"""How people use recommendations of known accuracy: trust that stays or moves, and simple rules, on real people.

``python benchmarks/advice.py DIR [NAME ...]`` fits theories of advice and their rivals (all, or those named) to the 86
people of `leong_advice_taking` and keeps each fit in DIR, so that an interrupted run goes on with those that are
missing. It compares them by new person and, what trust is told by and the simple rules, by later periods: fitted to the
first half of the periods, asked for the second. What it found is in DIR as ``advice.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from win_stay_lose_shift import WinStayLoseShift

import estimation as est

EXPERIMENT = "leong_advice_taking"
ODDS = {"combine": "log-odds"}
THEORIES = {
    "stays": est.AdviceTaking(**ODDS),
    "moves": est.AdviserLearning(**ODDS),
    "moves from each": est.AdviserLearning(first="each", **ODDS),
    "wins stay, losses shift": WinStayLoseShift(),
    "wins stay, losses shift, own information": WinStayLoseShift(own="as in the game"),
    "a fading count": est.AdviserLearning(own="ignored", forgetting=True, **ODDS),
    "follows each in a share": est.AdviceTaking(own="ignored", **ODDS),
    "follows all in a share": est.AdviceTaking(own="ignored", about="everyone", **ODDS),
    "ignores advice": est.AdviceTaking(about="nobody", **ODDS),
    "stays, as if told the chance": est.AdviceTaking(own="told", **ODDS),
    "moves and fades": est.AdviserLearning(forgetting=True, **ODDS),
    "stays, Bayes": est.AdviceTaking(),
    "moves, bad news apart": est.AdviserLearning(news="apart", **ODDS),
}
TOLD_BY = ("stays", "moves")
"""The theories by which trust and effects are told."""
AHEAD = ("moves from each", "wins stay, losses shift", "a fading count", "follows each in a share", "ignores advice")
"""Which others are refitted to the first half of the periods, too."""


def fitted(folder: Path, names: list[str]) -> dict[str, est.Fit]:
    """Return the fits; those that are in the folder are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = {name: THEORIES[name] for name in names if not (folder / f"{name}.nc").exists()}
    if missing:
        est.fit(missing, est.load(EXPERIMENT), path=folder, seed=1)
    return {name: est.load_fit(folder / f"{name}.nc") for name in names}


def trusts(fits: dict[str, est.Fit]) -> pd.DataFrame:
    """Return how often each adviser is right and followed, and the trust of a typical person and of all on average."""
    frame = est.load(EXPERIMENT).frame
    frame = frame.assign(right=frame["message"] == frame["state"], followed=frame["message"] == frame["action"])
    shares = 100 * frame.groupby("partner")[["right", "followed"]].mean()
    found = shares.map("{:.1f} %".format)
    for name in TOLD_BY:
        trust = est.predict(fits[name], what="trust", by="partner").set_index("partner")
        found[f"trust that {name}"] = [
            f"{r['mean']:.2f} ({r['low']:.2f} to {r['high']:.2f})" for _, r in trust.iterrows()
        ]
    return found.rename_axis("adviser").reset_index()


def effects(fits: dict[str, est.Fit]) -> pd.DataFrame:
    """Return what ten points of accuracy do to trust and to following, in points with central 90 % intervals."""
    table = est.load(EXPERIMENT)
    better = est.with_accuracy(table, 0.1, seed=1)
    rows = []
    for name in TOLD_BY:
        for what in ("trust", "follow"):
            found = est.effect(fits[name], better, table, what=what, by="partner")
            whole = est.effect(fits[name], better, table, what=what).assign(partner="all")
            row = {"trust": name, "effect on": what}
            for _, r in pd.concat([found, whole]).iterrows():
                whom = "all advisers" if r["partner"] == "all" else f"adviser {r['partner']}"
                row[whom] = f"{100 * r['mean']:.1f} ({100 * r['low']:.1f} to {100 * r['high']:.1f})"
            rows.append(row)
    return pd.DataFrame(rows)


def markdown(frame: pd.DataFrame) -> str:
    rows = [frame.columns, ["---"] * frame.shape[1], *frame.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def ranking(study: est.Comparison) -> str:
    kept = study.table[["elpd", "elpd_diff", "dse", "weight"]].astype(float) + 0.0  # no minus nothing
    shown = kept.assign(**{name: kept[name].map("{:,.1f}".format) for name in ("elpd", "elpd_diff", "dse")})
    shown["weight"] = kept["weight"].map("{:.2f}".format)
    for name in {"explained", "explained_se"} & set(study.table):
        shown[name] = study.table[name].map("{:.3f}".format)
    return markdown(shown.assign(ok=study.table["ok"].map({True: "yes", False: "no"})).reset_index(names="theory"))


def missed(fits: dict[str, est.Fit]) -> tuple[str, str]:
    """Return in a sentence at how many facts each theory fails, and in a table at which, with what that costs."""
    told, rows = [], []
    for name, fit in fits.items():
        facts = est.predictive_check(fit)
        told.append(f"{name}, {int(facts['surprising'].sum())} of {len(facts)} facts")
        found = est.missed(fit, facts)
        for row in found.assign(what=found["what"].replace("fact", "")).to_dict("records"):
            numbers = {column: f"{row[column]:.3f}" for column in ("observed", "predicted")}
            costs = {column: f"{row[column]:.0f}" for column in ("cost", "se")}
            rows.append({"theory": name, "fact": f"{row['what']} {row['statistic']}".strip(), **numbers, **costs})
    return f"What surprises each: {'; '.join(told)}.", markdown(pd.DataFrame(rows))


if __name__ == "__main__":
    FOLDER = Path(sys.argv[1])
    FITS = fitted(FOLDER, sys.argv[2:] or list(THEORIES))
    STUDY = est.compare(FITS, benchmark=True)
    FAILS, MISSED = missed({name: FITS[name] for name in STUDY.table.index})
    PARTS = ["## A new person", STUDY.verdict, ranking(STUDY), FAILS, "## What they miss", MISSED]
    ASKED = {name: FITS[name] for name in (*TOLD_BY, *AHEAD) if name in FITS}
    LATER = est.compare(ASKED, unit="period", store=FOLDER / "periods")
    PARTS += ["## Later periods", LATER.verdict, ranking(LATER)]
    PARTS += ["## Trust in each adviser", markdown(trusts(FITS)), "## Ten points of accuracy", markdown(effects(FITS))]
    for NAME in TOLD_BY:
        shown = (
            FITS[NAME]
            .summary[["median", "low", "high", "people_low", "people_high"]]
            .astype(float)
            .map("{:.2f}".format)
        )
        PARTS += [f"## Typical people: {NAME}", markdown(shown.reset_index(names="parameter"))]
    (FOLDER / "advice.md").write_text("\n\n".join(PARTS) + "\n", encoding="utf-8")
