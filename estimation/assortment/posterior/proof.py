"""How good a menu for a mixture of logits is: by branch and bound, or by prices where there are too many logits."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from estimation.arrays import Array, Mask
from estimation.assortment.constraints.base import Rows
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.posterior.branch import Proof, prove, whole_box
from estimation.assortment.posterior.draws import Draws
from estimation.assortment.posterior.lagrangian import lagrangian_bound
from estimation.assortment.posterior.relaxation import Mixture
from estimation.assortment.posterior.search import climb
from estimation.counts import MANY, count_problems
from estimation.errors import AssortmentError, raise_all

PAIRS = 8_000
"""Pairs of logit and product in one linear program; with more, blocks of logits are bounded at prices."""
SMALL, FEW = 1_500, 2
"""Above so many a few steps of prices come first: the first large linear program may take longer than there is."""
STEPS = 1_000_000
"""Steps of prices: until the time is up."""


def mixture_of(draws: Draws, rows: Rows, utility_weight: float, by_logit: Array) -> Mixture:
    """Give the logits that have a part, with bounds on the objective of each (logit,)."""
    used = draws.probability > 0
    nothing = np.zeros(len(draws.catalogue))
    parts, revenue = draws.probability[used], draws.catalogue.revenue
    return Mixture(draws.logits[used], parts, revenue, utility_weight, rows, by_logit[used], nothing)


def proof(mixture: Mixture, oracle: Oracle, start: Mask, seconds: float) -> Proof:
    """Prove how good the best menu is that is found from `start` (product,) within a time."""
    unit = _unit(mixture)
    found = _in_units(_scaled(mixture, unit), oracle, start, seconds)
    return Proof(found.chosen, found.objective * unit, found.bound * unit)


def by_prices(mixture: Mixture, oracle: Oracle, chosen: Mask, steps: int, seconds: float) -> float:
    """Bound the objective by prices that start at a menu `chosen` (product,); see `lagrangian_bound`."""
    raise_all(count_problems(most=MANY, steps=steps), AssortmentError, "There is no such bound:")
    unit = _unit(mixture)
    return unit * lagrangian_bound(_scaled(mixture, unit), oracle, chosen, steps, seconds)


def _unit(mixture: Mixture) -> float:
    return float(np.abs(mixture.revenue).max(initial=0.0)) + mixture.utility_weight or 1.0


def _scaled(mixture: Mixture, unit: float) -> Mixture:
    """Count money in units: tolerances of linear programs are absolute."""
    return replace(
        mixture,
        revenue=mixture.revenue / unit,
        utility_weight=mixture.utility_weight / unit,
        ceiling=mixture.ceiling / unit,
        price=mixture.price / unit,
    )


def _in_units(mixture: Mixture, oracle: Oracle, start: Mask, seconds: float) -> Proof:
    size, begin, bound = np.count_nonzero(mixture.matters), time.perf_counter(), np.inf
    if size > min(SMALL, PAIRS):
        steps, share = (FEW, 0.3) if size <= PAIRS else (STEPS, 1.0)
        bound = lagrangian_bound(mixture, oracle, start, steps, share * seconds)
    if size > PAIRS:
        return Proof(start, float(mixture.value(start[None])[0]), bound)
    box, left = whole_box(mixture, oracle), seconds - (time.perf_counter() - begin)
    found = prove(mixture, box, start, lambda menu: climb(menu, mixture.value, mixture.rows), left)
    return replace(found, bound=max(found.objective, min(found.bound, bound)))
