"""What the nodes say after sampling: are the integrals good, what is each person's likelihood, who is who."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import xarray as xr

from estimation.games.game import Array
from estimation.inference.artifact import population_draws
from estimation.population.batch import Nodes
from estimation.population.model import FlatNodes, keep_chance, log_likelihood_of_people
from estimation.population.normal import Population

GOOD_K = (
    0.7  # above it the variance of importance sampling is not under control (Vehtari et al. 2024, JMLR 25:72)
)


def integration_quality(nodes: Nodes, population: Population, subjects: list[str]) -> xr.Dataset:
    """Return, per subject, how far the integral over their parameters can be trusted at one population.

    Variables: ``effective`` nodes, Pareto ``k`` of the importance weights, Monte-Carlo ``error`` of the log likelihood
    (nats; conservative, since evenly spread nodes err less than random ones).
    """
    k, size, thinned, count = (np.zeros(len(subjects)) for _ in range(4))
    for batch in nodes.batches:
        chance = keep_chance(batch, nodes)
        lost = batch.weights(population) ** 2 * (1 / np.maximum(chance, 1e-12) - 1)
        thinned[batch.person] = lost.sum(axis=(0, 2))
        k[batch.person] = batch.pareto_k(population)
        size[batch.person] = batch.effective(population)
        count[batch.person] = batch.log_weight[:, 0].size
    return xr.Dataset(
        {
            "effective": ("subject", size),
            "k": ("subject", k),
            "error": ("subject", np.sqrt(np.maximum(1 / size - 1 / count, 0) + thinned)),
            "nodes": ("subject", count),
        },
        coords={"subject": subjects},
    )


def population_error(
    flat: FlatNodes, posterior: xr.Dataset, subjects: list[str], rng: np.random.Generator
) -> xr.Dataset:
    """Return how far the errors of people's integrals may have moved the posterior means of the population.

    Variables: ``mean_error``, ``sd_error`` (parameter,): Monte-Carlo standard errors that come from the nodes, in
    addition to those that come from the draws. A likelihood that is off by delta(phi) moves the posterior mean of phi
    by Cov(phi, delta), to first order. Half the difference between two halves of the nodes is such a delta for each
    person, and people are independent.
    """
    one, other = (log_likelihoods(half, posterior, subjects)["people"] for half in flat.halves(rng))
    delta = (one - other) / 2
    return xr.Dataset(
        {
            f"{name}_error": np.sqrt((xr.cov(posterior[name], delta, ("chain", "draw")) ** 2).sum("subject"))
            for name in ("mean", "sd")
        }
    )


def log_likelihoods(flat: FlatNodes, posterior: xr.Dataset, subjects: list[str]) -> xr.Dataset:
    """Return log p(person | population) for every draw, ``people`` (chain, draw, subject), nats."""
    draws = [Population(*draw) for draw in zip(*population_draws(posterior), strict=True)]
    with ThreadPoolExecutor() as pool:  # the compiled sum frees the lock
        rows = list(pool.map(partial(log_likelihood_of_people, flat), draws))
    shape = (posterior.sizes["chain"], posterior.sizes["draw"], len(subjects))
    coords = {"chain": posterior["chain"], "draw": posterior["draw"], "subject": subjects}
    return xr.Dataset({"people": (("chain", "draw", "subject"), np.reshape(rows, shape))}, coords=coords)


def people_draws(
    flat: FlatNodes,
    posterior: xr.Dataset,
    subjects: list[str],
    parameters: list[str],
    rng: np.random.Generator,
    count: int,
) -> xr.Dataset:
    """Return posterior draws of every person: ``theta`` (sample, subject, parameter), ``kind`` (sample, subject).

    For each of `count` populations, one node per person is drawn with its posterior probability.
    """
    mean, sd, share = population_draws(posterior)
    people = len(subjects)
    theta, kind = np.empty((count, people, len(parameters))), np.empty((count, people), dtype="int64")
    lengths = np.diff(flat.first_node)
    row_of = np.repeat(np.arange(len(lengths)), lengths)
    for sample, draw in enumerate(rng.choice(len(mean), size=count, replace=count > len(mean))):
        population = Population(mean[draw], sd[draw], share[draw])
        terms = (
            population.log_density(flat.theta) + flat.log_weight + np.log(population.share)[row_of // people]
        )
        chosen = _one_each(terms + rng.gumbel(size=len(terms)), row_of % people, people)
        theta[sample], kind[sample] = flat.theta[:, chosen].T, row_of[chosen] // people
    coords = {"subject": subjects, "parameter": parameters}
    return xr.Dataset(
        {"theta": (("sample", "subject", "parameter"), theta), "kind": (("sample", "subject"), kind)},
        coords=coords,
    )


def _one_each(score: Array, person: Any, people: int) -> Array:
    """Return the index of the highest score of each person (Gumbel scores: a draw in proportion to the terms)."""
    order = np.lexsort((score, person))
    last = np.searchsorted(person[order], np.arange(people), side="right") - 1
    return np.asarray(order[last])
