"""Figures a researcher reaches for. Each takes axes (or makes them) and returns them; nothing else is touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from estimation.evaluation.comparison import Comparison
from estimation.games.game import Array
from estimation.inference.artifact import Fit
from estimation.names import SENDER
from estimation.report.drawing import BLUE, VERMILION, axes_or_new, colour_of, style_of
from estimation.report.predictions import averages, decisions, predicted_curve
from estimation.theories.parameter import Parameter

GREY = "#777777"
BARS = 20


def elpd_differences(study: Comparison, axes: Any = None, rival: str | None = None) -> Any:
    """Draw, person by person, how much better the best theory predicts than a rival.

    Parameters
    ----------
    rival
        The theory to compare the best one with; the second best if left out.
    """
    axes = axes_or_new(axes)
    best = study.table.index[0]
    other = study.table.index[1] if rival is None else rival
    difference = np.sort((study.pointwise[best] - study.pointwise[other]).to_numpy())
    rank = np.arange(1, len(difference) + 1)
    for sign, colour, marker, name in ((1, BLUE, "o", best), (-1, VERMILION, "^", other)):
        mine = np.sign(difference) == sign
        label = f"{name} better ({mine.sum()} people)"
        axes.scatter(difference[mine], rank[mine], s=12, color=colour, marker=marker, label=label)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_xlabel(f"elpd, {best}\nminus {other} (nats)")
    axes.set_ylabel("people, ordered")
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    return axes


def behaviour(fits: Mapping[str, Fit], role: str, condition: str, axes: Any = None, *, seed: int = 0) -> Any:
    """Draw what people did against what they saw, with each theory's expectation for new people.

    Parameters
    ----------
    fits
        Name → fit, all of the same table.
    role
        ``"sender"``: message on state; ``"receiver"``: action on message.
    condition
        The condition to show.
    """
    axes = axes_or_new(axes)
    table = next(iter(fits.values())).table
    rows = decisions(table, role, condition)
    axes.scatter(rows["given"], rows["chosen"], s=5, color=GREY, alpha=0.4, linewidths=0, rasterized=True)
    for index, (name, fit) in enumerate(fits.items()):
        curve = predicted_curve(fit, role, condition, seed)
        axes.fill_between(curve.given, curve.low, curve.high, color=colour_of(index), alpha=0.15, linewidth=0)
        axes.plot(
            curve.given,
            curve.mean,
            color=colour_of(index),
            linestyle=style_of(index),
            linewidth=1.8,
            label=name,
        )
    mean = averages(rows)
    axes.plot(mean["given"], mean["chosen"], "ko", markersize=4, label="average of the data")
    seen, did = ("state", "message") if role == SENDER else ("message", "action")
    axes.set_xlabel(f"{seen} (game units)")
    axes.set_ylabel(f"{did} (game units)")
    axes.set_title(condition + (" (SYNTHETIC)" if table.synthetic else ""), fontsize=10)
    axes.legend(frameon=False, fontsize=8)
    return axes


def people(fit: Fit, parameter: Parameter, axes: Any = None) -> Any:
    """Draw how a parameter is distributed over people: each person's posterior median."""
    axes = axes_or_new(axes)
    values = medians(fit, parameter)
    edges = np.linspace(0, 1, BARS + 1) if parameter.scale == "logit" else _wide_edges(values)
    axes.hist(values, bins=edges, color=BLUE, edgecolor="white", linewidth=0.5)
    if parameter.scale == "log":
        _log_axis(axes, np.ptp(np.log10(values)))
    typical = float(fit.summary.loc[parameter.name, "typical"])  # type: ignore[arg-type]
    axes.axvline(typical, color=VERMILION, linestyle="--", linewidth=1.5, label="typical person")
    axes.set_xlabel(f"{parameter.name.replace('_', ' ')} {parameter.symbol} ({parameter.unit})")
    axes.set_ylabel("people")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.legend(frameon=False, fontsize=8, loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)
    return axes


def shares(fit: Fit, axes: Any = None) -> Any:
    """Draw the share of each kind of people with its 90 % interval."""
    axes = axes_or_new(axes)
    kinds = list(fit.theory.types)
    draws = fit.tree["posterior"].dataset["share"].transpose("kind", ...).to_numpy().reshape(len(kinds), -1)
    low, middle, high = 100 * np.quantile(draws, [0.05, 0.5, 0.95], axis=1)
    axes.bar(kinds, middle, color=BLUE, width=0.6)
    axes.errorbar(kinds, middle, [middle - low, high - middle], fmt="none", ecolor="black", capsize=4)
    axes.set_ylabel("share of people (%)")
    return axes


def medians(fit: Fit, parameter: Parameter) -> Array:
    """Return the posterior median of a parameter of each person to whom it probably matters, natural scale."""
    group = fit.tree["people"].dataset
    draws = group["theta"].sel(parameter=parameter.name).median("sample").to_numpy()
    concerned = fit.matters(parameter.name).mean(axis=0) >= 0.5
    return np.asarray(parameter.natural(draws[concerned] if concerned.any() else draws))


def _log_axis(axes: Any, decades: float) -> None:
    """Make the horizontal axis logarithmic, with labels that a reader can say aloud and that do not collide."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: PLC0415 - slow to import

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if decades < 2.5 else (1.0,), numticks=8))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _wide_edges(values: Any) -> Any:
    low, high = np.log10(values.min()) - 0.05, np.log10(values.max()) + 0.05
    return np.logspace(low, high, BARS + 1)
