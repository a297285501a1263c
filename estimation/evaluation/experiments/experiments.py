"""Several experiments, each with fits of the same theories: read, scored, and those without sound scores named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from estimation.data.tables.table import Table
from estimation.errors import ComparisonError, raise_all
from estimation.evaluation.comparison.comparable import check_comparable
from estimation.evaluation.comparison.comparison import Comparison
from estimation.evaluation.diagnosis import Diagnosis, diagnose
from estimation.evaluation.scores.loo import LeaveOneOut, leave_people_out
from estimation.evaluation.scores.scored import doubt_of
from estimation.fits.fit import AnyFit, check_fit

type Given = Mapping[str, Comparison | Mapping[str, AnyFit]]
"""Experiment → a comparison of theories by people, or fits by the names of theories."""


@dataclass(frozen=True, eq=False)
class Experiment:
    """Theories on the data of one experiment.

    Attributes
    ----------
    fits, scores, diagnoses
        By theory.
    """

    fits: Mapping[str, AnyFit]
    scores: Mapping[str, LeaveOneOut]
    diagnoses: Mapping[str, Diagnosis]

    @property
    def table(self) -> object:
        """The data."""
        return next(iter(self.fits.values())).table

    @property
    def is_synthetic(self) -> bool:
        """Whether a simulation made the data."""
        return bool(next(iter(self.fits.values())).table.synthetic)

    @property
    def decisions(self) -> float:
        """Decisions of a person, on average; missing where they are not counted."""
        table = self.table
        return len(table) / len(table.subjects) if isinstance(table, Table) else float("nan")

    def difference(self, first: str, second: str) -> pd.Series:
        """Return by how much each person is predicted better by one theory than by another, nats."""
        one, other = self.scores[first].elpd, self.scores[second].elpd
        return one - other[one.index]

    def doubts(self, *theories: str) -> str:
        """Return why theories say nothing here that can be relied on; nothing if they do."""
        missing = [name for name in theories if name not in self.fits]
        if missing:
            return f"there is no fit of {' nor of '.join(missing)}"
        if not self.fits[theories[0]].table.subjects:
            return "it is not known who chose"
        found = {name: doubt_of(self.diagnoses[name], self.scores[name]) for name in theories}
        return "; ".join(f"of {name}, {doubt}" for name, doubt in found.items() if doubt)


def read_experiments(given: Given, heading: str, progress: bool) -> dict[str, Experiment]:
    """Return experiments by name; fits that are not compared yet are scored.

    Raises
    ------
    ComparisonError
        With everything that is wrong: what is no comparison by people and no fits, and data that come twice.
    """
    if not isinstance(given, Mapping) or len(given) < 2:
        shape = "{'first': est.compare(...), 'second': {'trust': fit, 'level-k': fit}}"
        raise ComparisonError(heading, [f"give at least two experiments by name, as in {shape}"])
    problems = [problem for name, one in given.items() for problem in _problems(name, one)]
    raise_all(problems, ComparisonError, heading)
    found = {name: _read(name, one, progress) for name, one in given.items()}
    prints = {name: next(iter(one.fits.values())).fingerprint for name, one in found.items()}
    twice = [name for place, name in enumerate(prints) if prints[name] in list(prints.values())[:place]]
    problems = [f"the data of {name!r} are those of another experiment; give each once" for name in twice]
    raise_all(problems, ComparisonError, heading)
    return found


def _problems(name: str, one: object) -> list[str]:
    if isinstance(one, Comparison):
        by = one.left_out
        return [] if by == "subject" else [f"{name!r} is compared by {by}; compare by unit='subject'"]
    if isinstance(one, Mapping) and one:
        return []
    return [f"{name!r} is a {type(one).__name__}; give a comparison, or fits by the names of theories"]


def _read(name: str, one: Comparison | Mapping[str, AnyFit], progress: bool) -> Experiment:
    if isinstance(one, Comparison):
        return Experiment(one.fits, one.scores, one.diagnoses)
    heading = f"Experiment {name!r} cannot be used:"
    for fit in one.values():
        check_fit(fit, heading, ComparisonError)
    if len(one) > 1:
        check_comparable(one, ("subject",))
    scores = leave_people_out(one, progress=progress)
    return Experiment(one, scores, {theory: diagnose(fit) for theory, fit in one.items()})
