"""The population model in PyMC: how parameters vary over people, given nodes or given the decisions themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from scipy import special

from estimation.games.game import Array
from estimation.population.integral import integrate, person_integral
from estimation.population.nodes import Batch, Nodes
from estimation.population.normal import Population
from estimation.population.proposal import INFLATED
from estimation.theories.parameter import Parameter


NEGLIGIBLE = 1e-4  # share of a person's likelihood that may be lost by leaving out their least likely nodes


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
        """Lay nodes out, without those that matter under neither the current nor a wider population.

        Most nodes of an importance sample carry next to no weight, and all nodes of a kind that a person is not carry
        none; the sampler need not pay for them at every step.
        """
        pieces: dict[tuple[int, int], tuple[Array, Array]] = {}
        for batch in nodes.batches:
            keep = _matters(batch, nodes.population)
            for kind, position in np.ndindex(keep.shape[:2]):
                kept = keep[kind, position]
                piece = batch.theta[kind, position][:, kept], batch.log_weight[kind, position][kept]
                pieces[kind, int(batch.person[position])] = piece
        ordered = [pieces[key] for key in sorted(pieces)]
        lengths = [len(weight) for _, weight in ordered]
        return cls(
            np.concatenate([theta for theta, _ in ordered], axis=-1),
            np.concatenate([weight for _, weight in ordered]),
            np.concatenate([[0], np.cumsum(lengths)]).astype("int64"),
            len(nodes.population.share),
        )

    def data(self) -> dict[str, Any]:
        """Return the named arrays that the PyMC model reads."""
        return {"theta": self.theta, "log_weight": self.log_weight, "first_node": self.first_node}


def _matters(batch: Batch, population: Population) -> Array:
    """Return which nodes make up all but a negligible part of a person's likelihood, (kind, person, node)."""
    keep = np.zeros(batch.log_weight.shape, bool)
    keep[:, :, 0] = True  # never an empty row: a kind that a person is not keeps one node
    for widened in (1.0, INFLATED):
        terms = batch.log_terms(population, widened)
        share = np.exp(terms - terms.max(axis=(0, 2), keepdims=True))
        share /= share.sum(axis=(0, 2), keepdims=True)
        kinds, people, count = share.shape
        flat = np.moveaxis(share, 1, 0).reshape(people, kinds * count)
        order = np.argsort(flat, axis=1)
        lost = np.take_along_axis(np.cumsum(np.take_along_axis(flat, order, 1), axis=1), np.argsort(order, axis=1), 1)
        keep |= np.moveaxis((lost > NEGLIGIBLE).reshape(people, kinds, count), 0, 1)
    return keep


def prior_data(parameters: tuple[Parameter, ...]) -> dict[str, Array]:
    """Return the priors of the population as the named arrays that the PyMC model reads."""
    return {
        "centre": np.array([p.centre for p in parameters]),
        "centre_sd": np.array([p.centre_sd for p in parameters]),
        "spread": np.array([p.spread for p in parameters]),
    }


def population_variables(dims: int, kinds: int) -> tuple[Any, Any, Any]:
    """Declare mean (parameter,), sd (parameter,) and share (kind,) in the current PyMC model."""
    mean = pm.Normal("mean", pm.modelcontext(None)["centre"], pm.modelcontext(None)["centre_sd"], shape=dims)
    sd = pm.HalfNormal("sd", pm.modelcontext(None)["spread"], shape=dims)
    share = pm.Dirichlet("share", np.ones(kinds)) if kinds > 1 else pt.ones(1)
    return mean, sd, share


@lru_cache(maxsize=16)
def integrated_model(dims: int, kinds: int) -> pm.Model:
    """Return the PyMC model of the population alone, people integrated out by nodes.

    It depends on the numbers of parameters and kinds only; nodes, priors and who counts are data, so that one compiled
    model serves every fit of the same shape. `person_weight` is 0 for people who are left out.
    """
    one = np.ones(dims)
    with pm.Model() as model:
        for name, value in {"centre": 0 * one, "centre_sd": one, "spread": one}.items():
            pm.Data(name, value)
        theta = pm.Data("theta", np.zeros((dims, 2 * kinds)))
        log_weight = pm.Data("log_weight", np.zeros(2 * kinds))
        first_node = pm.Data("first_node", np.arange(2 * kinds + 1))
        person_weight = pm.Data("person_weight", np.ones(2))
        mean, sd, share = population_variables(dims, kinds)
        everyone = pt.broadcast_to(mean, (first_node.shape[0] - 1, dims))
        terms = person_integral(everyone, pt.diag(1 / sd), theta, log_weight, first_node)[0].reshape((kinds, -1))
        total = terms[0] if kinds == 1 else pt.logsumexp(terms + pt.log(share)[:, None], axis=0)
        pm.Potential("people", (person_weight * total).sum())
    return model


def log_likelihood_of_people(flat: FlatNodes, population: Population) -> Array:
    """Return log p(person | population), (person,), from the nodes: the NumPy twin of `integrated_model`."""
    rows = len(flat.first_node) - 1
    mean, whitener = np.broadcast_to(population.mean, (rows, len(population.mean))), np.diag(1 / population.sd)
    terms = integrate(np.ascontiguousarray(mean), whitener, flat.theta, flat.log_weight, flat.first_node)[0]
    return np.asarray(special.logsumexp(terms.reshape(flat.kinds, -1) + np.log(population.share)[:, None], axis=0))
