"""The models of choice that ship with the package, one file each."""

from estimation.choice.models.classes import LatentClassLogit
from estimation.choice.models.logit import MultinomialLogit
from estimation.choice.models.nested import NestedLogit

__all__ = ["LatentClassLogit", "MultinomialLogit", "NestedLogit"]
