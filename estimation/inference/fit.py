"""Fit a theory to a table: nodes, chains, checks, and one object that holds them."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from estimation.convergence import is_short
from estimation.data.table import Table
from estimation.inference.artifact import FORMAT, Fit, posterior_mean
from estimation.inference.checkpoint import Checkpoint
from estimation.inference.integration import (
    GOOD_K,
    integration_quality,
    log_likelihoods,
    people_draws,
    population_error,
)
from estimation.inference.problem import Problem
from estimation.inference.progress import Track, counter, progress_bars
from estimation.inference.sampling import bound_population, chain_batches, compile_model, sample
from estimation.inference.settings import Settings
from estimation.population.batch import Nodes
from estimation.population.joint import joint_model
from estimation.population.model import FlatNodes
from estimation.population.nodes import EXTRA, ROUNDS
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
    checkpoint = Checkpoint.beside(path, _job(problem, settings))
    run = {"integrated": _integrated, "joint": _joint}[settings.method]
    with progress_bars(progress) as track:
        posterior, stats, nodes = run(problem, settings, checkpoint, track)
        tree = _assemble(problem, settings, posterior, stats, nodes)
    manifest = _manifest(problem, settings, posterior.sizes["draw"], time.perf_counter() - started)
    result = Fit(theory, table, tree, manifest)
    if path is not None:
        result.save(path)
        checkpoint.close()
    return result


Sampled = tuple[xr.Dataset, xr.Dataset, Nodes]


def _integrated(problem: Problem, settings: Settings, checkpoint: Checkpoint, track: Track) -> Sampled:
    """Sample the population with people integrated out, until nodes fit the posterior and chains are long enough."""
    builder = problem.builder(np.random.default_rng(settings.seed), settings.cores, settings.accuracy)

    def prepared() -> Nodes:
        nodes = _tracked(builder, track, "evaluating the theory at nodes").build()
        pilot = replace(settings, **PILOT)  # type: ignore[arg-type]
        update = track("trying the population model", pilot.chains * (pilot.draws + pilot.tune))
        draws = sample(
            bound_population(FlatNodes.of(nodes), problem.parameters), pilot, range(pilot.chains), update
        )
        return _tracked(builder, track, "re-centring nodes").recentre(
            nodes, posterior_mean(draws["posterior"].dataset)
        )

    nodes = checkpoint.nodes(prepared)
    for last in (False,) * ATTEMPTS + (True,):
        compiled = bound_population(FlatNodes.of(nodes), problem.parameters)
        posterior, stats = _chains(compiled, settings, checkpoint, track, "sampling the population")
        population = posterior_mean(posterior)
        heavy = bool((integration_quality(nodes, population, problem.table.subjects)["k"] >= GOOD_K).any())
        short, diverged = is_short(posterior), bool(stats["diverging"].any())
        if last or not (heavy or short or diverged):
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
    compiled = compile_model(joint_model(problem.theory, problem.crowd, problem.parameters))
    posterior, stats = _chains(compiled, settings, checkpoint, track, "sampling population and people")
    builder = problem.builder(np.random.default_rng(settings.seed), settings.cores, settings.accuracy)
    nodes = _tracked(builder, track, "evaluating the theory at nodes").build()
    return posterior, stats, builder.recentre(nodes, posterior_mean(posterior))


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
    problem: Problem, settings: Settings, posterior: xr.Dataset, stats: xr.Dataset, nodes: Nodes
) -> xr.DataTree:
    """Put draws, likelihoods, people and integration quality into one tree with the field's names."""
    subjects, names = problem.table.subjects, [p.name for p in problem.parameters]
    named = _named(posterior, names, problem.theory.types)
    flat, population = FlatNodes.of(nodes), posterior_mean(posterior)
    rng = np.random.default_rng([settings.seed, 1])
    groups = {
        "/": xr.Dataset(),
        "posterior": named,
        "sample_stats": stats,
        "log_likelihood": log_likelihoods(flat, posterior, subjects),
        "people": people_draws(flat, posterior, subjects, names, rng, PEOPLE_DRAWS),
        "integration": integration_quality(nodes, population, subjects).merge(
            population_error(flat, named, subjects, rng)
        ),
        "nodes": flat.dataset(),
    }
    return xr.DataTree.from_dict(groups)


def _named(posterior: xr.Dataset, parameters: list[str], kinds: tuple[str, ...]) -> xr.Dataset:
    """Return the population's draws with parameters and kinds by name."""
    data = {name: (("chain", "draw", "parameter"), posterior[name].to_numpy()) for name in ("mean", "sd")}
    coords: dict[str, Any] = {"chain": posterior["chain"], "draw": posterior["draw"], "parameter": parameters}
    if "share" in posterior:
        data["share"] = (("chain", "draw", "kind"), posterior["share"].to_numpy())
        coords["kind"] = list(kinds)
    return xr.Dataset(data, coords=coords)


def _tracked(builder: Any, track: Track, what: str) -> Any:
    """Return the builder with a progress bar that counts people and evaluations."""
    people, most = builder.people, len(ROUNDS) + 1 + sum(2 * climbed for _, climbed in ROUNDS) + 1
    total = people * most if "re-" not in what else people + people // 4 * len(EXTRA)
    return replace(builder, advance=counter(track(what, total)))


def _job(problem: Problem, settings: Settings) -> dict[str, Any]:
    """Return what makes two fits the same."""
    return {
        "theory": problem.theory.spec(),
        "fingerprint": problem.table.fingerprint,
        "settings": settings.spec(),
    }


def _manifest(problem: Problem, settings: Settings, draws: int, seconds: float) -> dict[str, Any]:
    table = problem.table
    return {
        "format": FORMAT,
        "theory": problem.theory.spec(),
        "data": {
            "name": table.name,
            "selection": list(table.selection),
            "source": table.source.title,
            "synthetic": table.synthetic,
            "fingerprint": table.fingerprint,
            "games": {name: game.spec() for name, game in table.games.items()},
        },
        "settings": settings.spec(),
        "draws_per_chain": draws,  # more than the settings ask for, if the chains had to be made longer
        "seconds": round(seconds, 1),
        "versions": {name: version(name) for name in ("estimation", "pymc", "nutpie", "arviz", "numpy")},
    }
