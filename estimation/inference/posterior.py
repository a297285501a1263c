"""What the draws of a population say: natural scales, a table of quantities, and the people one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Mask
from estimation.fits.fit import AnyFit, quantiles_of
from estimation.population.normal import Population
from estimation.theories.parameter import Parameter

REACH = 1.645
"""Standard deviations that hold the middle 90 % of a normal population."""

Kinds = Mapping[str, Sequence[int]]
"""Name → positions of the kinds of people that share it."""


def natural_draws(parameters: Sequence[Parameter], posterior: xr.Dataset, kinds: Kinds) -> pd.DataFrame:
    """Return draws of the population, rows (chain, draw).

    Columns: each parameter's typical value (natural scale) and its ``spread of ...`` over people (transformed scale),
    coefficients of formulas (``trust: country[T.B]``), correlations over people, and shares of kinds of people.
    """
    stacked = posterior.stack(sample=("chain", "draw"))
    columns: dict[str, Any] = {}
    for p in parameters:
        columns[p.name] = p.natural(stacked["mean"].sel(parameter=p.name).to_numpy())
        columns[f"spread of {p.name}"] = stacked["sd"].sel(parameter=p.name).to_numpy()
    for name in stacked["covariate"].to_numpy() if "coefficient" in stacked else ():
        columns[str(name)] = stacked["coefficient"].sel(covariate=name).to_numpy()
    for pair in stacked["pair"].to_numpy() if "correlation" in stacked else ():
        columns[correlation_name(str(pair))] = stacked["correlation"].sel(pair=pair).to_numpy()
    if "share" in stacked:
        share = stacked["share"].transpose("kind", "sample").to_numpy()
        columns |= {name: share[list(members)].sum(axis=0) for name, members in kinds.items()}
    return pd.DataFrame(columns, index=stacked.indexes["sample"])


def summarised(parameters: Sequence[Parameter], posterior: xr.Dataset, draws: pd.DataFrame) -> pd.DataFrame:
    """Return one row per quantity of `natural_draws` but spreads, which show in ``people_low`` and ``people_high``."""
    rows = quantiles_of(draws.drop(columns=[f"spread of {p.name}" for p in parameters]))
    by_name = {p.name: p for p in parameters}
    about = [_about(str(name), by_name, posterior) for name in rows.index]
    table = rows.assign(symbol=[symbol for symbol, _ in about], unit=[unit for _, unit in about])
    for p in parameters:
        middle, sd = posterior["mean"].sel(parameter=p.name), posterior["sd"].sel(parameter=p.name)
        reach = REACH * float(sd.median())
        ends = p.natural(float(middle.median()) + np.array([-reach, reach]))
        table.loc[p.name, ["people_low", "people_high"]] = ends
    table = table.reindex(columns=["symbol", "median", "low", "high", "people_low", "people_high", "unit"])
    return table.rename_axis("quantity")


def _about(name: str, parameters: Mapping[str, Parameter], posterior: xr.Dataset) -> tuple[str, str]:
    """Return the symbol and the unit of a quantity."""
    if name in parameters:
        return parameters[name].symbol, parameters[name].unit
    if name.startswith("correlation of "):
        return "ρ", "correlation over people"
    if "coefficient" in posterior and name in posterior["covariate"].to_numpy():
        return "γ", f"{parameters[name.split(': ', maxsplit=1)[0]].scale_unit} per unit"
    return "π", "share of people"


def correlation_name(pair: str) -> str:
    """Return what the correlation of a pair, as in ``lying_cost, trust``, is called."""
    return f"correlation of {' and '.join(pair.split(', '))}"


def people_table(
    parameters: Sequence[Parameter], people: xr.Dataset, kinds: Kinds, matters: Mapping[str, Mask]
) -> pd.DataFrame:
    """Return one row per person: posterior mean of each parameter (natural scale), and probability of each kind.

    A parameter that matters to some kinds only is averaged over the draws in which the person is of such a kind.

    Parameters
    ----------
    people
        ``theta`` (sample, subject, parameter) on the transformed scale, ``kind`` (sample, subject).
    matters
        Parameter → in which draws of a person, (sample, subject), it matters.
    """
    theta, kind = people["theta"].to_numpy(), people["kind"].to_numpy()
    columns = {}
    for index, p in enumerate(parameters):
        value, counts = p.natural(theta[:, :, index]), matters[p.name]
        total, draws = np.where(counts, value, 0.0).sum(axis=0), counts.sum(axis=0)
        columns[p.name] = np.where(draws > 0, total / np.maximum(draws, 1), np.nan)
    if sum(len(members) for members in kinds.values()) > 1:
        columns |= {name: np.isin(kind, members).mean(axis=0) for name, members in kinds.items()}
    return pd.DataFrame(columns, index=pd.Index(people["subject"].to_numpy().astype(str), name="subject"))


def drawn_populations(fit: AnyFit, count: int, rng: np.random.Generator, problem: Any = None) -> list[Population]:
    """Return `count` populations drawn from the posterior.

    Parameters
    ----------
    problem
        The people whose populations are wanted, as `MessageProblem.on` gives them; those of the fit if left out. It
        matters if the means of parameters depend on what is known of people.
    """
    draws = (problem or fit.problem).structure.draws(fit.posterior)
    return [draws[int(row)] for row in rng.choice(len(draws), size=count, replace=count > len(draws))]
