"""People under one population, by the compiled integral that the sampler uses: an oracle for many at once."""

from __future__ import annotations

import numpy as np
from scipy import special

from estimation.arrays import Array
from estimation.population.flat import FlatNodes
from estimation.population.integral import integrate
from estimation.population.normal import Population
from estimation.population.structure import Part


def log_likelihood_of_people(flats: tuple[FlatNodes, ...], parts: tuple[Part, ...], population: Population) -> Array:
    """Return log p(person | population), (person,), from the nodes: the NumPy twin of `integrated_model`."""
    terms = []
    for flat, part in zip(flats, parts, strict=True):
        rows, local = len(flat.first_node) - 1, population.part(part.dims, part.kinds)
        people = (rows // flat.kinds, len(part.dims))
        if local.is_impossible:
            terms.append(np.full((flat.kinds, people[0]), -np.inf))
            continue
        mean = np.tile(np.broadcast_to(local.mean, people), (flat.kinds, 1))
        diagonal = local.correlation is None
        pieces = (flat.theta, flat.log_weight, flat.first_node, diagonal)
        value = integrate(np.ascontiguousarray(mean), np.ascontiguousarray(local.whitener), *pieces)[0]
        terms.append(value.reshape(flat.kinds, -1) + local.log_share[:, None])
    return np.asarray(special.logsumexp(np.concatenate(terms), axis=0))
