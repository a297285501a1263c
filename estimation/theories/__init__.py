"""Theories: what one person does. One theory per file, pure functions, NumPy or PyTensor alike."""

from __future__ import annotations

from estimation.arrays import Spec
from estimation.errors import TheoryError
from estimation.theories.messages.accusation import NaiveAccusation, RecursiveAccusation
from estimation.theories.messages.babbling import Babbling
from estimation.theories.messages.cognitive_hierarchy import CognitiveHierarchy
from estimation.theories.messages.costly_lying import CostlyLying
from estimation.theories.messages.dynamic_trust import DynamicTrust
from estimation.theories.messages.honest import Honest
from estimation.theories.messages.level_k import LevelK
from estimation.theories.messages.level_k_lying import LevelKLying
from estimation.theories.messages.mixture import Mixture
from estimation.theories.messages.quantal_response import QuantalResponse
from estimation.theories.messages.theory import Theory
from estimation.theories.messages.trust_embedded import TrustEmbedded

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


def from_spec(spec: Spec) -> Theory:
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
