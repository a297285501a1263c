"""The likelihood of single choices given what is known of each person: for comparisons by decision."""

from __future__ import annotations

import numpy as np
import xarray as xr

from estimation.choice.draws import KNOWN
from estimation.choice.prediction import offer_of
from estimation.choice.problem import ChoiceFit
from estimation.choice.scenario import scenario
from estimation.names import CHOSEN, WEIGHT

DRAWS = 1000


def decision_likelihoods(fit: ChoiceFit) -> xr.Dataset:
    """Return ``decisions`` (chain, draw, situation): log P(choice | the person's weights), nats, as one chain.

    Situations count by their weights; ``subject`` (situation,) says whose they are.
    """
    table = fit.table
    tastes = fit.problem.tastes(fit.tree, KNOWN, DRAWS, seed=0)
    chosen = np.flatnonzero(table.rows[CHOSEN.name].to_numpy())
    first = table.first_row[:-1]
    weight = table.rows[WEIGHT.name].to_numpy()[first] if WEIGHT.name in table.rows else np.ones(len(table))
    values = np.empty((len(tastes.weights), len(table)))
    for samples, share, _ in offer_of(fit.model, table, scenario(table)).predicted(tastes):
        values[samples] = np.log(share[chosen]).T * weight
    subject = np.repeat(np.array(table.subjects, dtype=object), np.diff(table.first_situation))
    return xr.Dataset(
        {"decisions": (("chain", "draw", "situation"), values[None]), "subject": ("situation", subject)},
        coords={"situation": table.situations},
    )
