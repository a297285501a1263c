"""What is done about nodes whose integrals are too rough: nodes for another posterior, more of them, or better ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MOST = 4  # times more nodes than at first, in all, where integrals turn out to be too rough
STRAYED = 1.0  # standard deviations from the populations that nodes serve, beyond which a posterior is another one


class Remedy(NamedTuple):
    """How nodes are made anew (a method of `Team`), and how many times more than the least there are to be."""

    how: str
    fineness: int


def remedy(error: float, strayed: float, is_heavy: bool, sizes: tuple[int, int]) -> Remedy | None:
    """Return what should be done about nodes; None if they are good enough, or nothing would help.

    Nodes that are too few lead to a posterior that is off, and those made for it are off in turn, however many: where
    populations differ more than nodes allow for, their likelihoods come out too small. So nodes follow the posterior
    until it stays where it is, which takes no more of them, before more are asked for.

    Parameters
    ----------
    error
        How far integrals may have moved the posterior, as a multiple of what is tolerated.
    strayed
        How far the posterior is from the populations that nodes serve; see `Ensemble.strayed`.
    is_heavy
        Whether somebody's weights have too heavy a tail.
    sizes
        The fineness that nodes have, and that they may have at most.
    """
    fineness, most = sizes
    if not error <= 1:  # an error that is no number is too large
        if strayed > STRAYED:
            return Remedy("redraw", fineness)
        more = int(np.fmin(np.ceil(error**2), most // fineness))  # an error's square falls at least as nodes grow
        if more > 1:
            return Remedy("redraw", more * fineness)
    return Remedy("recentre", fineness) if is_heavy else None
