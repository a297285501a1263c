"""The one question of every search: which feasible menu has the largest total gain."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from estimation.assortment.arrays import Bools, Floats, Ints


class InfeasibleError(Exception):
    """No menu meets the constraints; caught where the conflict can be named."""


@dataclass(frozen=True, eq=False)
class Ends:
    """Two optimal menus; the gains asked for next are positive combinations of the two gains.

    Parameters
    ----------
    left, right
        (product,) menus.
    gain_left, gain_right
        (product,) the gains for which they are optimal.
    """

    left: Bools
    right: Bools
    gain_left: Floats
    gain_right: Floats


class Oracle(ABC):
    """Maximises a linear gain over the feasible menus.

    `narrows_cheaply` says that `narrow` costs no more than `best`, so that it pays even for a few questions.
    """

    narrows_cheaply = True

    @abstractmethod
    def best(self, gain: Floats) -> Bools:
        """(product,) the feasible menu with the largest sum of gains (product,)."""

    def narrow(self, ends: Ends) -> tuple[Ints, Oracle] | None:  # noqa: ARG002
        """Find the products that can still differ between two optimal menus, and the oracle on them.

        Returns
        -------
        Positions of the undecided products and an oracle for them, or None if nothing was gained. All
        other products are in the left menu exactly if they are in every optimal menu between.
        """
        return None


class Unconstrained(Oracle):
    """Every menu is feasible: take what gains."""

    def best(self, gain: Floats) -> Bools:
        """(product,) products with a positive gain."""
        return gain > 0

    def narrow(self, ends: Ends) -> tuple[Ints, Oracle] | None:
        """Keep the products whose gain changes sign."""
        return np.flatnonzero(ends.left != ends.right), self
