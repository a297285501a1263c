"""Theories: what one person does. One theory per file, pure functions, NumPy or PyTensor alike."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from estimation.registry import shipped
from estimation.theories import messages
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

for _module in iter_modules(messages.__path__):  # a new file is a new theory: there is no list to add it to
    import_module(f"{messages.__name__}.{_module.name}")

THEORIES: dict[str, type[Theory]] = {
    name: theory for name, theory in shipped(Theory).items() if theory is not Mixture
}
"""The theories of the package by the names of their classes; a mixture is made of them."""

from_spec = Theory.from_spec

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
