"""The most likely population of a theory's people: normal on the transformed scale, kinds with free shares.

People's parameters are integrated out, and nothing is believed beforehand. Along effects in which people differ by less
than what they did can tell, nodes move with the population (`moving`): spreads may end at nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr

from estimation.arrays import Array, Indices, Mask
from estimation.inference.pooled.likeliest import STEP, Peak, likeliest
from estimation.inference.pooled.moving import Movable, Moving, told_spreads
from estimation.inference.pooled.searched import HIGHEST, Searched, Units
from estimation.inference.pooled.theory_mode import TheoryMode, of_roles, told_mode
from estimation.inference.problem import MessageProblem
from estimation.population.ensemble import Ensemble, Team
from estimation.population.flat import FlatNodes, flat_nodes
from estimation.population.likelihoods import likelihoods_of_people
from estimation.population.nodes import Builder
from estimation.population.normal import Population
from estimation.population.structure import Coordinates, PopulationDraws

NARROW, BROAD = np.log(0.02), np.log(20.0)  # logs of spreads that are searched: beyond, nothing tells them apart
ROUNDS = 5  # of nodes made for the population that was found with the last ones, at most
SETTLED = 0.5  # nats by which the maximum moves from round to round in the end, and a hundred-thousandth of it
SERVED = 32  # populations near the maximum for which nodes are made
PLACED = 12  # places at which nodes that move are put, at most, before others are made
AWAY = 0.3  # units by which means and spreads may move from such a place
LOSS = 0.01  # nats by which a likelihood may be lower than before, when nodes are put elsewhere
CLOSE = 0.02  # units by which they move in the end
THIN = 0.15  # units: nodes are made for no smaller spreads than that, or half of what people's decisions tell


def population_mode(problem: MessageProblem, seed: int) -> TheoryMode:
    """Return the most likely population of a theory's people.

    Nodes are made anew for the population that was found with the last ones, until the maximum stands still.
    """
    if problem.has_unrelated_roles:
        return of_roles(problem, [population_mode(problem.in_role(role), seed) for role in problem.roles])
    problem.check()
    rng = np.random.default_rng(seed)
    builder = problem.builder(rng, os.cpu_count() or 1)
    coordinates = Searched(Coordinates(problem.structure), Units.of(problem))
    nodes = builder.build()
    near, made_to_move = nodes.population, np.zeros(len(nodes.population.sd), dtype=bool)
    vector, before = coordinates.searched(coordinates.coordinates.start(nodes.population)), -np.inf
    for _ in range(ROUNDS):
        ground = Ground.of(problem, builder, nodes, coordinates, near)
        peak, likelihood = ground.climbed(vector)
        vector, height, moves = peak.vector, peak.height, ground.moves(peak.vector)
        if abs(height - before) < SETTLED + 1e-5 * abs(height) and (moves == made_to_move).all():
            break
        before, made_to_move = height, moves
        nodes, near = _remade(builder, ground, peak, rng)
    one, other = (half.of(coordinates.populations(vector[:, None]))[0] for half in likelihood.halves(rng))
    return told_mode(problem, peak, lambda at: problem.draws(_posterior(problem, coordinates, at)), one - other)


@dataclass(frozen=True, eq=False)
class Staying:
    """Nodes of all parts of a population that stay where they are."""

    flats: tuple[FlatNodes, ...]

    def of(self, draws: PopulationDraws) -> Array:
        """Return log p(person | population) under every population, (draw, person), nats."""
        return likelihoods_of_people(self.flats, draws)

    def halves(self, rng: np.random.Generator) -> tuple[Staying, Staying]:
        """Return two halves of everybody's nodes; see `FlatNodes.halves`."""
        one, other = zip(*(flat.halves(rng) for flat in self.flats), strict=True)
        return Staying(one), Staying(other)


@dataclass(frozen=True, eq=False)
class Ground:
    """Nodes on which a maximum is searched.

    Attributes
    ----------
    nodes, parts
        The nodes, and those of each part, ready to be put elsewhere.
    coordinates
        Of populations, as they are searched.
    told : (effect,) array
        Spreads below which nodes move (`told_spreads`), in units of effects.
    """

    nodes: Ensemble
    parts: tuple[Movable, ...]
    coordinates: Searched
    told: Array

    @classmethod
    def of(
        cls, problem: MessageProblem, team: Team, nodes: Ensemble, coordinates: Searched, near: Population
    ) -> Ground:
        """Return the ground of nodes that were made for a problem, around a population."""
        parts = []
        for part, flat in zip(nodes.parts, flat_nodes(nodes), strict=True):
            prior = problem.structure.prior.part(part.dims, part.kinds)
            builder = Builder(problem.crowd, part, prior, team.rng, team.cores)
            parts.append(Movable(builder, flat, nodes.population.part(part.dims, part.kinds)))
        return cls(nodes, tuple(parts), coordinates, told_spreads(nodes, near) / coordinates.units.size)

    @property
    def effects(self) -> int:
        """How many effects there are."""
        return len(self.told)

    def climbed(self, vector: Array) -> tuple[Peak, Staying | Moving]:
        """Return the maximum that is reached from a vector, and the likelihood that is highest there.

        Where nodes move, the search goes from place to place, and less far from one beside which the likelihood is not
        as high as it was thought (a trust region).
        """
        moves, radius = self.moves(vector), 1.0
        likelihood = self.placed(vector, moves)
        height = self._likely(likelihood, vector).sum()
        for _ in range(PLACED):
            found = likeliest(partial(self._by_person, likelihood), vector, *self._around(vector, moves, radius)).vector
            now_moves = moves | self.moves(found)
            other = self.placed(found, now_moves) if now_moves.any() else likelihood
            other_height = self._likely(other, found).sum()
            if (now_moves == moves).all() and other_height < height - LOSS:
                radius /= 3
                continue
            has_left = self._has_left(vector, found, moves) or (now_moves != moves).any()
            vector, likelihood, height, moves = found, other, other_height, now_moves
            if not has_left:
                break
        low, high = bounds(self.coordinates)
        is_free = (vector > low + STEP) & (vector < high - STEP)
        return Peak(vector, partial(self._by_person, likelihood), is_free), likelihood

    def _by_person(self, likelihood: Staying | Moving, vector: Array) -> Array:
        return likelihood.of(self.coordinates.populations(vector))

    def _likely(self, likelihood: Staying | Moving, vector: Array) -> Array:
        return self._by_person(likelihood, vector[:, None])[0]

    def placed(self, vector: Array, moves: Mask) -> Staying | Moving:
        """Return the nodes, of which those along some effects (a mask) stand where a population has them."""
        if not moves.any():
            return Staying(tuple(part.flat for part in self.parts))
        centre, size, parts = self.coordinates.populations(vector[:, None]), self.coordinates.units.size, []
        for movable in self.parts:
            dims = np.array(movable.builder.part.dims, dtype="int64")
            local = centre[0].part(dims, movable.builder.part.kinds)
            parts.append(movable.placed(local, np.flatnonzero(moves[dims]), size[dims]))
        return Moving(tuple(parts), centre)

    def spreads(self, vector: Array) -> Array:
        """Return the spreads of a vector, (effect,), in units of effects."""
        return np.asarray(np.exp(vector[self.effects : 2 * self.effects]))

    def moves(self, vector: Array) -> Mask:
        """Return along which effects nodes move there, (effect,): where people differ less than can be told."""
        return np.asarray(self.spreads(vector) < self.told)

    def shifting(self, moves: Mask) -> Indices:
        """Return the coordinates that move nodes along some effects, but for spreads: means, and columns of these."""
        columns = self.coordinates.coordinates.structure.design.covariates.of
        return np.concatenate([np.flatnonzero(moves), 2 * self.effects + np.flatnonzero(moves[columns])])

    def _around(self, vector: Array, moves: Mask, radius: float) -> tuple[Array, Array]:
        """Return bounds of a search from a place: nodes that move, or that stay, say little of what lies beyond."""
        low, high = bounds(self.coordinates)
        spread, where, away = self.spreads(vector), self.shifting(moves), AWAY * radius
        low[where], high[where] = np.maximum(low, vector - away)[where], np.minimum(high, vector + away)[where]
        least = np.where(moves, np.log(np.maximum(spread - away, 1e-9)), np.log(0.99 * self.told))
        log_spread = slice(self.effects, 2 * self.effects)
        low[log_spread] = np.clip(least, NARROW, vector[log_spread])
        high[log_spread] = np.minimum(BROAD, np.where(moves, np.log(spread + away), BROAD))
        return low, high

    def _has_left(self, before: Array, vector: Array, moves: Mask) -> bool:
        """Return whether a search ended away from where nodes that move were put."""
        where, spread = self.shifting(moves), self.spreads(vector)
        gaps = np.concatenate([(vector - before)[where], (spread - self.spreads(before))[moves]])
        return bool((np.abs(gaps) > CLOSE).any())


def bounds(coordinates: Searched) -> tuple[Array, Array]:
    """Return the lowest and the highest vector that are searched: spreads end where nobody is told apart."""
    high = np.full(len(coordinates), HIGHEST)
    effects = len(coordinates.units.size)
    low, spreads = -high, slice(effects, 2 * effects)
    low[spreads], high[spreads] = NARROW, BROAD
    return low, high


def _remade(builder: Team, ground: Ground, peak: Peak, rng: np.random.Generator) -> tuple[Ensemble, Population]:
    """Return fresh nodes that suit the populations around a maximum, and the nearest of these.

    Nodes that move are not made for thin populations, and not for wide ones: in spreads from the mean, a person's
    nodes have to suit the spread at which they will be put.
    """
    coordinates, effects = ground.coordinates, ground.effects
    near = peak.vector[:, None] + peak.naive_root @ rng.standard_normal((len(coordinates), SERVED))
    near = np.clip(np.column_stack([peak.vector, near]).T, *bounds(coordinates)).T
    spreads, least = slice(effects, 2 * effects), np.log(np.clip(ground.told / 2, np.exp(NARROW), THIN))
    moves = ground.moves(peak.vector)
    near[spreads][moves] = np.maximum(peak.vector[spreads], least)[moves, None]
    where = ground.shifting(moves)
    near[where] = np.clip(near[where].T, *(peak.vector[where] + sign * AWAY for sign in (-1, 1))).T
    met = coordinates.populations(near)
    return builder.meeting(met).polish(ground.nodes, met.wide), met.some(1)[0]


def _posterior(problem: MessageProblem, coordinates: Searched, vector: Array) -> xr.Dataset:
    """Return populations, one for each vector, as if they were the draws of one chain."""
    found = coordinates.populations(vector).found
    data = {name: (("chain", "draw", f"{name}_dim_0"), value[None]) for name, value in found.items()}
    coords = {"chain": [0], "draw": np.arange(vector.shape[1])}
    return problem.named(xr.Dataset(data, coords=coords))
