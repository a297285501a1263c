"""How far ranks of the truth are from uniform, quantity by quantity, drawn with the band in which they should stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from estimation.drawing import BLUE, PALE_GREY, VERMILION, Style
from estimation.studies.bands import distribution_at, simultaneous_band

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_ranks(axes: Axes, ranks: pd.DataFrame, uniform: pd.Series[bool], probability: float) -> None:
    """Draw ranks' distribution functions minus that of the uniform, over the band that holds one with a probability.

    Parameters
    ----------
    ranks
        (simulation, quantity), between 0 and 1.
    uniform
        By quantity, whether it stays inside the band; those that do not are named in the legend.
    probability
        That all points of one quantity's function lie in the band if its ranks are uniform.
    """
    points, lower, upper = simultaneous_band(len(ranks), probability)
    axes.fill_between(points, lower - points, upper - points, color=PALE_GREY, step="mid", label="band of all")
    for name in ranks:
        inside = bool(uniform[str(name)])
        value = distribution_at(ranks[name].to_numpy(), points) - points
        style: Style = {"color": BLUE, "linewidth": 0.8} if inside else {"color": VERMILION, "linewidth": 1.6}
        axes.plot(points, value, label=None if inside else name, **style)
