"""Models in which everybody has the same weights: which they are, and their likelihoods."""

from __future__ import annotations

from estimation.choice.design import arrays_of
from estimation.choice.models import ChoiceModel, MultinomialLogit, NestedLogit
from estimation.choice.nested import nested_of
from estimation.choice.target import Logit, Pooled, prior_sd
from estimation.data.choices.table import ChoiceTable


def is_pooled(model: ChoiceModel) -> bool:
    """Return whether everybody has the same weights under a model."""
    return isinstance(model, NestedLogit) or (isinstance(model, MultinomialLogit) and not model.hierarchical)


def likelihood_of(model: ChoiceModel, choices: ChoiceTable) -> Pooled:
    """Return the likelihood of a pooled model on a table.

    Raises
    ------
    ChoiceError
        If the utility or the nests do not fit the table.
    """
    arrays = arrays_of(model, choices)
    sd = prior_sd(arrays, model.prior_scale)
    return nested_of(model, choices, arrays, sd) if isinstance(model, NestedLogit) else Logit(arrays, sd)
