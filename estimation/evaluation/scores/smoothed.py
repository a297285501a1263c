"""Scores by Pareto-smoothed importance sampling, and how far finitely many draws may have moved them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import arviz as az
import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array
from estimation.fits.checks import error_of_mean, smoothed


@dataclass(frozen=True, eq=False)
class Smoothed:
    """Scores by Pareto-smoothed importance sampling.

    The pull, (unit, chain, draw), is how far each draw moves each score: its share of the weighted mean of the
    likelihood minus its weight.
    """

    elpd: pd.Series  # (unit,)
    pareto_k: pd.Series  # (unit,)
    good_k: float  # the Pareto k up to which scores can be trusted
    pull: xr.DataArray

    @property
    def poor(self) -> list[str]:
        """Units whose score is not to be trusted."""
        return list(self.pareto_k.index[~(self.pareto_k <= self.good_k)])  # what is no number is no reason for trust

    @classmethod
    def of(cls, tree: xr.DataTree, name: str, unit: str, **options: float) -> Smoothed:
        """Return the scores of units by a variable of the group ``log_likelihood``; options are those of ArviZ."""
        with warnings.catch_warnings():
            # high Pareto k is answered by refits and told in the table
            warnings.simplefilter("ignore", UserWarning)
            try:
                result = az.loo(tree, var_name=name, pointwise=True, **options)
            except ValueError:  # of some unit the tail is one draw, drawn again and again
                result = az.loo(tree, var_name=name, pointwise=True, reff=1.0, **_unit_by_unit(tree, name, unit))
        index = [str(label) for label in result.elpd_i[unit].to_numpy()]
        elpd, k = (pd.Series(found.to_numpy(), index=index) for found in (result.elpd_i, result.pareto_k))
        weight = np.exp(result.log_weights)
        moved = np.exp(result.log_weights + tree["log_likelihood"].dataset[name] - result.elpd_i) - weight
        return cls(elpd.copy(), k, float(result.good_k), moved.transpose(unit, "chain", "draw"))

    def error(self, without: list[str] | tuple[str, ...] = (), independent: float = np.inf) -> float:
        """Return the Monte-Carlo standard error of the total, nats, to first order; all scores share the draws."""
        pull = self.pull.to_numpy()[~self.elpd.index.isin(without)].sum(axis=0)
        return error_of_pull(pull, independent)


def _unit_by_unit(tree: xr.DataTree, name: str, unit: str) -> dict[str, xr.DataArray]:
    """Return the weights of draws without each unit and the shapes of their tails, infinite where there is none."""
    likely = tree["log_likelihood"].dataset[name].transpose(unit, "chain", "draw")
    found = [smoothed(-own.ravel()) for own in likely.to_numpy()]
    weights = likely.copy(data=np.stack([weight for weight, _ in found]).reshape(likely.shape))
    return {"log_weights": weights, "pareto_k": xr.DataArray([k for _, k in found], {unit: likely[unit]}, (unit,))}


def error_of_pull(pull: Array, independent: float) -> float:
    """Return the Monte-Carlo standard error of a total, nats, given how far each draw (chain, draw) moves it."""
    return error_of_mean(pull * pull.size, independent)


def effective_draws(tree: xr.DataTree) -> float:
    """Return how many independent draws a posterior is worth at most: fewer than it has, if they were weighted."""
    proposals = tree["proposals"].dataset if "proposals" in tree else xr.Dataset()
    return float(proposals["effective"]) if "effective" in proposals else np.inf
