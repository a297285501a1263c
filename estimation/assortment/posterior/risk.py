"""How the objective is summed up over draws: on average, in the worst draws, in the worst one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array
from estimation.errors import AssortmentError
from estimation.text.shown import Shown


class Risk(Shown, ABC):
    """Sums up the objective over draws; never falls when the objective rises in some draw."""

    @abstractmethod
    def __call__(self, values: Array) -> Array:
        """(draw, menu) objectives to (menu,) scores."""


@dataclass(frozen=True)
class Expected(Risk):
    """The mean over draws."""

    def __call__(self, values: Array) -> Array:
        """(draw, menu) objectives to (menu,) means."""
        return np.asarray(values.mean(axis=0))


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
        if not 0.0 < self.share <= 1.0:
            raise AssortmentError(f"share is {self.share!r}; it is the share of the worst draws and must lie in (0, 1]")

    def __call__(self, values: Array) -> Array:
        """(draw, menu) objectives to (menu,) means over the worst draws."""
        count = self.share * len(values)
        part = np.clip(count - np.arange(len(values)), 0.0, 1.0)
        return np.asarray(part @ np.sort(values, axis=0) / count)


@dataclass(frozen=True)
class WorstCase(Risk):
    """The worst draw (Rusmevichientong and Topaloglu 2012, over a finite set of parameters)."""

    def __call__(self, values: Array) -> Array:
        """(draw, menu) objectives to (menu,) minima."""
        return np.asarray(values.min(axis=0))
