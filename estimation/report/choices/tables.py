"""Models of choice and their estimates as tables of text."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from estimation.choice.design import arrays_of, design_of
from estimation.choice.fitted import ChoiceFit
from estimation.choice.hierarchy.describe import LOG_SD
from estimation.choice.hierarchy.problem import DEGREES
from estimation.choice.models import LatentClassLogit, MultinomialLogit, NestedLogit
from estimation.choice.quantity import Quantity
from estimation.choice.roles import FIXED, NORMAL, distributions_of
from estimation.choice.substitution import Substitution
from estimation.choice.target import prior_sd
from estimation.report.digits import fixed, number, quantile_error
from estimation.report.estimates import MIDDLE, REACH
from estimation.report.text_table import TextTable

Row = tuple[str, ...]
MODEL_HEAD = ("parameter", "meaning", "unit", "prior", "why")
MOST_TASTES = 8  # whose correlations a reader takes in


def choice_model_table(fit: ChoiceFit) -> TextTable:
    """Return the parameters of a model of choice: meaning, unit, prior and its reason."""
    model, design = fit.model, design_of(fit.model, fit.table)
    scale, kinds = prior_sd(arrays_of(model, fit.table), model.prior_scale), distributions_of(model, design)
    rows: list[Row] = []
    for name, sd, kind in zip(design.names, scale, kinds, strict=True):
        rows += _coefficient_rows(name, float(sd), kind, fit, is_constant=name in design.constants)
    rows += _structure_rows(fit, any(kind != FIXED for kind in kinds))
    return TextTable(f"Parameters of the {model.name}", MODEL_HEAD, tuple(rows))


def _coefficient_rows(name: str, sd: float, kind: str, fit: ChoiceFit, *, is_constant: bool) -> list[Row]:
    model = fit.model
    reference = model.reference or fit.table.outside or fit.table.alternatives[0]
    meaning = (
        f"utility of {name} against {reference} beyond its attributes"
        if is_constant
        else f"utility of one more unit of {name}"
    )
    unit = "logits" if is_constant else "logits per unit"
    reach = number(1.96 * model.prior_scale, significant=2)
    what = "being there or not" if is_constant else "the attribute within situations"
    why = f"one standard deviation of {what} is worth up to ±{reach} logits, with 95 %"
    each = " in each class" if isinstance(model, LatentClassLogit) else ""
    if kind == FIXED:
        return [(name, meaning + each, unit, f"Normal(0, {number(sd)})", why)]
    if kind == NORMAL:
        mean, spread = f"Normal(0, {number(sd)})", number(sd / 2)
        whose = "mean over people"
    else:
        location = number(float(np.log(sd / model.prior_scale)))
        sign = "minus " if kind.startswith("-") else ""
        mean, spread, whose = (
            f"{sign}exp of Normal({location}, {LOG_SD:g})",
            "1 on the log scale",
            "typical person",
        )
        why = (
            "one standard deviation of the attribute is worth a twentieth to twenty logits; the sign is known"
        )
    differ = "people differ by an unknown amount; Huang and Wand (2013)"
    return [
        (name, f"{meaning}: {whose}", unit, mean, why),
        (
            f"{name}, SD",
            "how much that differs between people",
            unit,
            f"half-t({DEGREES:g}), scale {spread}",
            differ,
        ),
    ]


def _structure_rows(fit: ChoiceFit, tastes: bool) -> list[Row]:
    model, rows = fit.model, list[Row]()
    if isinstance(model, MultinomialLogit) and tastes and model.covariance == "full":
        meaning, why = (
            "correlations of tastes over people",
            "each is uniform beforehand; Huang and Wand (2013)",
        )
        rows.append(("correlation", meaning, "correlation", "uniform on (−1, 1)", why))
    if isinstance(model, NestedLogit):
        for nest, members in model.nests.items():
            meaning = f"dissimilarity τ of {', '.join(members)}: 1 if the nest does not matter"
            rows.append(
                (f"{nest}, τ", meaning, "ratio", "uniform on (0, 1)", "no value is favoured beforehand")
            )
    if isinstance(model, LatentClassLogit):
        meaning = f"share of people in each of {model.classes} classes"
        rows.append(
            (
                "share",
                meaning,
                "probability",
                "Dirichlet(1, …, 1)",
                "every division is equally likely beforehand",
            )
        )
    for name in getattr(model, "covariates", ()):
        shifted = (
            "the chances of a class" if isinstance(model, LatentClassLogit) else "the means of the tastes"
        )
        why = "one standard deviation may matter as much as tastes differ"
        rows.append((str(name), f"shifts {shifted}", "logits per unit", "Normal, around zero", why))
    return rows


def choice_estimate_tables(fit: ChoiceFit) -> list[TextTable]:
    """Return what the posterior says of everybody, with as many digits as the Monte-Carlo error allows."""
    posterior = fit.tree["posterior"].dataset
    if "mean" in posterior:
        return [_tastes(fit, posterior), *_correlations(fit, posterior), *_shifts(posterior)]
    if "share" in posterior:
        return [_classes(fit, posterior)]
    rows: list[Row] = [
        (name, *_interval(posterior["coefficients"].sel(coefficient=name))) for name in fit.coefficients
    ]
    if "dissimilarity" in posterior:
        rows += [
            (f"{nest}, τ", *_interval(posterior["dissimilarity"].sel(nest=nest)))
            for nest in posterior["nest"].to_numpy()
        ]
    head = ("parameter", "estimate", "90 % interval")
    return [TextTable(f"What people value: {fit.label} (posterior medians)", head, tuple(rows), (1, 2))]


def _tastes(fit: ChoiceFit, posterior: xr.Dataset) -> TextTable:
    kinds = distributions_of(fit.model, design_of(fit.model, fit.table))
    rows = []
    for name, kind in zip(fit.coefficients, kinds, strict=True):
        mean, sd = (posterior[part].sel(coefficient=name) for part in ("mean", "sd"))
        ends = sorted(
            (_natural(mean + sign * REACH * sd, kind) for sign in (-1, 1)),
            key=lambda end: float(end.median()),
        )
        people = "the same for everybody" if kind == FIXED else " to ".join(_middle(end) for end in ends)
        rows.append((name, *_interval(_natural(mean, kind)), people))
    head = ("coefficient", "typical person", "90 % interval", "middle 90 % of people")
    return TextTable(f"What people value: {fit.label}", head, tuple(rows), (1, 2, 3))


def _natural(value: xr.DataArray, kind: str) -> xr.DataArray:
    if kind in (FIXED, NORMAL):
        return value
    positive: xr.DataArray = np.exp(value)  # type: ignore[assignment]
    return -positive if kind.startswith("-") else positive


def _correlations(fit: ChoiceFit, posterior: xr.Dataset) -> list[TextTable]:
    sd = posterior["sd"]
    random = [name for name in fit.coefficients if float(sd.sel(coefficient=name).max()) > 0]
    if not 2 <= len(random) <= MOST_TASTES or getattr(fit.model, "covariance", "") != "full":
        return []
    inside = {"coefficient": random, "other": random}
    ratio = posterior["covariance"].sel(inside) / (
        sd.sel(coefficient=random) * sd.sel(coefficient=random).rename(coefficient="other")
    )
    middle = ratio.median(["chain", "draw"]).to_numpy()
    rows = [
        (name, *(fixed(middle[row, column], 2) if column < row else "" for column in range(len(random) - 1)))
        for row, name in enumerate(random)
    ][1:]
    caption = "Correlations of tastes over people (posterior medians)"
    return [TextTable(caption, ("", *random[:-1]), tuple(rows), tuple(range(1, len(random))))]


def _shifts(posterior: xr.Dataset) -> list[TextTable]:
    if "shift" not in posterior:
        return []
    shift = posterior["shift"]
    rows = [
        (f"{covariate} on {name}", *_interval(shift.sel(covariate=covariate, coefficient=name)))
        for covariate in shift["covariate"].to_numpy()
        for name in shift["coefficient"].to_numpy()
        if float(np.abs(shift.sel(covariate=covariate, coefficient=name)).max()) > 0
    ]
    head = ("effect", "estimate", "90 % interval")
    return [TextTable("How tastes depend on what is known of people", head, tuple(rows), (1, 2))]


def _classes(fit: ChoiceFit, posterior: xr.Dataset) -> TextTable:
    classes = [str(name) for name in posterior["class"].to_numpy()]
    rows: list[Row] = [
        ("share of people, %", *(_both(100 * posterior["share"].sel({"class": one})) for one in classes))
    ]
    for name in fit.coefficients:
        weights = posterior["coefficients"].sel(coefficient=name)
        rows.append((name, *(_both(weights.sel({"class": one})) for one in classes)))
    head = ("", *(f"{one}: estimate (90 % interval)" for one in classes))
    return TextTable(
        f"What people value, class by class: {fit.label}", head, tuple(rows), tuple(range(1, len(head)))
    )


def quantity_table(quantity: Quantity) -> TextTable:
    """Return a quantity with one dimension: median and 90 % interval."""
    head = (str(quantity.table.index.name or "quantity"), f"median ({quantity.unit})", "90 % interval")
    rows = []
    for name, row in quantity.table.iterrows():
        low, middle, high = (number(row[level]) for level in ("low", "median", "high"))
        rows.append((str(name), middle, f"{low} to {high}"))
    name = quantity.name[0].upper() + quantity.name[1:]
    return TextTable(f"{name}: {quantity.label}", head, tuple(rows), (1, 2))


def substitution_table(shown: Substitution) -> TextTable:
    """Return where the buyers of a withdrawn alternative go: one row per model, shares in per cent."""
    table, truth = shown.table, shown.truth
    names = list(table.loc[next(iter(shown.diversions))].index)
    rows = [(model, *(_per_cent(table.loc[(model, name)]) for name in names)) for model in shown.diversions]
    if truth is not None:
        rows.append(("truth", *(f"{100 * truth[name]:.0f}" for name in names)))
    head = ("model", *(f"to {name}, %" for name in names))
    caption = f"Where the buyers of {shown.removed} go if it is withdrawn: {shown.label}"
    return TextTable(caption, head, tuple(rows), tuple(range(1, len(head))))


def _per_cent(row: pd.Series | Mapping[str, float]) -> str:
    return f"{100 * row['median']:.0f} ({100 * row['low']:.0f} to {100 * row['high']:.0f})"


def _interval(draws: xr.DataArray) -> tuple[str, str]:
    low, middle, high = _quantiles(draws)
    return middle, f"{low} to {high}"


def _both(draws: xr.DataArray) -> str:
    low, middle, high = _quantiles(draws)
    return f"{middle} ({low} to {high})"


def _middle(draws: xr.DataArray) -> str:
    return _quantiles(draws)[1]


def _quantiles(draws: xr.DataArray) -> list[str]:
    values = np.quantile(draws.to_numpy(), MIDDLE)
    return [number(value, quantile_error(draws, level)) for value, level in zip(values, MIDDLE, strict=True)]
