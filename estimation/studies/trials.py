"""Many trials of one theory: given out, collected, and laid out in frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from estimation.data.tables.table import Table
from estimation.inference.problem import MessageProblem
from estimation.jobs.unit import Result, Unit
from estimation.studies.plan import StudyPlan
from estimation.studies.trial import LEVELS, QUICK, Trial
from estimation.studies.truths import TruthSource, origin_spec, truths
from estimation.theories.messages.theory import Theory

WHAT = "simulating and fitting"


def theory_trials(
    theory: Theory, table: Table, origin: TruthSource, plan: StudyPlan, is_added: bool = False
) -> tuple[list[Result], dict[str, Any]]:
    """Return the results of trials of a theory, and everything that they depend on."""
    problem = MessageProblem(theory, table)
    problem.check()
    drawn = zip(plan.keys, truths(problem, origin, plan.keys, plan.seed), strict=True)
    units = [Unit(key, {"truth": truth}) for key, truth in drawn]
    job = {
        "theory": theory.spec(),
        "design": table.fingerprint,
        "truth": origin_spec(origin),
        "added": is_added,
        "settings": QUICK | dict(plan.settings),
        "seed": plan.seed,
    }
    work = Trial(theory, table, dict(plan.settings), plan.seed, is_added)
    return list(plan.run(units, work, job, WHAT).values()), job


def long_frame(results: Sequence[Result]) -> pd.DataFrame:
    """Return one row per simulation and quantity: truth, mean, sd, rank, and the ends of intervals by level."""
    rows = []
    for number, result in enumerate(results, 1):
        for name, found in result.get("quantities", {}).items():  # none if the data were refused
            ends = {
                f"{side}_{level:.0%}": found[side][place]
                for place, level in enumerate(LEVELS)
                for side in ("low", "high")
            }
            plain = {key: found[key] for key in ("truth", "mean", "sd", "rank")}
            rows.append({"simulation": number, "quantity": name, **plain, **ends, "ok": result["ok"]})
    return pd.DataFrame(rows).set_index(["simulation", "quantity"])


def coverage(trials: pd.DataFrame) -> pd.DataFrame:
    """Return, by quantity, the share of intervals of each level that hold the truth."""
    inside = pd.DataFrame(
        {
            f"coverage_{level:.0%}": (trials[f"low_{level:.0%}"] <= trials["truth"])
            & (trials["truth"] <= trials[f"high_{level:.0%}"])
            for level in LEVELS
        }
    )
    return inside.groupby("quantity", sort=False).mean()
