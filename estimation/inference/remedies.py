"""What is done about nodes whose integrals are too rough: nodes for another posterior, more of them, or better ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MOST = 4  # times more nodes than at first, in all, where integrals turn out to be too rough
STRAYED = 1.0  # standard deviations from the populations that nodes serve, beyond which a posterior is another one
STEP = 4  # times more nodes at once, while the posterior has not settled: errors are rough there


class Remedy(NamedTuple):
    """How nodes are made anew (a method of `Team`), and how many times more than the least there are to be."""

    how: str
    fineness: int


def remedy(error: float, strayed: float, is_heavy: bool, sizes: tuple[int, int], has_followed: bool) -> Remedy | None:
    """Return what should be done about nodes; None if they are good enough, or nothing would help.

    Nodes that are too few lead to a posterior that is off, and those made for it are off in turn, however many: where
    populations differ more than nodes allow for, their likelihoods come out too small. So nodes follow the posterior
    first, which takes no more of them. If it strays again it is driven by their error: of many people, whose posterior
    is narrow, it would wander for ever. So then there are more of them as well.

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
    has_followed
        Whether nodes were made for the posterior of others before.
    """
    fineness, most = sizes
    if not error <= 1:  # an error that is no number is too large
        is_elsewhere = strayed > STRAYED
        if is_elsewhere and not has_followed:
            return Remedy("redraw", fineness)
        more = int(np.fmin(np.ceil(error**2), most // fineness))  # an error's square falls at least as nodes grow
        more = min(more, STEP) if is_elsewhere else more
        if more > 1 or is_elsewhere:
            return Remedy("redraw", more * fineness)
    return Remedy("recentre", fineness) if is_heavy else None
