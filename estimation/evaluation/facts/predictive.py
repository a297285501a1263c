"""Does a theory make data like the ones observed? Named facts of the data against their predictive distribution."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.allowed import word_problems
from estimation.arrays import Array
from estimation.counts import count_problems, seed_problems
from estimation.data.tables.table import Table
from estimation.errors import FitError, raise_all
from estimation.evaluation.facts.choice_predictive import choice_facts
from estimation.evaluation.facts.facts import cut_ends, facts, impossible, within
from estimation.evaluation.facts.play_predictive import play_facts
from estimation.fits.fit import CHOICES, MESSAGES, PLAYS, AnyFit, Fit
from estimation.inference.pooled.pooled import with_people
from estimation.inference.posterior import drawn_populations
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.simulation.drawn_people import known_people
from estimation.inference.simulation.simulate import play
from estimation.theories.messages.theory import Theory

FACT = ["statistic", "group", "role"]  # by what a fact is known
SURPRISING = 0.05  # two-sided tail probability below which a fact counts as missed


def predictive_check(
    fit: AnyFit | Theory, table: Table | None = None, *, draws: int = 50, seed: int = 0, who: str = "known"
) -> pd.DataFrame:
    """Compare facts of the data with what a theory or a model of choice would produce in the same situations.

    Parameters
    ----------
    fit
        A fit of a theory or of a model of choice; or a theory of messages: then with `table`, people are drawn from
        its prior (a prior predictive check).
    table
        Other decisions of people whom the fit knows, or with ``who="new"`` of anybody; those of the fit if left out.
    draws
        Number of simulated experiments. With fewer than 40 no tail can be below 0.05, and nothing is surprising.
    who
        ``"known"``: the same people decide again; ``"new"``: other people from the fitted population.

    Returns
    -------
    One row per statistic and group: role, observed, predicted (mean), low and high (90 % interval), tail (two-sided
    tail probability) and whether it is surprising (tail below 0.05). Of people who talk, simulated decisions at an end
    of the scale at which the file is cut are dropped, as the file dropped them, and ``left_out`` says of a fact why the
    file cannot show it; such a fact surprises nobody.

    Raises
    ------
    FitError
        If a theory comes without a table, `who` is unknown, the table has people whom the fit does not know, or a
        table is given for a model of choice or a theory of play.
    """
    problems = word_problems(("known", "new"), who=who)
    raise_all(problems + count_problems(draws=draws) + seed_problems(seed), FitError, "There is nothing to check:")
    if table is not None and isinstance(fit, Fit) and fit.family != MESSAGES:
        advice = f"{fit.label} is checked against the choices it was fitted to; leave the table out"
        raise FitError("There is nothing to check:", [advice])
    if isinstance(fit, Fit) and fit.family == CHOICES:
        return _predicted_facts(*choice_facts(fit, draws, seed, who))
    if isinstance(fit, Fit) and fit.family == PLAYS:
        return _predicted_facts(*play_facts(fit, draws, seed, who))
    known = with_people(fit, "There is nothing to check:") if isinstance(fit, Fit) else fit
    return _experiments(known, table, draws, seed, who)


def _experiments(fit: MessageFit | Theory, table: Table | None, draws: int, seed: int, who: str) -> pd.DataFrame:
    """Return facts of the data beside those of simulated experiments, of people who talk."""
    problem = _problem(fit, table)
    if isinstance(fit, Fit) and who == "known":
        unknown = sorted(set(problem.table.subjects) - set(fit.table.subjects))
        advice = f"the fit does not know {', '.join(unknown[:5])}; use who='new'"
        raise_all([advice] if unknown else [], FitError, "There is nothing to check:")
    rng = np.random.default_rng([seed, 2])
    observed, cut = facts(problem.table.frame, problem.table), cut_ends(problem.table)
    observed["left_out"] = impossible(observed, problem.table)
    named, replicates = pd.MultiIndex.from_frame(observed[FACT]), []
    for _ in range(draws):
        kinds, theta = _people(fit, problem, who, rng)
        found = facts(within(play(problem, kinds, theta, rng, replies=False), cut), problem.table)
        # a role of a condition may have lost all of its decisions to the cut, and its facts with them
        replicates.append(found.set_index(FACT)["value"].reindex(named).to_numpy(float))
    return _predicted_facts(observed, np.array(replicates))


def _problem(fit: MessageFit | Theory, table: Table | None) -> MessageProblem:
    if isinstance(fit, Fit):
        return fit.problem if table is None else fit.problem.on(table)
    if table is None:
        raise FitError("There is nothing to check:", ["a theory needs the table whose situations it is to play"])
    return MessageProblem(fit, table)


def _people(
    fit: MessageFit | Theory, problem: MessageProblem, who: str, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return kinds (person,) and parameters (person, dim) of one simulated crowd."""
    if isinstance(fit, Fit) and who == "known":
        drawn = known_people(fit, problem, np.array([rng.integers(fit.tree["people"].sizes["sample"])]))
        return drawn.kinds[0], drawn.theta[0]
    if isinstance(fit, Fit):
        return drawn_populations(fit, 1, rng, problem)[0].sample(len(problem.crowd), rng)
    return problem.structure.prior.sample(rng).sample(len(problem.crowd), rng)


def _predicted_facts(observed: pd.DataFrame, simulated: Array) -> pd.DataFrame:
    """Return facts with what was predicted; one that does not exist (how one person differs) is left out."""
    exists = observed["value"].notna().to_numpy() & ~np.isnan(simulated).all(axis=0)
    observed, simulated = observed[exists].reset_index(drop=True), simulated[:, exists]
    observed["value"] += 0.0  # no negative zero
    value, drawn = observed["value"].to_numpy(), (~np.isnan(simulated)).sum(axis=0)
    at_least, at_most = (simulated >= value).sum(axis=0), (simulated <= value).sum(axis=0)
    low, high = np.nanquantile(simulated, [0.05, 0.95], axis=0)
    tail = np.minimum(1.0, 2 * (np.minimum(at_least, at_most) + 1) / (drawn + 1))  # the data are one more experiment
    found = {"predicted": np.nanmean(simulated, axis=0) + 0.0, "low": low + 0.0, "high": high + 0.0, "tail": tail}
    reason = observed["left_out"].to_numpy(str) if "left_out" in observed else np.full(len(observed), "")
    scored = observed.rename(columns={"value": "observed"}).drop(columns="left_out", errors="ignore")
    return scored.assign(**found, surprising=(tail < SURPRISING) & (reason == ""), left_out=reason)
