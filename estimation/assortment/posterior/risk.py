"""How the objective is summed up over draws: on average, in the worst draws, in the worst one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array, is_real
from estimation.errors import AssortmentError
from estimation.text.shown import Shown


class Risk(Shown, ABC):
    """Sums up the objective over draws; never falls when the objective rises in some draw.

    `parts` (draw,) are the probabilities of the draws; None: all alike.
    """

    @abstractmethod
    def __call__(self, values: Array, parts: Array | None = None) -> Array:
        """(draw, menu) objectives to (menu,) scores."""


def risk_of(given: Risk | None) -> Risk:
    """Return the risk meant, the mean over draws for None.

    Raises
    ------
    AssortmentError
        It is no risk.
    """
    if given is None:
        return Expected()
    if not isinstance(given, Risk):
        raise AssortmentError(f"risk is {given!r}; give Expected(), TailMean(share) or WorstCase(), with the brackets")
    return given


@dataclass(frozen=True)
class Expected(Risk):
    """The mean over draws."""

    def __call__(self, values: Array, parts: Array | None = None) -> Array:
        """(draw, menu) objectives to (menu,) means."""
        return np.asarray(np.average(values, axis=0, weights=parts))


@dataclass(frozen=True)
class TailMean(Risk):
    """The mean over the worst draws: conditional value at risk (Rockafellar and Uryasev 2000).

    Parameters
    ----------
    share
        Share of draws that count as the worst, in (0, 1]; a draw on the border counts in part.

    Raises
    ------
    AssortmentError
        The share is outside (0, 1].
    """

    share: float = 0.1

    def __post_init__(self) -> None:
        if not (is_real(self.share) and 0.0 < self.share <= 1.0):
            raise AssortmentError(f"share is {self.share!r}; it is the share of the worst draws and must lie in (0, 1]")

    def __call__(self, values: Array, parts: Array | None = None) -> Array:
        """(draw, menu) objectives to (menu,) means over the worst draws."""
        order = np.argsort(values, axis=0, kind="stable")
        parts = np.full(len(values), 1.0 / len(values)) if parts is None else parts
        size = parts[order]
        before = np.cumsum(size, axis=0) - size
        taken = np.clip(self.share - before, 0.0, size)
        return np.asarray((taken * np.take_along_axis(values, order, axis=0)).sum(axis=0) / taken.sum(axis=0))


@dataclass(frozen=True)
class WorstCase(Risk):
    """The worst draw (Rusmevichientong and Topaloglu 2012, over a finite set of parameters)."""

    def __call__(self, values: Array, parts: Array | None = None) -> Array:  # noqa: ARG002 - any draw may be the worst
        """(draw, menu) objectives to (menu,) minima."""
        return np.asarray(values.min(axis=0))
