"""Whether a verdict survives other priors, another response rule, other ties and other noise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from estimation.data.table import Table
from estimation.drawing import BLUE, GREY, VERMILION, axes_or_new, labelled
from estimation.evaluation.words import FEWEST
from estimation.inference.problem import MessageFit
from estimation.jobs.unit import Result, Unit, seed_of
from estimation.jobs.workers import AnyExecutor
from estimation.studies.contest import contest_result
from estimation.studies.contests import common_table, origins_of
from estimation.studies.plan import StudyPlan, facts_of
from estimation.studies.study import Frame, Study
from estimation.studies.trial import QUICK
from estimation.studies.variations import AS_GIVEN, variations
from estimation.theories.messages.theory import Theory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ACCURATE = QUICK | {"accuracy": 1.0, "draws": 500}
"""Settings of refits: there are few, of data that matter."""


class Sensitivity(Study):
    """A comparison under other choices.

    Attributes
    ----------
    table
        One row per variation: ``best`` theory, ``second``, by how many nats (``difference``, ``error``), whether that
        is ``clear``, all of these among theories whose fits are sound; ``left_out``: the others; ``ok``: whether there
        is a verdict, with two sound theories at least, the one that is best as given among them; ``ahead``: by how much
        that one leads (or trails) the best other sound one (``ahead_error``: its error); and whether the verdict
        ``survives``: it is there, and the same theory is clearly best, or still none is.
    elpd
        Expected log predictive density of new people, (variation, theory), nats.
    """

    kind: ClassVar[str] = "sensitivity"
    elpd = Frame()

    @property
    def survives(self) -> bool:
        """Whether the verdict is the same under every variation."""
        return bool(self.table["survives"].all())

    @property
    def verdict(self) -> str:
        """Whether the verdict survives, and what changes it."""
        given, varied = self.table.loc[AS_GIVEN], self.table.drop(AS_GIVEN)
        if not given["ok"]:
            return f"{self.label}: fits failed as given; there is no verdict that could survive."
        leads = f"{given['best']} {'clearly ' if given['clear'] else 'not clearly '}ahead of {given['second']}"
        lacking = {name: row["left_out"] for name, row in self.table.iterrows() if _lacks(row)}
        without = "".join(f" Left out, {name}: {names}." for name, names in lacking.items())
        if self.survives:
            return f"{self.label}: {leads} as given, and under all {len(varied)} variations.{without}"
        changed = [f"{name} ({_changed_finding(row)})" for name, row in varied[~varied["survives"]].iterrows()]
        under = f"not under {len(changed)} of {len(varied)} variations: {'; '.join(changed)}"
        return f"{self.label}: {leads} as given, but {under}.{without}"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how far the theory that is best as given leads, under each variation; return the axes."""
        axes, table = axes_or_new(ax, 7, 1 + 0.3 * len(self.table)), self.table
        places = np.arange(len(table))[::-1]
        colours = np.where(table["survives"], BLUE, VERMILION)
        axes.errorbar(table["ahead"], places, xerr=2 * table["ahead_error"], fmt="none", ecolor=GREY)
        axes.scatter(table["ahead"], places, c=colours, zorder=3)
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_yticks(places, table.index)
        leader = table["best"][AS_GIVEN]
        return labelled(axes, f"elpd of {leader} minus the best other (nats, ± 2 standard errors)", "", self.label)


def sensitivity(
    theories: Mapping[str, Theory | MessageFit],
    table: Table | None = None,
    *,
    seed: int = 0,
    executor: AnyExecutor = None,
    store: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> Sensitivity:
    """Compare theories again under other priors, response rules, ties, rules for unexpected messages, and noise.

    Parameters
    ----------
    theories
        Name → theory, or a fit of it.
    table
        The data; those of the fits if left out.
    seed, executor, store, progress
        As in `recovery`; one unit of work fits and compares all theories under one variation.
    settings
        Of the fits, where they are to differ from `ACCURATE`.

    Raises
    ------
    StudyError
        If there are fewer than two theories, the study cannot be run or resumed, or fits failed.
    """
    plain, _ = origins_of(theories, None)
    data = table if table is not None else common_table(theories)
    varied = variations(plain, data)
    job = {
        "theories": {name: theory.spec() for name, theory in plain.items()},
        "data": data.fingerprint,
        "settings": ACCURATE | settings,
        "seed": seed,
    }
    plan = StudyPlan(len(varied), seed, executor, store, progress, settings)
    work = partial(_compared, theories=varied, table=data, settings=settings, seed=seed)
    found = plan.run([Unit(name) for name in varied], work, job, "fitting variations")
    elpd = pd.DataFrame({name: result["elpd"] for name, result in found.items()}).T[list(plain)]
    label = f"Sensitivity of the comparison on {data.label}"
    frames = {"table": _table(list(plain), found), "elpd": elpd.rename_axis("variation")}
    return Sensitivity(label, facts_of(job, data, len(varied)), frames)


def _compared(
    unit: Unit, theories: Mapping[str, Mapping[str, Theory]], table: Table, settings: Mapping[str, Any], seed: int
) -> Result:
    """Return how theories compare under one variation, the unit's key."""
    own = {"seed": seed_of(seed, unit.key), **ACCURATE, **settings}
    return contest_result(theories[unit.key], table, own)


def _table(names: list[str], found: Mapping[str, Result]) -> pd.DataFrame:
    rows, leader = {}, _leaders(names, found[AS_GIVEN])
    for variation, result in found.items():
        row, sound = _leaders(names, result), _sound_first(names, result)
        row["ok"] = row["ok"] and result["ok"][leader["best"]]
        mine = names.index(leader["best"])
        others = [names.index(name) for name in sound if name != leader["best"]]
        rival = min(others, key=lambda other: float(result["difference"][mine][other]))
        lead = {"ahead": result["difference"][mine][rival], "ahead_error": result["error"][mine][rival]}
        same = row["clear"] == leader["clear"] and (row["best"] == leader["best"] or not leader["clear"])
        rows[variation] = {**row, **lead, "survives": bool(same and row["ok"])}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("variation")


def _lacks(row: pd.Series) -> bool:
    """Return whether a verdict is there, but without some theory, whose fit failed."""
    return bool(row["ok"] and row.get("left_out", ""))


def _changed_finding(row: pd.Series) -> str:
    """Return what a variation found instead."""
    if not row["ok"]:
        return "fits failed"
    clearly = "" if row["clear"] else "not clearly "
    return f"{row['best']} {clearly}ahead by {row['difference']:.0f} ± {row['error']:.0f} nats"


def _leaders(names: list[str], result: Result) -> dict[str, Any]:
    """Return who is best, who is second, and by how much, among those whose fits are sound."""
    order, sound = _sound_first(names, result), [name for name in names if result["ok"][name]]
    best, second = names.index(order[0]), names.index(order[1])
    return {
        "best": order[0],
        "second": order[1],
        "difference": result["difference"][best][second],
        "error": result["error"][best][second],
        "clear": result["clear"][best][second],
        "left_out": ", ".join(name for name in names if name not in sound),
        "ok": len(sound) >= FEWEST,
    }


def _sound_first(names: list[str], result: Result) -> list[str]:
    """Return sound theories, best first; all of them, where fewer than two are sound."""
    sound = [name for name in names if result["ok"][name]]
    return sorted(sound if len(sound) >= FEWEST else names, key=lambda name: -float(result["elpd"][name]))
