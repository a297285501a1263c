"""Good menus for a mixture of logits: optima of single logits first, then add, drop and swap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.constraints.base import Rows
from estimation.assortment.ends import largest_revenue
from estimation.assortment.oracles.base import Oracle, Unconstrained
from estimation.assortment.posterior.draws import Draws
from estimation.assortment.sandwich import sandwich

type Score = Callable[[Mask], Array]

SWAPS = 60
SLACK = 1e-9
ROUNDING = 1e-12
"""Share of the largest objective of all moves by which the same one may differ from call to call."""


def plug_in(draws: Draws, oracle: Oracle, utility_weight: float) -> Mask:
    """(product,) the best menu at the mean utilities, as if they were known."""
    return _best_menu(draws.single(draws.average), oracle, utility_weight)


def _best_menu(catalogue: Catalogue, oracle: Oracle, utility_weight: float) -> Mask:
    return sandwich(catalogue, oracle, utility_weight, 1e-9).vertex.chosen


def candidates(draws: Draws, oracle: Oracle, utility_weight: float) -> Mask:
    """(menu, product) menus along the frontiers at the mean utilities and at the mean weights."""
    logits = [draws.single(weight) for weight in (draws.average, draws.probability @ draws.logits)]
    found = [_best_menu(logit, oracle, lever) for logit in logits for lever in _levers(logit, oracle, utility_weight)]
    return np.unique(found, axis=0)


def _levers(catalogue: Catalogue, oracle: Oracle, utility_weight: float) -> list[float]:
    """Levers around the one that is meant."""
    revenue = abs(largest_revenue(catalogue, oracle)[0].revenue)
    shifted = utility_weight + revenue * np.array([0.0, 0.02, 0.05, 0.1, 0.2])
    return [*shifted.tolist(), *(utility_weight * np.geomspace(0.25, 4.0, 8)).tolist()]


@dataclass(frozen=True, eq=False)
class OwnBest:
    """What each draw would choose if it were known.

    No menu has a larger objective in a draw than its ceiling: the value where a draw is one logit; where people differ,
    what could be reached if each person had a menu of their own.
    """

    menus: Mask  # (menu, product) the menus found
    value: Array  # (draw,) objective of the best menu found for the draw
    ceiling: Array  # (draw,)
    by_logit: Array  # (logit,) no menu has a larger objective for the logit


def best_per_draw(draws: Draws, oracle: Oracle, utility_weight: float) -> OwnBest:
    """Find the best menu of each draw: exactly for one logit, by the best of many menus for several people."""
    menus, ceiling = _best_per_logit(draws, oracle, utility_weight)
    own, some = draws.over_people(ceiling), candidates(draws, oracle, utility_weight)
    averaged = draws.weights[: 0 if draws.is_one_logit_each else None]
    by_draw = [_best_menu(draws.single(draws.shares @ weight), oracle, utility_weight) for weight in averaged]
    found = np.unique(np.concatenate([menus, *(menu[None] for menu in by_draw), some]), axis=0)
    return OwnBest(found, draws.objective(found, utility_weight).max(axis=1), own, ceiling)


def _best_per_logit(draws: Draws, oracle: Oracle, utility_weight: float) -> tuple[Mask, Array]:
    """(menu, product) menus that are best for some logit, and (logit,) bounds on the objective of each."""
    if isinstance(oracle, Unconstrained):
        menus = by_revenue(draws.catalogue)
        values = draws.logit_objective(menus, utility_weight)
        return menus[np.unique(values.argmax(axis=1))], values.max(axis=1)
    found = [sandwich(draws.single(weight), oracle, utility_weight, 1e-12) for weight in draws.logits]
    menus = np.unique([solution.vertex.chosen for solution in found], axis=0)
    return menus, np.array([solution.bound for solution in found])


def by_revenue(catalogue: Catalogue) -> Mask:
    """(menu, product) the products above each threshold of revenue: without constraints one of them is best."""
    thresholds = np.append(np.unique(catalogue.revenue), np.inf)
    return catalogue.revenue >= thresholds[:, None]


def climb(start: Mask, score: Score, rows: Rows) -> Mask:
    """Take the best move (add, drop, swap) until none helps."""
    here, value = start, float(score(start[None])[0])
    while True:
        moves = _neighbours(here, score, rows)
        if not len(moves):
            return here
        values = score(moves)
        best = int(np.argmax(values))
        if values[best] <= value + SLACK * abs(value) + ROUNDING * float(np.abs(values).max()):
            return here
        here, value = moves[best], float(values[best])


def _neighbours(here: Mask, score: Score, rows: Rows) -> Mask:
    """(menu, product) feasible menus one move away; of the swaps, those of the most promising products."""
    singles = here ^ np.eye(len(here), dtype=np.bool_)
    values = score(singles)
    leave, enter = (_most_promising(values, places) for places in (np.flatnonzero(here), np.flatnonzero(~here)))
    swaps = np.repeat(here[None], len(leave) * len(enter), axis=0)
    swaps[np.arange(len(swaps)), np.repeat(leave, len(enter))] = False
    swaps[np.arange(len(swaps)), np.tile(enter, len(leave))] = True
    moves = np.concatenate([singles, swaps])
    return moves[rows.met(moves)]


def _most_promising(values: Array, places: Indices) -> Indices:
    return places[np.argsort(-values[places])[:SWAPS]]
