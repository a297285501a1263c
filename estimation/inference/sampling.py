"""Draws from a compiled population model, and how far the integrals over people may have moved them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr

from estimation.arrays import Mask
from estimation.fits.manifest import Settings
from estimation.fits.storage import Checkpoint
from estimation.inference.problem import MessageProblem
from estimation.population.ensemble import Ensemble
from estimation.population.flat import FlatNodes, flat_nodes
from estimation.population.likelihoods import likelihoods_of_people
from estimation.population.model import integrated_model
from estimation.population.structure import Part, PopulationDraws, Structure
from estimation.progress import Track

TOLERATED = 0.3
"""Posterior standard deviations that integrals may move an estimate: beyond, intervals are visibly off."""
TOLERATED_IN_ALL = 0.45
"""Of `any_error`: draws look likelier than the truth by its square, nats, of the two usual."""


@lru_cache(maxsize=16)
def compiled_population(dims: int, parts: tuple[Part, ...], columns: int, correlated: bool) -> Any:
    """Return the compiled integrated model of a population of this shape (`Structure.shape`)."""
    return compile_model(integrated_model(dims, parts, columns, correlated))


def compile_model(model: Any) -> Any:
    """Compile a PyMC model for nutpie."""
    import nutpie  # noqa: PLC0415 - who reads errors of integrals draws nothing

    with warnings.catch_warnings():
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
    import nutpie  # noqa: PLC0415 - who reads errors of integrals draws nothing

    seed = int(np.random.SeedSequence([settings.seed, chains.start]).generate_state(1)[0])
    tree: xr.DataTree = nutpie.sample(
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


def relative_error(quality: xr.Dataset, posterior: xr.Dataset) -> float:
    """Return the largest error that `population_error` found, in posterior standard deviations."""
    moved = [name for name in posterior.data_vars if f"{name}_error" in quality]
    spread = {name: posterior[name].std(("chain", "draw")) for name in moved}
    return float(np.max([(quality[f"{name}_error"] / spread[name]).max(skipna=False) for name in moved]))


def population_error(
    flats: tuple[FlatNodes, ...],
    draws: PopulationDraws,
    posterior: xr.Dataset,
    subjects: list[str],
    rng: np.random.Generator,
) -> xr.Dataset:
    """Return how far the errors of people's integrals may have moved posterior means of the population.

    Variables: ``mean_error``, ``sd_error`` (parameter,), and likewise of coefficients and correlations: Monte-Carlo
    standard errors that come from the nodes, in addition to those that come from the draws. A likelihood that is off
    by delta(phi) moves the posterior mean of f(phi) by Cov(f, delta), to first order. Half the difference between two
    halves of the nodes is such a delta for each person, and people are independent. ``any_error``: the standard
    deviation of all deltas together, which no function of the population is moved by more than, in its own posterior
    standard deviations (Cauchy and Schwarz).
    """
    pairs = zip(*(halves(flat, rng) for flat in flats), strict=True)
    one, other = (log_likelihoods(half, draws, posterior, subjects)["people"] for half in pairs)
    with np.errstate(invalid="ignore"):  # a person whom neither half explains: an error that is no number
        delta = (one - other) / 2
    moved = {
        f"{name}_error": np.sqrt((_covariance(posterior[name], delta) ** 2).sum("subject", skipna=False))
        for name in ("mean", "sd", "coefficient", "correlation")
        if name in posterior
    }
    varied = delta.var(("chain", "draw"), skipna=False).sum("subject", skipna=False)
    return xr.Dataset({**moved, "any_error": np.sqrt(varied)})


def _covariance(one: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
    """Return the covariance over draws, which is no number if a draw is none: xarray's own would pass over it."""
    draws = ("chain", "draw")
    gap = other - other.mean(draws, skipna=False)
    return (one * gap).sum(draws, skipna=False) / (one.sizes["chain"] * one.sizes["draw"] - 1)


def log_likelihoods(
    flats: tuple[FlatNodes, ...], draws: PopulationDraws, posterior: xr.Dataset, subjects: list[str]
) -> xr.Dataset:
    """Return log p(person | population) for every draw, ``people`` (chain, draw, subject), nats."""
    found = likelihoods_of_people(flats, draws)
    shape = (posterior.sizes["chain"], posterior.sizes["draw"], len(subjects))
    coords = {"chain": posterior["chain"], "draw": posterior["draw"], "subject": subjects}
    return xr.Dataset({"people": (("chain", "draw", "subject"), found.reshape(shape))}, coords=coords)


def integral_error(problem: MessageProblem, settings: Settings, nodes: Ensemble, posterior: xr.Dataset) -> float:
    """Return how far integrals may have moved any function of the population, posterior standard deviations."""
    rng = np.random.default_rng([settings.seed, 1])
    return float(estimate_errors(problem, flat_nodes(nodes), posterior, rng)["any_error"])


def estimate_errors(problem: MessageProblem, flats: Any, posterior: xr.Dataset, rng: Any) -> xr.Dataset:
    """Return how far integrals may have moved estimates, from some of the draws: that is all a covariance needs."""
    some = posterior.isel(draw=slice(None, None, max(1, posterior.sizes["draw"] // 100)))
    draws, subjects = problem.structure.draws(some), problem.table.subjects
    return population_error(flats, draws, named_draws(some, problem), subjects, rng)


def named_draws(posterior: xr.Dataset, problem: MessageProblem) -> xr.Dataset:
    """Return the population's draws with parameters, kinds, coefficients and correlations by name."""
    names = [effect.name for effect in problem.parameters]
    dims = {
        "mean": ("parameter", names),
        "sd": ("parameter", names),
        "share": ("kind", list(problem.theory.types)),
        "coefficient": ("covariate", list(problem.design.covariates.names)),
        "correlation": ("pair", problem.structure.pairs),
    }
    found = {name: dim for name, dim in dims.items() if name in posterior}
    data = {name: (("chain", "draw", dim), posterior[name].to_numpy()) for name, (dim, _) in found.items()}
    coords: dict[str, Any] = {"chain": posterior["chain"], "draw": posterior["draw"]}
    return xr.Dataset(data, coords=coords | dict(found.values()))


def halves(flat: FlatNodes, rng: np.random.Generator) -> tuple[FlatNodes, FlatNodes]:
    """Return two random halves of everybody's nodes: each estimates the same integrals with twice the variance."""
    lengths = np.diff(flat.first_node)
    row = np.repeat(np.arange(len(lengths)), lengths)
    order = np.lexsort((rng.random(len(row)), row))
    second = np.zeros(len(row), dtype=bool)
    second[order] = (np.arange(len(row)) - flat.first_node[row]) % 2 == 1
    single = lengths[row] == 1
    return _some(flat, ~second | single), _some(flat, second | single)


def _some(flat: FlatNodes, kept: Mask) -> FlatNodes:
    """Return some of the nodes (a mask over them), which count for all."""
    row = np.repeat(np.arange(len(flat.first_node) - 1), np.diff(flat.first_node))
    left = np.bincount(row[kept], minlength=len(flat.first_node) - 1)
    grown = np.log(np.diff(flat.first_node) / left)[row[kept]]
    first = np.concatenate([[0], np.cumsum(left)]).astype("int64")
    theta = np.ascontiguousarray(flat.theta[:, kept])
    return FlatNodes(theta, flat.log_weight[kept] + grown, first, flat.kinds)


def sample_all(
    compiled: Any, settings: Settings, checkpoint: Checkpoint, track: Track, what: str
) -> tuple[xr.Dataset, xr.Dataset]:
    """Sample all chains, batch after batch; return posterior and sampler statistics."""
    per_chain = settings.draws + settings.tune
    update = track(what, settings.chains * per_chain)
    trees = []
    for chains in chain_batches(settings):
        name = f"{chains.start}-{settings.draws}-{settings.tune}-{settings.target_accept}"
        tree = checkpoint.chains(name)
        if tree is None:
            done = chains.start * per_chain
            tree = checkpoint.keep_chains(name, sample(compiled, settings, chains, update, done))
        trees.append(tree)
    return tuple(  # type: ignore[return-value]
        xr.concat([tree[group].dataset for tree in trees], "chain").assign_coords(chain=range(settings.chains))
        for group in ("posterior", "sample_stats")
    )
