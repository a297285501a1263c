"""How trust moves over an experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from estimation.counts import count_problems
from estimation.data.tables.table import Table
from estimation.drawing import LIGHT_GREY, axes_or_new, colour_of, labelled, line_of
from estimation.errors import FitError, raise_all
from estimation.inference.pooled.pooled import with_people
from estimation.inference.problem import MessageFit
from estimation.inference.simulation.predict import predict
from estimation.names import CONDITION, PERIOD, RECEIVER, SUBJECT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SINGLE = 12  # people whose own paths are drawn
DRAWS = 200  # posterior draws behind the band


def plot_trust(
    fit: MessageFit, ax: Axes | None = None, *, parameter: str = "trust", people: int = SINGLE, seed: int = 0
) -> Axes:
    """Draw receivers' trust at each period, given what they had seen until then.

    Parameters
    ----------
    fit
        A theory with a trust that moves (``DynamicTrust``); for others the lines are flat.
    ax
        Matplotlib axes; new ones if left out.
    parameter
        The parameter to draw.
    people
        How many single people to draw, evenly spread over those in the data; 0 for none.
    seed
        For the posterior draws.

    Returns
    -------
    The axes: periods across; for each condition the mean over people with the central 90 % of its posterior.

    Raises
    ------
    FitError
        If nobody receives messages, or there is no such parameter.
    """
    raise_all(count_problems(least=0, people=people), FitError, "There is no trust to draw:")
    axes, table = axes_or_new(ax), receivers_of(fit)
    mean = path_of(fit, table, [CONDITION.name, PERIOD.name], parameter, seed)
    own = path_of(fit, table.of(_evenly(table.subjects, people)), [SUBJECT.name, PERIOD.name], parameter, seed)
    for _, path in own.groupby(SUBJECT.name) if people else ():
        axes.plot(path[PERIOD.name], path["mean"], color=LIGHT_GREY, linewidth=0.7, alpha=0.7)
    for place, (condition, path) in enumerate(mean.groupby(CONDITION.name)):
        period = path[PERIOD.name]
        axes.fill_between(period, path["low"], path["high"], color=colour_of(place), alpha=0.2, linewidth=0)
        axes.plot(period, path["mean"], label=str(condition), **line_of(place))
    axes.set_ylim(0, 1)
    title = "SYNTHETIC" if fit.problem.table.synthetic else ""
    return labelled(axes, "period", f"{parameter.replace('_', ' ')} of receivers", title, legend=3)


def receivers_of(fit: MessageFit) -> Table:
    """Return the decisions of receivers; raise `FitError` if there are none."""
    fit = with_people(fit, "There is no trust to draw:")
    if RECEIVER not in fit.problem.table.roles:
        raise FitError("There is no trust to draw:", [f"nobody receives messages in {fit.problem.table.label}"])
    return fit.problem.table.only(RECEIVER)


def path_of(fit: MessageFit, table: Table, by: list[str], parameter: str = "trust", seed: int = 0) -> pd.DataFrame:
    """Return a parameter averaged over the decisions that agree in some columns: `by`, mean, low, high."""
    return predict(fit, table, what=parameter, by=by, draws=DRAWS, seed=seed)


def _evenly(names: list[str], count: int) -> list[str]:
    step = max(1, len(names) // max(count, 1))
    return names[::step][: max(count, 1)]
