"""Triangular tastes against a plain PyMC model: the long check."""

from __future__ import annotations

import arviz as az
import numpy as np
import pytest
from oracles.choice_calibration import choices_of, design

from estimation.choice.hierarchy.problem import DEGREES, MixedLogit, TastePrior
from estimation.choice.hierarchy.sampler import sample
from estimation.choice.hierarchy.triangular import HALF_WIDTH, ends_of

pytestmark = pytest.mark.slow

PEOPLE, SCALE = 30, 0.6


def test_the_posterior_is_that_of_a_plain_pymc_model():
    """Thirty SYNTHETIC people: a triangular taste, a normal one and a weight that all share."""
    import pymc as pm
    import pytensor.tensor as pt

    rng = np.random.default_rng(61)
    x = design(rng, people=PEOPLE, situations=10, size=3)
    own = [rng.triangular(-2.5, -1.0, 0.5, PEOPLE), rng.normal(0.5, 0.7, PEOPLE), np.full(PEOPLE, 0.8)]
    choices = choices_of(x, np.transpose(own), rng)
    chosen = (choices.chosen - choices.first_row[:-1]).reshape(PEOPLE, -1)
    shared = np.array([0.7, 0.9, 1.0]), np.zeros(3)
    prior = TastePrior(np.zeros(1), np.full((1, 1), 0.8), np.array([0.5]), *shared)
    half = np.array([HALF_WIDTH * SCALE])
    problem = MixedLogit(choices, (1, 0), (2,), np.zeros(3), np.ones((PEOPLE, 1)), False, prior, half_width=half)
    with pm.Model():
        mean, common = pm.Normal("mean", 0, 0.9), pm.Normal("common", 0, 0.7)
        sd, other_sd = pm.HalfStudentT("sd", DEGREES, SCALE), pm.HalfStudentT("other_sd", DEGREES, 0.5)
        other = pm.Normal("other", 0, 0.8)
        share, z = pm.Uniform("share", shape=PEOPLE), pm.Normal("z", shape=PEOPLE)
        below = pt.minimum(share, 1 - share)
        place = pt.switch(share < 0.5, pt.sqrt(2 * below) - 1, 1 - pt.sqrt(2 * below))
        weights = pt.stack([mean + HALF_WIDTH * sd * place, other + other_sd * z, common + 0 * z], axis=1)
        utility = (weights[:, None, None] * x).sum(axis=-1)
        log_p = utility - pt.logsumexp(utility, axis=-1, keepdims=True)
        people, situations = np.indices(chosen.shape)
        pm.Potential("choices", log_p[people, situations, chosen].sum())
        theirs = pm.sample(1000, tune=800, chains=4, random_seed=1, progressbar=False, target_accept=0.95)["posterior"]
    ours = sample(problem, seed=2, draws=2000, chains=4)
    ends = ends_of(ours.fixed, problem.half_width)
    pairs = [
        (ends.mean[..., 0], theirs["mean"]),
        (np.log(ends.half_width[..., 0] / HALF_WIDTH), np.log(theirs["sd"])),
        (ours.shift[..., 0, 0], theirs["other"]),
        (0.5 * np.log(ours.covariance[..., 0, 0]), np.log(theirs["other_sd"])),
        (ours.fixed[..., 0], theirs["common"]),
    ]
    for mine, other_draws in pairs:
        both = [np.asarray(draws) for draws in (mine, other_draws)]
        sizes = [float(az.ess(draws)) for draws in both]
        assert min(sizes) > 400
        error = np.hypot(*(draws.std() / np.sqrt(size) for draws, size in zip(both, sizes, strict=True)))
        assert abs(both[0].mean() - both[1].mean()) < 3 * error
        assert both[0].std() == pytest.approx(both[1].std(), rel=0.12)
