"""Figures of priors: of parameters over people, and of what people would do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.beforehand import certainty
from estimation.drawing import (
    BLUE,
    GREY,
    PALE_GREY,
    VERMILION,
    WIDTH,
    axes_or_new,
    colour_of,
    labelled,
    line_of,
    log_ticks,
    shortened,
)
from estimation.fits.fit import AnyFit
from estimation.inference.problem import MessageFit
from estimation.report.plays.figures import MARKS, predicted_shares
from estimation.report.priors.behaviour import prior_curve, prior_shares
from estimation.report.priors.implied import densities, people_interval
from estimation.report.theories.predictions import averages, decisions, what_is_shown
from estimation.theories.parameter import Parameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 3  # parameters beside each other
SIDE, TALL = 2.15, 1.75  # inches of one of them
POINTS = 300
MARGIN = 1.35  # times as far as the interval of people reaches


def plot_priors(fit: AnyFit) -> Figure:
    """Draw the prior of each parameter of a theory: the typical person (line), and people (area); return the figure."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - drawing is slow to import

    parameters = fit.problem.parameters
    columns = min(ACROSS, len(parameters))
    rows = -(-len(parameters) // columns)
    figure = Figure(figsize=(max(WIDTH, SIDE * columns), 0.35 + TALL * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, parameter in zip(panels, parameters, strict=False):
        _prior(axes, parameter, shared=bool(fit.manifest.get("pooled")))
    for axes in panels[len(parameters) :]:
        axes.set_axis_off()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, frameon=False, fontsize=8)
    return figure


def plot_prior_behaviour(
    fits: Mapping[str, MessageFit], role: str, condition: str, ax: Axes | None = None, *, seed: int = 0
) -> Axes:
    """Draw what populations of each theory's prior do on average, beside the averages of the data.

    Arguments and result are as for `plot_behaviour`; bands hold 90 % of populations.
    """
    axes = axes_or_new(ax)
    table = next(iter(fits.values())).table
    for index, (name, fit) in enumerate(fits.items()):
        curve = prior_curve(fit.problem, role, condition, seed)
        axes.fill_between(curve.given, curve.low, curve.high, color=colour_of(index), alpha=0.15, linewidth=0)
        axes.plot(curve.given, curve.mean, label=shortened(name), **line_of(index))
    game, rows = table.games[condition], decisions(table, role, condition)
    seen, did = what_is_shown(game, role)
    mean = averages(rows, apart=seen in game.labels)
    axes.plot(mean["given"], mean["chosen"], "ko", markersize=4, label="average of the data")
    if seen in game.labels:
        words = [shortened(word, 16) for word in game.labels[seen]]
        axes.set_xticks(range(len(words)), words, parse_math=False)
    title = f"{condition} (SYNTHETIC)" if table.synthetic else condition
    return labelled(axes, seen, f"{did}, beforehand", title, legend=2)


def plot_prior_plays(fits: Mapping[str, AnyFit], game: str, player: str, ax: Axes | None = None) -> Axes:
    """Draw how often each theory expects each option before the data (middle 90 % of draws), over observed shares."""
    axes, observed = axes_or_new(ax), predicted_shares(fits, game, player)[0]
    place = np.arange(len(observed))
    axes.bar(place, 100 * observed, color=PALE_GREY, width=0.8, label="observed")
    for at, (name, fit) in enumerate(fits.items()):
        low, middle, high = 100 * prior_shares(fit, game, player)
        across = place + 0.6 * ((at + 1) / (len(fits) + 1) - 0.5)
        style: Any = {"fmt": MARKS[at % len(MARKS)], "color": colour_of(at), "markersize": 4, "elinewidth": 1}
        axes.errorbar(across, middle, [middle - low, high - middle], label=shortened(name), **style)
    axes.set_xticks(place, [shortened(option, 12) for option in observed.index])
    axes.set_ylim(bottom=0)
    table = next(iter(fits.values())).table
    return labelled(axes, f"choice of the {player} player in {game}", "share, beforehand (%)", _synthetic(table), 2)


def plot_certainty(fits: Mapping[str, ChoiceFit], ax: Axes | None = None) -> Axes:
    """Draw how surely people take the alternative that suits them best, as priors have it, and as posteriors do."""
    axes = axes_or_new(ax)
    edges = np.linspace(0, 1, 21)
    for index, (name, fit) in enumerate(fits.items()):
        before, after = certainty(fit)
        for values, style, when in ((before, "--", "beforehand"), (after, "-", "afterwards")):
            share = 100 * np.histogram(values, edges)[0] / len(values)
            label = f"{shortened(name)}, {when}"
            axes.stairs(share, edges, color=colour_of(index), linestyle=style, linewidth=1.6, label=label)
    axes.set_xlim(0, 1)
    table = next(iter(fits.values())).table
    across = "probability of the likeliest alternative"
    return labelled(axes, across, "share of choices (%)", _synthetic(table), legend=1 if len(fits) > 1 else 2)


def _prior(axes: Axes, parameter: Parameter, *, shared: bool) -> None:
    """Draw the prior of one parameter, on axes that show its natural scale."""
    low, high = (float(parameter.transformed(end)) for end in people_interval(parameter))
    reach = MARGIN * (high - low) / 2
    at = np.linspace(parameter.centre - reach, parameter.centre + reach, POINTS)
    typical, people = densities(parameter, at)
    natural = np.asarray(parameter.natural(at))
    if parameter.scale == "logit":
        typical, people = (density / (natural * (1 - natural)) for density in (typical, people))
        axes.set_xlim(0, 1)
    if parameter.scale == "log":
        axes.set_xscale("log")
        log_ticks(axes.xaxis, most=4)
    if not shared:
        axes.fill_between(natural, people, color=GREY, alpha=0.35, linewidth=0, label="any person")
    label = "everybody" if shared else "typical person"
    axes.plot(natural, typical, color=VERMILION if shared else BLUE, linewidth=1.4, label=label)
    axes.set_ylim(0, 1.05 * float(max(typical.max(), 0.0 if shared else np.quantile(people, 0.97))))
    axes.set_yticks([])
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(labelsize=7)
    axes.set_xlabel(f"{parameter.name.replace('_', ' ')} {parameter.symbol}\n({parameter.unit})", fontsize=8)


def _synthetic(table: Any) -> str:
    return "SYNTHETIC" if table.synthetic else ""
