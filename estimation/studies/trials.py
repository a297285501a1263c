"""Many trials of one theory: given out, collected, and laid out in frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from estimation.choice.model import ChoiceModel
from estimation.data.choices.table import ChoiceTable
from estimation.data.tables.table import Table
from estimation.errors import StudyError, raise_all
from estimation.fits.fit import Fit
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


def check_design(model: Any, table: Table | ChoiceTable | None) -> None:
    """Raise `StudyError` unless there is a design, and it suits a theory, a fit of one, or a model of choice."""
    of_choices = isinstance(model, ChoiceModel)
    problems = []
    if isinstance(model, Fit) and isinstance(model.table, ChoiceTable):
        problems = ["truths of choices come from the prior of a model; give `fit.model` and a table, not the fit"]
    elif table is None:
        design = "situations: the design" if of_choices else "situations, for example from est.design"
        problems = [f"give a table of {design}"]
    elif not isinstance(table, ChoiceTable if of_choices else Table):
        pair = f"a {type(model).__name__} with a {type(table).__name__}"
        problems = [f"this takes a theory of messages with a Table or a model of choice with a ChoiceTable, not {pair}"]
    raise_all(problems, StudyError, "The study cannot be run:")


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
