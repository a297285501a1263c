"""Menus beside each other on the same draws."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import Array, Mask
from estimation.assortment.posterior.draws import Draws
from estimation.assortment.posterior.risk import TailMean

TIE = 1e-9
"""How near objectives are that count as equal, as a share: rounding, in whatever unit money is."""


def comparison(
    draws: Draws, menus: Mask, names: list[str], best: Array, utility_weight: float, share: float
) -> pd.DataFrame:
    """Return one row per menu (menu, product); `best` (draw,) is the best objective known for each draw."""
    values = draws.objective(menus, utility_weight)
    best = np.maximum(best, values.max(axis=1))
    revenue, utility, none = (draws.mean(measure) for measure in draws.measures(menus))
    leads = is_best(values, values.max(axis=1))
    mean = draws.mean(values)
    return pd.DataFrame(
        {
            "objective": mean,
            "sd": np.sqrt(draws.mean((values - mean) ** 2)),
            "tail_mean": TailMean(share)(values, draws.parts),
            "worst": values.min(axis=0),
            "revenue": revenue,
            "utility": utility,
            "no_purchase": none,
            "regret": draws.mean(best[:, None] - values),
            "probability_best": draws.mean(is_best(values, best)),
            "probability_best_of_these": draws.mean(leads / leads.sum(axis=1, keepdims=True)),
        },
        index=pd.Index(names, name="menu"),
    )


def is_best(values: Array, best: Array) -> Mask:
    """(draw, menu) whether a menu reaches the best of the draw."""
    reach = TIE * np.abs(best)[:, None]
    return np.asarray(values >= best[:, None] - reach)
