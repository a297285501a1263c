"""A theory fitted to one experiment predicts the people of another: what of it holds beyond where it was found.

The population of the first experiment, with all its uncertainty, is taken for that of the second; its people are new
people, and their likelihoods are integrated over that population. Parameters without a unit (trust, lapses, slopes,
shares of kinds, steps of thought) are taken as they are. The others are taken relative to the scale on which each game
puts their prior: precisions to how much payoffs differ over options, lying costs to the most that a unit of action
earns the sender, constants and errors to the spread of the states. In numbers, a parameter's population keeps its place
``(mean - centre) / spread`` and its ``sd / spread`` on the transformed scale, where centre and spread are those of the
theory's own prior (`Parameter`) in the games of either experiment. `rescaled=False` takes all numbers as they are,
which is right if payoffs and scales are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Spec
from estimation.data.tables.table import Table
from estimation.errors import ComparisonError, EstimationError
from estimation.evaluation.experiments.experiments import Experiment, Given, read_experiments
from estimation.evaluation.experiments.transferred import Transfer
from estimation.evaluation.scores.smoothed import effective_draws
from estimation.fits.checks import GOOD_K, averaged, error_of_mean
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.refit import integrated_anew
from estimation.population.design import Slope

HEADING = "There is no transfer:"


def transfer(
    experiments: Given, theories: Sequence[str] | None = None, *, rescaled: bool = True, progress: bool = True
) -> Transfer:
    """Say how well theories of messages, fitted to one experiment, predict the people of the others.

    Where two experiments share one role only, people are predicted in that role, and what that loses is not told, as
    their own fit is to both: fit ``table.only("receiver")`` to know.

    Parameters
    ----------
    experiments
        As in `synthesis`: name → comparison by people, or fits by the names of theories. People of theories must
        differ, that is, fits are not pooled.
    theories
        Which theories; all of them unless given.
    rescaled
        Whether parameters with a unit are taken relative to the scales of each game, or as the numbers that they are;
        see `estimation.evaluation.experiments.transfer`.
    progress
        Whether to show progress on standard error, where people are left out by refits.

    Raises
    ------
    ComparisonError
        As `synthesis`; what cannot be transferred is named in the result, with the reason.
    """
    read = read_experiments(experiments, HEADING, progress)
    known = list(dict.fromkeys(name for one in read.values() for name in one.fits))
    unknown = sorted(set(theories or ()) - set(known))
    if unknown:
        raise ComparisonError(HEADING, [f"{unknown[0]!r} is none of the theories {known}"])
    rows: dict[tuple[str, ...], Spec] = {}
    pointwise: dict[tuple[str, ...], float] = {}
    for theory in theories or known:
        for fitted, predicted in product(read, repeat=2):
            if fitted != predicted and theory in read[fitted].fits:
                key = (theory, fitted, predicted)
                rows[key], scores = _one(theory, read[fitted], read[predicted], rescaled)
                pointwise |= {(*key, who): score for who, score in scores.items()}
    names = ["theory", "fitted", "predicted"]
    table = pd.DataFrame(list(rows.values()), pd.MultiIndex.from_tuples(list(rows), names=names), list(_NOTHING))
    index = pd.MultiIndex.from_tuples(list(pointwise) or [("",) * 4], names=[*names, "person"])
    synthetic = tuple(name for name, one in read.items() if one.is_synthetic)
    values = pd.Series(list(pointwise.values()) or np.nan, index, dtype=float).sort_index()
    return Transfer(table, values, synthetic)


_NOTHING: Spec = {"people": 0} | dict.fromkeys(("elpd", "se", "loss", "loss_se", "pareto_k"), np.nan) | {"why": ""}


def _one(name: str, here: Experiment, there: Experiment, rescaled: bool) -> tuple[Spec, dict[str, float]]:
    """Return a row of the table, and the score of each person."""
    fit, own, doubt = here.fits[name], there.fits.get(name), here.doubts(name)
    if not doubt and own is not None and str(own.model) != str(fit.model):
        each = {one.problem.title: None for one in (fit, own)} if fit.problem.title != own.problem.title else {}
        doubt = f"two theories have this name: {' and '.join(sorted(each or map(str, (fit.model, own.model))))}"
    try:
        found = Predicted.of(fit, there.table, rescaled) if not doubt else None
    except EstimationError as problem:
        doubt, found = " ".join(str(problem).split()), None
    if found is None:
        return _NOTHING | {"why": doubt}, {}
    scores = found.scores
    row: Spec = {"people": len(scores), "elpd": scores.mean(), "se": _over(scores, found.error), "pareto_k": found.k}
    row["why"] = "" if found.k < GOOD_K else "integrals over people are not reliable under that population"
    if found.is_whole and not there.doubts(name):
        gap = there.scores[name].elpd[scores.index] - scores
        row |= {"loss": gap.mean(), "loss_se": _over(gap, float(np.hypot(found.error, there.scores[name].error)))}
    return _NOTHING | row, dict(zip(map(str, scores.index), scores.tolist(), strict=True))


def _over(scores: pd.Series, error: float) -> float:
    """Return the standard error of the mean over people; `error` is the Monte-Carlo error of their sum."""
    return float(np.hypot(scores.std() / np.sqrt(len(scores)), error / len(scores)))


@dataclass(frozen=True, eq=False)
class Predicted:
    """People predicted by the population of other people.

    Attributes
    ----------
    scores : (person,) Series
        Log probability of all that a person did, nats.
    error
        Monte-Carlo standard error of the sum, nats.
    k
        The worst Pareto k of the integrals over people.
    is_whole
        Whether all that people did is in it, and not only what they did in one of two roles.
    """

    scores: pd.Series
    error: float
    k: float
    is_whole: bool

    @classmethod
    def of(cls, fit: MessageFit, table: object, rescaled: bool) -> Predicted:
        """Return what a fit predicts of the people of another table.

        Raises
        ------
        EstimationError
            If it says nothing about them.
        """
        if not (isinstance(fit.problem, MessageProblem) and isinstance(table, Table)):
            raise ComparisonError(HEADING, ["only theories of messages in which people differ say what others do"])
        roles = tuple(role for role in fit.problem.roles if role in table.roles)
        if not roles or (fit.problem.has_unrelated_roles and len(roles) < len(fit.problem.roles)):
            told = f"the fit is of {' and '.join(fit.problem.roles)}s, the people are {' and '.join(table.roles)}s"
            raise ComparisonError(HEADING, [told])
        is_whole = len(roles) == len(table.roles)
        part = table if is_whole else table.only(roles[0])
        fit.theory.check_games(part.games, roles)
        problem = fit.problem.on(part) if fit.theory.formulas else MessageProblem(fit.theory, part)
        problem.check()
        posterior = _moved(fit, problem, rescaled)
        likelihood, quality = integrated_anew(problem, posterior, [fit.manifest["settings"]["seed"], 5])
        scores, relative = averaged(likelihood, posterior.sizes["chain"])
        drawn = error_of_mean(relative.sum(axis=-1), effective_draws(fit.tree))
        error = float(np.linalg.norm([drawn, *quality["error"].to_numpy()]))
        people = pd.Series(scores, index=part.subjects)
        return cls(people, error, float(quality["k"].max()), is_whole)


def _moved(fit: MessageFit, problem: MessageProblem, rescaled: bool) -> xr.Dataset:
    """Return the posterior of a fit's population, for the effects and the games of another problem."""
    effects, theory = problem.parameters, fit.theory
    here = {p.name: p for p in theory.parameters(fit.problem.games, fit.problem.roles)}
    there = {p.name: p for p in theory.parameters(problem.games, problem.roles)}
    unknown = sorted(set(there) - set(here))
    if unknown:
        raise ComparisonError(HEADING, [f"the people of the fit say nothing of {', '.join(unknown)}"])
    wanted = {"parameter": [p.name for p in effects], "pair": problem.structure.pairs}
    found = fit.posterior.sel({dim: names for dim, names in wanted.items() if dim in fit.posterior.dims})
    if not rescaled:
        return found
    names = [effect.of if isinstance(effect, Slope) else effect.name for effect in effects]
    pairs = [(here[name], there.get(name, here[name])) for name in names]
    ratio = np.array([after.spread / before.spread for before, after in pairs])
    is_slope = [isinstance(effect, Slope) for effect in effects]
    centre, other = (np.where(is_slope, 0.0, [pair[place].centre for pair in pairs]) for place in (0, 1))
    moved = found.assign(mean=other + ratio * (found["mean"] - centre), sd=ratio * found["sd"])
    if "coefficient" not in found:
        return moved
    return moved.assign(coefficient=found["coefficient"] * ratio[problem.design.covariates.of])
