"""Draws of a posterior with few parameters: proposals that cover it, else NUTS; enough of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.choice.likelihoods.newton import Top
from estimation.choice.likelihoods.target import Smooth
from estimation.choice.sampling.independence import Around, Chains, Shape, sample_from
from estimation.choice.sampling.nuts import sample_nuts
from estimation.fits.checkpoint import NOTHING_KEPT, Checkpoint
from estimation.fits.checks import ESS_PER_CHAIN
from estimation.fits.job import Settings
from estimation.fits.kernels import Kernels
from estimation.progress import step

LENGTHS = (1, 2, 4, 8)
"""Lengths of chains that are tried, in draws asked for, until they agree and are long enough."""
MISSES = 3
"""Times that proposals may miss the posterior: those around the mode, then kernels around what mattered before."""
FOLLOWING = "independence, proposals fitted to the posterior"
LONGEST = 4
"""Times the draws asked for that are kept: longer chains are thinned."""


@dataclass(frozen=True, eq=False)
class PosteriorDraws:
    """Draws, and how they came about.

    Parameters
    ----------
    draws : (chain, draw, parameter)
        As many as were asked for, or up to `LONGEST` times as many.
    stats
        The sampler's statistics, (chain, draw).
    proposals
        The independence sampler's chains, if the draws are theirs.
    facts
        How it went, as plain data.
    """

    draws: Array
    stats: xr.Dataset
    proposals: Chains | None
    facts: dict[str, Any]


def sample_top(
    target: Smooth,
    top: Top,
    log_density: Callable[[Array], Array],
    shape: Shape,
    *,
    thin: int,
    settings: Settings,
    is_short: Callable[[Array], bool],
    checkpoint: Checkpoint = NOTHING_KEPT,
    before_chains: Callable[[], None] = lambda: None,
) -> PosteriorDraws:
    """Return draws by proposals around the top, or by those that follow the posterior; by NUTS where these fail too.

    The manifest's facts say "failed" of proposals that stayed too few, too.

    Parameters
    ----------
    top, log_density, shape, thin
        See `Around` and `sample_from`.
    is_short
        Whether draws (chain, draw, parameter) are too few or their chains disagree; they are made anew, more of them.
    checkpoint
        Where finished chains of NUTS are kept.
    before_chains
        Called where proposals fail; it raises an error where chains would take long for nothing.
    """
    is_sketch = settings.draws < ESS_PER_CHAIN  # too few to pass any check
    length, misses, around = 1, 0, Around(top, shape)
    draw, rng = around.draw, np.random.default_rng(settings.seed)
    while misses < MISSES and length <= LENGTHS[-1]:
        step("drawing around the mode")
        found = sample_from(draw, log_density, **_size(settings, thin, length), rng=rng)
        if found.reliable and (is_sketch or not is_short(found.draws)):
            parts = {"lp": found.log_density, "accepted": found.accepted}
            stats = xr.Dataset({name: (("chain", "draw"), part) for name, part in parts.items()})
            return PosteriorDraws(
                found.draws, stats, found, found.facts | ({} if draw == around.draw else {"name": FOLLOWING})
            )
        length, misses = (2 * length, misses) if found.reliable else (length, misses + 1)
        draw = Kernels.around(found.proposals, found.log_weight, around, rng).shuffled
    before_chains()
    facts = found.facts | {"name": "NUTS, because proposals failed"}
    for length in LENGTHS:
        draws, stats = _by_nuts(target, top, settings, length, checkpoint)
        if is_sketch or not is_short(draws):
            break
    return PosteriorDraws(draws, stats, None, facts)


def _size(settings: Settings, thin: int, length: int) -> dict[str, int]:
    """Return how many proposals there are for chains of a length; those longer than `LONGEST` are thinned."""
    kept = min(length, LONGEST)
    return {"chains": settings.chains, "draws": kept * settings.draws, "thin": thin * length // kept}


def kept_top(checkpoint: Checkpoint, find: Callable[[], Top]) -> Top:
    """Return the top that was kept, or else find it now and keep it."""
    top = checkpoint.arrays("top", _read_top)
    if top is None:
        top = find()
        checkpoint.keep_arrays("top", {name: np.asarray(value) for name, value in vars(top).items()})
    return top


def _read_top(found: dict[str, Array]) -> Top:
    value, converged = float(found["value"]), bool(found["converged"])
    return Top(found["parameters"], value, found["information"], converged)


def _by_nuts(
    target: Smooth, top: Top, settings: Settings, length: int, checkpoint: Checkpoint
) -> tuple[Array, xr.Dataset]:
    tree = checkpoint.chains(str(length))
    if tree is None:
        size = {"chains": settings.chains, "draws": length * settings.draws}
        draws, stats = sample_nuts(target, top, **size, seed=settings.seed)
        posterior = xr.Dataset({"draws": (("chain", "draw", "parameter"), draws)})
        tree = xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats})
        checkpoint.keep_chains(str(length), tree)
    draws, stats = tree["posterior"].dataset["draws"].to_numpy(), tree["sample_stats"].dataset
    every = max(length // LONGEST, 1)
    return draws[:, every - 1 :: every], stats.isel(draw=slice(every - 1, None, every))
