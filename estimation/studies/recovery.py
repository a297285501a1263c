"""Whether estimates find the parameters that made the data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
import pandas as pd

from estimation.choice.model import ChoiceModel
from estimation.data.choices.table import ChoiceTable
from estimation.data.tables.table import Table
from estimation.drawing import BLUE, axes_or_new, labelled
from estimation.errors import StudyError, raise_all
from estimation.fits.fit import Fit
from estimation.inference.problem import MessageFit
from estimation.jobs.unit import Result
from estimation.jobs.workers import AnyExecutor
from estimation.studies.bands import coverage_limits
from estimation.studies.choice_trial import choice_trials
from estimation.studies.plan import StudyPlan, facts_of
from estimation.studies.study import Frame, Study
from estimation.studies.trial import LIKELIHOOD
from estimation.studies.trials import check_design, coverage, long_frame, theory_trials
from estimation.studies.truths import TruthSource
from estimation.text.sentences import per_cent
from estimation.theories.messages.theory import Theory

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Recovery(Study):
    """How well the parameters of a theory or a model of choice are recovered in a design.

    Attributes
    ----------
    table
        One row per quantity: ``truth`` (mean over simulations), ``bias`` and its Monte-Carlo error ``bias_error``,
        ``rmse``, ``sd`` (mean posterior standard deviation), ``correlation`` of truths and estimates (where truths
        differ), and coverage of 50, 80 and 95 % intervals. Means of parameters are on the transformed scale.
    trials
        One row per simulation and quantity: truth, posterior mean and sd, rank and ends of intervals.
    """

    kind: ClassVar[str] = "recovery"
    trials = Frame()

    @property
    def verdict(self) -> str:
        """How many quantities are recovered without bias, and how often intervals hold the truth."""
        sound, table = self.trials.groupby("simulation")["ok"].first(), self.table
        count, refused = len(sound), self.facts["simulations"] - len(sound)
        off = table.index[np.abs(table["bias"]) > 3 * table["bias_error"]].tolist()
        held = per_cent(table["coverage_95%"].mean())
        limit, _ = coverage_limits(0.95, count, 1 - 0.05 / len(table))
        short = table.index[table["coverage_95%"] < limit].tolist()
        held += f" on average, of {', '.join(short)} less often than chance allows (see the table)" if short else ""
        bias = "no bias is beyond three Monte-Carlo errors"
        if off:
            bias = f"the bias of {', '.join(off)} is beyond three Monte-Carlo errors (see the table)"
        if count == 1:
            bias = "the error of a bias is not known"
        failed = int((~sound).sum())
        caveat = f" {failed} of the fits did not pass every check." if failed else ""
        caveat += f" {refused} more simulations made data that no fit accepts." if refused else ""
        many = f"in {count} simulation{'s' if count > 1 else ''}"
        return f"{self.label}: {many} {bias}; 95 % intervals hold the truth in {held}.{caveat}"

    def plot(self, ax: Axes | None = None, quantity: str | None = None) -> Axes:
        """Draw estimates with their 95 % intervals against truths; return the axes.

        Parameters
        ----------
        quantity
            Which; the first if left out.
        """
        axes = axes_or_new(ax, 6, 4)
        name = self.table.index[0] if quantity is None else quantity
        rows = self.trials.xs(name, level="quantity")
        ends = [rows["mean"] - rows["low_95%"], rows["high_95%"] - rows["mean"]]
        axes.errorbar(rows["truth"], rows["mean"], ends, fmt="o", markersize=3, linewidth=0.6, color=BLUE)
        low, high = np.min(rows[["truth", "low_95%"]]), np.max(rows[["truth", "high_95%"]])
        axes.plot([low, high], [low, high], color="black", linewidth=0.8)
        return labelled(axes, f"truth, {name}", "estimate and 95 % interval", self.label)


def recovery(
    model: Theory | MessageFit | ChoiceModel,
    table: Table | ChoiceTable | None = None,
    population: TruthSource = None,
    *,
    simulations: int = 50,
    seed: int = 0,
    executor: AnyExecutor = None,
    store: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> Recovery:
    """Simulate experiments in a table's situations, fit each, and compare estimates with what made the data.

    Parameters
    ----------
    model
        A theory, or a model of choice. Or a fit of a theory: then truths come from its posterior, and the table is the
        fit's unless one is given.
    table
        The design: who meets what. What people did is not looked at.
    population
        Where truths of a theory come from: stated as in `simulate` (parameter → (typical value, standard deviation
        over people), and ``shares``, ``coefficients``, ``correlations``), a fit, or the prior if left out. Truths of a
        model of choice come from its prior.
    simulations
        How many.
    seed
        Root of all randomness; each simulation depends on it and on its own number only.
    executor, store, progress
        See `estimation.jobs.run.run_units`.
    settings
        Of the fits, where they are to differ from ``QUICK`` of `estimation.studies.trial` or `choice_trial`.

    Raises
    ------
    StudyError
        If the study cannot be run or resumed, or fits failed.
    TheoryError, ChoiceError
        If the model does not suit the table, or the statement the theory.
    """
    plan = StudyPlan(simulations, seed, executor, store, progress, settings)
    design = table if table is not None else (model.table if isinstance(model, Fit) else None)
    check_design(model, design)
    if isinstance(model, ChoiceModel):
        results, job = _of_choices(model, cast("ChoiceTable", design), population, plan)
    else:
        origin = model if isinstance(model, Fit) and population is None else population
        theory = model.theory if isinstance(model, Fit) else model
        results, job = theory_trials(theory, cast("Table", design), origin, plan)
    assert design is not None
    name = model.theory.name if isinstance(model, Fit) else model.name
    trials = long_frame(results)
    trials = trials[trials.index.get_level_values("quantity") != LIKELIHOOD]
    label = f"Recovery of {name} in the design of {design.label}"
    return Recovery(label, facts_of(job, design, simulations), {"table": recovered(trials), "trials": trials})


def _of_choices(
    model: ChoiceModel, design: ChoiceTable, population: TruthSource, plan: StudyPlan
) -> tuple[list[Result], dict[str, Any]]:
    given = ["truths of a model of choice come from its prior; leave `population` out"]
    raise_all(given if population is not None else [], StudyError, "The study cannot be run:")
    results, job = choice_trials(model, design, plan)
    refused = [result["refused"] for result in results if "refused" in result]
    if len(refused) == len(results):
        problem = f"all {len(results)} simulations made data that no fit accepts ({refused[0]}); use a larger design"
        raise StudyError("The study says nothing:", [problem])
    return results, job


def recovered(trials: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `Recovery` for trials, one row per simulation and quantity."""
    rows = {}
    for name, found in trials.groupby("quantity", sort=False):
        gap, count = found["mean"] - found["truth"], len(found)
        spread = gap.std() if count > 1 else np.nan
        differ = count > 2 and np.ptp(found["truth"]) > 0
        rows[str(name)] = {
            "truth": found["truth"].mean(),
            "bias": gap.mean(),
            "bias_error": spread / np.sqrt(count),
            "rmse": np.sqrt((gap**2).mean()),
            "sd": found["sd"].mean(),
            "correlation": np.corrcoef(found["truth"], found["mean"])[0, 1] if differ else np.nan,
        }
    return pd.DataFrame(rows).T.join(coverage(trials)).rename_axis("quantity")
