"""What drawing a population returns, however it was done."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from estimation.population.ensemble import Ensemble


@dataclass(frozen=True, eq=False)
class Sampled:
    """Draws of a problem's population, and the nodes that they stand on.

    Attributes
    ----------
    posterior, stats, proposals
        Draws, what the sampler says of itself, and how well proposals covered the posterior if it was drawn by them.
    nodes, quality
        Everybody's nodes, and how far their integrals can be trusted in the middle of the posterior.
    sampler
        How the draws were made, and why so.
    """

    posterior: xr.Dataset
    stats: xr.Dataset
    nodes: Ensemble
    quality: xr.Dataset
    sampler: str
    proposals: xr.Dataset | None = None
