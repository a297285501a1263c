"""Menus beside each other on the same draws."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import Array, Mask
from estimation.assortment.posterior.draws import Draws
from estimation.assortment.posterior.risk import TailMean

TIE = 1e-9


def comparison(
    draws: Draws, menus: Mask, names: list[str], best: Array, utility_weight: float, share: float
) -> pd.DataFrame:
    """Return one row per menu (menu, product); `best` (draw,) is the best objective known for each draw."""
    values = draws.objective(menus, utility_weight)
    best = np.maximum(best, values.max(axis=1))
    revenue, utility, none = (measure.mean(axis=0) for measure in draws.measures(menus))
    leads = values >= values.max(axis=1, keepdims=True) - TIE
    return pd.DataFrame(
        {
            "objective": values.mean(axis=0),
            "sd": values.std(axis=0),
            "tail_mean": TailMean(share)(values),
            "worst": values.min(axis=0),
            "revenue": revenue,
            "utility": utility,
            "no_purchase": none,
            "regret": (best[:, None] - values).mean(axis=0),
            "probability_best": is_best(values, best).mean(axis=0),
            "probability_best_of_these": (leads / leads.sum(axis=1, keepdims=True)).mean(axis=0),
        },
        index=pd.Index(names, name="menu"),
    )


def is_best(values: Array, best: Array) -> Mask:
    """(draw, menu) whether a menu reaches the best of the draw."""
    reach = TIE * np.maximum(1.0, np.abs(best))[:, None]
    return np.asarray(values >= best[:, None] - reach)
