"""Simulation-based calibration of models of choice (Talts et al. 2018): prior, data, posterior, ranks.

If sampler and model agree, the rank of the truth among posterior draws is uniform. Each function returns the ranks
divided by their number, (simulation, quantity), with luck added so that they are uniform between 0 and 1.
"""

from __future__ import annotations

import numpy as np
from scipy import special, stats

import estimation as est
from estimation.choice.classes.draws import mode_of, sample_classes
from estimation.choice.classes.target import Classes
from estimation.choice.hierarchy.problem import DEGREES, MixedLogit, TastePrior
from estimation.choice.hierarchy.sampler import sample
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.fits.job import Settings

PEOPLE, SITUATIONS, ALTERNATIVES, SIZE = 25, 6, 3, 2
SPREAD, SHIFT_SD = 0.5, 0.8
RANKS = 100


def design(rng, people=PEOPLE, situations=SITUATIONS, alternatives=ALTERNATIVES, size=SIZE):
    """Return attributes, (person, situation, alternative, attribute)."""
    return rng.normal(size=(people, situations, alternatives, size))


def choices_of(x, weights, rng) -> ChoiceArrays:
    """Return what people with weights (person, attribute) choose among x, as made by `design`."""
    people, situations, alternatives, size = x.shape
    utility = np.einsum("ntjk,nk->ntj", x, weights) + rng.gumbel(size=x.shape[:3])
    count = people * situations
    chosen = np.arange(count) * alternatives + utility.argmax(axis=-1).ravel()
    return ChoiceArrays(
        x.reshape(-1, size),
        np.arange(count + 1) * alternatives,
        chosen,
        np.arange(people + 1) * situations,
        np.ones(count),
        tuple(f"x{k}" for k in range(size)),
        tuple(f"s{n}" for n in range(people)),
    )


def problem_of(choices, size=SIZE, diagonal=False) -> MixedLogit:
    """Return a hierarchical problem with the prior that `covariance_from_prior` and `hierarchical` draw from."""
    prior = TastePrior(np.zeros(size), np.full((size, 1), SHIFT_SD), np.full(size, SPREAD), np.empty(0), np.empty(0))
    ones = np.ones((choices.people, 1))
    return MixedLogit(choices, tuple(range(size)), (), np.zeros(size), ones, diagonal, prior)


def covariance_from_prior(rng, size=SIZE):
    """Draw from Huang and Wand (2013), eq. 2: a_k ~ IG(1/2, 1/A²), Σ ~ IW(ν + d - 1, 2 ν diag(1/a))."""
    auxiliary = stats.invgamma(0.5, scale=1 / SPREAD**2).rvs(size, random_state=rng)
    return stats.invwishart(DEGREES + size - 1, 2 * DEGREES * np.diag(1 / auxiliary)).rvs(random_state=rng)


def hierarchical(simulations: int, seed: int) -> np.ndarray:
    """Means, log spreads and the correlation of a hierarchical logit with full covariance."""
    return np.array([_hierarchical(np.random.default_rng([seed, number])) for number in range(simulations)])


def _hierarchical(rng):
    mean, covariance = rng.normal(0, SHIFT_SD, SIZE), covariance_from_prior(rng)
    weights = rng.multivariate_normal(mean, covariance, size=PEOPLE)
    problem = problem_of(choices_of(design(rng), weights, rng))
    found = sample(problem, seed=int(rng.integers(2**31)), draws=600, chains=1)
    draws = np.column_stack([found.shift[0, :, :, 0], _of_covariance(found.covariance[0])])
    return _ranks(draws, np.concatenate([mean, _of_covariance(covariance[None])[0]]), rng)


def _of_covariance(covariance):
    """Return log spreads and correlation, (draw, 3)."""
    sd = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    return np.column_stack([np.log(sd), covariance[:, 0, 1] / sd[:, 0] / sd[:, 1]])


def latent_class(simulations: int, seed: int) -> np.ndarray:
    """Weights and share of two classes, named by their first weight, so that labels cannot matter."""
    return np.array([_latent_class(np.random.default_rng([seed, number])) for number in range(simulations)])


def _latent_class(rng):
    weights, share = rng.normal(0, 1.5, (2, SIZE)), rng.uniform()
    kind = (rng.uniform(size=60) > share).astype(int)
    choices = choices_of(design(rng, people=60), weights[kind], rng)
    target = Classes(choices, np.full(SIZE, 1.5), np.ones((60, 1)), 2)
    settings = Settings(int(rng.integers(2**31)), draws=600, chains=1)
    draws, _, _ = sample_classes(target, mode_of(target), settings)
    found = np.array([_named(*target.natural(draw)) for draw in draws[0]])
    return _ranks(found, _named(weights, np.array([share, 1 - share])), rng)


def _named(weights, share):
    first, second = np.argsort(weights[:, 0])
    return np.concatenate([weights[first], weights[second], special.logit(share[[first]])])


def _table(rng, situations):
    x = rng.normal(size=(situations, 3, 2))
    rows = [
        {"subject": f"s{t // 6}", "situation": t, "alternative": "abc"[j], "chosen": int(j == 0)}
        | {"x0": x[t, j, 0], "x1": x[t, j, 1]}
        for t in range(situations)
        for j in range(3)
    ]
    import pandas as pd

    return est.read_choices(pd.DataFrame(rows), name="situations")


def pooled(simulations: int, seed: int) -> np.ndarray:
    """Weights of a multinomial logit, by the public road."""
    return np.array([_pooled(np.random.default_rng([seed, number]), {}) for number in range(simulations)])


def nested(simulations: int, seed: int) -> np.ndarray:
    """Weights and dissimilarity of a nested logit, by the public road."""
    nests = {"near": ("a", "b")}
    return np.array([_pooled(np.random.default_rng([seed, number]), nests) for number in range(simulations)])


def _pooled(rng, nests):
    table = _table(rng, 150)
    plain = est.MultinomialLogit(["x0", "x1"], prior_scale=1.0)
    model = est.NestedLogit(["x0", "x1"], prior_scale=1.0, nests=nests) if nests else plain
    sd = 1 / np.sqrt(_within_variance(table))
    truth = np.concatenate([rng.normal(0, sd), rng.uniform(size=len(nests))])
    weights = dict(zip(["x0", "x1"], truth[:2], strict=True))
    tau = dict(zip(nests, truth[2:], strict=True))
    seed = int(rng.integers(2**31))
    made = est.simulate_choices(model, table, weights, dissimilarity=tau or None, seed=seed)
    posterior = est.fit(model, made, seed=seed, draws=600, chains=1, progress=False).tree["posterior"].dataset
    found = [posterior["coefficients"].to_numpy()[0]]
    found += [posterior["dissimilarity"].to_numpy()[0]] if nests else []
    return _ranks(np.concatenate(found, axis=1), truth, rng)


def _within_variance(table):
    x = table.frame[["x0", "x1"]].to_numpy().reshape(-1, 3, 2)
    return ((x - x.mean(axis=1, keepdims=True)) ** 2).mean(axis=(0, 1))


def _ranks(draws, truth, rng):
    """Return ranks among thinned draws, between 0 and 1."""
    kept = draws[:: len(draws) // (RANKS - 1)][: RANKS - 1]
    return ((kept < truth).sum(axis=0) + rng.uniform(size=len(truth))) / RANKS


def chances(ranks: np.ndarray) -> np.ndarray:
    """Return the p-value of uniformity of each quantity's ranks (Kolmogorov and Smirnov: the whole ECDF at once)."""
    return np.array([stats.kstest(column, "uniform").pvalue for column in ranks.T])
