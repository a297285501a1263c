"""Who leads under each variation, by how much, and whether that is what was found as given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from estimation.evaluation.words import FEWEST
from estimation.jobs.unit import Result
from estimation.studies.variations import AS_GIVEN


def leads(names: Sequence[str], found: Mapping[str, Result]) -> pd.DataFrame:
    """Return the table of a sensitivity study, as `Sensitivity` describes it, from what theories score.

    Parameters
    ----------
    names
        The theories, in the order of their pairs.
    found
        Variation → ``elpd``, ``ok``, ``difference``, ``error`` and ``clear``, as `scores.compared` returns them, and
        ``twins``: name → another theory that it is the same as under this variation, if there are any.
    """
    rows, given = {}, _leaders(names, found[AS_GIVEN])
    for variation, result in found.items():
        row, twins = _leaders(names, result), result.get("twins", {})
        leader = twins.get(given["best"], given["best"])
        row["ok"] = row["ok"] and result["ok"][leader]
        mine = names.index(leader)
        others = [names.index(name) for name in _sound_first(names, result) if name != leader]
        rival = min(others, key=lambda other: float(result["difference"][mine][other]))
        lead = {"ahead": result["difference"][mine][rival], "ahead_error": result["error"][mine][rival]}
        same = row["clear"] == given["clear"] and (row["best"] == leader or not given["clear"])
        rows[variation] = {**row, **lead, "survives": bool(same and row["ok"])}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("variation")


def _leaders(names: Sequence[str], result: Result) -> dict[str, Any]:
    """Return who is best, who is second, by how much, and whether clearly ahead of all, among those that are sound."""
    order, entered = _sound_first(names, result), _entered(names, result)
    best, second = names.index(order[0]), names.index(order[1])
    unsound = [name for name in entered if not result["ok"][name]]
    return {
        "best": order[0],
        "second": order[1],
        "difference": result["difference"][best][second],
        "error": result["error"][best][second],
        "clear": all(result["clear"][best][names.index(name)] for name in order[1:]),
        "left_out": ", ".join(unsound),
        "ok": len(entered) - len(unsound) >= FEWEST,
    }


def _sound_first(names: Sequence[str], result: Result) -> list[str]:
    """Return sound theories, best first; all of them, where fewer than two are sound."""
    entered = _entered(names, result)
    sound = [name for name in entered if result["ok"][name]]
    return sorted(sound if len(sound) >= FEWEST else entered, key=lambda name: -float(result["elpd"][name]))


def _entered(names: Sequence[str], result: Result) -> list[str]:
    """Return the theories without those that are the same as another one."""
    return [name for name in names if name not in result.get("twins", {})]
