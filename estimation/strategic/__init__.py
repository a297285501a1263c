"""Theories of games without communication, one per file, and how they are estimated."""

from __future__ import annotations

from estimation.arrays import Spec
from estimation.errors import TheoryError
from estimation.strategic.estimate import Mode, PlaysFit, mode, posterior, scores
from estimation.strategic.pooled_talk import PooledFit, pooled
from estimation.theories.plays.cognitive_hierarchy import CognitiveHierarchy
from estimation.theories.plays.level_k import LevelK
from estimation.theories.plays.nash import Nash, equilibria
from estimation.theories.plays.quantal_response import QuantalResponse, logit_equilibrium
from estimation.theories.plays.theory import StrategicTheory

THEORIES: dict[str, type[StrategicTheory]] = {
    theory.__name__: theory for theory in (LevelK, CognitiveHierarchy, QuantalResponse, Nash)
}


def from_spec(spec: Spec) -> StrategicTheory:
    """Return the theory that `spec` describes.

    Raises
    ------
    TheoryError
        If the name is unknown or an option is misspelt.
    """
    options = dict(spec)
    name = options.pop("theory", None)
    if name not in THEORIES:
        raise TheoryError("The theory is not known:", [f"{name!r} is none of {sorted(THEORIES)}"])
    try:
        return THEORIES[name](**options)
    except TypeError as problem:
        raise TheoryError(f"{name} cannot be built:", [str(problem)]) from problem


__all__ = [
    "THEORIES",
    "CognitiveHierarchy",
    "LevelK",
    "Mode",
    "Nash",
    "PlaysFit",
    "PooledFit",
    "QuantalResponse",
    "StrategicTheory",
    "equilibria",
    "from_spec",
    "logit_equilibrium",
    "mode",
    "pooled",
    "posterior",
    "scores",
]
