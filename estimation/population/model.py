"""The population model in PyMC: how parameters vary over people, given nodes or given the decisions themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from scipy import special

from estimation.games.game import Array
from estimation.population.batch import Batch, Nodes
from estimation.population.integral import integrate, person_integral
from estimation.population.normal import Population
from estimation.population.proposal import INFLATED
from estimation.theories.parameter import SPREAD_LOG_SD


@dataclass(frozen=True, eq=False)
class FlatNodes:
    """Nodes in one row: kind after kind, within it person after person.

    Attributes
    ----------
    theta : (dim, node) array
    log_weight : (node,) array
    first_node : (kind * person + 1,) integer array
    kinds : int
    """

    theta: Array
    log_weight: Array
    first_node: Any
    kinds: int

    @classmethod
    def of(cls, nodes: Nodes) -> FlatNodes:
        """Lay nodes out, thinned to about `nodes.kept` for each person without bias.

        Most nodes of an importance sample carry little weight, and the sampler would pay for them at every step. Heavy
        nodes are kept; light ones are kept with a probability that follows their weight under a widened population,
        and count for as much more (Horvitz and Thompson 1952).
        """
        pieces: dict[tuple[int, int], tuple[Array, Array]] = {}
        for batch in nodes.batches:
            chance = keep_chance(batch, nodes)
            for kind, position in np.ndindex(chance.shape[:2]):
                kept, grown = _kept(chance[kind, position])
                piece = (
                    batch.theta[kind, position][:, kept],
                    batch.log_weight[kind, position][kept] - np.log(grown),
                )
                pieces[kind, int(batch.person[position])] = piece
        ordered = [pieces[key] for key in sorted(pieces)]
        lengths = [len(weight) for _, weight in ordered]
        return cls(
            np.concatenate([theta for theta, _ in ordered], axis=-1),
            np.concatenate([weight for _, weight in ordered]),
            np.concatenate([[0], np.cumsum(lengths)]).astype("int64"),
            len(nodes.population.share),
        )

    def of_person(self, person: int) -> FlatNodes:
        """Return the nodes of one person."""
        people = (len(self.first_node) - 1) // self.kinds
        rows = [slice(*self.first_node[[row, row + 1]]) for row in range(person, self.kinds * people, people)]
        return FlatNodes(
            np.concatenate([self.theta[:, row] for row in rows], axis=-1),
            np.concatenate([self.log_weight[row] for row in rows]),
            np.concatenate([[0], np.cumsum([row.stop - row.start for row in rows])]).astype("int64"),
            self.kinds,
        )

    def halves(self, rng: np.random.Generator) -> tuple[FlatNodes, FlatNodes]:
        """Return two random halves of everybody's nodes: each estimates the same integrals with twice the variance."""
        lengths = np.diff(self.first_node)
        row = np.repeat(np.arange(len(lengths)), lengths)
        order = np.lexsort((rng.random(len(row)), row))
        second = np.zeros(len(row), dtype=bool)
        second[order] = (np.arange(len(row)) - self.first_node[row]) % 2 == 1
        single = lengths[row] == 1
        return self._part(~second | single), self._part(second | single)

    def _part(self, kept: Any) -> FlatNodes:
        """Return some of the nodes (a mask over them), which count for all."""
        row = np.repeat(np.arange(len(self.first_node) - 1), np.diff(self.first_node))
        left = np.bincount(row[kept], minlength=len(self.first_node) - 1)
        grown = np.log(np.diff(self.first_node) / left)[row[kept]]
        first = np.concatenate([[0], np.cumsum(left)]).astype("int64")
        return FlatNodes(
            np.ascontiguousarray(self.theta[:, kept]), self.log_weight[kept] + grown, first, self.kinds
        )

    def dataset(self) -> xr.Dataset:
        """Return the nodes with named dimensions, to be kept with a fit."""
        data = {
            "theta": (("dim", "node"), self.theta),
            "log_weight": (("node",), self.log_weight),
            "first_node": (("row",), self.first_node),
        }
        return xr.Dataset(data, attrs={"kinds": self.kinds})

    @classmethod
    def from_dataset(cls, nodes: xr.Dataset) -> FlatNodes:
        """Rebuild the nodes from `dataset`."""
        theta, log_weight, first = (nodes[name].to_numpy() for name in ("theta", "log_weight", "first_node"))
        return cls(np.ascontiguousarray(theta), log_weight, first, int(nodes.attrs["kinds"]))

    def data(self) -> dict[str, Any]:
        """Return the named arrays that the PyMC model reads."""
        return {"theta": self.theta, "log_weight": self.log_weight, "first_node": self.first_node}


def keep_chance(batch: Batch, nodes: Nodes) -> Array:
    """Return the probability with which each node is kept, (kind, person, node)."""
    terms = batch.log_terms(nodes.population, INFLATED)
    share = np.exp(terms - terms.max(axis=(0, 2), keepdims=True))
    share /= share.sum(axis=(0, 2), keepdims=True)
    return np.minimum(1.0, nodes.kept * share)


def _kept(chance: Array) -> tuple[Any, Array]:
    """Return which nodes of one person and kind are kept, by systematic sampling, and their chances; never none."""
    steps = np.floor(np.cumsum(chance) + 0.5)
    kept = np.flatnonzero(np.diff(steps, prepend=0.0) > 0)
    if not len(kept):
        return np.array([np.argmax(chance)]), np.ones(
            1
        ) * 1e300  # a kind that the person is not: a weight of zero
    return kept, chance[kept]


def population_variables(dims: int, kinds: int) -> tuple[Any, Any, Any]:
    """Declare mean (parameter,), sd (parameter,) and share (kind,) in the current PyMC model; their priors are data."""
    data = {name: pm.Data(name, np.ones(dims)) for name in ("centre", "centre_sd", "spread")}
    mean = pm.Normal("mean", data["centre"], data["centre_sd"], shape=dims)
    sd = pm.LogNormal("sd", pt.log(data["spread"]), SPREAD_LOG_SD, shape=dims)
    share = pm.Dirichlet("share", np.ones(kinds)) if kinds > 1 else pt.ones(1)
    return mean, sd, share


@lru_cache(maxsize=16)
def integrated_model(dims: int, kinds: int) -> pm.Model:
    """Return the PyMC model of the population alone, people integrated out by nodes.

    It depends on the numbers of parameters and kinds only; nodes, priors and who counts are data, so that one compiled
    model serves every fit of the same shape. `person_weight` is 0 for people who are left out.
    """
    with pm.Model() as model:
        theta = pm.Data("theta", np.zeros((dims, 2 * kinds)))
        log_weight = pm.Data("log_weight", np.zeros(2 * kinds))
        first_node = pm.Data("first_node", np.arange(2 * kinds + 1))
        person_weight = pm.Data("person_weight", np.ones(2))
        mean, sd, share = population_variables(dims, kinds)
        everyone = pt.broadcast_to(mean, (first_node.shape[0] - 1, dims))
        terms = person_integral(everyone, pt.diag(1 / sd), theta, log_weight, first_node)[0].reshape(
            (kinds, -1)
        )
        total = terms[0] if kinds == 1 else pt.logsumexp(terms + pt.log(share)[:, None], axis=0)
        pm.Potential("people", (person_weight * total).sum())
    return model


def log_likelihood_of_people(flat: FlatNodes, population: Population) -> Array:
    """Return log p(person | population), (person,), from the nodes: the NumPy twin of `integrated_model`."""
    rows = len(flat.first_node) - 1
    mean, whitener = (
        np.broadcast_to(population.mean, (rows, len(population.mean))),
        np.diag(1 / population.sd),
    )
    terms = integrate(
        np.ascontiguousarray(mean), whitener, flat.theta, flat.log_weight, flat.first_node, True
    )[0]
    return np.asarray(
        special.logsumexp(terms.reshape(flat.kinds, -1) + np.log(population.share)[:, None], axis=0)
    )
