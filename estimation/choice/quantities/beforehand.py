"""How people would choose if only the prior were known, beside how they choose by the posterior."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.problem import ChoiceFit, ChoiceProblem
from estimation.choice.quantities.prediction import Offer, offer_of
from estimation.choice.quantities.scenario import every_situation
from estimation.choice.sampling.draws import NEW, Tastes

DRAWS = 60  # populations of each kind
LARGE = 2_000_000  # probabilities that are computed at most; of more, fewer draws are taken


def certainty(fit: ChoiceFit, seed: int = 0) -> tuple[Array, Array]:
    """Return the probability of the likeliest alternative of each situation, by prior and by posterior.

    Both are (draw x situation,). Weights of the prior are those of `ChoiceProblem.truth`, of the posterior
    those of new people.
    """
    problem = fit.problem
    offer = offer_of(fit.model, fit.table, every_situation(fit.table))
    draws = max(4, min(DRAWS, LARGE // len(offer.x)))
    rng = np.random.default_rng(seed)
    before = [_largest(offer, prior_tastes(problem, rng)) for _ in range(draws)]
    return np.concatenate(before), _largest(offer, problem.tastes(fit.tree, NEW, draws, seed))


def prior_tastes(problem: ChoiceProblem, rng: np.random.Generator) -> Tastes:
    """Return one draw of everybody's weights from the prior."""
    drawn, names = problem.truth(rng), list(problem.design.free)
    given = drawn.weights if isinstance(drawn.weights, pd.DataFrame) else pd.DataFrame([dict(drawn.weights)])
    own = given[names].to_numpy(dtype=float)[None]
    further = {name: np.array([list(values.values())]) for name, values in drawn.further.items()}
    return Tastes(problem.design.complete(own), further, "people as the prior has them")


def _largest(offer: Offer, tastes: Tastes) -> Array:
    """Return the probability of the likeliest alternative of each situation and draw, (draw x situation,)."""
    return np.concatenate(
        [np.maximum.reduceat(share, offer.first_row[:-1]).ravel() for _, share, _ in offer.predicted(tastes)]
    )
