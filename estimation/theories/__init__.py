"""Theories: what one person does. One theory per file, pure functions, NumPy or PyTensor alike."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from estimation.registry import shipped
from estimation.theories import messages, plays
from estimation.theories.description import Description
from estimation.theories.messages.accusation import NaiveAccusation, RecursiveAccusation
from estimation.theories.messages.advice_taking import AdviceTaking
from estimation.theories.messages.advice_weighting import AdviceWeighting
from estimation.theories.messages.adviser_learning import AdviserLearning
from estimation.theories.messages.adviser_motives import AdviserMotives
from estimation.theories.messages.babbling import Babbling
from estimation.theories.messages.cognitive_hierarchy import CognitiveHierarchy
from estimation.theories.messages.combined import Combined
from estimation.theories.messages.costly_lying import CostlyLying
from estimation.theories.messages.dynamic_trust import DynamicTrust
from estimation.theories.messages.fixed_discount import FixedDiscount
from estimation.theories.messages.honest import Honest
from estimation.theories.messages.level_k import LevelK
from estimation.theories.messages.level_k_lying import LevelKLying
from estimation.theories.messages.mixture import Mixture
from estimation.theories.messages.quantal_response import QuantalResponse
from estimation.theories.messages.roles_apart import RolesApart
from estimation.theories.messages.theory import Theory
from estimation.theories.messages.trust_embedded import TrustEmbedded
from estimation.theories.plays.logit_equilibrium import LogitEquilibrium, logit_equilibrium
from estimation.theories.plays.nash import Nash, equilibria
from estimation.theories.plays.normal_form_cognitive_hierarchy import NormalFormCognitiveHierarchy
from estimation.theories.plays.normal_form_level_k import NormalFormLevelK
from estimation.theories.plays.theory import PlayTheory

for _folder in (messages, plays):  # a new file is a new theory: there is no list to add it to
    for _module in iter_modules(_folder.__path__):
        import_module(f"{_folder.__name__}.{_module.name}")

THEORIES: dict[str, type[Theory]] = {
    name: one for name, one in shipped(Theory).items() if not issubclass(one, Combined)
}
"""The theories of messages of the package by the names of their classes; mixtures and roles apart are made of them."""

PLAY_THEORIES: dict[str, type[PlayTheory]] = shipped(PlayTheory)  # type: ignore[type-abstract]
"""The theories of play of the package by the names of their classes."""

from_spec = Description.from_spec

__all__ = [
    "PLAY_THEORIES",
    "THEORIES",
    "AdviceTaking",
    "AdviceWeighting",
    "AdviserLearning",
    "AdviserMotives",
    "Babbling",
    "CognitiveHierarchy",
    "CostlyLying",
    "Description",
    "DynamicTrust",
    "FixedDiscount",
    "Honest",
    "LevelK",
    "LevelKLying",
    "LogitEquilibrium",
    "Mixture",
    "NaiveAccusation",
    "Nash",
    "NormalFormCognitiveHierarchy",
    "NormalFormLevelK",
    "PlayTheory",
    "QuantalResponse",
    "RecursiveAccusation",
    "RolesApart",
    "Theory",
    "TrustEmbedded",
    "equilibria",
    "from_spec",
    "logit_equilibrium",
]
