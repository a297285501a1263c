"""What the programs that fit a panel have in common: the table that they read, and what they say of a posterior."""

from __future__ import annotations

from typing import Any

import pandas as pd
import xarray as xr

import estimation as est
from estimation.data.choices.table import ChoiceTable
from estimation.fits.checks import error_of_mean, least_ess, worst_rhat

STANDARD = ("subject", "situation", "alternative", "chosen")


def read_panel(csv: str, outside: str) -> tuple[ChoiceTable, est.MultinomialLogit]:
    """Return the choices of a long CSV, and the logit in which everybody differs in every column that it has."""
    frame = pd.read_csv(csv, dtype={"alternative": str})
    table = est.read_choices(frame, outside=None if outside == "None" else outside, name="benchmark")
    return table, est.MultinomialLogit([str(name) for name in frame.columns if name not in STANDARD], random="all")


def facts_of(posterior: xr.Dataset) -> dict[str, Any]:
    """Return effective draws, R-hat, means and their errors of ``mean`` and ``sd``, (chain, draw, coefficient) each."""
    both = [posterior[name].to_numpy() for name in ("mean", "sd")]
    return {
        "ess": least_ess(posterior[["mean"]], "bulk"),
        "ess_spreads": least_ess(posterior[["sd"]], "bulk"),
        "rhat": worst_rhat(posterior[["mean", "sd"]]),
        "means": both[0].mean(axis=(0, 1)).tolist(),
        "spreads": both[1].mean(axis=(0, 1)).tolist(),
        "errors": [[error_of_mean(draws[..., k]) for k in range(draws.shape[-1])] for draws in both],
    }
