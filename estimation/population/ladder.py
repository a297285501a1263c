"""What is tried, one after another, for people whose nodes have uneven weights: better proposals, and more nodes.

Fresh nodes from a closer mixture are enough for most. Where a thin or far part of a posterior is found by few nodes,
these weigh more than all others: components fitted to the squares of weights go there, for the price of the nodes.
Walks through the posterior find what no node has found, and cost several times as much.
"""

from __future__ import annotations

from typing import NamedTuple

FRESH, SHARPER, WALK = "fresh", "sharper", "walk"


class Rung(NamedTuple):
    """How nodes are made anew: from which proposals, of how many components (of a walk: at most), and how many."""

    how: str
    components: int
    nodes: int  # for each person and kind, at fineness 1


LADDER = (
    Rung(FRESH, 12, 1024),
    Rung(SHARPER, 8, 1024),
    Rung(WALK, 16, 2048),
    Rung(SHARPER, 8, 2048),
    Rung(WALK, 24, 4096),
    Rung(SHARPER, 8, 4096),
    Rung(WALK, 32, 8192),
    Rung(SHARPER, 8, 8192),
)
WALKERS, WALKED, SNAPSHOTS = 64, 200, 16
