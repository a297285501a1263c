"""The one question of every search: which feasible menu has the largest total gain."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array, Indices, Mask


class InfeasibleError(Exception):
    """No menu meets the constraints; caught where the conflict can be named."""


@dataclass(frozen=True, eq=False)
class Ends:
    """Two optimal menus; the gains asked for next are positive combinations of the two gains."""

    left: Mask  # (product,)
    right: Mask
    gain_left: Array  # (product,) the gains for which the left menu is optimal
    gain_right: Array


class Oracle(ABC):
    """Maximises a linear gain over the feasible menus.

    `narrows_cheaply` says that `narrow` costs no more than `best`, so that it pays even for a few questions.
    """

    narrows_cheaply = True

    @abstractmethod
    def best(self, gain: Array) -> Mask:
        """(product,) the feasible menu with the largest sum of gains (product,)."""

    def exact(self, gain: Array, fine: float) -> Mask:  # noqa: ARG002 - most only add and compare, and miss nothing
        """(product,) as `best`, where gains of very different sizes meet: to within `fine`, or rounding of the sum."""
        return self.best(gain)

    def narrow(self, ends: Ends) -> tuple[Indices, Oracle] | None:  # noqa: ARG002
        """Find the products that can still differ between two optimal menus, and the oracle on them.

        Returns
        -------
        Positions of the undecided products and an oracle for them, or None if nothing was gained. All
        other products are in the left menu exactly if they are in every optimal menu between.
        """
        return None


class Unconstrained(Oracle):
    """Every menu is feasible: take what gains."""

    def best(self, gain: Array) -> Mask:
        """(product,) products with a positive gain."""
        return gain > 0

    def narrow(self, ends: Ends) -> tuple[Indices, Oracle] | None:
        """Keep the products whose gain changes sign."""
        return np.flatnonzero(ends.left != ends.right), self
