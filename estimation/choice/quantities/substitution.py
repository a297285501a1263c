"""Which products are close substitutes: where buyers go when one is withdrawn, model by model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.asked import check_asked, check_fits, given
from estimation.choice.quantities.market import DRAWS, diversion
from estimation.choice.quantities.quantity import Quantity
from estimation.choice.quantities.scenario import Scenario
from estimation.choice.sampling.draws import KNOWN
from estimation.drawing import HATCHES, Style, axes_or_new, colour_of, labelled, shortened
from estimation.errors import ChoiceError, raise_all
from estimation.text.page import as_html

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, repr=False)
class Substitution:
    """Where the buyers of a withdrawn alternative go, by model.

    Attributes
    ----------
    removed
        The alternative that is withdrawn.
    diversions
        Model → `diversion`.
    label
        The data, with SYNTHETIC where a simulation made them.
    truth
        The diversion that is known, for simulated data; None otherwise.
    """

    removed: str
    diversions: dict[str, Quantity]
    label: str
    truth: pd.Series | None = None

    @property
    def table(self) -> pd.DataFrame:
        """One row per model and destination: median and central 90 % interval of its share of the buyers."""
        tables = {name: quantity.table.loc[self.removed] for name, quantity in self.diversions.items()}
        parts = {name: table.drop(index=self.removed) for name, table in tables.items()}
        return pd.concat(parts, names=["model", "alternative"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the shares that go to each alternative, one bar per model with its 90 % interval; return the axes."""
        axes = axes_or_new(ax, 6.4, 3.6)
        table = 100 * self.table
        names = list(table.index.get_level_values("alternative").unique())
        width = 0.8 / len(self.diversions)
        for place, model in enumerate(self.diversions):
            rows = table.loc[model].loc[names]
            at = np.arange(len(names)) + (place - (len(self.diversions) - 1) / 2) * width
            reach = np.abs(rows[["low", "high"]].to_numpy().T - rows["median"].to_numpy())
            style: Style = {"color": colour_of(place), "hatch": HATCHES[place % len(HATCHES)], "edgecolor": "white"}
            axes.bar(at, rows["median"], width, label=model, **style)
            axes.errorbar(at, rows["median"], reach, fmt="none", ecolor="black", capsize=3, linewidth=1)
        if self.truth is not None:
            ends = np.arange(len(names)) - 0.45, np.arange(len(names)) + 0.45
            axes.hlines(100 * self.truth[names], *ends, color="black", linestyle=":", label="truth")
        axes.set_xticks(np.arange(len(names)), [shortened(name) for name in names])
        axes.set_ylim(bottom=0)
        up, title = f"buyers of {self.removed}\nwho switch to it (%)", f"If {self.removed} is withdrawn: {self.label}"
        return labelled(axes, "", up, title, legend=min(3, len(self.diversions)))

    def __repr__(self) -> str:
        wide = pd.DataFrame({name: self.table.loc[name, "median"] for name in self.diversions}).T
        return f"Where buyers of {self.removed} go, {self.label} (medians)\n{wide.round(3).to_string()}"

    def _repr_html_(self) -> str:
        return as_html(
            f"Where buyers of {self.removed} go, {self.label}: medians and 90 % intervals", self.table.round(3)
        )


def substitution(
    fits: Mapping[str, ChoiceFit],
    removed: str,
    scenario: Scenario | None = None,
    *,
    truth: Mapping[str, float] | None = None,
    people: str = KNOWN,
    draws: int = DRAWS,
    seed: int = 0,
) -> Substitution:
    """Return where the buyers of an alternative go when it is withdrawn, under several models of the same choices.

    Parameters
    ----------
    fits
        Name → fit, all of the same data.
    removed
        The alternative that is withdrawn.
    truth
        Alternative → share of the buyers who would really go there, if it is known because the data are simulated.
    scenario, people, draws, seed
        As for `diversion`.

    Raises
    ------
    ChoiceError
        If the fits are of different data, or there is no such alternative.
    """
    check_fits(fits)
    check_asked(**given(scenario=scenario))
    tables = {fit.table.fingerprint: fit.table for fit in fits.values()}
    problems = ["there are no fits; give name → fit"] * (not fits)
    problems += ["the fits use different choices; fit every model to the same table"] * (len(tables) > 1)
    names = scenario.alternatives if scenario else [label for table in tables.values() for label in table.alternatives]
    problems += [f"{removed!r} is none of the alternatives {names}"] * (removed not in names)
    others = [label for label in names if label != removed and label not in (truth if truth is not None else names)]
    problems += [f"truth does not say what share goes to {others}; give the share of each"] * bool(others)
    raise_all(problems, ChoiceError, "Substitution cannot be shown:")
    found = {name: diversion(fit, scenario, people=people, draws=draws, seed=seed) for name, fit in fits.items()}
    label = next(iter(tables.values())).label
    return Substitution(removed, found, label, None if truth is None else pd.Series(dict(truth)))
