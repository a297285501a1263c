"""Receivers who met liars of known size: which theory sees whom they met, and whom it can say nothing about.

``python benchmarks/liars.py DIR [SECTION ...]`` fits the theories to the last twenty and to all periods of `oey_liars`
(the sections ``last 20`` and ``all``), keeps each fit and each refit in DIR, so that an interrupted run goes on with
what is missing, and writes the page ``liars.md`` into DIR, to be copied to ``docs/studies``. A fit takes one to ten
minutes on a core; there are seven for each section.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import estimation as est

EXPERIMENT, SMALLEST, BIGGEST = "oey_liars", 0.3, 21.9
SECTIONS = {"last 20": 80, "all": 0}
"""Periods → after which one they begin."""
BEST = "trust and a personal discount"
MET, BOTH = "~ liar", "~ liar + told"
HARDLY = 0.2
INTRODUCTION = """# Receivers who met liars

Does what is called trust see whom people met? 106 receivers (the data set `oey_liars`) met a computer sender who
exaggerated by .3, 8.1 or 21.9 marbles on average, and had been told, independently of that, that it was honest, a bit
dishonest or very dishonest. Each theory has the size of the liar met (`~ liar`) on the parameters by which it could
see it; the others are alike. All have the [habits of response](../theories/habits.md).

**elpd_diff**, **dse**: nats behind the best, and the standard error over people; the one in a verdict holds that of the
integrals too. **weight**: of stacking. **ok**: whether all checks passed. **explained**, **explained_se**: the
share of the way from babbling to a flexible benchmark without economics, and its standard error. **met** is the change
of a typical person's parameter from the smallest liar (.3) to the biggest (21.9), in the unit given; **told** that from
very dishonest to what is named. **action** is what the theory expects of new people's actions at the same messages if
they had met the biggest liar, minus if they had met the smallest. Intervals hold 95 %. Where both trust and discount
may see the liar, they share what they see, so that each by itself is known worse than the action.

A person has a mark where most of their decisions are lapses or messages repeated by habit, so that estimates rest on
the few others, or where their actions hardly follow messages (a slope below .2). **cost**: by how many nats new people
would be predicted better if the theory had just this right (`est.missed`).

`benchmarks/liars.py` computes this page.
"""


def theories() -> dict[str, est.Theory]:
    """Return the theories, each with the liar whom people met on the parameters by which it could see it."""
    everything = {"habits": "all"}
    return {
        BEST: est.TrustEmbedded(trust=MET, discount=MET, **everything),
        f"{BEST}, liars in the discount only": est.TrustEmbedded(discount=MET, **everything),
        "trust": est.TrustEmbedded(trust=MET, **everything),
        "fixed discount": est.FixedDiscount(discount=MET, **everything),
        "noisy level-k with lying cost": est.LevelKLying(beliefs="own", lying_cost=MET, **everything),
        f"{BEST}, liars unseen": est.TrustEmbedded(discount="personal", **everything),
        f"{BEST}, told and met": est.TrustEmbedded(trust=BOTH, discount=BOTH, **everything),
    }


def data(first: int) -> est.Table:
    """Return the decisions after a period."""
    whole = est.load(EXPERIMENT)
    frame = whole.frame
    name = EXPERIMENT if not first else f"{EXPERIMENT}, periods {first + 1} to 100"
    return est.Table.from_frame(frame[frame["period"] > first], whole.games, name=name, source=whole.source)


def fitted(folder: Path, table: est.Table, **settings: object) -> dict[str, est.Fit]:
    """Return the fits to a table; those that are in the folder are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, theory in theories().items():
        if not (folder / f"{name}.nc").exists():
            est.fit(theory, table, path=folder / f"{name}.nc", **settings)
    return {name: est.load_fit(folder / f"{name}.nc") for name in theories()}


def section(title: str, fits: dict[str, est.Fit], store: Path) -> str:
    """Return what is to be said of some periods."""
    study = est.compare(fits, benchmark=True, store=store)
    ranking = study.table[["elpd", "elpd_diff", "dse", "weight", "explained", "explained_se", "ok"]]
    ranking["elpd_diff"] += 0.0  # no negative zero
    ranking["ok"] = ranking["ok"].map({True: "yes", False: "no"})
    missed = est.missed(fits[BEST])
    parts = (
        f"## {title[0].upper()}{title[1:]} periods",
        study.verdict,
        _markdown(ranking.reset_index(), {"elpd": 0, "elpd_diff": 0, "dse": 0}),
        "### What the liar met changes",
        _markdown(pd.DataFrame([row for name, fit in fits.items() for row in effects(name, fit)])),
        "### Told against met",
        f"Means of people by what they were told and whom they met: correction, and estimates of {BEST}.",
        _markdown(by_cell(fits[BEST]), {}, 1),
        "### People",
        people(fits[BEST]),
        f"### What {BEST} misses",
        _markdown(missed.drop(columns="role"), {"cost": 0, "se": 0}),
    )
    return "\n\n".join(parts)


def effects(name: str, fit: est.Fit) -> list[dict[str, str]]:
    """Return the changes that a theory finds, of its parameters and of actions, with 95 % intervals."""
    rows = []
    for column in (column for column in fit.draws if ": " in column):
        met = column.endswith(": liar")
        low, middle, high = np.quantile(fit.draws[column], [0.025, 0.5, 0.975]) * (BIGGEST - SMALLEST if met else 1)
        unit = fit.summary.loc[column, "unit"].removesuffix(" per unit")
        what = f"met: {column.removesuffix(': liar')}" if met else f"told: {column}"
        rows.append({"theory": name, "what": what, "change": _interval(middle, low, high), "unit": unit})
    if rows:
        frame = fit.table.frame.iloc[:: max(1, len(fit.table) // 1000)]
        biggest, smallest = (
            est.Table.from_frame(frame.assign(liar=liar), fit.table.games) for liar in (BIGGEST, SMALLEST)
        )
        change = est.effect(fit, biggest, smallest, people="new", draws=1000, interval=0.95).iloc[0]
        shown = _interval(change["mean"], change["low"], change["high"])
        rows.append({"theory": name, "what": "action", "change": shown, "unit": "marbles"})
    return rows


def by_cell(fit: est.Fit) -> pd.DataFrame:
    """Return the mean correction of people by what they were told and whom they met, and the mean discount."""
    frame = fit.table.frame
    gap = (frame["message"] - frame["action"]).groupby(frame["subject"]).mean()
    person = frame.groupby("subject")[["told", "liar"]].first().assign(correction=gap)
    person = person.join(fit.people[["discount", "trust"]])
    told = pd.Categorical(person["told"], ["honest", "small", "big"], ordered=True)
    means = person.assign(told=told).pivot_table(index="told", columns="liar", observed=True)
    cells = means[["correction", "discount", "trust"]]
    cells.columns = [f"{what}, met {liar:g}" for what, liar in cells.columns]
    return cells.rename_axis("told").reset_index()


def people(fit: est.Fit) -> str:
    """Return who has a mark, and the people whose actions hardly follow messages one by one."""
    listed = fit.people
    hardly = listed[listed["follows"] < HARDLY]
    few = (listed["mark"].str.contains("rests on")).sum()
    said = (
        f"{(listed['mark'] != '').sum()} of {len(listed)} people have a mark under {BEST}: the estimates of "
        f"{few} rest on less than half of their decisions, and the actions of {len(hardly)} hardly follow messages, "
        f"{(hardly['mark'] == '').sum()} of these without a mark."
    )
    about = fit.table.frame.groupby("subject")[["liar", "told"]].first()
    columns = ["follows", "rests_on", "trust", "discount", "lapse", "mark"]
    rows = about.join(hardly[columns], how="right").sort_values("follows")
    return f"{said}\n\n{_markdown(rows.reset_index(), {}, 2)}"


def _interval(middle: float, low: float, high: float) -> str:
    return f"{middle:.2f} ({low:.2f}, {high:.2f})"


def _markdown(frame: pd.DataFrame, digits: dict[str, int] | None = None, otherwise: int = 3) -> str:
    """Return a table; `digits` are the decimals of columns, and `otherwise` those of other numbers."""
    shown = frame.copy().astype(object)
    for name in frame.columns[[kind.kind == "f" for kind in frame.dtypes]]:
        places = (digits or {}).get(name, otherwise)
        shown[name] = ["" if pd.isna(value) else f"{value:,.{places}f}" for value in frame[name]]
    rows = [frame.columns, ["---"] * frame.shape[1], *shown.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


if __name__ == "__main__":
    FOLDER, WANTED = Path(sys.argv[1]), sys.argv[2:] or list(SECTIONS)
    FITS = {name: fitted(FOLDER / name, data(SECTIONS[name])) for name in WANTED}
    TEXTS = [section(name, fits, FOLDER / f"refits {name}") for name, fits in FITS.items()]
    (FOLDER / "liars.md").write_text("\n\n".join([INTRODUCTION.strip(), *TEXTS]) + "\n", encoding="utf-8")
