"""What people would do if only the priors were known."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.fits.fit import AnyFit
from estimation.inference.problem import MessageProblem
from estimation.report.theories.predictions import Curve, curve_of, points_of
from estimation.text.digits import MIDDLE

POPULATIONS = 60  # drawn from the prior
FEW = 10  # people drawn from each
DRAWS = 400  # of the few numbers of a theory of play


def prior_curve(problem: MessageProblem, role: str, condition: str, seed: int = 0) -> Curve:
    """Return the average choice of populations drawn from the prior, and the middle 90 % of them."""
    rng = np.random.default_rng(seed)
    populations = [problem.structure.prior.sample(rng) for _ in range(POPULATIONS)]
    return curve_of(problem, populations, role, condition, points_of(problem.table, role, condition), rng, FEW)


def prior_shares(fit: AnyFit, game: str, player: str, seed: int = 0) -> Array:
    """Return low, middle and high of how often each option of a game is taken beforehand, (3, option)."""
    prior, rng = fit.problem.prior, np.random.default_rng(seed)
    theta = rng.normal(prior.mean, prior.sd, (DRAWS, len(prior.mean))).T
    cell = (game, player)
    return np.asarray(np.quantile(fit.problem.expected(theta, (cell,))[cell], MIDDLE, axis=0))
