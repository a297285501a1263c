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
        Monte-Carlo standard error of the total that comes from the integrals over people, nats.
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
    elpd, pareto_k, good_k = _smoothed(fit.tree, "people", "subject")
    poor = list(pareto_k.index[pareto_k > good_k])
    refitted = poor if len(poor) <= most_refits else []
    scores, is_sound = fit.left_out(refitted, advance) if refitted else Refitted({}, True)
    for subject, value in scores.items():
        elpd[subject] = value
    errors = fit.tree["integration"].dataset["error"] if "integration" in fit.tree else np.zeros(1)
    error, whose = float(np.sqrt((errors**2).sum())), pd.Series(elpd.index, index=elpd.index)
    return LeaveOneOut(elpd, pareto_k, tuple(refitted), good_k, error, is_sound, whose)


def leave_one_decision_out(decisions: xr.Dataset) -> LeaveOneOut:
    """Score a fit decision by decision, each by a person whose other decisions are known.

    Parameters
    ----------
    decisions
        ``decisions`` (chain, draw, situation): log P(decision | the person's own parameters), nats; ``subject``
        (situation,): whose decision it is.
    """
    tree = xr.DataTree.from_dict({"/": xr.Dataset(), "log_likelihood": decisions})
    elpd, pareto_k, good_k = _smoothed(tree, "decisions", "situation", reff=1.0)
    whose = pd.Series(decisions["subject"].to_numpy().astype(str), index=elpd.index)
    return LeaveOneOut(elpd, pareto_k, (), good_k, 0.0, True, whose)


def _smoothed(
    tree: xr.DataTree, name: str, unit: str, **options: float
) -> tuple[pd.Series, pd.Series, float]:
    """Return elpd and Pareto k by unit, and the k up to which they can be trusted."""
    result = az.loo(tree, var_name=name, pointwise=True, **options)
    index = [str(label) for label in result.elpd_i[unit].to_numpy()]
    elpd = pd.Series(result.elpd_i.to_numpy().copy(), index=index)
    return elpd, pd.Series(result.pareto_k.to_numpy(), index=index), float(result.good_k)
