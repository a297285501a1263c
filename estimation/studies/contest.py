"""One simulated experiment, fitted by every theory: which one predicts its people best."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from estimation.data.tables.table import Table
from estimation.evaluation.comparison.compare import compare
from estimation.inference.fit import fit
from estimation.inference.problem import MessageProblem
from estimation.inference.simulation.simulate import simulated
from estimation.jobs.unit import Result, Unit, seed_of
from estimation.studies.scores import gaps
from estimation.studies.trial import QUICK
from estimation.studies.truths import as_draws
from estimation.theories.messages.theory import Theory


@dataclass(frozen=True)
class Contest:
    """Simulate one theory's people, fit all theories and compare them."""

    theories: Mapping[str, Theory]
    tables: Mapping[str, Table]  # name of a design → who meets what
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the fits, in addition to `QUICK`
    seed: int = 0  # root of all randomness

    def __call__(self, unit: Unit) -> Result:
        """Return the scores of all theories; the unit says who makes the data, in which design and by which truth."""
        maker, design = unit.inputs["maker"], unit.inputs["design"]
        seed, people = seed_of(self.seed, unit.key), seed_of(self.seed, f"{unit.key}, people")
        problem = MessageProblem(self.theories[maker], self.tables[design])
        truth = as_draws(problem, unit.inputs["truth"])
        made, _ = simulated(problem, truth[0], np.random.default_rng(people))
        found = contest_result(self.theories, made, {"seed": seed, **QUICK, **self.settings})
        return {"maker": maker, "design": design, **found}


def contest_result(theories: Mapping[str, Theory], table: Table, settings: Mapping[str, Any]) -> Result:
    """Return how theories compare on a table, by pairs in the order of `theories`, and the verdict.

    ``difference`` and its standard error ``error`` (theory, rival), nats, and whether the difference is ``clear``;
    ``winner``: who has the highest elpd, and nobody if that theory's checks failed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        fits = {name: fit(theory, table, **settings) for name, theory in theories.items()}
        study = compare(fits, roles_apart=False, progress=False)
    rows, pointwise = study.table, study.pointwise[list(theories)].to_numpy()
    integrals = np.array([rows.loc[name, "mc_error"] for name in theories])
    first = str(rows["elpd"].idxmax())
    return {
        "winner": first if rows["ok"][first] else None,
        "elpd": rows["elpd"].to_dict(),
        **gaps(pointwise, integrals),
        "ok": {name: bool(ok) for name, ok in rows["ok"].items()},
        "weight": rows["weight"].to_dict(),
        "verdict": study.verdict,
    }
