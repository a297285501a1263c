"""Menus chosen under a posterior from weight to weight: what stays the same is one menu."""

from __future__ import annotations

from itertools import groupby

from estimation.assortment import Tradeoff


def runs_of(tradeoff: Tradeoff) -> list[list[int]]:
    """Return the places of the weights at which the same menu is chosen, one after the other."""
    places = range(len(tradeoff.decisions))
    return [list(run) for _, run in groupby(places, lambda place: frozenset(tradeoff.decisions[place].products))]
