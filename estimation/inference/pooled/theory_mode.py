"""What a maximum of the likelihood of a theory of messages says: estimates and their errors, in the manner of papers.

Standard errors are clustered by person (the sandwich of White 1982, Econometrica 50(1):1-25, with the score of a person
as the unit), or from the curvature of the likelihood, where there are no more people than numbers: for one person, say,
as in estimates of each person by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.maximum.sandwich import FEW
from estimation.errors import FitError, raise_all
from estimation.inference.pooled.likeliest import STEP, Peak
from estimation.inference.problem import MessageProblem
from estimation.inference.undefined import ADVICE
from estimation.text.fragments import InLatex
from estimation.text.page import as_html, rounded, table_text
from estimation.text.sentences import counted

CLUSTERED = "clustered by person"


@dataclass(frozen=True, eq=False, repr=False)
class TheoryMode(InLatex):
    """The maximum-likelihood estimate of a theory of messages.

    Attributes
    ----------
    problem
        Theory and table.
    is_pooled
        Whether everybody shares the parameters.
    log_likelihood, error
        At the estimate, and the Monte-Carlo standard error of people's integrals (0 if there are none), nats.
    by_person : (subject,) Series
        What each person adds to the log likelihood, nats.
    summary : DataFrame
        One row per quantity: estimate (natural scale) and standard_error; no standard error where an estimate stands at
        the end of what is searched, or where nothing that people did depends on it.
    numbers
        How many were estimated.
    errors_in_words
        What standard errors are made of: ``clustered by person``, if there are more people than numbers.
    """

    problem: MessageProblem
    is_pooled: bool
    log_likelihood: float
    error: float
    by_person: pd.Series
    summary: pd.DataFrame
    numbers: int
    errors_in_words: str

    @property
    def bic(self) -> float:
        """Schwarz's criterion, with people as the independent units, or decisions of one person: smaller is better.

        One unit would make numbers free of charge.
        """
        units = len(self.problem.table) if self._is_of_one else len(self.by_person)
        return -2 * self.log_likelihood + self.numbers * float(np.log(units))

    @property
    def _is_of_one(self) -> bool:
        return len(self.by_person) == 1

    @property
    def notes(self) -> list[str]:
        """What one must know to read it: what standard errors are made of, and what BIC counts if not people."""
        people = len(self.by_person)
        said = [f"Standard errors are {self.errors_in_words}."]
        few = f"There are {people} clusters only, by which standard errors come out too small."
        said += ["BIC counts decisions, as there is one person only."] * self._is_of_one
        return said + [few] * (CLUSTERED in self.errors_in_words and people < FEW)

    def __repr__(self) -> str:
        return f"{self._head}\n{table_text(self.summary, 4)}\n{' '.join(self.notes)}"

    def _repr_html_(self) -> str:
        return as_html(self._head, rounded(self.summary, 4), self.notes)

    @property
    def _head(self) -> str:
        error = f" ± {self.error:.1f}" if self.error else ""
        who = "everybody alike, " if self.is_pooled else ""
        value = f"log likelihood {self.log_likelihood:.1f}{error}, {self.numbers} numbers, BIC {self.bic:.1f}"
        return f"{self.problem.label}: {who}{value}"


def of_roles(problem: MessageProblem, found: list[TheoryMode]) -> TheoryMode:
    """Return the maximum of unrelated roles, whose log likelihoods add up."""
    by_person = pd.concat([one.by_person for one in found], axis=1).sum(axis=1)[problem.table.subjects]
    named = [
        one.summary.rename({kind: f"{kind} as {role}" for kind in one.problem.distinct_kinds})
        for role, one in zip(problem.roles, found, strict=True)
    ]
    error, numbers = float(np.linalg.norm([one.error for one in found])), sum(one.numbers for one in found)
    total = sum(one.log_likelihood for one in found)
    errors = {one.errors_in_words: role for role, one in zip(problem.roles, found, strict=True)}
    words = "; ".join(
        f"{errors_told} as {role}" if len(errors) > 1 else errors_told for errors_told, role in errors.items()
    )
    return TheoryMode(problem, found[0].is_pooled, total, error, by_person, pd.concat(named), numbers, words)


def told_mode(
    problem: MessageProblem, peak: Peak, quantities: Callable[[Array], pd.DataFrame], apart: Array | None
) -> TheoryMode:
    """Return a maximum in the terms of the theory; `apart`, (person,), is how far halves of the nodes are, nats.

    Raises
    ------
    FitError
        If the likelihood is no number where the search ended.
    """
    lost = np.isnan(peak.by_person(peak.vector[:, None])[0])
    names = [name for name, is_lost in zip(problem.table.subjects, lost, strict=True) if is_lost]
    problems = [f"the likelihood of {name!r} is no number (NaN) where the search ended; {ADVICE}" for name in names]
    raise_all(problems, FitError, f"{problem.label} has no maximum:")
    steps = STEP * np.eye(len(peak.vector))
    up, down = (quantities(peak.vector[:, None] + sign * steps) for sign in (1, -1))
    slope = (up.to_numpy() - down.to_numpy()).T / (2 * STEP)
    fixed = (np.abs(slope[:, ~peak.is_free]) > 0).any(axis=1)
    inner = slope[:, peak.is_free]
    fixed |= ~peak.tells(inner)
    error = np.sqrt(np.einsum("qc,cd,qd->q", inner, peak.covariance, inner))
    estimate = quantities(peak.vector[:, None]).iloc[0].to_numpy()
    summary = pd.DataFrame({"estimate": estimate, "standard_error": np.where(fixed, np.nan, error)}, index=up.columns)
    by_person = pd.Series(peak.by_person(peak.vector[:, None])[0], index=problem.table.subjects)
    numbers = len(peak.vector) - problem.kinds + len(problem.distinct_kinds)
    doubt = 0.0 if apart is None else float(np.linalg.norm(apart / 2))
    few = f"from the curvature of the likelihood, {counted(len(by_person), 'person')} being too few to cluster by"
    return TheoryMode(
        problem,
        apart is None,
        peak.height,
        doubt,
        by_person,
        summary.rename_axis("quantity"),
        numbers,
        CLUSTERED if peak.is_clustered else few,
    )
