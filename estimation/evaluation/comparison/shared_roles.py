"""What it costs to take a person to be the same in both roles: against unrelated roles, and parameter by parameter.

A theory that is fitted to both roles says that somebody has one trust, one lapse, one level. Two unrelated populations,
one of senders and one of receivers, are a legitimate model of a new person too, and say none of this: what they predict
better is what sharing costs, and what they predict worse is what it teaches.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimation.data.tables.table import Table
from estimation.errors import ComparisonError
from estimation.evaluation.diagnosis import diagnose
from estimation.evaluation.scores.loo import LeaveOneOut, leave_people_out
from estimation.evaluation.scores.scored import doubt_of
from estimation.fits.fit import AnyFit, check_fit
from estimation.inference.asked import settings_of
from estimation.inference.fit import fit as fitted
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.jobs.run import run_units
from estimation.jobs.store import check_place, folder_within
from estimation.jobs.unit import Result, Unit
from estimation.jobs.workers import AnyExecutor, check_executor
from estimation.names import ROLES
from estimation.theories.messages.combined import OF_PARTS, Combined
from estimation.theories.messages.roles_apart import KIND, RolesApart
from estimation.theories.messages.theory import Theory
from estimation.threads import one_thread

EVERYTHING = "everything"
HEADING = "There is nothing to say of what roles share:"


@dataclass(frozen=True, eq=False)
class Scored:
    """How well people are predicted who are left out.

    Attributes
    ----------
    elpd : (subject,) Series
        log p(person | everybody else), nats.
    error
        Monte-Carlo standard error of the total, nats.
    doubt
        Why the scores are not to be trusted; nothing if they are.
    """

    elpd: pd.Series
    error: float
    doubt: str

    @classmethod
    def of(cls, score: LeaveOneOut, doubt: str = "") -> Scored:
        """Return the scores of a fit."""
        return cls(score.elpd, score.error, doubt)

    def against(self, other: Scored) -> tuple[float, float]:
        """Return by how many nats people are predicted better than by another, and its standard error (over people)."""
        gap = self.elpd - other.elpd[self.elpd.index]
        over_people = np.sqrt(len(gap)) * float(gap.std())
        return float(gap.sum()), float(np.linalg.norm([over_people, self.error, other.error]))


def shares_roles(fit: AnyFit) -> bool:
    """Whether a fit is of a theory of people who play both roles, and may have something in common in them."""
    is_both = isinstance(fit.problem, MessageProblem) and len(fit.problem.roles) > 1
    return is_both and not fit.problem.has_unrelated_roles


def what_is_shared(problem: MessageProblem) -> list[str]:
    """Return the parameters that are the same in both roles, and ``"kind"`` if a person is of one kind in both."""
    theory = problem.theory
    if isinstance(theory, RolesApart):
        return list(theory.shared)
    senders, receivers = ([p.name for p in theory.parameters(problem.games, (role,))] for role in ROLES)
    return [name for name in senders if name in receivers] + [KIND] * (problem.kinds > 1)


def unrelated_benchmark(
    fits: Mapping[str, AnyFit],
    best: str,
    scores: Mapping[str, LeaveOneOut],
    executor: AnyExecutor,
    store: str | Path | None,
    progress: bool,
) -> Scored | None:
    """Return how well the best theory predicts if its roles are unrelated, by two fits unless it is among the fits.

    Nothing, if nobody plays both roles, or they share nothing anyway.
    """
    fit = fits[best]
    if not shares_roles(fit) or not what_is_shared(fit.problem):
        return None
    entered = [name for name, other in fits.items() if other.theory == _apart(fit.theory, ())]
    if entered:
        return Scored.of(scores[entered[0]], doubt_of(diagnose(fits[entered[0]]), scores[entered[0]]))
    return _scores(fit, {EVERYTHING: ()}, executor, store, progress)[EVERYTHING]


def sharing_costs(
    fit: MessageFit, *, executor: AnyExecutor = None, store: str | Path | None = None, progress: bool = True
) -> pd.DataFrame:
    """Return what each assumption costs that a person is the same as a sender and as a receiver.

    Each shared parameter alone is made separate, all else staying shared, and the theory is fitted again; so is the
    kind of a person (their level), and everything at once. Gains of single parameters need not add up to that of all.

    Parameters
    ----------
    fit
        Of a theory of messages, to people in both roles.
    executor, store, progress
        Who makes the fits, where finished ones are kept, and whether to show progress, as in `compare`.

    Returns
    -------
    DataFrame
        One row for each thing ``freed`` (``nothing``: the fit itself; ``kind``; ``everything``: unrelated roles):
        ``elpd`` of new people, ``gain`` over the fit and its standard error ``se`` (over people and Monte-Carlo), nats;
        ``ok``, whether the checks of the fit and of its scores passed.

    Raises
    ------
    ComparisonError
        If the fit is not of a theory of messages to both roles, or its roles share nothing.
    StudyError
        If `executor` is no executor, the folder around `store` does not exist, or a fit fails.
    """
    check_fit(fit, HEADING, ComparisonError)
    if not shares_roles(fit):
        advice = "give the fit of a theory of messages in which people differ to people who play both roles"
        raise ComparisonError(HEADING, [f"{advice}; in {fit.label} no person is the same in two roles"])
    check_executor(executor)
    check_place(store)
    shared = what_is_shared(fit.problem)
    if not shared:
        raise ComparisonError(HEADING, [f"under {fit.theory.name} no parameter is the same in both roles"])
    left = {name: [other for other in shared if other != name] for name in shared}
    found = {"nothing": score_of(fit)} | _scores(fit, left | {EVERYTHING: []}, executor, store, progress)
    rows = {}
    for name, score in found.items():
        gain, error = (0.0, 0.0) if name == "nothing" else score.against(found["nothing"])
        rows[name] = {"elpd": score.elpd.sum(), "gain": gain, "se": error, "ok": not score.doubt}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("freed")


def score_of(fit: AnyFit) -> Scored:
    """Return how well people are predicted who are left out of a fit."""
    score = leave_people_out({"": fit})[""]
    return Scored.of(score, doubt_of(diagnose(fit), score))


def _apart(theory: Theory, shared: Sequence[str]) -> RolesApart:
    """Return a theory whose roles share only some things."""
    if isinstance(theory, RolesApart):
        return _changed(theory, shared=shared)
    return RolesApart(base=_changed(theory, correlated=False), shared=shared, correlated=theory.correlated)


def _in_role(theory: Theory, role: str) -> Theory:
    """Return what a theory says of people who play one role only."""
    return _changed(theory.by_role[role], correlated=theory.correlated) if isinstance(theory, RolesApart) else theory


def _changed[Kind: Theory](theory: Kind, **options: Any) -> Kind:
    return replace(theory, **options, **(OF_PARTS if isinstance(theory, Combined) else {}))


def _scores(
    fit: MessageFit,
    shared: Mapping[str, Sequence[str]],
    executor: AnyExecutor,
    store: str | Path | None,
    progress: bool,
) -> dict[str, Scored]:
    """Return scores of the theory of a fit if its roles share only some things; if nothing, by a fit of each role."""
    settings = fit.manifest["settings"] | {"samples": 1} | ({} if executor is None else {"cores": 1})
    units = {name: _units(fit, some, settings) for name, some in shared.items()}
    every = {unit.key: unit for of_theory in units.values() for unit in of_theory}
    how: dict[str, Any] = {"executor": executor, "progress": progress, "store": folder_within(store, "roles")}
    what = "fitting people whose roles share less"
    found = run_units(list(every.values()), _score, job={"unit": "roles"}, what=what, **how)
    return {name: _added([found[each.key] for each in mine], fit.table.subjects) for name, mine in units.items()}


def _units(fit: MessageFit, shared: Sequence[str], settings: Mapping[str, Any]) -> list[Unit]:
    theory, table = fit.theory, fit.table
    if shared:
        return [_unit(f"sharing {', '.join(shared)}", _apart(theory, shared), table, settings)]
    heard = table if theory.learns else None  # senders learn, too, from what they hear as receivers
    return [_unit(f"{role}s alone", _in_role(theory, role), table.only(role), settings, heard) for role in ROLES]


def _unit(name: str, theory: Theory, table: Table, settings: Mapping[str, Any], heard: Table | None = None) -> Unit:
    """Return what is to be fitted, under a name that holds all that results depend on."""
    depends = [theory.spec(), table.fingerprint, {name: value for name, value in settings.items() if name != "cores"}]
    depends += [] if heard is None else [heard.fingerprint]
    digest = hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()[:12]
    return Unit(f"{name}, {digest}", {"theory": theory, "table": table, "heard": heard, "settings": settings})


def _score(unit: Unit) -> Result:
    found = score_of(_fit(**unit.inputs))
    return {"elpd": found.elpd.to_dict(), "error": found.error, "doubt": found.doubt}


def _fit(theory: Theory, table: Table, heard: Table | None, settings: Mapping[str, Any]) -> AnyFit:
    """Return a fit to decisions of people who heard what stands there, or in another table."""
    if heard is None:
        return fitted(theory, table, **settings, progress=False)
    from estimation.inference.messages import fit_messages  # noqa: PLC0415 - engines are slow to import

    problem = MessageProblem(theory, table, heard=heard)
    with one_thread():
        return fit_messages(problem, settings_of(problem, **settings), None, False)


def _added(parts: list[Result], people: list[str]) -> Scored:
    """Return the scores of people in all roles; who never played one has no score there."""
    elpd = pd.concat([pd.Series(part["elpd"]).reindex(people) for part in parts], axis=1).sum(axis=1)
    doubts = dict.fromkeys(part["doubt"] for part in parts if part["doubt"])
    return Scored(elpd, float(np.linalg.norm([part["error"] for part in parts])), "; ".join(doubts))
