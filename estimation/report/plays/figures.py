"""What people chose in a game without communication, and what each theory expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.drawing import PALE_GREY, Style, axes_or_new, colour_of, legend_above, shortened
from estimation.errors import FitError
from estimation.strategic import PlaysFit
from estimation.strategic.likelihood import Shared

DRAWS = 400  # of the posterior
MARKS = ("o", "^", "s", "D", "v", "P")


def plot_plays(
    fits: PlaysFit | Mapping[str, PlaysFit], game: str, player: str = "row", ax: Any = None
) -> Any:
    """Draw how often each option was taken, and how often each theory expects it.

    Parameters
    ----------
    fits
        A fit, or name → fit, of the same choices and with parameters that everybody shares.
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
        If there is no such game and side, or people differ under every theory.
    """
    fits = {fits.theory.name: fits} if isinstance(fits, PlaysFit) else fits
    observed, predicted = predicted_shares(fits, game, player)
    axes, place = axes_or_new(ax), np.arange(len(observed))
    axes.bar(place, 100 * observed, color=PALE_GREY, width=0.8, label="observed")
    for at, (name, table) in enumerate(predicted.items()):
        across = place + 0.6 * ((at + 1) / (len(predicted) + 1) - 0.5)
        middle = 100 * table["median"]
        reach = np.abs(100 * table[["low", "high"]].to_numpy().T - middle.to_numpy())
        style: Style = {
            "fmt": MARKS[at % len(MARKS)],
            "color": colour_of(at),
            "markersize": 4,
            "elinewidth": 1,
        }
        axes.errorbar(across, middle, reach, label=shortened(name), **style)
    axes.set_xticks(place, [shortened(option, 12) for option in observed.index])
    if len(observed) > 12:
        axes.locator_params(axis="x", nbins=12)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(f"choice of the {player} player in {game}")
    axes.set_ylabel("share of choices (%)")
    axes.set_title("SYNTHETIC" if next(iter(fits.values())).plays.synthetic else "", fontsize=10)
    legend_above(axes, 2)
    return axes


def shared_fits(fits: Mapping[str, PlaysFit]) -> dict[str, PlaysFit]:
    """Return the fits whose parameters everybody shares and whose posterior can be trusted."""
    return {name: fit for name, fit in fits.items() if isinstance(fit.model, Shared) and fit.ok}


def predicted_shares(
    fits: Mapping[str, PlaysFit], game: str, player: str
) -> tuple[pd.Series, dict[str, pd.DataFrame]]:
    """Return observed shares by option, and for each theory median, low and high of what it expects.

    Raises
    ------
    FitError
        If there is no such game and side, or people differ under every theory.
    """
    plays = next(iter(fits.values())).plays
    counts, _ = plays.counts()
    shown = {name: fit for name, fit in fits.items() if isinstance(fit.model, Shared)}
    problems = [] if (game, player) in counts else [f"({game!r}, {player!r}) is none of {list(counts)}"]
    problems += ["people differ under every theory; fit with people=False"] * (not shown)
    if problems:
        raise FitError("There is nothing to draw:", problems)
    labels = list(plays.games[game].options(player))
    total = counts[game, player].sum(axis=0)
    observed = pd.Series(total / total.sum(), index=labels)
    return observed, {name: _expected(fit, game, player, labels) for name, fit in shown.items()}


def _expected(fit: PlaysFit, game: str, player: str, labels: list[str]) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    points = rng.choice(fit.posterior.theta.shape[1], DRAWS, p=fit.posterior.weight)
    values = dict(zip(fit.model.names, fit.model.natural(fit.posterior.theta[:, points]), strict=True))
    chance = fit.theory.choice_probability(fit.plays.games[game], player, 0, values)
    draws = np.broadcast_to(chance, (DRAWS, len(labels)))
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95], axis=0)
    return pd.DataFrame({"median": middle, "low": low, "high": high}, index=labels)
