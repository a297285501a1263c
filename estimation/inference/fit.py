"""Fit a theory to a table: nodes, chains, checks, and one object that holds them."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from estimation.convergence import is_short
from estimation.data.table import Table
from estimation.errors import TheoryError
from estimation.inference.artifact import Fit
from estimation.inference.checkpoint import Checkpoint
from estimation.inference.integration import (
    GOOD_K,
    integration_quality,
    log_likelihoods,
    population_error,
)
from estimation.inference.manifest import job, manifest_of
from estimation.inference.problem import Problem
from estimation.inference.sampling import (
    bound_population,
    chain_batches,
    compile_model,
    flat_nodes,
    sample,
)
from estimation.inference.settings import Settings
from estimation.inference.who import people_draws
from estimation.population.ensemble import Ensemble
from estimation.population.joint import joint_model
from estimation.population.nodes import BUILDING, POLISHING
from estimation.progress import Track, counter, progress_bars
from estimation.theories.theory import Theory

PEOPLE_DRAWS = 200  # posterior draws kept for each person
ATTEMPTS = (
    3  # times that nodes are redrawn, or chains made twice as long, if sampling shows that it is needed
)
PILOT = {"draws": 100, "tune": 200, "chains": 2}  # enough to see where the population is


def fit(
    theory: Theory,
    table: Table,
    *,
    seed: int = 0,
    method: str = "integrated",
    draws: int = 500,
    tune: int = 300,
    chains: int = 4,
    target_accept: float = 0.9,
    cores: int | None = None,
    accuracy: float = 1.0,
    progress: bool = True,
    path: str | Path | None = None,
) -> Fit:
    """Fit a theory to a table of decisions.

    Parameters
    ----------
    theory
        For example ``TrustEmbedded()`` or ``LevelK()``.
    table
        The decisions; whatever roles it holds are fitted together.
    seed, method, draws, tune, chains, target_accept, cores, accuracy
        See `Settings`.
    progress
        Whether to show progress on standard error.
    path
        File to save the fit to. An interrupted fit that is started again with the same path goes on where it stopped.

    Raises
    ------
    FitError
        If a setting makes no sense or the path belongs to another fit.
    TheoryError
        If the theory cannot be fitted in this way.
    """
    available = {} if cores is None else {"cores": cores}
    settings = Settings(seed, method, draws, tune, chains, target_accept, accuracy=accuracy, **available)
    problem, started = Problem(theory, table), time.perf_counter()
    problem.check()
    checkpoint = Checkpoint.beside(path, job(problem, settings))
    run = {"integrated": _integrated, "joint": _joint}[settings.method]
    with progress_bars(progress) as track:
        posterior, stats, nodes = run(problem, settings, checkpoint, track)
        tree = _assemble(problem, settings, posterior, stats, nodes)
    manifest = manifest_of(problem, settings, posterior.sizes["draw"], time.perf_counter() - started)
    result = Fit(theory, table, tree, manifest)
    if path is not None:
        result.save(path)
        checkpoint.close()
    return result


Sampled = tuple[xr.Dataset, xr.Dataset, Ensemble]


def _integrated(problem: Problem, settings: Settings, checkpoint: Checkpoint, track: Track) -> Sampled:
    """Sample the population with people integrated out, until nodes fit the posterior and chains are long enough."""
    builder = problem.builder(np.random.default_rng(settings.seed), settings.cores, settings.accuracy)

    def prepared() -> Ensemble:
        nodes = _tracked(builder, track, "evaluating the theory at nodes").build()
        pilot = replace(settings, **PILOT)  # type: ignore[arg-type]
        update = track("trying the population model", pilot.chains * (pilot.draws + pilot.tune))
        compiled = bound_population(flat_nodes(nodes), problem.structure)
        draws = sample(compiled, pilot, range(pilot.chains), update)["posterior"].dataset
        middle = problem.structure.draws(draws).middle
        return _tracked(builder, track, "re-centring nodes").polish(nodes, middle)

    nodes = checkpoint.nodes(prepared)
    for attempt in range(ATTEMPTS + 1):
        compiled = bound_population(flat_nodes(nodes), problem.structure)
        posterior, stats = _chains(compiled, settings, checkpoint, track, "sampling the population")
        population = problem.structure.draws(posterior).middle
        heavy = bool((integration_quality(nodes, population, problem.table.subjects)["k"] >= GOOD_K).any())
        short, diverged = is_short(posterior), bool(stats["diverging"].any())
        if attempt == ATTEMPTS or not (heavy or short or diverged):
            break
        if heavy:
            checkpoint.forget()
            recentred = _tracked(builder, track, "re-centring nodes").recentre(nodes, population)
            nodes = checkpoint.nodes(lambda ready=recentred: ready)  # type: ignore[misc]
        if short:
            settings = replace(settings, draws=2 * settings.draws, tune=2 * settings.tune)
        if diverged:
            settings = replace(settings, target_accept=(1 + settings.target_accept) / 2)
    return posterior, stats, nodes


def _joint(problem: Problem, settings: Settings, checkpoint: Checkpoint, track: Track) -> Sampled:
    """Sample population and people together; nodes are built afterwards, for likelihoods of people alone."""
    if problem.theory.remembers:
        advice = ["what people learn has no gradient here; use method='integrated'"]
        raise TheoryError(f"{problem.theory.name} has no joint model:", advice)
    compiled = compile_model(joint_model(problem.theory, problem.crowd, problem.structure))
    posterior, stats = _chains(compiled, settings, checkpoint, track, "sampling population and people")
    builder = problem.builder(np.random.default_rng(settings.seed), settings.cores, settings.accuracy)
    nodes = _tracked(builder, track, "evaluating the theory at nodes").build()
    return posterior, stats, builder.polish(nodes, problem.structure.draws(posterior).middle)


def _chains(
    compiled: Any, settings: Settings, checkpoint: Checkpoint, track: Track, what: str
) -> tuple[xr.Dataset, xr.Dataset]:
    """Sample all chains, batch after batch; return posterior and sampler statistics."""
    per_chain = settings.draws + settings.tune
    update = track(what, settings.chains * per_chain)
    trees = []
    for chains in chain_batches(settings):

        def shifted(done: int, before: int = chains.start * per_chain) -> None:
            update(before + done)

        name = f"{chains.start}-{settings.draws}-{settings.tune}-{settings.target_accept}"
        tree = checkpoint.chains(name, partial(sample, compiled, settings, chains, shifted))
        trees.append(
            {
                name: tree[name].dataset.assign_coords(chain=list(chains))
                for name in ("posterior", "sample_stats")
            }
        )
    return tuple(xr.concat([tree[name] for tree in trees], "chain") for name in ("posterior", "sample_stats"))  # type: ignore[return-value]


def _assemble(
    problem: Problem, settings: Settings, posterior: xr.Dataset, stats: xr.Dataset, nodes: Ensemble
) -> xr.DataTree:
    """Put draws, likelihoods, people and integration quality into one tree with the field's names."""
    subjects, draws = problem.table.subjects, problem.structure.draws(posterior)
    flats, named = flat_nodes(nodes), _named(posterior, problem)
    rng = np.random.default_rng([settings.seed, 1])
    groups = {
        "/": xr.Dataset(),
        "posterior": named,
        "sample_stats": stats,
        "log_likelihood": log_likelihoods(flats, draws, posterior, subjects),
        "people": people_draws(flats, draws, subjects, rng, PEOPLE_DRAWS),
        "integration": integration_quality(nodes, draws.middle, subjects).merge(
            _population_error(problem, flats, posterior, rng)
        ),
        **{f"nodes/{part}": flat.dataset() for part, flat in enumerate(flats)},
    }
    return xr.DataTree.from_dict(groups)


def _population_error(problem: Problem, flats: Any, posterior: xr.Dataset, rng: Any) -> xr.Dataset:
    """Return how far integrals may have moved estimates, from some of the draws: that is all a covariance needs."""
    some = posterior.isel(draw=slice(None, None, max(1, posterior.sizes["draw"] // 100)))
    draws, subjects = problem.structure.draws(some), problem.table.subjects
    return population_error(flats, draws, _named(some, problem), subjects, rng)


def _named(posterior: xr.Dataset, problem: Problem) -> xr.Dataset:
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


def _tracked(builder: Any, track: Track, what: str) -> Any:
    """Return the builder with a progress bar that counts people and evaluations."""
    total = builder.people * (POLISHING if "re-" in what else BUILDING)
    return replace(builder, advance=counter(track(what, total)))
