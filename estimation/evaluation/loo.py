"""Leave-one-out by Pareto-smoothed importance sampling, with exact refits of people where it fails.

What is scored is a person whom the model has never seen: all of their decisions together, with their own parameters
integrated out. Summing likelihoods given a person's estimated parameters would score something else, and favour the
more flexible theory (Merkle, Furr and Rabe-Hesketh 2019, Psychometrika 84:802-829). Single decisions of people who are
known otherwise are another question, and models of choice answer it too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import arviz as az
import numpy as np
import pandas as pd
import xarray as xr

from estimation.convergence import error_of_mean
from estimation.refitted import Refitted


class Scored(Protocol):
    """A fit of whatever kind, as far as scores are concerned."""

    @property
    def tree(self) -> xr.DataTree:
        """Draws, with log likelihoods of ``people``, integrated over what is their own."""

    @property
    def table(self) -> Any:
        """The data, with their label."""

    @property
    def label(self) -> str:
        """What was fitted to what."""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the data."""

    def left_out(self, subjects: Iterable[str], advance: Callable[[], None] = lambda: None) -> Refitted:
        """Return log p(person | everybody else) of some people, each by a refit without them."""


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """Scores of a fit, per person.

    Attributes
    ----------
    elpd : (subject,) or (situation,) Series
        log p(person | everybody else), or of a decision given all others, nats.
    pareto_k : as elpd
        Reliability of each score as first computed.
    refitted
        People whose score comes from an exact refit, because their Pareto k was too high.
    good_k
        The threshold, which depends on the number of draws (Vehtari et al. 2024, JMLR 25:72).
    error
        Monte-Carlo standard error of the total, nats: of finitely many draws, and of the integrals over people.
    is_sound
        Whether the refits that scores come from passed their checks.
    whose : as elpd
        The person whose score each is.
    """

    elpd: pd.Series
    pareto_k: pd.Series
    refitted: tuple[str, ...]
    good_k: float
    error: float
    is_sound: bool
    whose: pd.Series

    @property
    def unresolved(self) -> int:
        """How many scores are not to be trusted: with a Pareto k above the threshold, and no refit."""
        return int((self.pareto_k.drop(list(self.refitted), errors="ignore") > self.good_k).sum())


def leave_one_out(
    fit: Scored, most_refits: int = 20, advance: Callable[[], None] = lambda: None
) -> LeaveOneOut:
    """Score a fit person by person.

    Parameters
    ----------
    most_refits
        People with a Pareto k above the threshold are left out by exact refits, unless they are more than this: then
        the scores stand as they are, and a comparison withholds its verdict.
    """
    found = _Smoothed.of(fit.tree, "people", "subject")
    elpd, pareto_k, good_k = found.elpd, found.pareto_k, found.good_k
    poor = list(pareto_k.index[pareto_k > good_k])
    refitted = poor if len(poor) <= most_refits else []
    again = fit.left_out(refitted, advance) if refitted else Refitted({}, True, {})
    for subject, value in again.scores.items():
        elpd[subject] = value
    errors = [found.error(refitted, independent(fit.tree)), *again.errors.values()]
    if "integration" in fit.tree:
        integrals = fit.tree["integration"].dataset["error"].to_series()
        errors += integrals.drop(refitted).tolist()  # those of refits are part of theirs
    whose = pd.Series(elpd.index, index=elpd.index)
    error = float(np.linalg.norm(errors))
    return LeaveOneOut(elpd, pareto_k, tuple(refitted), good_k, error, again.is_sound, whose)


def leave_one_decision_out(decisions: xr.Dataset) -> LeaveOneOut:
    """Score a fit decision by decision, each by a person whose other decisions are known.

    Parameters
    ----------
    decisions
        ``decisions`` (chain, draw, situation): log P(decision | the person's own parameters), nats; ``subject``
        (situation,): whose decision it is.
    """
    tree = xr.DataTree.from_dict({"/": xr.Dataset(), "log_likelihood": decisions})
    found = _Smoothed.of(tree, "decisions", "situation", reff=1.0)
    whose = pd.Series(decisions["subject"].to_numpy().astype(str), index=found.elpd.index)
    return LeaveOneOut(found.elpd, found.pareto_k, (), found.good_k, found.error(), True, whose)


@dataclass(frozen=True, eq=False)
class _Smoothed:
    """Scores by Pareto-smoothed importance sampling.

    Attributes
    ----------
    elpd, pareto_k : (unit,) Series
    good_k
        The Pareto k up to which scores can be trusted.
    pull : (unit, chain, draw) array
        How far each draw moves each score: its share of the weighted mean of the likelihood minus its weight.
    """

    elpd: pd.Series
    pareto_k: pd.Series
    good_k: float
    pull: xr.DataArray

    @classmethod
    def of(cls, tree: xr.DataTree, name: str, unit: str, **options: float) -> _Smoothed:
        result = az.loo(tree, var_name=name, pointwise=True, **options)
        index = [str(label) for label in result.elpd_i[unit].to_numpy()]
        elpd, k = (pd.Series(found.to_numpy(), index=index) for found in (result.elpd_i, result.pareto_k))
        weight = np.exp(result.log_weights)
        moved = np.exp(result.log_weights + tree["log_likelihood"].dataset[name] - result.elpd_i) - weight
        return cls(elpd.copy(), k, float(result.good_k), moved.transpose(unit, "chain", "draw"))

    def error(self, without: list[str] | tuple[str, ...] = (), independent: float = np.inf) -> float:
        """Return the Monte-Carlo standard error of the total, nats, to first order; all scores share the draws."""
        pull = self.pull.to_numpy()[~self.elpd.index.isin(without)].sum(axis=0)
        return error_of_mean(pull * pull.size, independent)


def independent(tree: xr.DataTree) -> float:
    """Return how many independent draws a posterior is worth at most: fewer than it has, if they were weighted."""
    proposals = tree["proposals"].dataset if "proposals" in tree else xr.Dataset()
    return float(proposals["effective"]) if "effective" in proposals else np.inf
