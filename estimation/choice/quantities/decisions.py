"""The likelihood of single choices given what is known of each person: for comparisons by decision."""

from __future__ import annotations

import numpy as np
import xarray as xr

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.prediction import offer_of
from estimation.choice.quantities.scenario import every_situation
from estimation.choice.sampling.draws import KNOWN
from estimation.choice.utilities.design import arrays_of

DRAWS = 1000


def decision_likelihoods(fit: ChoiceFit) -> xr.Dataset:
    """Return ``decisions`` (chain, draw, situation): log P(choice | the person's weights), nats, as one chain.

    Situations count by their weights; ``subject`` (situation,) says whose they are.
    """
    table, arrays = fit.table, arrays_of(fit.model, fit.table)
    tastes = fit.problem.tastes(fit.tree, KNOWN, DRAWS, seed=0)
    values = np.empty((len(tastes.weights), len(table)))
    for samples, share, _ in offer_of(fit.model, table, every_situation(table)).predicted(tastes):
        values[samples] = np.log(share[arrays.chosen]).T * arrays.weight
    subject = np.array(arrays.subjects, dtype=object)[arrays.person]
    return xr.Dataset(
        {"decisions": (("chain", "draw", "situation"), values[None]), "subject": ("situation", subject)},
        coords={"situation": table.situations},
    )
