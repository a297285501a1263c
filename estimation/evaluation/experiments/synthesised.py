"""Two theories over several experiments, in numbers and in a few sentences with no more digits than they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from estimation.drawing import BLUE, GREY, VERMILION, axes_or_new, labelled, shortened
from estimation.evaluation.comparison.random_effects import in_digits
from estimation.evaluation.words import SMALL_DIFFERENCE
from estimation.text.page import as_html
from estimation.text.sentences import enumerated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MEAN, NEXT, SPREAD = "mean over experiments", "another experiment", "spread between experiments"
SURE = 0.975  # probability from which one theory is ahead clearly: what lies outside a 95 % interval
UNLIKELY = 0.05  # chance of a result as far off, over all experiments, below which one stands apart
FEW = 5  # experiments below which the prior has much to say of how they differ


@dataclass(frozen=True, eq=False, repr=False)
class Synthesis:
    """Two theories over several experiments.

    Attributes
    ----------
    theories
        The two; differences are of the first minus the second, so that positive ones speak for the first.
    table
        One row per experiment with sound scores: ``people``; ``decisions`` of a person, on average; ``difference`` of
        elpd per person (or decision), nats, its standard error ``se`` over people, and 95 % interval ``low`` to
        ``high`` by itself; ``together``, the posterior mean of its own expectation, given all experiments; ``chance``,
        how probable a result is, given the others, that is as far off as this one.
    over
        ``mean over experiments``, ``another experiment`` (its expectation) and ``spread between experiments`` (τ, a
        standard deviation): ``estimate``, ``low``, ``high`` (95 %), and ``probability`` that it is above 0.
    without
        One row per experiment: the mean over all others, as in `over`, and ``ahead``, the theory that is ahead clearly.
    sensitivity
        The mean over experiments under priors of the spread whose ``scale`` is halved and doubled.
    inconsistency
        I², the share of the variance of differences that sampling of people does not explain, and the p value of
        Cochran's Q.
    left_out
        Experiment → why it is not in it.
    stands_for
        Theory → what it is in each experiment, where it is not the same in all.
    per
        ``"person"`` or ``"decision"``.
    synthetic
        Experiments that a simulation made.
    """

    theories: tuple[str, str]
    table: pd.DataFrame
    over: pd.DataFrame
    without: pd.DataFrame
    sensitivity: pd.DataFrame
    inconsistency: tuple[float, float]
    left_out: Mapping[str, str] = field(default_factory=dict)
    stands_for: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    per: str = "person"
    synthetic: tuple[str, ...] = ()

    @property
    def ahead(self) -> str | None:
        """The theory that is clearly ahead over experiments, if one is."""
        return ahead_over(self.theories, row_of(self.over, MEAN), self.table, self.per)

    @property
    def verdict(self) -> str:
        """Who predicts new people better over experiments, how much these differ, and on which of them it hangs."""
        parts = (_answer, _differences, _each, _apart, _deciding, _reservations)
        return " ".join(text for part in parts for text in [part(self)] if text)

    @property
    def summary(self) -> pd.DataFrame:
        """Experiments, their mean, and what to expect of another one: ``difference`` and its interval, nats."""
        over = self.over.loc[[MEAN, NEXT]].rename(columns={"estimate": "difference"})
        own = self.table[["people", "difference", "low", "high"]]
        return pd.concat([own, over[["difference", "low", "high"]]]).astype({"people": "Int64"})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw differences by experiment, their mean and another experiment's (a forest plot); return the axes.

        Lines are 95 % intervals; hollow circles say what is expected of each experiment, given all of them.
        """
        rows = self.summary
        height = np.arange(len(rows))[::-1]
        axes = axes_or_new(ax, 6, 1.4 + 0.34 * len(rows))
        colours = [*[BLUE] * len(self.table), VERMILION, GREY]
        axes.hlines(height, rows["low"], rows["high"], color=colours, linewidth=1.6)
        marks = ["s"] * len(self.table) + ["D", "D"]
        for at, value, mark, colour in zip(height, rows["difference"], marks, colours, strict=True):
            axes.plot(value, at, marker=mark, color=colour, markersize=6, linestyle="none")
        axes.plot(self.table["together"], height[:-2], "o", mfc="white", mec=BLUE, markersize=5, linestyle="none")
        axes.axvline(0, color="black", linewidth=0.8)
        people = [f" ({count})" if count is not pd.NA else "" for count in rows["people"]]
        names = [shortened(name) + count for name, count in zip(rows.index, people, strict=True)]
        axes.set_yticks(height, names)
        axes.margins(y=0.08)
        first, second = self.theories
        title = "SYNTHETIC" if len(self.synthetic) == len(self.table) else ""
        return labelled(axes, f"elpd of {first}\nminus {second} (nats per {self.per})", "", title)

    def __repr__(self) -> str:
        return f"{self.verdict}\n{self.summary.round(3).to_string()}"

    def _repr_html_(self) -> str:
        return as_html(self.verdict, self.summary.round(3))


def ahead_over(theories: tuple[str, str], mean: Mapping[str, float], table: pd.DataFrame, per: str) -> str | None:
    """Return the theory that is clearly ahead: beyond the interval, and by 4 nats over all people of the table."""
    units = table["people"] * (table["decisions"] if per == "decision" else 1.0)
    if abs(mean["estimate"]) * units.sum() <= SMALL_DIFFERENCE:
        return None
    if mean["probability"] >= SURE:
        return theories[0]
    return theories[1] if mean["probability"] <= 1 - SURE else None


def row_of(frame: pd.DataFrame, name: str) -> dict[str, float]:
    """Return the numbers of a row by column."""
    return {str(column): value for column, value in frame.to_dict("index")[name].items()}


def apart(table: pd.DataFrame) -> list[str]:
    """Return experiments that are further off than is credible, given the others; the more there are, the fewer."""
    return [str(name) for name in table.index[table["chance"] < UNLIKELY / len(table)]]


def _answer(found: Synthesis) -> str:
    mean, (first, second) = row_of(found.over, MEAN), found.theories
    where = f"Over {len(found.table)} experiments ({found.table['people'].sum()} people{_origin(found)})"
    if found.ahead is None:
        interval = _interval(mean["low"], mean["high"])
        size = _number(mean["estimate"], mean["high"] - mean["low"])
        told = f"{first} minus {second}: {size} nats a {found.per}, 95 % interval {interval}"
        return f"{where}, {first} and {second} cannot be told apart ({told})."
    sign, other = (1, second) if found.ahead == first else (-1, first)
    ends = sorted([sign * mean["low"], sign * mean["high"]])
    size = _number(sign * mean["estimate"], ends[1] - ends[0])
    told = f"by {size} nats a {found.per} (95 % interval {_interval(*ends)})"
    return f"{where}, {found.ahead} predicts a new person better than {other}, {told}."


def _origin(found: Synthesis) -> str:
    if not found.synthetic:
        return ""
    some = "" if len(found.synthetic) == len(found.table) else f": {', '.join(found.synthetic)}"
    return f"; SYNTHETIC{some}"


def _differences(found: Synthesis) -> str:
    following, spread = row_of(found.over, NEXT), row_of(found.over, SPREAD)
    low, high = spread["low"], spread["high"]
    name, chance = found.ahead or found.theories[0], following["probability"]
    chance = chance if name == found.theories[0] else 1 - chance
    differ = f"Experiments differ by {_number(spread['estimate'], high - low)} ({_interval(low, high)})"
    return f"{differ}: in another one, {name} would be ahead with probability {in_digits(chance)}."


def _each(found: Synthesis) -> str:
    table, (first, second) = found.table, found.theories
    groups = {
        f"{first} is ahead in": table.index[table["low"] > 0],
        f"{second} is ahead in": table.index[table["high"] < 0],
        "it is open in": table.index[(table["low"] <= 0) & (table["high"] >= 0)],
    }
    told = [f"{what} {enumerated(list(names))}" for what, names in groups.items() if len(names)]
    return f"Each by itself: {'; '.join(told)}."


def _apart(found: Synthesis) -> str:
    each = []
    for name in apart(found.table):
        rest, own = row_of(found.without, name), row_of(found.table, name)
        against = own["high"] < 0 < rest["estimate"] or own["low"] > 0 > rest["estimate"]
        what = "contradicts the others" if against else "stands apart from the others"
        each.append(f"{name} {what}: probability {in_digits(own['chance'])} of being as far off.")
    return " ".join(each)


def _deciding(found: Synthesis) -> str:
    changed = found.without[found.without["ahead"].map(str) != str(found.ahead)]
    if changed.empty:
        return "The answer is the same without any one of them."
    groups = {who: [str(name) for name in rows.index] for who, rows in changed.groupby(changed["ahead"].map(str))}
    each = [
        f"without {' or '.join(names)}, " + ("nobody would be ahead" if who == "None" else f"{who} would be ahead")
        for who, names in groups.items()
    ]
    return f"It hangs on single experiments: {'; '.join(each)}."


def _reservations(found: Synthesis) -> str:
    told = []
    scales = [row_of(found.sensitivity, str(name)) for name in found.sensitivity.index]
    if {ahead_over(found.theories, mean, found.table, found.per) for mean in scales} != {found.ahead}:
        told.append("It also hangs on how far experiments are thought to differ beforehand (see `sensitivity`).")
    elif len(found.table) < FEW:
        told.append(f"With {len(found.table)} experiments, how far they differ rests largely on the prior.")
    for name, titles in found.stands_for.items():
        where = {title: ", ".join(one for one in titles if titles[one] == title) for title in titles.values()}
        each = enumerated([f"{title} ({experiments})" for title, experiments in where.items()])
        told.append(f"By {name}, experiments do not mean the same: {each}.")
    if found.left_out:
        told.append(f"Left out: {'; '.join(f'{name} ({why})' for name, why in found.left_out.items())}.")
    return " ".join(told)


def _number(value: float, width: float) -> str:
    """Return a number with the digits that an interval of this width leaves it."""
    digits = int(np.clip(1 - np.floor(np.log10(max(width, 1e-6) / 2)), 0, 4))
    return f"{value:.{digits}f}"


def _interval(low: float, high: float) -> str:
    return f"{_number(low, high - low)} to {_number(high, high - low)}"
