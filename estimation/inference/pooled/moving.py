"""Nodes that move with the population, along effects in which people differ little.

Where people differ by much less than what they did can tell, a density at fixed nodes has no digits left: few nodes lie
within it, and how a likelihood changes with a mean is how it happens to meet them. There the nodes move: a person with
z on an effect has the mean plus z spreads, and what changes is the likelihood of what they did. It is known at nodes,
and around them to second order (a quadratic in the effects that move, by central differences), so that derivatives at
the place for which it was made are those of the integral, also where nobody differs at all. Along effects in which
people differ much, nodes stay, for there it is the moving ones that say little.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import special

from estimation.arrays import Array, Indices
from estimation.population.ensemble import Ensemble
from estimation.population.flat import FlatNodes
from estimation.population.likelihoods import NODES, precisions
from estimation.population.nodes import Builder
from estimation.population.normal import NOBODY, Population
from estimation.population.structure import Part, PopulationDraws
from estimation.population.summed import log_sums

STEP = 0.1  # of central differences, in units of an effect: over it, kinks of losses that are distances even out
LOST = 1e8  # of slopes: of nodes where, or beside which, what was done is ruled out, and counts as -1e10 nats


@dataclass(frozen=True, eq=False)
class MovingPart:
    """Nodes of one part of a population, of which some effects move.

    Attributes
    ----------
    part
        Kinds and effects.
    moved : (moved,) integer array
        Which of the part's effects move, by position.
    flat
        What is known of each node, one row after another: the effects of the part, of which those that move are in
        spreads from the mean; slopes of the log likelihood along these; and its second derivatives (the diagonal and
        what lies below it).
    """

    part: Part
    moved: Indices
    flat: FlatNodes

    def of(self, draws: PopulationDraws, centre: PopulationDraws) -> Array:
        """Return the log of what this part adds to the likelihood of each person, (draw, kind and person), nats.

        Parameters
        ----------
        centre
            The population for which the nodes that move were put where they are.
        """
        constant, weights = self._weights(draws, centre)
        rows = np.arange(len(self.flat.first_node) - 1)
        blocks = np.split(rows, np.flatnonzero(np.diff(self.flat.first_node[:-1] // NODES)) + 1)
        value = [self._of_rows(weights, block[0], block[-1] + 1) for block in blocks]
        return np.asarray(np.concatenate(value, axis=1) + constant[:, None])

    def _of_rows(self, weights: Array, start: int, stop: int) -> Array:
        """Return the log of sums over the nodes of some rows, (draw, row); see `population.likelihoods`."""
        first = self.flat.first_node[start : stop + 1]
        here = slice(first[0], first[-1])
        terms = weights @ self._features(self.flat.theta[:, here])
        return np.asarray(log_sums(terms, self.flat.log_weight[here].copy(), first[:-1] - first[0]))

    def _features(self, known: Array) -> Array:
        """Return what the logs of nodes are linear in under any population, (feature, node); see `_weights`."""
        count, moved = len(self.part.dims), len(self.moved)
        own, slope, bend = np.split(known, [count, count + moved])
        away, (d, e), (m, n) = own[self.moved], np.tril_indices(count), np.tril_indices(moved)
        pieces = [own, own[d] * own[e], slope, slope * away]
        pieces += [bend, bend * away[n], bend * away[m], bend * away[m] * away[n]]
        return np.concatenate(pieces)

    def _weights(self, draws: PopulationDraws, centre: PopulationDraws) -> tuple[Array, Array]:
        """Return a constant (draw,) and weights of `_features` (draw, feature).

        Of the density, in which effects that move are in spreads from the mean, and of the rise of the log likelihood,
        quadratic in the distance ``a + b z`` of a node from where it was put.
        """
        dims, moved = list(self.part.dims), self.moved
        (mean, sd), (was, wide) = ((one.found["mean"][:, dims], one.found["sd"][:, dims]) for one in (draws, centre))
        a, b = (mean - was)[:, moved], (sd - wide)[:, moved]
        mean, sd = mean.copy(), sd.copy()
        mean[:, moved], sd[:, moved] = 0.0, 1.0
        precision, log_volume = precisions(draws, dims, sd)
        linear = np.einsum("ndk,nk->nd", precision, mean)
        constant = -0.5 * (linear * mean).sum(axis=1) - log_volume - 0.5 * len(dims) * np.log(2 * np.pi)
        (d, e), (m, n) = np.tril_indices(len(dims)), np.tril_indices(len(moved))
        square, bent = -np.where(d == e, 0.5, 1.0) * precision[:, d, e], np.where(m == n, 0.5, 1.0)
        rise = [a, b, bent * a[:, m] * a[:, n], bent * a[:, m] * b[:, n], bent * b[:, m] * a[:, n]]
        return constant, np.column_stack([linear, square, *rise, bent * b[:, m] * b[:, n]])


@dataclass(frozen=True, eq=False)
class Moving:
    """Nodes of all parts of a population, of which some effects move.

    Attributes
    ----------
    centre
        The population for which they were put where they are: one draw.
    """

    parts: tuple[MovingPart, ...]
    centre: PopulationDraws

    def of(self, draws: PopulationDraws) -> Array:
        """Return log p(person | population) under every population, (draw, person), nats."""
        if not len(draws.structure.design.covariates.of):
            return self._alike(draws, self.centre)
        found = np.empty((len(draws), len(draws.structure.design.covariates.value)))
        for (people, theirs), (_, centre) in zip(draws.by_columns(), self.centre.by_columns(), strict=True):
            own = tuple(replace(part, flat=part.flat.of_people(people)) for part in self.parts)
            found[:, people] = Moving(own, centre)._alike(theirs, centre)
        return found

    def halves(self, rng: np.random.Generator) -> tuple[Moving, ...]:
        """Return two halves of everybody's nodes; see `FlatNodes.halves`."""
        pairs = [part.flat.halves(rng) for part in self.parts]
        halves = (
            [replace(part, flat=pair[half]) for part, pair in zip(self.parts, pairs, strict=True)] for half in (0, 1)
        )
        return tuple(Moving(tuple(half), self.centre) for half in halves)

    def _alike(self, draws: PopulationDraws, centre: PopulationDraws) -> Array:
        terms = []
        for part in self.parts:
            value = part.of(draws, centre).reshape(len(draws), part.flat.kinds, -1)
            if "share" in draws.found:
                share = draws.found["share"] / draws.found["share"].sum(axis=1, keepdims=True)
                value = value + np.log(np.maximum(share, NOBODY))[:, part.part.kinds, None]
            terms.append(value)
        return np.asarray(special.logsumexp(np.concatenate(terms, axis=1), axis=1))


@dataclass(frozen=True, eq=False)
class Movable:
    """Nodes of one part as they were made.

    Attributes
    ----------
    builder
        Who evaluates nodes of this part.
    flat
        The nodes.
    made_for
        The population of this part that they were made for.
    """

    builder: Builder
    flat: FlatNodes
    made_for: Population

    @cached_property
    def log_weight(self) -> Array:
        """Minus the log of the density of nodes, (node,)."""
        return np.asarray(self.flat.log_weight - self.evaluated(self.flat.theta))

    def placed(self, population: Population, moved: Indices, size: Array) -> MovingPart:
        """Return the nodes around a population of this part, along effects (positions) of some units, (effect,)."""
        row = np.repeat(np.arange(len(self.flat.first_node) - 1), np.diff(self.flat.first_node))
        person = row % ((len(self.flat.first_node) - 1) // self.flat.kinds)
        before, now = (
            np.broadcast_to(one.of(person).mean.T if one.mean.ndim == 2 else one.mean[:, None], self.flat.theta.shape)
            for one in (self.made_for, population)
        )
        white = ((self.flat.theta - before) / self.made_for.sd[:, None])[moved]
        theta = self.flat.theta.copy()
        theta[moved] = now[moved] + population.sd[moved, None] * white
        height, slope, bend = self._quadratic(theta, moved, STEP * size)
        mixed = self.flat.theta.copy()
        mixed[moved] = white
        known = np.ascontiguousarray(np.concatenate([mixed, slope, bend]))
        weight = self.log_weight + height - np.log(self.made_for.sd[moved]).sum()
        return MovingPart(self.builder.part, moved, replace(self.flat, theta=known, log_weight=weight))

    def _quadratic(self, theta: Array, moved: Indices, steps: Array) -> tuple[Array, Array, Array]:
        """Return log likelihoods at nodes (dim, node), and their slopes and second derivatives along some effects."""

        def near(away: Array) -> Array:
            return self.evaluated(theta + away[:, None])

        height, alone = self.evaluated(theta), np.diag(steps)[moved]
        up, down = (np.array([near(sign * step) for step in alone]).reshape(-1, theta.shape[1]) for sign in (1, -1))
        slope = (up - down) / (2 * steps[moved, None])
        bend = []
        for one, other in zip(*np.tril_indices(len(moved)), strict=True):
            ends = up[one] + down[one] - 2 * height
            if one != other:
                both = near(alone[one] + alone[other]) + near(-alone[one] - alone[other]) - 2 * height
                ends = 0.5 * (both - ends - (up[other] + down[other] - 2 * height))
            bend.append(ends / (steps[moved[one]] * steps[moved[other]]))
        bends = np.array(bend).reshape(-1, theta.shape[1])
        lost = np.maximum(np.abs(slope).max(axis=0), np.abs(bends).max(axis=0)) > LOST
        return height, np.where(lost, 0.0, slope), np.where(lost, 0.0, bends)

    def evaluated(self, theta: Array) -> Array:
        """Return the log likelihood at nodes (dim, node) that stand where those of `flat` do, (node,), nats."""
        first, lengths = self.flat.first_node[:-1], np.diff(self.flat.first_node)
        place = first[:, None] + np.minimum(np.arange(lengths.max()), lengths[:, None] - 1)
        people = len(lengths) // self.flat.kinds
        padded = theta[:, place].reshape(len(theta), self.flat.kinds, people, -1).transpose(1, 2, 0, 3)
        value = self.builder.evaluated(np.arange(people), np.ascontiguousarray(padded)).reshape(len(lengths), -1)
        return np.asarray(value[np.arange(value.shape[1]) < lengths[:, None]])


def told_spreads(ensemble: Ensemble, population: Population) -> Array:
    """Return the spread at which people would be told as well by what they did as by a population, (effect,).

    That is where posteriors of people have half the variance of the population, on average. Of people whose likelihood
    is flat to one side these variances grow with the population's: a wider population than people are from says that
    they differ too little to be told.
    """
    left, whole = np.zeros((2, len(population.sd)))
    for part, nodes, chance in zip(ensemble.parts, ensemble.nodes, ensemble.chances(population), strict=True):
        local, dims = population.part(part.dims, part.kinds), list(part.dims)
        for batch in nodes.batches:
            weight, gap = batch.weights(local), batch.theta - local.of(batch.person).mean[..., None]
            first, second = (np.einsum("kis,kids->id", weight, gap**power) for power in (1, 2))
            left[dims] += chance[batch.person] @ (second - first**2) / local.sd**2
            whole[dims] += chance[batch.person].sum()
    share = np.clip(left / np.maximum(whole, 1e-300), 1e-6, 1 - 1e-6)
    return np.asarray(population.sd * np.sqrt(share / (1 - share)))
