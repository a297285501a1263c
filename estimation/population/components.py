"""How many components a person's proposal has: as many as best predict where walkers were that it was not fitted to.

A thin bent sheet in three dimensions needs dozens. In a dozen dimensions, dozens of covariances fitted to a thousand
places are mostly noise, and one alone makes nodes worth many times as much: the held-out log density, which says how
far a proposal is from the posterior (Kullback and Leibler 1951, Ann. Math. Statist. 22:79-86), tells person by person.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from estimation.arrays import Array, Indices
from estimation.population.normal import Population
from estimation.population.proposal import CLOSER, Proposal, fitted

TRIED = (1, 2, 4, 8, 16)  # components, and as many as are allowed


def proposals_of_walks(
    places: Array, most: int, population: Population, count: int, rng: np.random.Generator
) -> Iterator[tuple[Indices, Proposal]]:
    """Yield people (positions) with proposals of `count` nodes each, fitted to where their walkers were.

    `places`, `most` and `population` as in `best_components`.
    """
    components = best_components(places, most, population, rng)
    for each in np.unique(components):
        some = np.flatnonzero(components == each)
        yield some, _proposal(places[:, some], int(each), population.of(some), count, rng)


def best_components(places: Array, most: int, population: Population, rng: np.random.Generator) -> Indices:
    """Return how many components, up to `most`, suit each person, (person,).

    Parameters
    ----------
    places : (kind, person, dim, place) array, transformed scale
        Where an even number of walkers were: every other one is fitted to, and the rest is predicted.
    population
        From which these people come.
    """
    tried = [*(count for count in TRIED if count < most), most]
    known, held_out = places[..., ::2], places[..., 1::2]
    fits = (_proposal(known, components, population, known.shape[-1], rng) for components in tried)
    scores = [proposal.log_total(held_out).mean(axis=-1).sum(axis=0) for proposal in fits]
    return np.array(tried)[np.argmax(scores, axis=0)]


def _proposal(places: Array, components: int, population: Population, count: int, rng: np.random.Generator) -> Proposal:
    return fitted(places, np.zeros_like(places[:, :, 0]), components, population, count, rng, CLOSER)
