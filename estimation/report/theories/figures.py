"""Figures of theories and comparisons. Each takes axes (or makes them) and returns them; nothing else is touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from estimation.drawing import BLUE, GREY, VERMILION, axes_or_new, colour_of, labelled, line_of, shortened, whole_ticks
from estimation.errors import ReportError, did_you_mean, raise_all
from estimation.evaluation.comparison.comparison import Comparison
from estimation.fits.fit import Fit
from estimation.inference.problem import MessageFit
from estimation.report.theories.predictions import averages, decisions, predicted_curve, shows_shares, what_is_shown
from estimation.report.words import UNITS
from estimation.text.sentences import counted, plural

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_differences(study: Comparison, rival: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw, person by person, how much better the best theory or model predicts than a rival.

    Parameters
    ----------
    study
        What ``compare`` gave.
    rival
        The one to compare the best with; the second best if left out.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes: elpd differences (nats) across, people (or decisions) in order upwards.

    Raises
    ------
    ReportError
        If the study is no comparison, or the rival is not in it.
    """
    _check(study, rival)
    axes = axes_or_new(ax)
    unit = UNITS.get(study.left_out, "decision")
    best = study.table.index[0]
    other = study.table.index[1] if rival is None else rival
    difference = np.sort((study.pointwise[best] - study.pointwise[other]).to_numpy())
    rank = np.arange(1, len(difference) + 1)
    for sign, colour, marker, name in ((1, BLUE, "o", best), (-1, VERMILION, "^", other)):
        mine = np.sign(difference) == sign
        label = f"{shortened(name, 40)} better ({counted(int(mine.sum()), unit)})"
        axes.scatter(difference[mine], rank[mine], s=12, color=colour, marker=marker, label=label)
    axes.axvline(0, color="black", linewidth=0.8)
    whole_ticks(axes.yaxis)
    across = f"elpd, {shortened(best, 40)}\nminus {shortened(other, 40)} (nats)"
    return labelled(
        axes, across, f"{plural(unit)}, ordered", "SYNTHETIC" if "SYNTHETIC" in study.label else "", legend=1
    )


def _check(study: object, rival: object) -> None:
    """Raise `ReportError` unless a study is a comparison, with a rival of this name if one is named."""
    heading = "There is nothing to draw:"
    if not isinstance(study, Comparison):
        raise ReportError(heading, [f"give what est.compare returned, not a {type(study).__name__}"])
    known = list(map(str, study.table.index))
    unknown = [f"rival {rival!r} is none of {known}{did_you_mean(str(rival), known)}"] * (rival not in [None, *known])
    raise_all(unknown, ReportError, heading)


def plot_behaviour(
    fits: MessageFit | Mapping[str, MessageFit],
    role: str,
    condition: str | None = None,
    ax: Axes | None = None,
    *,
    seed: int = 0,
) -> Axes:
    """Draw what people did against what they saw, with each theory's expectation for new people.

    Parameters
    ----------
    fits
        A fit, or name → fit, all of the same table.
    role
        ``"sender"``: message on state; ``"receiver"``: action on message.
    condition
        The condition to show; the first one if left out.
    ax
        Matplotlib axes; new ones if left out.
    seed
        For the people drawn from each fitted population.

    Returns
    -------
    The axes, in game units.
    """
    axes = axes_or_new(ax)
    fits = {fits.theory.name: fits} if isinstance(fits, Fit) else fits
    table = next(iter(fits.values())).table
    condition = table.conditions[0] if condition is None else condition
    rows = decisions(table, role, condition)
    axes.scatter(rows["given"], rows["chosen"], s=5, color=GREY, alpha=0.4, linewidths=0, rasterized=True)
    for index, (name, fit) in enumerate(fits.items()):
        curve = predicted_curve(fit, role, condition, seed)
        axes.fill_between(curve.given, curve.low, curve.high, color=colour_of(index), alpha=0.15, linewidth=0)
        axes.plot(curve.given, curve.mean, label=shortened(name), **line_of(index))
    game = table.games[condition]
    seen, up = what_is_shown(game, role)
    mean = averages(rows, apart=seen in game.labels)
    axes.plot(mean["given"], mean["chosen"], "ko", markersize=4, label="average of the data")
    if np.ptp(rows["given"]) > 5 and not game.labels:
        whole_ticks(axes.xaxis, axes.yaxis)
    if seen in game.labels:
        words = [shortened(word, 16) for word in game.labels[seen]]
        axes.set_xticks(range(len(words)), words, parse_math=False)
    title = condition + (" (SYNTHETIC)" if table.synthetic else "")
    across = seen if seen in game.labels else f"{seen} (game units)"
    up = up if shows_shares(game, role) else f"{up} (game units)"
    return labelled(axes, across, up, title, legend=2)
