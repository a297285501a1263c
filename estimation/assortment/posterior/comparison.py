"""Menus beside each other on the same draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array, Mask
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.posterior.draws import Draws
from estimation.assortment.posterior.risk import TailMean
from estimation.errors import AssortmentError, raise_all

TIE = 1e-9
"""How near objectives are that count as equal, as a share: rounding, in whatever unit money is."""


def menus_of(catalogue: Catalogue, menus: object) -> Mask:
    """(menu, product) the menus given by name, each as labels or as what a search gave.

    Raises
    ------
    AssortmentError
        There is none, or a product does not exist; every problem is listed.
    """
    heading = "The menus cannot be compared:"
    if not (isinstance(menus, Mapping) and menus):
        raise AssortmentError(heading, [f"give menus by name, as in {{'now': ['pen', 'pad']}}, not {menus!r}"])
    labels: dict[str, Any] = {name: getattr(menu, "products", menu) for name, menu in menus.items()}
    problems = [problem for name, given in labels.items() for problem in catalogue.unknown(given, f"menu {name!r}")]
    raise_all(problems, AssortmentError, heading)
    return np.array([catalogue.chosen(given) for given in labels.values()])


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
