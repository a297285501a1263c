"""What a fit found, as text: the typical person, the spread over people, the shares of kinds."""

from __future__ import annotations

import numpy as np
import xarray as xr

from estimation.inference.problem import MessageFit
from estimation.report.digits import number, quantile_error
from estimation.report.text_table import TextTable
from estimation.theories.parameter import Parameter

MIDDLE = (0.05, 0.5, 0.95)
REACH = 1.645  # standard deviations that hold the middle 90 % of a normal population


def estimate_tables(fit: MessageFit) -> list[TextTable]:
    """Return what a fit of a theory of messages found, in tables: those that have rows."""
    tables = [parameter_table(fit), effect_table(fit), share_table(fit)]
    return [table for table in tables if table is not None]


def parameter_table(fit: MessageFit) -> TextTable:
    """Return the population of each parameter on its natural scale: one row per parameter."""
    posterior = fit.tree["posterior"].dataset
    head = ("parameter", "symbol", "typical person", "90 % interval", "middle 90 % of people", "unit")
    rows = [_row(parameter, posterior.sel(parameter=parameter.name)) for parameter in fit.problem.parameters]
    caption = f"What {fit.theory.name} says about people: estimates of the population"
    return TextTable(caption, head, tuple(rows), numeric=(2, 3, 4))


def effect_table(fit: MessageFit) -> TextTable | None:
    """Return coefficients of formulas and correlations over people, or nothing if the theory has none."""
    posterior, rows = fit.tree["posterior"].dataset, []
    for variable, dim, what in (
        (
            "coefficient",
            "covariate",
            "change of the typical value with one unit of the column, transformed scale",
        ),
        ("correlation", "pair", "correlation over people"),
    ):
        for name in posterior[dim].to_numpy() if variable in posterior else ():
            low, middle, high = _quantiles(posterior[variable].sel({dim: name}))
            rows.append((str(name), middle, f"{low} to {high}", what))
    if not rows:
        return None
    head = ("effect", "estimate", "90 % interval", "what it is")
    return TextTable(f"Effects and correlations under {fit.theory.name}", head, tuple(rows), numeric=(1, 2))


def share_table(fit: MessageFit) -> TextTable | None:
    """Return the share of each kind of people, or nothing if the theory knows one kind only."""
    posterior = fit.tree["posterior"].dataset
    if "share" not in posterior:
        return None
    rows = []
    for kind in posterior["kind"].to_numpy():
        low, middle, high = _quantiles(100 * posterior["share"].sel(kind=kind))
        rows.append((str(kind), middle, f"{low} to {high}"))
    head = ("kind of person", "share of people, %", "90 % interval, %")
    return TextTable(f"Shares of kinds of people under {fit.theory.name}", head, tuple(rows), numeric=(1, 2))


def _row(parameter: Parameter, posterior: xr.Dataset) -> tuple[str, ...]:
    mean, sd = posterior["mean"], posterior["sd"]
    low, middle, high = _quantiles(parameter.natural(mean, np))
    ends = [_middle(parameter.natural(mean + sign * REACH * sd, np)) for sign in (-1, 1)]
    people = " to ".join(ends)
    return parameter.name, parameter.symbol, middle, f"{low} to {high}", people, parameter.unit


def _quantiles(draws: xr.DataArray) -> list[str]:
    """Return the ends and the middle of a posterior as text, each with its own Monte-Carlo error."""
    values = np.quantile(draws.to_numpy(), MIDDLE)
    return [number(value, quantile_error(draws, level)) for value, level in zip(values, MIDDLE, strict=True)]


def _middle(draws: xr.DataArray) -> str:
    return number(np.median(draws.to_numpy()), quantile_error(draws, 0.5))
