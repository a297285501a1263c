"""Fit a theory of messages: draws of its population, the people, and the errors of their integrals in one tree."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits

from estimation.errors import FitError
from estimation.fits.fit import AnyFit, Fit
from estimation.fits.manifest import Settings, job, manifest_of
from estimation.fits.storage import Checkpoint
from estimation.inference.integration import estimate_errors, log_likelihoods, named_draws, people_draws
from estimation.inference.methods import DRAWN_BY, Sampled
from estimation.inference.pooled import PooledProblem
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.population.flat import flat_nodes
from estimation.population.normal import Population
from estimation.progress import progress_bars


def fit_messages(
    problem: MessageProblem, settings: Settings, path: str | Path | None = None, progress: bool = False
) -> MessageFit:
    """Fit a theory of messages to the decisions of people.

    An interrupted fit that is started again with the same path goes on where it stopped.

    Raises
    ------
    FitError
        If the path belongs to another fit.
    TheoryError
        If the theory cannot be fitted in this way.
    """
    started = time.perf_counter()
    problem.check()
    checkpoint = Checkpoint.beside(path, job(problem, settings))
    # products of matrices are small here: threads of the library would wait for each other
    with progress_bars(progress) as track, threadpool_limits(1, "blas"):
        sampled = DRAWN_BY[settings.method](problem, settings, checkpoint, track)
        tree = _assembled(problem, settings, sampled)
    # more draws than the settings ask for, if the chains had to be made longer
    more = {"draws_per_chain": sampled.posterior.sizes["draw"]}
    result = Fit(problem, tree, manifest_of(problem, settings, time.perf_counter() - started, **more))
    if path is not None:
        result.save(path)
        checkpoint.close()
    return result


def with_people(fit: AnyFit, what: str) -> MessageFit:
    """Return a fit of people who talk as one in which they differ; under a pooled one all are the same.

    Parameters
    ----------
    what
        The heading of the error.

    Raises
    ------
    FitError
        If it is a fit of something else.
    """
    if isinstance(fit.problem, MessageProblem):
        return fit
    if isinstance(fit.problem, PooledProblem):
        problem = MessageProblem(fit.problem.model, fit.problem.table)
        return Fit(problem, fit.problem.as_people(fit.tree), fit.manifest)
    raise FitError(what, [f"{fit.label} is no fit of people who talk, and only those can be used here"])


def drawn_populations(
    fit: MessageFit, count: int, rng: np.random.Generator, problem: MessageProblem | None = None
) -> list[Population]:
    """Return `count` populations drawn from the posterior.

    Parameters
    ----------
    problem
        The people whose populations are wanted, as `MessageProblem.on` gives them; those of the fit if left out. It
        matters if the means of parameters depend on what is known of people.
    """
    draws = (problem or fit.problem).structure.draws(fit.posterior)
    return [draws[int(row)] for row in rng.choice(len(draws), size=count, replace=count > len(draws))]


def _assembled(problem: MessageProblem, settings: Settings, sampled: Sampled) -> xr.DataTree:
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
