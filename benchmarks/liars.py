"""Receivers who met liars of known size: which theory sees whom they met, and whom it cannot say anything about.

``python benchmarks/liars.py DIR [SECTION ...]`` fits the theories to the last twenty and to all periods of `oey_liars`
(the sections ``last 20`` and ``all``) and keeps each fit in DIR, so that an interrupted run goes on with the fits that
are missing; then it writes the tables of ``docs/studies/liars.md`` into DIR. A fit takes one to ten minutes on a core.
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


def theories() -> dict[str, est.Theory]:
    """Return the theories, each with the liar whom people met on the parameters by which it could see it."""
    everything = {"habits": "all"}
    return {
        BEST: est.TrustEmbedded(trust=MET, discount=MET, **everything),
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


def fitted(folder: Path, first: int) -> dict[str, est.Fit]:
    """Return the fits to the decisions after a period; those that are in the folder are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    table = data(first)
    for name, theory in theories().items():
        if not (folder / f"{name}.nc").exists():
            est.fit(theory, table, path=folder / f"{name}.nc", cores=1)
    return {name: est.load_fit(folder / f"{name}.nc") for name in theories()}


if __name__ == "__main__":
    FOLDER, WANTED = Path(sys.argv[1]), sys.argv[2:] or list(SECTIONS)
    for SECTION in WANTED:
        fitted(FOLDER / SECTION, SECTIONS[SECTION])
