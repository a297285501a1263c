"""Draws from a compiled population model: chains of NUTS, batch after batch."""

from __future__ import annotations

import sysconfig
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import nutpie
import pytensor
import xarray as xr

from estimation.fits.checkpoint import Checkpoint
from estimation.fits.job import Settings
from estimation.fits.nuts import whole_chains
from estimation.population.flat import FlatNodes
from estimation.population.model import integrated_model
from estimation.population.structure import Part, Structure
from estimation.progress import Watched


@lru_cache(maxsize=16)
def compiled_population(
    dims: int, parts: tuple[Part, ...], concentration: tuple[float, ...], columns: int, correlated: bool
) -> Any:
    """Return the compiled integrated model of a population of this shape (`Structure.shape`)."""
    return compile_model(integrated_model(dims, parts, concentration, columns, correlated))


def compile_model(model: Any) -> Any:
    """Compile a PyMC model for nutpie.

    PyTensor finds a compiler of C and expects Python's headers beside it, which packages of Python may lack: then the
    small part that would be written in C is interpreted.
    """
    has_headers = (Path(sysconfig.get_path("include")) / "Python.h").exists()
    without_c = {} if has_headers else {"cxx": ""}
    with warnings.catch_warnings(), pytensor.config.change_flags(**without_c):
        warnings.simplefilter("ignore")  # compilation notes of Numba, nothing a user can act on
        return nutpie.compile_pymc_model(model)


def bound_population(flats: tuple[FlatNodes, ...], structure: Structure, person_weight: Any = None) -> Any:
    """Return the compiled integrated model with a problem's nodes and priors as its data.

    Parameters
    ----------
    person_weight : (person,) array, optional
        How often each person counts: 0 leaves a person out.
    """
    people = (len(flats[0].first_node) - 1) // flats[0].kinds
    weight = np.ones(people) if person_weight is None else np.asarray(person_weight, float)
    nodes = {name: array for part, flat in enumerate(flats) for name, array in flat.data(part).items()}
    return compiled_population(*structure.shape).with_data(**nodes, **structure.prior.data(), person_weight=weight)


def sample(
    compiled: Any, settings: Settings, chains: range, update: Callable[[int], None] = lambda _: None, done: int = 0
) -> xr.DataTree:
    """Return draws of some of a fit's chains; `update` is told how many draws are made, on top of those `done` before.

    Each batch of chains has a seed of its own, so that a resumed fit continues with the draws it would have had.
    """
    seed = int(np.random.SeedSequence([settings.seed, chains.start]).generate_state(1)[0])
    tree = whole_chains(
        compiled,
        draws=settings.draws,
        tune=settings.tune,
        chains=len(chains),
        cores=min(settings.cores, len(chains)),
        seed=seed,
        save_warmup=False,
        progress_bar=False,
        progress_callback=lambda running: update(done + sum(chain.finished_draws for chain in running)),
        progress_rate=250,
        target_accept=settings.target_accept,
        # Means and spreads of a population are correlated; this learns in which directions, and matters most where
        # people are integrated out and dimensions are few: three times the effective draws at the same cost.
        adaptation="diag" if settings.method == "joint" else "low_rank",
    )
    # Messages of divergences stand between missing values, a mixture that no file can hold; that they happened is kept.
    kept = tree["sample_stats"].dataset.drop_vars("divergence_message", errors="ignore")
    return tree.assign({"sample_stats": xr.DataTree(kept)})


def chain_batches(settings: Settings) -> list[range]:
    """Return the chains in batches of as many as run side by side: what is saved before the next batch starts."""
    size = max(1, min(settings.cores, settings.chains))
    return [range(start, min(start + size, settings.chains)) for start in range(0, settings.chains, size)]


def sample_all(
    compiled: Any, settings: Settings, checkpoint: Checkpoint, track: Watched, what: str, nodes: int = 0
) -> tuple[xr.Dataset, xr.Dataset]:
    """Sample all chains, batch after batch; return posterior and sampler statistics.

    Chains that are kept are known by their settings and by how often their `nodes` have been made anew.
    """
    per_chain, update = settings.draws + settings.tune, told(track, what, settings)
    trees = []
    for chains in chain_batches(settings):
        name = f"{nodes}-{chains.start}-{settings.draws}-{settings.tune}-{settings.target_accept}"
        tree = checkpoint.chains(name)
        if tree is None:
            done = chains.start * per_chain
            tree = checkpoint.keep_chains(name, sample(compiled, settings, chains, update, done))
        trees.append(tree)
    return tuple(  # type: ignore[return-value]
        xr.concat([tree[group].dataset for tree in trees], "chain").assign_coords(chain=range(settings.chains))
        for group in ("posterior", "sample_stats")
    )


def told(track: Watched, what: str, settings: Settings) -> Callable[[int], None]:
    """Return a function to be told how many draws of all chains are made, discarded ones included."""
    return track(what, settings.chains * (settings.draws + settings.tune)) if track else lambda _: None
