"""How well theories that were fitted to one experiment predict the people of another: numbers, a matrix, a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from estimation.drawing import axes_or_new, labelled, shortened
from estimation.text.page import as_html

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLEAR = 2.0  # standard errors


@dataclass(frozen=True, eq=False, repr=False)
class Transfer:
    """How well theories that were fitted to one experiment predict the people of another.

    Attributes
    ----------
    table
        One row per ``theory``, experiment ``fitted`` and other experiment ``predicted``: ``people``; ``elpd`` of a new
        person there, nats, and its standard error ``se``; ``loss``, how much better a fit to their own experiment
        predicts these people (each left out of it), and its ``loss_se``, over the same people; ``pareto_k``, the worst
        of the integrals over people; and ``why`` numbers are missing or not to be trusted, empty if they are sound.
    pointwise
        elpd of each person (theory, fitted, predicted, person), nats, where it could be computed.
    synthetic
        Experiments that a simulation made.
    """

    table: pd.DataFrame
    pointwise: pd.Series
    synthetic: tuple[str, ...] = ()

    def matrix(self, theory: str, what: str = "loss") -> pd.DataFrame:
        """Return a column of `table`, fitted (rows) by predicted (columns); unsound entries are missing."""
        rows = self.table.loc[theory].reset_index()
        known = list(dict.fromkeys([*rows["fitted"], *rows["predicted"]]))
        sound = rows[what].where(rows["why"] == "")
        wide = rows.assign(value=sound).pivot_table("value", "fitted", "predicted", dropna=False, aggfunc="first")
        return wide.reindex(index=known, columns=known)

    def between(self, first: str, second: str) -> pd.DataFrame:
        """Return by how much one theory transfers better than another: nats a person, ``difference`` and its ``se``.

        One row per pair of experiments of which both transfers are sound.
        """
        rows = {}
        for pair in self.table.loc[first].index.intersection(self.table.loc[second].index):
            if not (self.table.loc[(first, *pair), "why"] or self.table.loc[(second, *pair), "why"]):
                gap = self.pointwise.loc[(first, *pair)] - self.pointwise.loc[(second, *pair)]
                rows[pair] = {"difference": gap.mean(), "se": gap.std() / np.sqrt(len(gap))}
        index = pd.MultiIndex.from_tuples(list(rows), names=["fitted", "predicted"])
        return pd.DataFrame(list(rows.values()), index, ["difference", "se"])

    @property
    def verdict(self) -> str:
        """For each theory, from which experiments to which it loses nothing that can be told, and what is left out."""
        made = f"SYNTHETIC: {', '.join(self.synthetic)}." if self.synthetic else ""
        each = [self._about(str(theory)) for theory in self.table.index.unique("theory")]
        return " ".join(text for text in (*each, self._left_out, made) if text)

    def _about(self, theory: str) -> str:
        rows = self.table[self.table.index.get_level_values("theory") == theory]
        rows = rows[(rows["why"] == "") & rows["loss"].notna()]
        if rows.empty:
            return f"What {theory} loses when it is transferred cannot be told."
        far = rows["loss"] > CLEAR * rows["loss_se"]
        holds = [f"{one['fitted']} to {one['predicted']}" for one in _records(rows[~far])]
        loses = [
            f"{one['fitted']} to {one['predicted']} ({one['loss']:.1f} ± {one['loss_se']:.1f})"
            for one in _records(rows[far])
        ]
        told = [f"loses nothing that can be told from {', '.join(holds)}"] if holds else []
        told += [f"loses, in nats a person, from {', '.join(loses)}"] if loses else []
        return f"{theory} {'; '.join(told)}."

    @property
    def _left_out(self) -> str:
        pairs: dict[tuple[str, str], list[str]] = {}
        for one in _records(self.table[self.table["why"] != ""]):
            pairs.setdefault((one["theory"], one["why"]), []).append(f"{one['fitted']} to {one['predicted']}")
        each = [f"{theory} from {', '.join(where)} ({why})" for (theory, why), where in pairs.items()]
        return f"Left out: {'; '.join(each)}." if each else ""

    def plot(self, theory: str, ax: Axes | None = None) -> Axes:
        """Draw the losses of a theory as a matrix, nats a person; return the axes."""
        losses, errors = self.matrix(theory), self.matrix(theory, "loss_se")
        axes = axes_or_new(ax, 1.8 + 0.9 * len(losses), 1.2 + 0.6 * len(losses))
        axes.imshow(losses.to_numpy(float), cmap="Greys", vmin=0, vmax=2 * max(np.nanmax(losses.fillna(0.0)), 0.5))
        for row, column in product(range(len(losses)), repeat=2):
            value, error = losses.to_numpy(float)[row, column], errors.to_numpy(float)[row, column]
            text = "" if np.isnan(value) else f"{value:.1f}\n± {error:.1f}"
            axes.text(column, row, text, ha="center", va="center", fontsize=8)
        axes.set_xticks(range(len(losses)), [shortened(name, 14) for name in losses.columns])
        axes.set_yticks(range(len(losses)), [shortened(name, 14) for name in losses.index])
        return labelled(axes, "predicted", "fitted", f"{theory}: loss (nats a person)")

    def __repr__(self) -> str:
        return f"{self.verdict}\n{self.table.round(3).to_string()}"

    def _repr_html_(self) -> str:
        return as_html(self.verdict, self.table.round(3))


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in one.items()} for one in rows.reset_index().to_dict("records")]
