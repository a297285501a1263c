"""What people chose in a game without communication, and what each theory expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from estimation.drawing import PALE_GREY, Style, axes_or_new, colour_of, labelled, shortened
from estimation.errors import FitError, raise_all
from estimation.evaluation.facts.play_predictive import expected_shares
from estimation.fits.fit import PLAYS, AnyFit, Fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKS = ("o", "^", "s", "D", "v", "P")


def plot_plays(fits: AnyFit | Mapping[str, AnyFit], game: str, player: str = "row", ax: Axes | None = None) -> Axes:
    """Draw how often each option was taken, and how often each theory expects it.

    Parameters
    ----------
    fits
        A fit of a theory of play, or name → fit, of the same choices.
    game, player
        The game, and ``"row"`` or ``"column"``.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes: options across, shares of choices (per cent) upwards; marks with the middle 90 % of each posterior.

    Raises
    ------
    FitError
        If there is no such game and player, or a fit is of something else.
    """
    fits = {fits.theory.name: fits} if isinstance(fits, Fit) else fits
    observed, predicted = predicted_shares(fits, game, player)
    axes, place = axes_or_new(ax), np.arange(len(observed))
    axes.bar(place, 100 * observed, color=PALE_GREY, width=0.8, label="observed")
    for at, (name, table) in enumerate(predicted.items()):
        across = place + 0.6 * ((at + 1) / (len(predicted) + 1) - 0.5)
        middle = 100 * table["median"]
        reach = np.abs(100 * table[["low", "high"]].to_numpy().T - middle.to_numpy())
        style: Style = {"fmt": MARKS[at % len(MARKS)], "color": colour_of(at), "markersize": 4, "elinewidth": 1}
        axes.errorbar(across, middle, reach, label=shortened(name), **style)
    axes.set_xticks(place, [shortened(option, 12) for option in observed.index])
    if len(observed) > 12:
        axes.locator_params(axis="x", nbins=12)
    axes.set_ylim(bottom=0)
    title = "SYNTHETIC" if next(iter(fits.values())).table.synthetic else ""
    return labelled(axes, f"choice of the {player} player in {game}", "share of choices (%)", title, legend=2)


def predicted_shares(fits: Mapping[str, AnyFit], game: str, player: str) -> tuple[pd.Series, dict[str, pd.DataFrame]]:
    """Return observed shares by option, and for each theory median, low and high of what it expects of new people."""
    others = [f"{fit.label} is not about games without communication" for fit in fits.values() if fit.family != PLAYS]
    raise_all(others, FitError, "There is nothing to draw:")
    table = next(iter(fits.values())).table
    counts, _ = table.counts()
    if (game, player) not in counts:
        raise FitError("There is nothing to draw:", [f"({game!r}, {player!r}) is none of {list(counts)}"])
    labels = list(table.games[game].options(player))
    total = counts[game, player].sum(axis=0)
    observed = pd.Series(total / total.sum(), index=labels)
    return observed, {name: _expected(fit, game, player, labels) for name, fit in fits.items()}


def _expected(fit: AnyFit, game: str, player: str, labels: list[str]) -> pd.DataFrame:
    low, middle, high = np.quantile(expected_shares(fit, (game, player))[game, player], [0.05, 0.5, 0.95], axis=0)
    return pd.DataFrame({"median": middle, "low": low, "high": high}, index=labels)
