"""Fit a model of choice: the right sampler for each kind of model, and one object that holds what came out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from estimation.choice.fitted import ChoiceFit
from estimation.choice.models import ChoiceModel, LatentClassLogit
from estimation.choice.pooled import is_pooled
from estimation.choice.pooled_fit import fit_pooled
from estimation.choice.settings import Settings
from estimation.data.choices.table import ChoiceTable
from estimation.errors import FitError


def fit_choices(
    model: ChoiceModel,
    choices: ChoiceTable,
    *,
    seed: int = 0,
    draws: int = 500,
    chains: int = 4,
    path: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> ChoiceFit:
    """Fit a model of choice to a table of choices.

    Parameters
    ----------
    model
        For example ``MultinomialLogit(["price", "quality"], random="all")``.
    choices
        The choices.
    seed, draws, chains
        See `Settings`.
    path
        File to save the fit to.
    progress
        Accepted so that theories and models of choice are fitted alike; these samplers show none.
    settings
        Refused: names are checked, so that a misspelt setting is not passed over.

    Raises
    ------
    ChoiceError
        If something cannot be identified from these choices.
    FitError
        If a setting makes no sense or is not known.
    """
    if settings:
        raise FitError(
            "The settings are not valid:", [f"{sorted(settings)} are not known for the {model.name}"]
        )
    del progress
    result = _sampler(model)(model, choices, Settings(seed, draws, chains))
    if path is not None:
        result.save(path)
    return result


def _sampler(model: ChoiceModel) -> Callable[..., ChoiceFit]:
    """Return the function that fits this kind of model; compiled samplers are imported when they are needed."""
    if is_pooled(model):
        return fit_pooled
    if isinstance(model, LatentClassLogit):
        from estimation.choice.classes.fit import fit_classes  # noqa: PLC0415

        return fit_classes
    from estimation.choice.hierarchy.fit import fit_hierarchical  # noqa: PLC0415

    return fit_hierarchical
