"""What a fit found, as text: the typical person, the spread over people, the shares of kinds."""

from __future__ import annotations

import numpy as np
import xarray as xr

from estimation.fits.fit import AnyFit, Fit
from estimation.inference.pooled.few_numbers import FewNumbers
from estimation.inference.problem import MessageFit
from estimation.report.called import name_of
from estimation.text.contrasts import table_in_words
from estimation.text.digits import MIDDLE, REACH, alike, interval, number, quantile_error
from estimation.text.table import TextTable
from estimation.theories.parameter import Parameter

THINKING = "above level 0, together: whoever thinks about what others do"


def estimate_tables(fit: AnyFit, name: str = "") -> list[TextTable]:
    """Return what a theory's fit found, as tables; `name` is what the fit is called beside others."""
    if isinstance(fit.problem, FewNumbers):
        return [number_table(fit, name)]
    tables = (parameter_table(fit, name), effect_table(fit, name), share_table(fit, name))
    return [table for table in tables if table is not None]


def number_table(fit: Fit[FewNumbers], name: str = "") -> TextTable:
    """Return the few numbers of a population, natural scale; errors are those of as many draws as weights are worth."""
    draws, effective = fit.draws, float(fit.tree["proposals"].dataset["effective"])
    rows = []
    for quantity, (symbol, unit) in fit.problem.quantities.items():
        low, middle, high = np.quantile(draws[quantity], MIDDLE)
        # of a quantile near the middle of a normal
        error = 1.25 * (high - low) / (2 * REACH) / np.sqrt(effective)
        shown = alike([low, middle, high], [error] * 3)
        rows.append((quantity, symbol, shown[1], f"{shown[0]} to {shown[2]}", unit))
    evidence = f"log evidence {number(float(fit.tree['proposals'].dataset['log_evidence']), 0.1)} nats"
    caption = f"What {name or name_of(fit)} says about people: estimates; {evidence}"
    return TextTable(caption, ("quantity", "symbol", "estimate", "90 % interval", "unit"), tuple(rows), (2, 3))


def parameter_table(fit: MessageFit, name: str = "") -> TextTable:
    """Return the population of each parameter on its natural scale: one row per parameter."""
    posterior = fit.tree["posterior"].dataset
    head = ("parameter", "symbol", "typical person", "90 % interval", "middle 90 % of people", "unit")
    people = fit.summary[["people_low", "people_high"]]
    ends = dict(zip(people.index, people.to_numpy().tolist(), strict=True))
    rows = [_row(p, posterior.sel(parameter=p.name), ends[p.name]) for p in fit.problem.parameters]
    caption = f"What {name or name_of(fit)} says about people: estimates of the population"
    return table_in_words(TextTable(caption, head, tuple(rows), numeric=(2, 3, 4)), fit.problem.design.words)


def effect_table(fit: MessageFit, name: str = "") -> TextTable | None:
    """Return coefficients of formulas and correlations over people, or nothing if the theory has none."""
    posterior, rows = fit.tree["posterior"].dataset, []
    units = {p.name: p.scale_unit for p in fit.problem.parameters}
    for variable, dim in (("coefficient", "covariate"), ("correlation", "pair")):
        for effect in map(str, posterior[dim].to_numpy() if variable in posterior else ()):
            shown = interval(posterior[variable].sel({dim: effect}))
            change = f"change of the typical value with one unit of the column, {units.get(effect.split(': ')[0])}"
            what = change if variable == "coefficient" else "correlation over people"
            rows.append((effect, *shown, what))
    if not rows:
        return None
    head = ("effect", "estimate", "90 % interval", "what it is")
    table = TextTable(f"Effects and correlations under {name or name_of(fit)}", head, tuple(rows), numeric=(1, 2))
    return table_in_words(table, fit.problem.design.words)


def share_table(fit: MessageFit, name: str = "") -> TextTable | None:
    """Return the share of each kind of people that the data tell apart, or nothing if the theory knows one only."""
    posterior = fit.tree["posterior"].dataset
    if "share" not in posterior:
        return None
    share, groups = 100 * posterior["share"], fit.problem.distinct_kinds
    rows = [(kind, *interval(share.isel(kind=places).sum("kind"))) for kind, places in groups.items()]
    ahead, levels = set(fit.theory.strategic), [set(group) for group in groups.values()]
    is_told = all(group <= ahead or not group & ahead for group in levels) and sum(g <= ahead for g in levels) > 1
    if is_told:
        rows.append((THINKING, *interval(share.isel(kind=sorted(ahead)).sum("kind"))))
    head = ("kind of person", "share of people, %", "90 % interval, %")
    return TextTable(f"Shares of kinds of people under {name or name_of(fit)}", head, tuple(rows), numeric=(1, 2))


def _row(parameter: Parameter, posterior: xr.Dataset, people: list[float]) -> tuple[str, ...]:
    mean, sd = posterior["mean"], posterior["sd"]
    errors = [quantile_error(parameter.natural(mean + sign * REACH * sd, np), 0.5) for sign in (-1, 1)]
    ends = " to ".join(alike(people, errors))
    return parameter.name, parameter.symbol, *interval(parameter.natural(mean, np)), ends, parameter.unit
