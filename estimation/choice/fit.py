"""Fit a model of choice: the right sampler for each kind of model, and one object that holds what came out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from estimation.choice.fitted import ChoiceFit
from estimation.choice.models import ChoiceModel
from estimation.choice.pooled import is_pooled
from estimation.choice.pooled_fit import fit_pooled
from estimation.choice.settings import Settings
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, FitError


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
        Whether to show progress on standard error, for samplers that take longer than a moment.
    settings
        More settings, of samplers of weights that differ between people.

    Raises
    ------
    ChoiceError
        If something cannot be identified from these choices.
    FitError
        If a setting makes no sense.
    """
    if not is_pooled(model):
        raise ChoiceError("The model cannot be fitted yet:", [f"{model.name} with weights of people's own"])
    if settings:
        raise FitError("The settings are not valid:", [f"{sorted(settings)} are not known for the {model.name}"])
    del progress
    result = fit_pooled(model, choices, Settings(seed, draws, chains))
    if path is not None:
        result.save(path)
    return result
