"""Does what the size of a liar does to trust grow while people meet them? Stretches of twenty periods.

``python benchmarks/liars_moving.py DIR`` fits trust and a personal discount, both by the liar met, to each fifth of the
periods of `oey_liars`. It keeps each fit in DIR, so that an interrupted run goes on with what is missing, and writes
``moving.md`` into DIR: a section of the page ``liars.md``. A fit takes one to two minutes of a slow core.

Within a stretch people stay as they are; nothing is assumed of how they change from one to another.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from liars import BEST, BIGGEST, EXPERIMENT, HARDLY, SMALLEST, _interval, _markdown, effects, theories

import estimation as est

STRETCH = 20
"""Periods that are fitted together."""
STRETCHES = {f"{first} to {first + STRETCH - 1}": first for first in range(1, 101, STRETCH)}
FIRST, *_, LAST = STRETCHES
SLOPE, ACTION = 0, 1
"""Parts of a person's regression line of actions on messages less the mean message."""


def stretch(name: str) -> est.Table:
    """Return the decisions of a stretch."""
    whole, first = est.load(EXPERIMENT), STRETCHES[name]
    frame = whole.frame[whole.frame["period"].between(first, first + STRETCH - 1)]
    return est.Table.from_frame(frame, whole.games, name=f"{EXPERIMENT}, periods {name}", source=whole.source)


def fitted(folder: Path) -> dict[str, est.Fit]:
    """Return the fit of each stretch; those that are in the folder are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"periods {name}.nc" for name in STRETCHES}
    for name, path in paths.items():
        if not path.exists():
            est.fit(theories()[BEST], stretch(name), path=path)
    return {name: est.load_fit(path) for name, path in paths.items()}


def by_stretch(fits: dict[str, est.Fit]) -> pd.DataFrame:
    """Return what the liar met changes in each stretch, by lines of people and by the fit."""
    lines, followed = by_line(), by_line(SLOPE)
    rows = []
    for name in STRETCHES:
        row = {"periods": name, "action by lines": by_liar(lines[name]), "hardly follow": who_follows(followed[name])}
        row |= {found["what"]: found["change"] for found in effects(BEST, fits[name])}
        row["ok"] = "yes" if est.diagnose(fits[name]).ok else "no"
        rows.append(row)
    return pd.DataFrame(rows)


def growth(fits: dict[str, est.Fit]) -> pd.DataFrame:
    """Return by how much more the liar met changes in the last stretch than in the first.

    Of parameters from the draws of two fits, as if their people were others; of actions by line of the same people.
    """
    rows, lines = [], by_line()
    for name in ("trust", "discount"):
        first, last = (fits[each].draws[f"{name}: liar"].to_numpy() for each in (FIRST, LAST))
        low, middle, high = np.quantile((last - first) * (BIGGEST - SMALLEST), [0.025, 0.5, 0.975])
        rows.append({"what": f"met: {name}", "growth": _interval(middle, low, high)})
    rows.append({"what": "action by lines, the same people", "growth": by_liar(lines[LAST] - lines[FIRST])})
    return pd.DataFrame(rows)


def by_line(part: int = ACTION) -> pd.DataFrame:
    """Return what people do at the mean message (marbles), or the slope, of a line of each, (person, stretch)."""
    frame = est.load(EXPERIMENT).frame
    mean = frame["message"].mean()
    found = {}
    for name, first in STRETCHES.items():
        people = frame[frame["period"].between(first, first + STRETCH - 1)].groupby("subject")
        found[name] = {who: np.polyfit(own["message"] - mean, own["action"], 1)[part] for who, own in people}
    return pd.DataFrame(found)


def by_liar(action: pd.Series) -> str:
    """Return the difference from the smallest liar to the biggest of a number of each person (person,), with 95 %.

    By least squares on the size of the liar; standard errors allow for people who differ more where liars are bigger.
    """
    liar = met().loc[action.index].to_numpy()
    design = np.column_stack([np.ones(len(liar)), liar])
    inverse = np.linalg.inv(design.T @ design)
    slope = inverse @ design.T @ action.to_numpy()
    left = (action.to_numpy() - design @ slope)[:, None] * design
    error = np.sqrt((inverse @ left.T @ left @ inverse)[1, 1] * len(liar) / (len(liar) - 2))
    middle, spread = (BIGGEST - SMALLEST) * np.array([slope[1], error])
    return _interval(middle, middle - 1.96 * spread, middle + 1.96 * spread)


def who_follows(slope: pd.Series) -> str:
    """Return how many people's actions hardly follow messages (a slope for each), by the size of the liar."""
    hardly = (slope < HARDLY).groupby(met().loc[slope.index]).agg(["sum", "size"])
    return ", ".join(f"{row['sum']} of {row['size']} ({size:g})" for size, row in hardly.iterrows())


def met() -> pd.Series:
    """Return the size of the liar whom each person met, marbles."""
    return est.load(EXPERIMENT).frame.groupby("subject")["liar"].first()


if __name__ == "__main__":
    FITS = fitted(Path(sys.argv[1]))
    PARTS = ["## Stretches of twenty periods", _markdown(by_stretch(FITS)), _markdown(growth(FITS))]
    (Path(sys.argv[1]) / "moving.md").write_text("\n\n".join(PARTS) + "\n", encoding="utf-8")
