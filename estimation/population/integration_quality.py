"""How far each person's integral over their parameters can be trusted, given the nodes that it is a sum over."""

from __future__ import annotations

import numpy as np
import xarray as xr

from estimation.population.ensemble import Ensemble
from estimation.population.normal import Population


def integration_quality(ensemble: Ensemble, population: Population, subjects: list[str]) -> xr.Dataset:
    """Return, per subject, how far the integral over their parameters can be trusted at one population.

    Variables: ``effective`` nodes, Pareto ``k`` of the importance weights, Monte-Carlo ``error`` of the log likelihood
    (nats; conservative, since evenly spread nodes err less than random ones).
    """
    thinned, count = np.zeros(len(subjects)), np.zeros(len(subjects))
    chances = ensemble.chances(population)
    for part, nodes, chance in zip(ensemble.parts, ensemble.nodes, chances, strict=True):
        for batch, keep_chance in zip(nodes.batches, nodes.keep_chance(), strict=True):
            weight = batch.weights(population.part(part.dims, part.kinds)) * chance[batch.person, None]
            lost = 1 / np.maximum(keep_chance, 1e-12) - 1
            thinned[batch.person] += (weight**2 * lost).sum(axis=(0, 2))
            count[batch.person] += batch.log_weight[:, 0].size
    size = ensemble.effective(population)
    return xr.Dataset(
        {
            "effective": ("subject", size),
            "k": ("subject", ensemble.pareto_k(population)),
            "error": ("subject", np.sqrt(np.maximum(1 / size - 1 / count, 0) + thinned)),
            "nodes": ("subject", count),
        },
        coords={"subject": subjects},
    )
