"""Simulation-based calibration: if model and sampler agree, ranks of the truth among posterior draws are uniform.

Talts, Betancourt, Simpson, Vehtari and Gelman (2018, arXiv:1804.06788), with the log likelihood as a further quantity
(Modrák et al. 2023, Bayesian Analysis); given data, truths come from the posterior, and posteriors of the data and of
simulated people together are ranked (Säilynoja, Schmitt, Bürkner and Vehtari 2025, arXiv:2502.03279).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
import pandas as pd

from estimation.choice.model import ChoiceModel
from estimation.data.choices.table import ChoiceTable
from estimation.data.tables.table import Table
from estimation.drawing import axes_or_new, labelled
from estimation.errors import StudyError
from estimation.fits.fit import Fit
from estimation.inference.problem import MessageFit
from estimation.jobs.unit import Result
from estimation.jobs.workers import AnyExecutor
from estimation.studies.bands import coverage_limits, is_uniform
from estimation.studies.choice_trial import choice_trials
from estimation.studies.plan import StudyPlan, facts_of
from estimation.studies.rank_plot import draw_ranks
from estimation.studies.study import Frame, Study
from estimation.studies.trial import LEVELS
from estimation.studies.trials import check_design, coverage, long_frame, theory_trials
from estimation.theories.messages.theory import Theory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CONFIDENCE = 0.99  # that all is found to be well if it is, over all quantities together
LEAST, ENOUGH = 20, 200  # simulations below which ranks say nothing, and from which on they are a judgement
AS_FITTED = {"accuracy": 1.0}  # what is calibrated are fits as `fit` makes them


class Calibration(Study):
    """Whether posteriors are what they claim to be.

    Attributes
    ----------
    table
        One row per quantity: ``uniform`` (its ranks stay inside the simultaneous band that holds all quantities'
        ranks with 99 % probability), ``coverage_50%``, ``coverage_80%``, ``coverage_95%``, ``covered`` (each lies
        within its binomial limits, at the same probability over all).
    ranks
        (simulation, quantity), between 0 and 1.
    trials
        One row per simulation and quantity: truth, posterior mean and sd, rank and ends of intervals.
    """

    kind: ClassVar[str] = "calibration"
    trials = Frame()

    @property
    def ranks(self) -> pd.DataFrame:
        """Ranks of the truth, (simulation, quantity), between 0 and 1."""
        return ranks_of(self.trials)[self.table.index.tolist()]

    @property
    def ok(self) -> bool:
        """Whether all ranks are uniform and all coverages within their limits."""
        return bool(self.table["uniform"].all() and self.table["covered"].all())

    @property
    def verdict(self) -> str:
        """Whether the posterior can be taken at its word."""
        count, table = len(self.ranks), self.table
        refused = self.facts["simulations"] - count
        failed = int((~self.trials.groupby("simulation")["ok"].first()).sum())
        asides = [f"{refused} more were of data that no fit accepts"] if refused else []
        asides += [f"of {failed} fits some check failed; they count all the same"] if failed else []
        of = f"{self.label}, {count} simulations of {len(table)} quantities"
        of += f" ({'; '.join(asides)})" if asides else ""
        if self.ok and count < ENOUGH:
            return f"{of}: no deviation is seen, but so few simulations show large ones only."
        if self.ok:
            return f"{of}: ranks are uniform and intervals hold the truth as often as they say."
        off = table.index[~(table["uniform"] & table["covered"])].tolist()
        return f"{of}: posteriors of {', '.join(off)} are not what they claim to be (see the table)."

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how far ranks' distribution functions are from uniform, with the simultaneous band; return the axes."""
        axes = axes_or_new(ax, 6, 4)
        draw_ranks(axes, self.ranks, self.table["uniform"], band_probability(len(self.table)))
        axes.legend(frameon=False, fontsize=8)
        return labelled(axes, "rank of the truth", "share of simulations below,\nminus what is expected", self.label)


def calibrate(
    model: Theory | MessageFit | ChoiceModel,
    table: Table | ChoiceTable | None = None,
    *,
    simulations: int = 200,
    seed: int = 0,
    executor: AnyExecutor = None,
    store: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> Calibration:
    """Simulate experiments of known truth, fit each, and see whether truths lie where posteriors say.

    Parameters
    ----------
    model
        A theory or a model of choice: truths come from its prior. A fit of a theory: truths come from its posterior,
        and people simulated with them join those of the data, so that what is calibrated is inference near these data.
    table
        The design: who meets what. With a fit it is that of the fit, and none is given.
    simulations, seed, executor, store, progress
        As in `recovery`; 20 simulations at least, and 200 for a judgement.
    settings
        Of the fits, where they are to differ from ``QUICK`` of `estimation.studies.trial` or `choice_trial`; the
        integrals of theories are as accurate as those of `fit`.

    Raises
    ------
    StudyError
        If the study cannot be run or resumed, fits failed, or a table is given with a fit.
    TheoryError, ChoiceError
        If the model does not suit the table.
    """
    plan = StudyPlan(simulations, seed, executor, store, progress, settings, least=LEAST)
    if isinstance(model, Theory | Fit):
        plan = replace(plan, settings=AS_FITTED | settings)
    if isinstance(model, Fit) and table is not None:
        problem = f"a fit is calibrated in its own design, {model.table.label}, and not in {table.label}"
        raise StudyError("The study cannot be run:", [f"{problem}; leave the table out, or give the theory"])
    check_design(model, model.table if isinstance(model, Fit) else table)
    if isinstance(model, Fit):
        results, job = theory_trials(model.theory, model.table, model, plan, is_added=True)
        label = f"Posterior calibration of {model.label}"
        return calibration_of(label, results, facts_of(job, model.table, simulations))
    if isinstance(model, ChoiceModel):
        results, job = choice_trials(model, cast("ChoiceTable", table), plan)
    else:
        results, job = theory_trials(model, cast("Table", table), None, plan)
    assert table is not None
    label = f"Calibration of {model.name} in the design of {table.label}"
    return calibration_of(label, results, facts_of(job, table, simulations))


def band_probability(quantities: int) -> float:
    """Return the probability of each of so many bands, for `CONFIDENCE` of all (Bonferroni)."""
    return 1 - (1 - CONFIDENCE) / quantities


def ranks_of(trials: pd.DataFrame) -> pd.DataFrame:
    """Return ranks by simulation (rows) and quantity (columns)."""
    return trials.reset_index().pivot_table(values="rank", index="simulation", columns="quantity")


def calibration_of(label: str, results: list[Result], facts: dict[str, Any]) -> Calibration:
    """Return what trials say about calibration; raise `StudyError` if too few of them made data that a fit accepts."""
    refusals = [result["refused"] for result in results if "refused" in result]
    if len(results) - len(refusals) < LEAST:
        problem = f"{len(refusals)} of {len(results)} simulations made data that no fit accepts ({refusals[0]})"
        raise StudyError("The study says nothing:", [f"{problem}; calibrate in a larger design"])
    trials = long_frame(results)
    covered, ranks = coverage(trials), ranks_of(trials)
    count, each = len(ranks), band_probability(len(covered))
    limits = [coverage_limits(level, count, 1 - (1 - each) / len(LEVELS)) for level in LEVELS]
    inside = [
        covered[f"coverage_{level:.0%}"].between(low, high).to_numpy()
        for level, (low, high) in zip(LEVELS, limits, strict=True)
    ]
    table = covered.assign(
        uniform=[is_uniform(ranks[name].to_numpy(), each) for name in covered.index], covered=np.all(inside, axis=0)
    )
    return Calibration(label, facts, {"table": table, "trials": trials})
