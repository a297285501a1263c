"""What a posterior says about the population, as a table: one row per quantity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimation.theories.parameter import Parameter

MIDDLE = (0.05, 0.5, 0.95)
REACH = 1.645  # standard deviations that hold the middle 90 % of a normal population


def summarised(
    parameters: tuple[Parameter, ...], posterior: xr.Dataset, kinds: dict[str, list[int]]
) -> pd.DataFrame:
    """Return the rows of `Fit.summary`: parameters and slopes, coefficients, correlations, shares of kinds."""
    rows = [_of_parameter(p, posterior.sel(parameter=p.name)) for p in parameters]
    scales = {p.name: p.scale for p in parameters}
    for name in posterior["covariate"].to_numpy() if "coefficient" in posterior else ():
        scale = scales[str(name).split(": ")[0]]
        rows.append(
            _row(str(name), "γ", posterior["coefficient"].sel(covariate=name), f"{scale} scale per unit")
        )
    for pair in posterior["pair"].to_numpy() if "correlation" in posterior else ():
        name = f"correlation of {' and '.join(str(pair).split(', '))}"
        rows.append(_row(name, "ρ", posterior["correlation"].sel(pair=pair), "correlation over people"))
    if "share" in posterior:
        shares = {name: posterior["share"].isel(kind=members).sum("kind") for name, members in kinds.items()}
        rows += [_row(name, "π", share, "share of people") for name, share in shares.items()]
    return pd.DataFrame(rows).set_index("quantity")


def _of_parameter(parameter: Parameter, draws: xr.Dataset) -> dict[str, Any]:
    mean, sd = draws["mean"].to_numpy().ravel(), draws["sd"].to_numpy().ravel()
    low, middle, high = parameter.natural(np.quantile(mean, MIDDLE))
    reach = REACH * np.median(sd)
    people_low, people_high = parameter.natural(np.median(mean) + np.array([-reach, reach]))
    return {
        "quantity": parameter.name,
        "symbol": parameter.symbol,
        "typical": middle,
        "low": low,
        "high": high,
        "people_low": people_low,
        "people_high": people_high,
        "unit": parameter.unit,
    }


def _row(name: str, symbol: str, draws: xr.DataArray, unit: str) -> dict[str, Any]:
    low, middle, high = np.quantile(draws.to_numpy(), MIDDLE)
    return {"quantity": name, "symbol": symbol, "typical": middle, "low": low, "high": high, "unit": unit}
