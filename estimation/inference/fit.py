"""Fit a theory to a table: nodes, chains, checks, and one object that holds them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits

from estimation.data.table import Table
from estimation.inference.accuracy import estimate_errors, named_draws
from estimation.inference.artifact import Fit
from estimation.inference.checkpoint import Checkpoint
from estimation.inference.integration import log_likelihoods
from estimation.inference.manifest import job, manifest_of
from estimation.inference.problem import Problem
from estimation.inference.routes import ROUTES, Sampled
from estimation.inference.sampling import flat_nodes
from estimation.inference.settings import Settings
from estimation.inference.who import people_draws
from estimation.progress import progress_bars
from estimation.theories.messages.theory import Theory


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
    samples: int = 200,
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
    seed, method, draws, tune, chains, target_accept, cores, accuracy, samples
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
    settings = Settings(
        seed, method, draws, tune, chains, target_accept, accuracy=accuracy, samples=samples, **available
    )
    problem, started = Problem(theory, table), time.perf_counter()
    problem.check()
    checkpoint = Checkpoint.beside(path, job(problem, settings))
    # products of matrices are small here: threads of the library would wait for each other
    with progress_bars(progress) as track, threadpool_limits(1, "blas"):
        sampled = ROUTES[settings.method](problem, settings, checkpoint, track)
        tree = _assemble(problem, settings, sampled)
    manifest = manifest_of(problem, settings, sampled.posterior.sizes["draw"], time.perf_counter() - started)
    result = Fit(theory, table, tree, manifest)
    if path is not None:
        result.save(path)
        checkpoint.close()
    return result


def _assemble(problem: Problem, settings: Settings, sampled: Sampled) -> xr.DataTree:
    """Put draws, likelihoods, people and integration quality into one tree with the field's names."""
    posterior, nodes = sampled.posterior, sampled.nodes
    subjects, draws = problem.table.subjects, problem.structure.draws(posterior)
    flats, named = flat_nodes(nodes), named_draws(posterior, problem)
    rng = np.random.default_rng([settings.seed, 1])
    groups = {
        "/": xr.Dataset(),
        "posterior": named,
        "sample_stats": sampled.stats,
        "log_likelihood": log_likelihoods(flats, draws, posterior, subjects),
        "people": people_draws(flats, draws, subjects, rng, settings.samples),
        "integration": sampled.quality.merge(estimate_errors(problem, flats, posterior, rng)),
        **({} if sampled.proposals is None else {"proposals": sampled.proposals}),
        **{f"nodes/{part}": flat.dataset() for part, flat in enumerate(flats)},
    }
    return xr.DataTree.from_dict(groups)
