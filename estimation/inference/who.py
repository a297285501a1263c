"""Who is who: posterior draws of every person's parameters and kind, from the nodes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from estimation.games.game import Array
from estimation.population.flat import FlatNodes
from estimation.population.normal import Population
from estimation.population.structure import Part, PopulationDraws


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
