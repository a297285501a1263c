"""Nodes in one row, thinned for the sampler: what the compiled population model reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from estimation.arrays import Array, Indices, Mask
from estimation.population.batch import Nodes
from estimation.population.ensemble import Ensemble
from estimation.population.normal import Population
from estimation.population.structure import Part, PopulationDraws


@dataclass(frozen=True, eq=False)
class FlatNodes:
    """Nodes of one part of a population in one row: kind after kind, within it person after person.

    Attributes
    ----------
    theta : (dim, node) array
    log_weight : (node,) array
    first_node : (kind * person + 1,) integer array
    kinds : int
    middle : (kind * person,) integer array, optional
        Where the second half of each row begins, if its halves are independent.
    """

    theta: Array
    log_weight: Array
    first_node: Any
    kinds: int
    middle: Any = None

    @classmethod
    def of(cls, nodes: Nodes, share: float = 1.0) -> FlatNodes:
        """Lay nodes out, thinned to about `nodes.kept` for each person without bias, or to a share of these.

        Most nodes of an importance sample carry little weight, and the sampler would pay for them at every step. Heavy
        nodes are kept; light ones are kept with a probability that follows their weight under the populations to
        come, and count for as much more (Horvitz and Thompson 1952): in each half of the nodes by itself.
        """
        kinds, people = len(nodes.population.share), sum(len(batch.person) for batch in nodes.batches)
        row, theta, log_weight = [], [], []
        for batch, chance in zip(nodes.batches, nodes.keep_chance(share), strict=True):
            for half in (False, True):
                mine = np.flatnonzero(batch.second == half)
                grown = _grown(chance[..., mine])
                kind, person, node = np.nonzero(grown)
                row.append(2 * (kind * people + batch.person[person]) + half)
                theta.append(batch.theta[kind, person, :, mine[node]])
                log_weight.append(batch.log_weight[kind, person, mine[node]] - np.log(grown[kind, person, node]))
        order = np.argsort(np.concatenate(row), kind="stable")
        counts = np.bincount(np.concatenate(row), minlength=2 * kinds * people)
        first = np.concatenate([[0], np.cumsum(counts)]).astype("int64")
        places = np.ascontiguousarray(np.concatenate(theta)[order].T)
        return cls(places, np.concatenate(log_weight)[order], first[::2].copy(), kinds, first[1::2].copy())

    def of_people(self, people: Any) -> FlatNodes:
        """Return the nodes of some people (positions), in this order."""
        crowd = (len(self.first_node) - 1) // self.kinds
        places = [kind * crowd + int(person) for kind in range(self.kinds) for person in people]
        rows = [slice(*self.first_node[[place, place + 1]]) for place in places]
        first = np.concatenate([[0], np.cumsum([row.stop - row.start for row in rows])]).astype("int64")
        within = None if self.middle is None else self.middle[places] - self.first_node[places]
        return FlatNodes(
            np.concatenate([self.theta[:, row] for row in rows], axis=-1),
            np.concatenate([self.log_weight[row] for row in rows]),
            first,
            self.kinds,
            None if within is None else first[:-1] + within,
        )

    def halves(self, rng: np.random.Generator) -> tuple[FlatNodes, FlatNodes]:
        """Return two halves of everybody's nodes: each estimates the same integrals with twice the variance.

        Where nodes do not say which halves are independent, halves are random: their difference is too large then, for
        nodes that are evenly spread err less.
        """
        lengths = np.diff(self.first_node)
        row = np.repeat(np.arange(len(lengths)), lengths)
        if self.middle is not None:
            beyond = np.arange(len(row)) >= self.middle[row]
            return self._some(row, ~beyond, np.log(2)), self._some(row, beyond, np.log(2))
        order = np.lexsort((rng.random(len(row)), row))
        second = np.zeros(len(row), dtype=bool)
        second[order] = (np.arange(len(row)) - self.first_node[row]) % 2 == 1
        single = lengths[row] == 1
        return self._some(row, ~second | single), self._some(row, second | single)

    def _some(self, row: Indices, kept: Mask, grown: float | None = None) -> FlatNodes:
        """Return some of the nodes (a mask over them; row: whose each node is), which count for all.

        By as much as `grown`, nats, each counts more; by its share of the number, if left out.
        """
        left = np.bincount(row[kept], minlength=len(self.first_node) - 1)
        more = np.log(np.diff(self.first_node) / left)[row[kept]] if grown is None else grown
        first = np.concatenate([[0], np.cumsum(left)]).astype("int64")
        return FlatNodes(np.ascontiguousarray(self.theta[:, kept]), self.log_weight[kept] + more, first, self.kinds)

    def dataset(self) -> xr.Dataset:
        """Return the nodes with named dimensions, to be kept with a fit."""
        data = {
            "theta": (("dim", "node"), self.theta),
            "log_weight": (("node",), self.log_weight),
            "first_node": (("row",), self.first_node),
            **({} if self.middle is None else {"middle": (("half",), self.middle)}),
        }
        return xr.Dataset(data, attrs={"kinds": self.kinds})

    @classmethod
    def from_dataset(cls, nodes: xr.Dataset) -> FlatNodes:
        """Rebuild the nodes from `dataset`."""
        theta, log_weight, first = (nodes[name].to_numpy() for name in ("theta", "log_weight", "first_node"))
        middle = nodes["middle"].to_numpy() if "middle" in nodes else None
        return cls(np.ascontiguousarray(theta), log_weight, first, int(nodes.attrs["kinds"]), middle)

    def data(self, part: int = 0) -> dict[str, Any]:
        """Return the named arrays that the PyMC model reads, for one of its parts."""
        arrays = {"theta": self.theta, "log_weight": self.log_weight, "first_node": self.first_node}
        return {of_part(name, part): array for name, array in arrays.items()}


def _grown(chance: Array) -> Array:
    """Return which nodes are kept, by systematic sampling (kind, person, node): their chances, and 0 for the others.

    Of each person and kind at least one is: with a weight of zero, where the person is not of the kind.
    """
    steps = np.floor(np.cumsum(chance, axis=-1) + 0.5)
    grown = np.where(np.diff(steps, prepend=0.0) > 0, chance, 0.0)
    kind, person = np.nonzero(~grown.any(axis=-1))
    grown[kind, person, chance[kind, person].argmax(axis=-1)] = 1e300
    return grown


def of_part(name: str, part: int) -> str:
    """Return what an array of one part of a population is called in the PyMC model."""
    return name if part == 0 else f"{name}_{part}"


def flat_nodes(ensemble: Ensemble, share: float = 1.0) -> tuple[FlatNodes, ...]:
    """Return the nodes that the sampler sees, or a share of these, for each part of the population."""
    return tuple(FlatNodes.of(nodes, share) for nodes in ensemble.nodes)


def some_draws(draws: PopulationDraws, count: int, rng: np.random.Generator) -> Indices:
    """Return which draws of a population people are drawn for, (sample,): each once, if there are enough."""
    return rng.choice(len(draws), size=count, replace=count > len(draws))


def people_draws(
    flats: tuple[FlatNodes, ...], draws: PopulationDraws, subjects: list[str], rng: np.random.Generator, chosen: Indices
) -> xr.Dataset:
    """Return posterior draws of every person: ``theta`` (sample, subject, parameter), ``kind`` (sample, subject).

    ``population`` (sample,) says from which draw of the population, chains one after another.

    For each of the `chosen` populations, one node per person is drawn with its posterior probability. A parameter that
    does not matter to the person's kind is drawn from the population given those that do.
    """
    names, people = [effect.name for effect in draws.structure.effects], len(subjects)
    theta, kind = np.empty((len(chosen), people, len(names))), np.empty((len(chosen), people), dtype="int64")
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
    flats: tuple[FlatNodes, ...], parts: tuple[Part, ...], population: Population, people: int, rng: np.random.Generator
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
        theta[here] = given(population.of(np.flatnonzero(here)), part.dims, mine[here], rng)
        kinds[here] = kind[here]
    return theta, kinds


def given(population: Population, dims: tuple[int, ...], known: Array, rng: np.random.Generator) -> Array:
    """Draw people of whom some parameters (dims) are known: (person, dim), `known` (person, those dims) in place."""
    if list(dims) == list(range(len(population.sd))):
        return known
    covariance = population.root @ population.root.T
    open_ = [dim for dim in range(len(population.sd)) if dim not in dims]
    mean = np.broadcast_to(population.mean, (len(known), len(population.sd)))
    result = np.empty_like(mean)
    result[:, dims] = known
    slope = np.linalg.solve(covariance[np.ix_(dims, dims)], covariance[np.ix_(dims, open_)])
    left = covariance[np.ix_(open_, open_)] - covariance[np.ix_(open_, dims)] @ slope
    noise = rng.standard_normal((len(known), len(open_))) @ np.linalg.cholesky(left).T
    result[:, open_] = mean[:, open_] + (known - mean[:, dims]) @ slope + noise
    return result


def _one_each(score: Array, first_node: Any, people: int) -> Array:
    """Return the index of the highest score of each person, whose nodes stand in one row for each kind."""
    tops = np.maximum.reduceat(score, first_node[:-1])
    is_top = score == np.repeat(tops, np.diff(first_node))
    place = np.flatnonzero(is_top)
    first = place[np.searchsorted(place, first_node[:-1])]  # no two scores are equal, but for those of nothing
    kind = tops.reshape(-1, people).argmax(axis=0)
    return np.asarray(first.reshape(-1, people)[kind, np.arange(people)])
