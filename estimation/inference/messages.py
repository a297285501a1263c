"""Fit a theory of messages to the decisions of people: draw its population, and keep what is said of everybody."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import xarray as xr

from estimation.fits.checkpoint import unfinished
from estimation.fits.fit import Fit
from estimation.fits.job import Settings, job, manifest_of
from estimation.inference.missed import missed_by_integrals
from estimation.inference.population_sampler import PopulationSampler
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.sampled import Sampled
from estimation.population.flat import flat_nodes, people_draws, some_draws
from estimation.population.likelihoods import log_likelihoods
from estimation.progress import step, watching


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
    with unfinished(path, job(problem, settings)) as checkpoint, watching(progress, problem.label) as track:
        sampled = PopulationSampler(problem, settings, checkpoint, track).draw()
        step("checking the integrals over people")
        tree = _assembled(problem, settings, sampled)
        more = {"sampler": {"name": sampled.sampler}, "draws_per_chain": sampled.posterior.sizes["draw"]}
        result = Fit(problem, tree, manifest_of(problem, settings, time.perf_counter() - started, **more))
        if path is not None:
            result.save(path)
    return result


def _assembled(problem: MessageProblem, settings: Settings, sampled: Sampled) -> xr.DataTree:
    """Put draws, likelihoods, people and integration quality into one tree with the field's names."""
    posterior, nodes = sampled.posterior, sampled.nodes
    subjects, draws = problem.table.subjects, problem.structure.draws(posterior)
    flats, named = flat_nodes(nodes), problem.named(posterior)
    rng = np.random.default_rng([settings.seed, 1])
    missed = missed_by_integrals(problem, draws.middle, nodes, np.random.default_rng([settings.seed, 4]))
    groups = {
        "/": xr.Dataset(),
        "posterior": named,
        "sample_stats": sampled.stats,
        "log_likelihood": log_likelihoods(flats, draws, posterior, subjects),
        "people": people_draws(flats, draws, subjects, rng, some_draws(draws, settings.samples, rng)),
        "integration": sampled.quality.merge(problem.integral_errors(flats, posterior, rng)).merge(missed),
        **({} if sampled.proposals is None else {"proposals": sampled.proposals}),
        **{f"nodes/{part}": flat.dataset() for part, flat in enumerate(flats)},
    }
    return xr.DataTree.from_dict(groups)
