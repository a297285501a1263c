"""Leave-one-out by Pareto-smoothed importance sampling, with exact refits of people where it fails.

What is scored is a person whom the model has never seen: all of their decisions together, with their own parameters
integrated out. Summing likelihoods given a person's estimated parameters would score something else, and favour the
more flexible theory (Merkle, Furr and Rabe-Hesketh 2019, Psychometrika 84:802-829). Single decisions of people who are
known otherwise are another question, and models of choice answer it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from estimation.evaluation.scores.partition_scores import partition_scores
from estimation.evaluation.scores.refits import refit_without
from estimation.evaluation.scores.smoothed import Smoothed, effective_draws, error_of_pull
from estimation.fits.fit import AnyFit
from estimation.fits.refitted import Refitted
from estimation.inference.partitioned.fit import PartitionedFit
from estimation.inference.pooled.few_numbers import FewNumbers
from estimation.inference.roles import role_fits
from estimation.jobs.workers import AnyExecutor

MOST_REFITS = 20
"""People who are left out by exact refits, at most: if weights fail for more, a longer fit is the answer."""
FEW = 8
"""Units up to which all are left out by refits, where these take little time."""


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
        return int((~(self.pareto_k.drop(list(self.refitted), errors="ignore") <= self.good_k)).sum())


def leave_people_out(
    fits: Mapping[str, AnyFit],
    most_refits: int = MOST_REFITS,
    *,
    executor: AnyExecutor = None,
    store: str | Path | None = None,
    progress: bool = False,
) -> dict[str, LeaveOneOut]:
    """Score fits person by person; executor, store, progress and errors are those of the refits, as in `compare`.

    People with a Pareto k above the threshold are left out by exact refits, unless they are more than `most_refits`:
    then the scores stand as they are, and a comparison withholds its verdict. Scores of unrelated roles add up. People
    in partitions are left out by weights alone.
    """
    parted = {
        name: _of_partitions(fit, executor, progress) for name, fit in fits.items() if isinstance(fit, PartitionedFit)
    }
    if parted:
        others = {name: fit for name, fit in fits.items() if name not in parted}
        return parted | leave_people_out(others, most_refits, executor=executor, store=store, progress=progress)
    parts = {name: role_fits(fit) or {"": fit} for name, fit in fits.items()}
    each = {(name, role): one for name, roles in parts.items() for role, one in roles.items()}
    named = {key: f"{name}, {role}s" if role else name for key in each for name, role in [key]}
    found = _left_out({named[key]: one for key, one in each.items()}, most_refits, executor, store, progress)
    return {name: _added([found[named[name, role]] for role in roles]) for name, roles in parts.items()}


def _left_out(
    fits: Mapping[str, AnyFit], most_refits: int, executor: AnyExecutor, store: str | Path | None, progress: bool
) -> dict[str, LeaveOneOut]:
    smoothed = {name: Smoothed.of(fit.tree, "people", "subject") for name, fit in fits.items()}
    poor = {name: _doubtful(fits[name], found) for name, found in smoothed.items()}
    left_out = {name: people if len(people) <= most_refits else [] for name, people in poor.items()}
    exact = refit_without(fits, left_out, executor, store, progress)
    return {name: _person_by_person(fit.tree, smoothed[name], exact[name]) for name, fit in fits.items()}


def _of_partitions(fit: PartitionedFit, executor: AnyExecutor, progress: bool) -> LeaveOneOut:
    found = partition_scores(fit, executor, progress)
    error = float(np.hypot(error_of_pull(found.pull, effective_draws(fit.tree)), found.error))
    whose = pd.Series(found.elpd.index, index=found.elpd.index)
    return LeaveOneOut(found.elpd, found.pareto_k, (), found.good_k, error, True, whose)


def _added(parts: list[LeaveOneOut]) -> LeaveOneOut:
    """Return the scores of people in all of their roles; who never played a role has no score there."""
    if len(parts) == 1:
        return parts[0]
    elpd = pd.concat([part.elpd for part in parts], axis=1).sum(axis=1).sort_index()
    pareto_k = pd.concat([part.pareto_k for part in parts], axis=1).max(axis=1)[elpd.index]
    refitted = tuple(dict.fromkeys(who for part in parts for who in part.refitted))
    good_k, error = min(part.good_k for part in parts), float(np.linalg.norm([part.error for part in parts]))
    whose = pd.Series(elpd.index, index=elpd.index)
    return LeaveOneOut(elpd, pareto_k, refitted, good_k, error, all(part.is_sound for part in parts), whose)


def _doubtful(fit: AnyFit, found: Smoothed) -> list[str]:
    """Return who cannot be left out by weights: of few units nobody, as each is a large part of what is known."""
    is_quick = isinstance(fit.problem, FewNumbers)
    return list(found.elpd.index) if is_quick and len(found.elpd) <= FEW else found.poor


def _person_by_person(tree: xr.DataTree, found: Smoothed, exact: Refitted) -> LeaveOneOut:
    elpd, refitted = found.elpd, list(exact.scores)
    elpd[refitted] = list(exact.scores.values())
    errors = [found.error(refitted, effective_draws(tree)), *exact.errors.values()]
    if "integration" in tree:
        integrals = tree["integration"].dataset["error"].to_series()
        errors += integrals.drop(refitted).tolist()  # those of refits are part of theirs
    whose, error = pd.Series(elpd.index, index=elpd.index), float(np.linalg.norm(errors))
    return LeaveOneOut(elpd, found.pareto_k, tuple(refitted), found.good_k, error, exact.is_sound, whose)


def leave_one_decision_out(decisions: xr.Dataset) -> LeaveOneOut:
    """Score a fit decision by decision, each by a person whose other decisions are known.

    Parameters
    ----------
    decisions
        ``decisions`` (chain, draw, situation): log P(decision | the person's own parameters), nats; ``subject``
        (situation,): whose decision it is.
    """
    tree = xr.DataTree.from_dict({"/": xr.Dataset(), "log_likelihood": decisions})
    found = Smoothed.of(tree, "decisions", "situation", reff=1.0)
    whose = pd.Series(decisions["subject"].to_numpy().astype(str), index=found.elpd.index)
    return LeaveOneOut(found.elpd, found.pareto_k, (), found.good_k, found.error(), True, whose)
