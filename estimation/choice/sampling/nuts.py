"""NUTS for pooled posteriors that no normal proposal fits, on coordinates in which the top is round."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from estimation.arrays import Array
from estimation.choice.likelihoods.newton import Top, height
from estimation.choice.likelihoods.target import Smooth
from estimation.fits.nuts import whole_chains
from estimation.progress import step

TUNE = 400
"""Draws that adapt the step: the coordinates are scaled already."""


def sample_nuts(target: Smooth, top: Top, *, chains: int, draws: int, seed: int) -> tuple[Array, Any]:
    """Return draws (chain, draw, parameter) and the sampler's statistics, a Dataset.

    Parameters
    ----------
    top
        The mode with its curvature: parameters are mode + L⁻ᵀ u, L the root of the curvature, u what is sampled.
    """
    from nutpie.compiled_pyfunc import from_pyfunc  # noqa: PLC0415 - slow to import, needed only where proposals fail

    root = linalg.cholesky(top.information, lower=True)

    def place(u: Array) -> Array:
        return np.asarray(top.parameters + linalg.solve_triangular(root, u, lower=True, trans="T"))

    def log_density(u: Array) -> tuple[float, Array]:
        value, slope = height(target, place(u), prior=True)
        return value - top.value, linalg.solve_triangular(root, slope, lower=True)

    size = len(top.parameters)
    density, named = (lambda: log_density), (lambda *_: _named)
    start = {"make_initial_point_fn": lambda seed: np.random.default_rng(seed).standard_normal(size)}
    compiled = from_pyfunc(size, density, named, [np.dtype("float64")], [(size,)], ["u"], **start)
    asked = {"draws": draws, "tune": TUNE, "chains": chains, "seed": seed, "target_accept": 0.9}
    update = step("sampling by NUTS", chains * (draws + TUNE))
    shown = {
        "progress_callback": lambda running: update(sum(chain.finished_draws for chain in running)),
        "progress_rate": 250,
    }
    tree = whole_chains(compiled, **asked, **shown, progress_bar=False, save_warmup=False)
    u = tree["posterior"].dataset["u"].to_numpy()
    parameters = np.apply_along_axis(place, -1, u)
    # messages of divergences stand between missing values, a mixture that no file can hold
    return parameters, tree["sample_stats"].dataset.drop_vars("divergence_message", errors="ignore")


def _named(u: Array) -> dict[str, Array]:
    return {"u": u}
