"""How much revenue buys how much utility, from one menu of the frontier to the next."""

from __future__ import annotations

import numpy as np
import pandas as pd


def exchange_rates(table: pd.DataFrame, price_coefficient: float | None) -> pd.DataFrame:
    """Return one row per step between neighbouring menus of a frontier's table; see `Frontier.exchange`."""
    ends = table.iloc[1:]
    lost = -np.diff(table["revenue"])
    gained, kept = np.diff(table["utility"]), -np.diff(table["no_purchase"])
    columns = {
        "revenue_lost": lost,
        "utility_gained": gained,
        "revenue_per_utility": ends["weight_low"].to_numpy(),
        "customers_kept": kept,
        "revenue_per_customer_kept": lost / kept,
    }
    if price_coefficient is not None:
        columns["surplus_gained"] = gained / price_coefficient
        columns["revenue_per_surplus"] = ends["weight_low"].to_numpy() * price_coefficient
    return pd.DataFrame(columns, index=pd.Index(ends.index, name="to_menu"))
