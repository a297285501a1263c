"""A small comparison of two theories, fitted once for all tests of reports."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from builders import estimation_game

from estimation.data import Table
from estimation.evaluation.comparison.compare import compare
from estimation.evaluation.comparison.comparison import Comparison
from estimation.inference.fit import fit
from estimation.inference.problem import MessageFit
from estimation.inference.simulation.simulate import design, simulate
from estimation.theories import LevelK, TrustEmbedded

PEOPLE, DECISIONS = 6, 8
TRUTH = {
    "trust": (0.6, 1.0),
    "lying_cost": (0.4, 0.8),
    "sender_precision": (1.0, 0.3),
    "receiver_precision": (1.0, 0.3),
    "lapse": (0.05, 0.3),
}


@cache
def small_table() -> Table:
    games = {"over": estimation_game("over", highest=20), "under": estimation_game("under", highest=20)}
    situations = design(games, PEOPLE, DECISIONS, seed=3)
    return simulate(TrustEmbedded(), situations, TRUTH, seed=4, name="simulated_tiny")[0]


@cache
def small_fits() -> dict[str, MessageFit]:
    theories = {"trust-embedded": TrustEmbedded(), "level-k": LevelK(max_level=1)}
    sampling = {"draws": 100, "tune": 100, "chains": 2, "cores": 1, "progress": False}
    return {name: fit(theory, small_table(), seed=5, **sampling) for name, theory in theories.items()}


@cache
def small_study() -> Comparison:
    return compare(small_fits(), roles_apart=False)


def with_checks(study: Comparison, *, failed: str | None = None, rough: str | None = None) -> Comparison:
    """Return the study as if all checks had passed, one theory had not converged, or one had rough integrals."""
    diagnoses = {}
    for name, diagnosis in study.diagnoses.items():
        table = diagnosis.table.assign(passed=True)
        table.loc["R-hat", ["value", "passed"]] = [1.23 if name == failed else 1.0, name != failed]
        table.loc["integral error", ["value", "passed"]] = [0.36 if name == rough else 0.1, name != rough]
        diagnoses[name] = replace(diagnosis, table=table.astype({"passed": bool}))
    table = study.table.assign(ok=[name != failed for name in study.table.index])
    return replace(study, diagnoses=diagnoses, table=table)
