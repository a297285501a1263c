"""The weights of a market's page: as many draws of as many people as a page should hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.market import DRAWS
from estimation.choice.sampling.draws import Tastes
from estimation.choice.sampling.people import representatives
from estimation.choice.utilities.design import design_of
from estimation.names import SUBJECT
from estimation.report.interactive.terms import personal_factors

FEWEST = 50  # draws of a page before people are left out
MOST = 100_000  # weights of a page: half a megabyte


def page_weights(
    fit: ChoiceFit, personal: Sequence[str], people: str, draws: int | None, most_people: int | None, seed: int
) -> tuple[Tastes, Array]:
    """Return draws of what people value, and those of a page, (draw, person, coefficient), as exact as it holds them.

    What describes people (`personal`) is multiplied into their weights. If it is not said how many draws, they are as
    many as fit for all people, and if 50 do not fit, every k-th person is taken; those with more weight more often.
    """
    factors = personal_factors(design_of(fit.model, fit.table), _people(fit, personal), personal)
    differ = bool(np.any(factors != 1.0))
    found = fit.problem.tastes(fit.tree, people, draws or DRAWS, seed)
    _, count, size = found.weights.shape
    count = min(max(count, len(factors) if differ else 1), most_people or len(factors))
    fitting = max(FEWEST, MOST // (count * size))
    if draws is None and len(found.weights) > fitting:
        found = fit.problem.tastes(fit.tree, people, fitting, seed)
    weights = found.weights * factors if differ else found.weights
    room = MOST // (len(weights) * size) if draws is None and most_people is None else count
    kept = weights[:, representatives(fit.table, weights.shape[1], max(1, min(count, room)))]
    return found, kept.astype(np.float32).astype(float)


def _people(fit: ChoiceFit, personal: Sequence[str]) -> pd.DataFrame:
    """Return what is known of people, in the order of the fit."""
    rows = fit.table.rows.drop_duplicates(SUBJECT.name).set_index(SUBJECT.name)
    known: pd.DataFrame = rows.loc[fit.table.subjects, list(personal)]
    return known.reset_index()
