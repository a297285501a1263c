"""Draws of what people value: everybody's, those of the people in the data, or those of new people."""

from __future__ import annotations

from typing import Protocol

import xarray as xr

from estimation.choice.model import ChoiceModel
from estimation.choice.problem import PEOPLE, Tastes
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError


class FittedModel(Protocol):
    """What quantities read of a fit."""

    @property
    def model(self) -> ChoiceModel:
        """What was fitted."""

    @property
    def table(self) -> ChoiceTable:
        """To what."""

    @property
    def tree(self) -> xr.DataTree:
        """The draws, as `ChoiceFit` describes them."""

    @property
    def label(self) -> str:
        """Model and data, in words."""


def tastes_of(fit: FittedModel, people: str, draws: int, seed: int) -> Tastes:
    """Return draws of the weights of people.

    Parameters
    ----------
    people
        ``"known"``: the people in the data, each with their own posterior. ``"new"``: people like them whom nobody has
        seen, as many as are in the data and with their covariates, drawn from the population anew for every draw.
    draws
        Posterior draws to use, evenly spread over the chains; all of them if there are fewer.
    seed
        For the draws of new people.

    Raises
    ------
    ChoiceError
        If `people` is neither.
    """
    if people not in PEOPLE:
        raise ChoiceError("It is not clear for whom:", [f"people must be one of {PEOPLE}, not {people!r}"])
    return fit.model.on(fit.table).tastes(fit.tree, people, draws, seed)
