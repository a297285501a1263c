"""The most likely population of a theory's people: normal on the transformed scale, kinds with free shares.

People's parameters are integrated out, and nothing is believed beforehand.
"""

from __future__ import annotations

import os

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.inference.pooled.likeliest import ByPerson, Peak, likeliest
from estimation.inference.pooled.searched import HIGHEST, Searched, Units
from estimation.inference.pooled.theory_mode import TheoryMode, of_roles, told_mode
from estimation.inference.problem import MessageProblem
from estimation.population.ensemble import Ensemble, Team
from estimation.population.flat import FlatNodes, flat_nodes
from estimation.population.likelihoods import likelihoods_of_people
from estimation.population.structure import Coordinates

NARROW, BROAD = np.log(0.02), np.log(20.0)  # logs of spreads that are searched: beyond, nothing tells them apart
ROUNDS = 5  # of nodes made for the population that was found with the last ones, at most
SETTLED = 0.5  # nats by which the maximum moves from round to round in the end, and a hundred-thousandth of it
SERVED = 32  # populations near the maximum for which nodes are made


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
    vector, before = coordinates.searched(coordinates.coordinates.start(nodes.population)), -np.inf
    for _ in range(ROUNDS):
        peak = likeliest(_by_person(flat_nodes(nodes), coordinates), vector, *_bounds(coordinates))
        vector, height = peak.vector, peak.height
        if abs(height - before) < SETTLED + 1e-5 * abs(height):
            break
        before, nodes = height, _remade(builder, nodes, peak, coordinates, rng)
    one, other = (
        _by_person(half, coordinates)(vector[:, None])[0]
        for half in zip(*(flat.halves(rng) for flat in flat_nodes(nodes)), strict=True)
    )
    return told_mode(problem, peak, lambda at: problem.draws(_posterior(problem, coordinates, at)), one - other)


def _by_person(flats: tuple[FlatNodes, ...], coordinates: Searched) -> ByPerson:
    return lambda vector: likelihoods_of_people(flats, coordinates.populations(vector))


def _bounds(coordinates: Searched) -> tuple[Array, Array]:
    """Return the lowest and the highest vector that are searched: spreads end where nobody is told apart."""
    high = np.full(len(coordinates), HIGHEST)
    effects = len(coordinates.units.size)
    low, spreads = -high, slice(effects, 2 * effects)
    low[spreads], high[spreads] = NARROW, BROAD
    return low, high


def _remade(builder: Team, nodes: Ensemble, peak: Peak, coordinates: Searched, rng: np.random.Generator) -> Ensemble:
    """Return fresh nodes that suit the populations around a maximum."""
    near = peak.vector[:, None] + peak.naive_root @ rng.standard_normal((len(coordinates), SERVED))
    met = coordinates.populations(np.column_stack([peak.vector, np.clip(near.T, *_bounds(coordinates)).T]))
    return builder.meeting(met).polish(nodes, met.wide)


def _posterior(problem: MessageProblem, coordinates: Searched, vector: Array) -> xr.Dataset:
    """Return populations, one for each vector, as if they were the draws of one chain."""
    found = coordinates.populations(vector).found
    data = {name: (("chain", "draw", f"{name}_dim_0"), value[None]) for name, value in found.items()}
    coords = {"chain": [0], "draw": np.arange(vector.shape[1])}
    return problem.named(xr.Dataset(data, coords=coords))
