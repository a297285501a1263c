"""Several chains of a mixture side by side, made longer until they agree on what does not depend on labels."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from estimation.arrays import Array, Indices
from estimation.choice.hierarchy.adaptation import adapted
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.sampler import LONGEST, WALKING, WALKING_ON, thinning
from estimation.choice.hierarchy.sites import Sites
from estimation.choice.mixtures.chain import Mixture, MixtureChain
from estimation.choice.mixtures.labels import ordered, orders_of
from estimation.progress import Advance, counter, step

BURN = (100, 100, 100)
"""Sweeps from a scattered division of people, with step sizes adapting, before draws are kept; moves are learned from
the gradients of all parts but the last."""
ROUNDS = 6


class Record(NamedTuple):
    """One draw: the population, everybody's component, acceptance, and tastes every now and then."""

    mixture: Mixture
    label: NDArray[np.int8]
    accepted: float
    theta: Array | None


@dataclass(frozen=True, eq=False)
class MixtureDraws:
    """Draws of a mixture, components named by `orders_of`.

    Attributes
    ----------
    share : (chain, draw, component)
    shift : (chain, draw, component, random)
    precision : (chain, draw, component, random, random)
    label : (chain, draw, person)
    accepted : (chain, draw)
    theta : (sample, person, random)
    sites
        Gaussians that stand for people's likelihoods.
    """

    share: Array
    shift: Array
    precision: Array
    label: Indices
    accepted: Array
    theta: Array
    sites: Sites

    @cached_property
    def mixtures(self) -> list[Mixture]:
        """All draws, chains one after another."""
        parts = (part.reshape(-1, *part.shape[2:]) for part in (self.share, self.shift, self.precision))
        return [Mixture(*draw) for draw in zip(*parts, strict=True)]

    @cached_property
    def moments(self) -> tuple[Array, Array]:
        """Mean (chain, draw, random) and covariance (chain, draw, random, random) of tastes over everybody."""
        mean, covariance = (np.array(part) for part in zip(*(one.moments for one in self.mixtures), strict=True))
        shape = self.accepted.shape
        return mean.reshape(*shape, -1), covariance.reshape(*shape, *covariance.shape[1:])

    @property
    def middle(self) -> TastePopulation:
        """One normal with the moments of everybody, in the middle of the posterior."""
        mean, covariance = (part.mean(axis=(0, 1)) for part in self.moments)
        return TastePopulation(mean[:, None], np.linalg.inv(covariance), np.empty(0))

    @property
    def typical(self) -> Mixture:
        """Average shares, means and covariances of components by their names."""
        covariance = np.linalg.inv(self.precision).mean(axis=(0, 1))
        return Mixture(self.share.mean(axis=(0, 1)), self.shift.mean(axis=(0, 1)), np.linalg.inv(covariance))


def sample_mixture(
    problem: MixedLogit,
    count: int,
    *,
    seed: int,
    draws: int,
    chains: int,
    is_short: Callable[[MixtureDraws], bool] = lambda _: False,
) -> MixtureDraws:
    """Return draws of people and of a mixture of so many normals; as `hierarchy.sampler.sample`."""
    pilot_rng, *rngs = np.random.default_rng(seed).spawn(chains + 1)
    pilot, every = adapted(problem, pilot_rng), thinning(problem, draws * chains)
    step("starting chains of people's tastes")
    with ThreadPoolExecutor(min(chains, os.cpu_count() or 1)) as pool:
        walkers = list(pool.map(lambda rng: _started(MixtureChain(pilot, count, rng)), rngs))
        records: list[list[Record]] = [[] for _ in rngs]
        for number in range(ROUNDS):
            longer = 2 ** max(0, number - 1)
            advance = counter(step(WALKING if number == 0 else WALKING_ON, chains * longer * draws))
            walk = partial(_walk, draws=longer * draws, every=longer * every, advance=advance)
            found = pool.map(walk, walkers)
            records = [seen + new for seen, new in zip(records, found, strict=True)]
            result = _gathered(records, pilot.sites, count, most=LONGEST * draws)
            if not is_short(result):
                break
    return result


def _started(chain: MixtureChain) -> MixtureChain:
    for place, sweeps in enumerate(BURN, 1):
        for _ in range(sweeps):
            chain.sweep(adapt=True)
        if place < len(BURN):
            chain.learn()
    return chain


def _walk(chain: MixtureChain, draws: int, every: int, advance: Advance) -> list[Record]:
    records = []
    for draw in range(draws):
        chain.sweep()
        people = chain.theta.copy() if draw % every == every - 1 else None
        records.append(Record(chain.mixture, chain.label.astype(np.int8), chain.accepted, people))
        advance()
    return records


def _gathered(records: Sequence[Sequence[Record]], sites: Sites, count: int, most: int) -> MixtureDraws:
    """Return draws evenly spaced along the chains, at most `most` of each, and all draws of people."""
    every = -(-len(records[0]) // most)
    kept = [record for chain in records for record in chain[every - 1 :: every]]
    label = np.array([record.label for record in kept], np.int64)
    orders = orders_of(label, count)
    share, shift, precision = (ordered(np.array([r.mixture[part] for r in kept]), orders) for part in range(3))
    label = np.take_along_axis(np.argsort(orders, axis=1), label, axis=1)
    shape = (len(records), len(kept) // len(records))
    share, shift, precision = (part.reshape(*shape, *part.shape[1:]) for part in (share, shift, precision))
    accepted = np.array([record.accepted for record in kept]).reshape(shape)
    theta = np.array([record.theta for chain in records for record in chain if record.theta is not None])
    return MixtureDraws(share, shift, precision, label.reshape(*shape, -1), accepted, theta, sites)
