"""What the nodes say after sampling: likelihoods of people, how good their integrals are, and draws of each person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from estimation.arrays import Array, Mask
from estimation.fits.manifest import Settings
from estimation.inference.problem import MessageProblem
from estimation.population.ensemble import Ensemble
from estimation.population.flat import FlatNodes, flat_nodes
from estimation.population.likelihoods import likelihoods_of_people
from estimation.population.normal import Population
from estimation.population.structure import Part, PopulationDraws

TOLERATED = 0.3
"""Posterior standard deviations that integrals may move an estimate: beyond, intervals are visibly off."""
TOLERATED_IN_ALL = 0.45
"""Of `any_error`: draws look likelier than the truth by its square, nats, of the two usual."""


def relative_error(quality: xr.Dataset, posterior: xr.Dataset) -> float:
    """Return the largest error that `population_error` found, in posterior standard deviations."""
    moved = [name for name in posterior.data_vars if f"{name}_error" in quality]
    spread = {name: posterior[name].std(("chain", "draw")) for name in moved}
    return float(np.max([(quality[f"{name}_error"] / spread[name]).max(skipna=False) for name in moved]))


def integration_quality(ensemble: Ensemble, population: Population, subjects: list[str]) -> xr.Dataset:
    """Return, per subject, how far the integral over their parameters can be trusted at one population.

    Variables: ``effective`` nodes, Pareto ``k`` of the importance weights, Monte-Carlo ``error`` of the log likelihood
    (nats; conservative, since evenly spread nodes err less than random ones).
    """
    thinned, count = np.zeros(len(subjects)), np.zeros(len(subjects))
    chances = ensemble.chances(population)
    for part, nodes, chance in zip(ensemble.parts, ensemble.nodes, chances, strict=True):
        for batch, keep_chance in zip(nodes.batches, nodes.keep_chance, strict=True):
            weight = batch.weights(population.part(part.dims, part.kinds)) * chance[batch.person, None]
            lost = 1 / np.maximum(keep_chance, 1e-12) - 1
            thinned[batch.person] += (weight**2 * lost).sum(axis=(0, 2))
            count[batch.person] += batch.log_weight[:, 0].size
    size = ensemble.effective(population)
    return xr.Dataset(
        {
            "effective": ("subject", size),
            "k": ("subject", ensemble.pareto_k(population)),
            "error": ("subject", np.sqrt(np.maximum(1 / size - 1 / count, 0) + thinned)),
            "nodes": ("subject", count),
        },
        coords={"subject": subjects},
    )


def population_error(
    flats: tuple[FlatNodes, ...],
    draws: PopulationDraws,
    posterior: xr.Dataset,
    subjects: list[str],
    rng: np.random.Generator,
) -> xr.Dataset:
    """Return how far the errors of people's integrals may have moved posterior means of the population.

    Variables: ``mean_error``, ``sd_error`` (parameter,), and likewise of coefficients and correlations: Monte-Carlo
    standard errors that come from the nodes, in addition to those that come from the draws. A likelihood that is off
    by delta(phi) moves the posterior mean of f(phi) by Cov(f, delta), to first order. Half the difference between two
    halves of the nodes is such a delta for each person, and people are independent. ``any_error``: the standard
    deviation of all deltas together, which no function of the population is moved by more than, in its own posterior
    standard deviations (Cauchy and Schwarz).
    """
    pairs = zip(*(halves(flat, rng) for flat in flats), strict=True)
    one, other = (log_likelihoods(half, draws, posterior, subjects)["people"] for half in pairs)
    with np.errstate(invalid="ignore"):  # a person whom neither half explains: an error that is no number
        delta = (one - other) / 2
    moved = {
        f"{name}_error": np.sqrt((_covariance(posterior[name], delta) ** 2).sum("subject", skipna=False))
        for name in ("mean", "sd", "coefficient", "correlation")
        if name in posterior
    }
    varied = delta.var(("chain", "draw"), skipna=False).sum("subject", skipna=False)
    return xr.Dataset({**moved, "any_error": np.sqrt(varied)})


def _covariance(one: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
    """Return the covariance over draws, which is no number if a draw is none: xarray's own would pass over it."""
    draws = ("chain", "draw")
    gap = other - other.mean(draws, skipna=False)
    return (one * gap).sum(draws, skipna=False) / (one.sizes["chain"] * one.sizes["draw"] - 1)


def log_likelihoods(
    flats: tuple[FlatNodes, ...], draws: PopulationDraws, posterior: xr.Dataset, subjects: list[str]
) -> xr.Dataset:
    """Return log p(person | population) for every draw, ``people`` (chain, draw, subject), nats."""
    found = likelihoods_of_people(flats, draws)
    shape = (posterior.sizes["chain"], posterior.sizes["draw"], len(subjects))
    coords = {"chain": posterior["chain"], "draw": posterior["draw"], "subject": subjects}
    return xr.Dataset({"people": (("chain", "draw", "subject"), found.reshape(shape))}, coords=coords)


def integral_error(
    problem: MessageProblem, settings: Settings, nodes: Ensemble, posterior: xr.Dataset
) -> float:
    """Return how far integrals may have moved any function of the population, posterior standard deviations."""
    rng = np.random.default_rng([settings.seed, 1])
    return float(estimate_errors(problem, flat_nodes(nodes), posterior, rng)["any_error"])


def estimate_errors(problem: MessageProblem, flats: Any, posterior: xr.Dataset, rng: Any) -> xr.Dataset:
    """Return how far integrals may have moved estimates, from some of the draws: that is all a covariance needs."""
    some = posterior.isel(draw=slice(None, None, max(1, posterior.sizes["draw"] // 100)))
    draws, subjects = problem.structure.draws(some), problem.table.subjects
    return population_error(flats, draws, named_draws(some, problem), subjects, rng)


def named_draws(posterior: xr.Dataset, problem: MessageProblem) -> xr.Dataset:
    """Return the population's draws with parameters, kinds, coefficients and correlations by name."""
    names = [effect.name for effect in problem.parameters]
    dims = {
        "mean": ("parameter", names),
        "sd": ("parameter", names),
        "share": ("kind", list(problem.theory.types)),
        "coefficient": ("covariate", list(problem.design.covariates.names)),
        "correlation": ("pair", problem.structure.pairs),
    }
    found = {name: dim for name, dim in dims.items() if name in posterior}
    data = {name: (("chain", "draw", dim), posterior[name].to_numpy()) for name, (dim, _) in found.items()}
    coords: dict[str, Any] = {"chain": posterior["chain"], "draw": posterior["draw"]}
    return xr.Dataset(data, coords=coords | dict(found.values()))


def people_draws(
    flats: tuple[FlatNodes, ...],
    draws: PopulationDraws,
    subjects: list[str],
    rng: np.random.Generator,
    count: int,
) -> xr.Dataset:
    """Return posterior draws of every person: ``theta`` (sample, subject, parameter), ``kind`` (sample, subject).

    ``population`` (sample,) says from which draw of the population, chains one after another.

    For each of `count` populations, one node per person is drawn with its posterior probability. A parameter that does
    not matter to the person's kind is drawn from the population given those that do.
    """
    names, people = [effect.name for effect in draws.structure.effects], len(subjects)
    theta, kind = np.empty((count, people, len(names))), np.empty((count, people), dtype="int64")
    chosen = rng.choice(len(draws), size=count, replace=count > len(draws))
    for sample, draw in enumerate(chosen):
        theta[sample], kind[sample] = _crowd(flats, draws.structure.parts, draws[int(draw)], people, rng)
    coords = {"subject": subjects, "parameter": names}
    data = {
        "theta": (("sample", "subject", "parameter"), theta),
        "kind": (("sample", "subject"), kind),
        "population": ("sample", chosen),
    }
    return xr.Dataset(data, coords=coords)


def _crowd(
    flats: tuple[FlatNodes, ...],
    parts: tuple[Part, ...],
    population: Population,
    people: int,
    rng: np.random.Generator,
) -> tuple[Array, Any]:
    """Draw everybody's parameters (person, dim) and kinds (person,) given the population and what they did."""
    pieces = []
    for flat, part in zip(flats, parts, strict=True):
        lengths = np.diff(flat.first_node)
        row = np.repeat(np.arange(len(lengths)), lengths)
        local = population.part(part.dims, part.kinds)
        gap = flat.theta - (local.of(row % people).mean.T if local.mean.ndim == 2 else local.mean[:, None])
        terms = replace(local, mean=np.zeros(len(local.sd))).log_density(gap)
        # the largest of terms with Gumbel noise, which is minus the log of exponential noise: one in proportion to them
        score = terms + flat.log_weight - np.log(rng.standard_exponential(len(row)))
        score += population.log_share[np.array(part.kinds)[row // people]]
        chosen = _one_each(score, flat.first_node, people)
        pieces.append((score[chosen], flat.theta[:, chosen].T, np.array(part.kinds)[row[chosen] // people]))
    best = np.argmax([score for score, *_ in pieces], axis=0)
    theta, kinds = np.empty((people, len(population.sd))), np.empty(people, dtype="int64")
    for index, ((_, mine, kind), part) in enumerate(zip(pieces, parts, strict=True)):
        here = best == index
        theta[here] = population.of(np.flatnonzero(here)).given(part.dims, mine[here], rng)
        kinds[here] = kind[here]
    return theta, kinds


def _one_each(score: Array, first_node: Any, people: int) -> Array:
    """Return the index of the highest score of each person, whose nodes stand in one row for each kind."""
    tops = np.maximum.reduceat(score, first_node[:-1])
    is_top = score == np.repeat(tops, np.diff(first_node))
    place = np.flatnonzero(is_top)
    first = place[
        np.searchsorted(place, first_node[:-1])
    ]  # no two scores are equal, but for those of nothing
    kind = tops.reshape(-1, people).argmax(axis=0)
    return np.asarray(first.reshape(-1, people)[kind, np.arange(people)])


def halves(flat: FlatNodes, rng: np.random.Generator) -> tuple[FlatNodes, FlatNodes]:
    """Return two random halves of everybody's nodes: each estimates the same integrals with twice the variance."""
    lengths = np.diff(flat.first_node)
    row = np.repeat(np.arange(len(lengths)), lengths)
    order = np.lexsort((rng.random(len(row)), row))
    second = np.zeros(len(row), dtype=bool)
    second[order] = (np.arange(len(row)) - flat.first_node[row]) % 2 == 1
    single = lengths[row] == 1
    return _some(flat, ~second | single), _some(flat, second | single)


def _some(flat: FlatNodes, kept: Mask) -> FlatNodes:
    """Return some of the nodes (a mask over them), which count for all."""
    row = np.repeat(np.arange(len(flat.first_node) - 1), np.diff(flat.first_node))
    left = np.bincount(row[kept], minlength=len(flat.first_node) - 1)
    grown = np.log(np.diff(flat.first_node) / left)[row[kept]]
    first = np.concatenate([[0], np.cumsum(left)]).astype("int64")
    theta = np.ascontiguousarray(flat.theta[:, kept])
    return FlatNodes(theta, flat.log_weight[kept] + grown, first, flat.kinds)
