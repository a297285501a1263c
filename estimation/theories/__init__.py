"""Theories: what one person does. One theory per file, pure functions, NumPy or PyTensor alike."""

from __future__ import annotations

from typing import Any

from estimation.errors import TheoryError
from estimation.theories.accusation import NaiveAccusation, RecursiveAccusation
from estimation.theories.babbling import Babbling
from estimation.theories.cognitive_hierarchy import CognitiveHierarchy
from estimation.theories.costly_lying import CostlyLying
from estimation.theories.dynamic_trust import DynamicTrust
from estimation.theories.honest import Honest
from estimation.theories.level_k import LevelK
from estimation.theories.level_k_lying import LevelKLying
from estimation.theories.mixture import Mixture
from estimation.theories.quantal_response import QuantalResponse
from estimation.theories.theory import Theory
from estimation.theories.trust_embedded import TrustEmbedded

THEORIES: dict[str, type[Theory]] = {
    theory.__name__: theory
    for theory in (
        TrustEmbedded,
        DynamicTrust,
        LevelK,
        CognitiveHierarchy,
        QuantalResponse,
        CostlyLying,
        LevelKLying,
        Honest,
        Babbling,
        RecursiveAccusation,
        NaiveAccusation,
    )
}


def from_spec(spec: dict[str, Any]) -> Theory:
    """Return the theory that `spec` describes.

    Raises
    ------
    TheoryError
        If the name is unknown or an option is misspelt.
    """
    options = dict(spec)
    name = options.pop("theory", None)
    if name == Mixture.__name__:
        return Mixture(**options | {"components": [from_spec(part) for part in options["components"]]})
    if name not in THEORIES:
        raise TheoryError("The theory is not known:", [f"{name!r} is none of {sorted(THEORIES)}"])
    try:
        return THEORIES[name](**options)
    except TypeError as problem:
        raise TheoryError(f"{name} cannot be built:", [str(problem)]) from problem


__all__ = [
    "THEORIES",
    "Babbling",
    "CognitiveHierarchy",
    "CostlyLying",
    "DynamicTrust",
    "Honest",
    "LevelK",
    "LevelKLying",
    "Mixture",
    "NaiveAccusation",
    "QuantalResponse",
    "RecursiveAccusation",
    "Theory",
    "TrustEmbedded",
    "from_spec",
]
