"""Figures of how people differ. Each takes axes (or makes them) and returns them; nothing else is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from estimation.drawing import (
    BLUE,
    LIGHT_GREY,
    VERMILION,
    area_of,
    axes_or_new,
    labelled,
    log_ticks,
    shortened,
    whole_ticks,
)
from estimation.errors import FitError
from estimation.fits.fit import MESSAGES, PLAYS, AnyFit
from estimation.inference.pooled.pooled import with_people
from estimation.inference.problem import MessageFit
from estimation.report.theories.people import spread_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MANY = 300  # people beyond whom lines are drawn as pixels: a page with thousands of lines is slow


def plot_people(fit: AnyFit, parameter: str, ax: Axes | None = None) -> Axes:
    """Draw a parameter of each person with its uncertainty, and the population towards which it is drawn.

    Parameters
    ----------
    fit
        A fitted theory, or a model of choice with weights that differ.
    parameter
        The name of a parameter or coefficient.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes: one line per person from the 5 % to the 95 % quantile with a dot at the median, in order, hollow where
    ``fit.people`` has a mark; a band for the middle 90 % of the population and a dashed line for the typical person.

    Raises
    ------
    FitError
        If there is no such parameter, or it is the same for everybody.
    """
    axes, spread = axes_or_new(ax), spread_of(fit, parameter)
    order = np.argsort(spread.median, kind="stable")
    rank = np.arange(1, len(order) + 1)
    axes.axvspan(*spread.population, color=LIGHT_GREY, alpha=0.25, linewidth=0, label="middle 90 % of population")
    axes.axvline(spread.typical, color=VERMILION, linestyle="--", linewidth=1.5, label="typical person")
    is_dense = len(order) > MANY
    axes.hlines(rank, spread.low[order], spread.high[order], color=BLUE, linewidth=0.9, alpha=0.6, rasterized=is_dense)
    care = spread.marked[order]
    axes.plot(spread.median[order][~care], rank[~care], "o", color=BLUE, markersize=2.6, label="person")
    if care.any():
        (hollow,) = axes.plot(spread.median[order][care], rank[care], "o", color=BLUE, markersize=3.2)
        hollow.set(markerfacecolor="white", markeredgewidth=0.7, label="read with care")
    if spread.scale == "log":
        axes.set_xscale("log")
        log_ticks(axes.xaxis)
    if spread.scale == "logit":
        axes.set_xlim(0, 1)
    whole_ticks(axes.yaxis)
    return labelled(axes, spread.label, "people, ordered", _title(fit), legend=2 if care.any() else 3)


def plot_shares(fit: AnyFit, ax: Axes | None = None) -> Axes:
    """Draw the share of each kind of people, or latent class, with its 90 % interval.

    Parameters
    ----------
    fit
        A theory with kinds of people, or a latent class logit.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes, shares in per cent.

    Raises
    ------
    FitError
        If there is one kind only.
    """
    axes = axes_or_new(ax)
    kinds, low, middle, high = shares_of(fit)
    kinds = [shortened(kind) for kind in kinds]
    axes.bar(kinds, middle, color=BLUE, width=0.6)
    axes.errorbar(kinds, middle, [middle - low, high - middle], fmt="none", ecolor="black", capsize=4)
    if max(map(len, kinds)) > 12 or len(kinds) > 4:
        axes.tick_params(axis="x", labelrotation=30)
    return labelled(axes, "", "share of people (%)", _title(fit))


def plot_types(fit: MessageFit, ax: Axes | None = None) -> Axes:
    """Draw how probable it is of each person to be of each kind, as columns that add up to one.

    Parameters
    ----------
    fit
        A theory with kinds of people, such as ``Mixture`` or ``LevelK``.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes: people in order of their most probable kind.

    Raises
    ------
    FitError
        If there is one kind only.
    """
    fit = with_people(fit, "There are no kinds to draw:")
    if len(fit.problem.distinct_kinds) < 2:
        raise FitError("There are no kinds to draw:", [f"{fit.label} tells no kinds of people apart"])
    axes = axes_or_new(ax)
    probability = fit.people[list(fit.problem.distinct_kinds)].to_numpy()
    likely = probability.argmax(axis=1)
    order = np.lexsort((-probability.max(axis=1), likely))
    rank, below = np.arange(1, len(order) + 1), np.zeros(len(order))
    for place, kind in enumerate(fit.problem.distinct_kinds):
        part = probability[order, place]
        axes.bar(rank, part, 1.0, bottom=below, label=shortened(kind), **area_of(place))
        below += part
    axes.set(xlim=(0.5, len(order) + 0.5), ylim=(0, 1))
    columns = min(3, len(fit.problem.distinct_kinds))
    return labelled(axes, "people, ordered", "probability of the kind", _title(fit), legend=columns)


def shares_of(fit: AnyFit) -> tuple[list[str], Any, Any, Any]:
    """Return the kinds of people, and low, middle and high of their shares, per cent; `FitError` if there is one.

    Kinds of people who behave alike in these games are one, as in `Fit.summary`.
    """
    if fit.family == PLAYS:
        with_people(fit, "There are no shares to draw:")
    posterior = fit.tree["posterior"].dataset
    if "share" not in posterior:
        raise FitError("There are no shares to draw:", [f"{fit.label} knows one kind of people"])
    share = posterior["share"]
    (dim,) = set(share.dims) - {"chain", "draw"}
    names = [str(kind) for kind in share[dim].to_numpy()]
    draws = share.transpose(dim, ...).to_numpy().reshape(len(names), -1)
    if fit.family == MESSAGES:
        names, groups = list(fit.problem.distinct_kinds), fit.problem.distinct_kinds.values()
        draws = np.array([draws[places].sum(axis=0) for places in groups])
    low, middle, high = 100 * np.quantile(draws, [0.05, 0.5, 0.95], axis=1)
    return names, low, middle, high


def _title(fit: AnyFit) -> str:
    return "SYNTHETIC" if fit.table.synthetic else ""
