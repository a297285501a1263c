"""The models of choice that ship with the package, one file each."""

from estimation.choice.models.classes import LatentClassLogit
from estimation.choice.models.cross_nested import CrossNestedLogit
from estimation.choice.models.heteroscedastic import HeteroscedasticLogit
from estimation.choice.models.logit import MultinomialLogit
from estimation.choice.models.nested import NestedLogit

__all__ = ["CrossNestedLogit", "HeteroscedasticLogit", "LatentClassLogit", "MultinomialLogit", "NestedLogit"]
