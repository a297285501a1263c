"""A random problem together with all of its menus."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from oracles.assortment_brute_force import Everything, all_menus

from estimation.assortment import Assortment


@dataclass(frozen=True, eq=False)
class Case:
    """A problem and all of its menus."""

    problem: Assortment
    everything: Everything


def random_numbers(rng, count):
    """Revenues and weights: smooth ones, or small whole numbers with many ties, zeros and losses."""
    if rng.random() < 0.5:
        return rng.uniform(-1, 10, count), rng.lognormal(-1, 1, count), float(rng.uniform(0.5, 2))
    return rng.integers(-2, 5, count).astype(float), rng.integers(1, 4, count) / 2.0, 1.0


def case(rng, labels, constraints, is_feasible):
    """Build the case; `is_feasible` says of (menu, product) menus which are allowed."""
    revenue, weight, outside = random_numbers(rng, len(labels))
    menus = all_menus(len(labels))
    everything = Everything(menus[is_feasible(menus)], revenue, weight, outside)
    return Case(Assortment(revenue, weight, outside, labels).subject_to(*constraints), everything)


def names(rng):
    return [f"p{number}" for number in range(rng.choice([4, 6, 7, 8, 9, 10, 12, 14]))]


def count(menus, members=None):
    return (menus if members is None else menus[:, members]).sum(axis=1)


def everywhere(menus):
    return np.ones(len(menus), dtype=bool)
