"""Fit a theory of messages: its population by chains or by proposals, people integrated out or drawn with it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits

from estimation.errors import TheoryError
from estimation.fits.checkpoint import Checkpoint, unfinished
from estimation.fits.checks import GOOD_K, is_short
from estimation.fits.fit import Fit
from estimation.fits.job import Settings, job, manifest_of
from estimation.inference.importance import Target, Weighted
from estimation.inference.missed import missed_by_integrals
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.reached import Reached
from estimation.inference.remedies import MOST, Remedy, remedy
from estimation.inference.sampled import Sampled
from estimation.population.ensemble import Ensemble, Team
from estimation.population.flat import flat_nodes, people_draws, some_draws
from estimation.population.integration_quality import integration_quality
from estimation.population.likelihoods import excess_error, log_likelihoods
from estimation.population.nodes import BUILDING, POLISHING
from estimation.population.structure import PopulationDraws
from estimation.progress import Watched, counter, step, watching

ATTEMPTS = 3  # times that nodes are redrawn, or chains made twice as long, if sampling shows that it is needed
PLENTY = 800  # independent populations: with fewer, more people have to be left out exactly, which takes longer
ROUGH = 0.25  # of the nodes that the sampler sees: enough to find where the posterior is
ROUGHLY = 400  # populations that show how wide the posterior is
COVERED, FAILED = "importance sampling, whose proposals cover the posterior", "proposals do not cover the posterior"
COMFORTABLE = 0.8  # of the tolerated error of integrals, in the trial, below which nodes are not doubled
PILOT = {"draws": 100, "tune": 200, "chains": 2}  # enough to see where the population is


def integrated(
    problem: MessageProblem, settings: Settings, builder: Team, checkpoint: Checkpoint, track: Watched
) -> Sampled:
    """Sample the population by chains, people integrated out, until nodes fit it and chains are long enough."""
    reached = Reached.of(checkpoint) or Reached(_prepared(problem, settings, builder, track)).kept(checkpoint)
    return _chains_on(reached, problem, settings, builder, checkpoint, track)


def _prepared(problem: MessageProblem, settings: Settings, builder: Team, track: Watched) -> Ensemble:
    """Return nodes that suit the population that a short trial finds, and are enough for its estimates."""
    from estimation.inference.sampling import bound_population, sample, told  # noqa: PLC0415 - PyMC takes seconds to import

    nodes = _tracked(builder, track, "evaluating the theory at nodes").build()
    pilot = replace(settings, **PILOT)  # type: ignore[arg-type]
    update = told(track, "trying the population model", pilot)
    compiled = bound_population(flat_nodes(nodes), problem.structure)
    draws = sample(compiled, pilot, range(pilot.chains), update)["posterior"].dataset
    found = problem.structure.draws(draws)
    builder = builder.meeting(found)
    nodes = _tracked(builder, track, "re-centring nodes").polish(nodes, found.wide)
    if integral_error(problem, settings, nodes, draws) > COMFORTABLE:
        finer = replace(builder, fineness=2 * builder.fineness)
        nodes = _tracked(finer, track, "re-centring nodes").redraw(nodes, found.wide)
    return nodes


def automatic(
    problem: MessageProblem, settings: Settings, builder: Team, checkpoint: Checkpoint, track: Watched
) -> Sampled:
    """Draw the population by proposals, which takes a fraction of the time; by chains, where these fail their check."""
    reached = Reached.of(checkpoint)
    if reached is None or not reached.failure:
        found = importance(problem, settings, builder, checkpoint, track)
        if not found.sampler.startswith(FAILED):
            return found
        reached = Reached(found.nodes, failure=found.sampler).kept(checkpoint)
    chains = _chains_on(reached, problem, settings, builder, checkpoint, track)
    return replace(chains, sampler=f"NUTS, because {reached.failure}")


def importance(
    problem: MessageProblem, settings: Settings, builder: Team, checkpoint: Checkpoint, track: Watched
) -> Sampled:
    """Draw the population by proposals around its mode, people integrated out."""
    reached = Reached.of(checkpoint) or Reached(_explored(problem, settings, builder, track)).kept(checkpoint)
    nodes = reached.nodes
    for attempt in range(reached.attempt, ATTEMPTS + 1):
        rng = np.random.default_rng([settings.seed, 2, attempt])
        target = Target.of(flat_nodes(nodes), problem.structure, fewer=flat_nodes(nodes, ROUGH))
        weighted = target.weighed(target.explored(nodes.population, rng), rng, PLENTY)
        posterior = weighted.resampled(settings.chains, settings.draws, rng)
        draws = problem.structure.draws(posterior)
        quality = integration_quality(nodes, draws.middle, problem.table.subjects)
        needed = _needed(problem, settings, builder, nodes, posterior, quality)
        if attempt == ATTEMPTS or needed is None:
            break
        nodes = _again(nodes, draws, settings, attempt, builder, track, needed)
        Reached(nodes, attempt + 1).kept(checkpoint)
    found = COVERED if weighted.reliable else FAILED
    sampler = f"{found} (Pareto k {weighted.k:.2f}, {weighted.effective:.0f} effective draws)"
    return Sampled(posterior, xr.Dataset(), nodes, quality, sampler, weighted.quality())


def _explored(problem: MessageProblem, settings: Settings, builder: Team, track: Watched) -> Ensemble:
    """Return nodes that suit the population that rough proposals find."""
    nodes = _tracked(builder, track, "evaluating the theory at nodes").build()
    target = Target.of(flat_nodes(nodes, ROUGH), problem.structure)
    rng = np.random.default_rng([settings.seed, 3])
    rough = Weighted.of(target.explored(nodes.population, rng), target.coordinates)
    found = problem.structure.draws(rough.resampled(1, ROUGHLY, rng))
    polisher = _tracked(builder.meeting(found), track, "re-centring nodes")
    return polisher.polish(nodes, found.wide)


def joint(
    problem: MessageProblem, settings: Settings, builder: Team, checkpoint: Checkpoint, track: Watched
) -> Sampled:
    """Sample population and people together; nodes are built afterwards, for likelihoods of people alone."""
    from estimation.inference.sampling import compile_model, sample_all  # noqa: PLC0415 - as above
    from estimation.population.joint import joint_model  # noqa: PLC0415 - as above

    if problem.theory.remembers:
        advice = ["what people learn or know has no gradient here; use method='automatic'"]
        raise TheoryError(f"{problem.theory.name} has no joint model:", advice)
    compiled = compile_model(joint_model(problem.theory, problem.crowd.people, problem.structure))
    posterior, stats = sample_all(compiled, settings, checkpoint, track, "sampling population and people")
    nodes = _tracked(builder, track, "evaluating the theory at nodes").build()
    draws = problem.structure.draws(posterior)
    nodes = builder.meeting(draws).polish(nodes, draws.wide)
    quality = integration_quality(nodes, draws.middle, problem.table.subjects)
    return Sampled(posterior, stats, nodes, quality, "NUTS on people and population together")


DRAWN_BY = {"automatic": automatic, "importance": importance, "integrated": integrated, "joint": joint}


def _chains_on(
    reached: Reached, problem: MessageProblem, settings: Settings, builder: Team, checkpoint: Checkpoint, track: Watched
) -> Sampled:
    """Sample the population given nodes; redraw nodes and lengthen chains as far as that is needed."""
    from estimation.inference.sampling import bound_population, sample_all  # noqa: PLC0415 - as above

    settings, what = reached.lengthened(settings), "sampling the population"
    for attempt in range(reached.attempt, ATTEMPTS + 1):
        nodes = reached.nodes
        compiled = bound_population(flat_nodes(nodes), problem.structure)
        posterior, stats = sample_all(compiled, settings, checkpoint, track, what, reached.attempt)
        draws = problem.structure.draws(posterior)
        quality = integration_quality(nodes, draws.middle, problem.table.subjects)
        needed = _needed(problem, settings, builder, nodes, posterior, quality)
        short, diverged = is_short(posterior), bool(stats["diverging"].any())
        if attempt == ATTEMPTS or not (needed or short or diverged):
            break
        if short:
            settings = replace(settings, draws=2 * settings.draws, tune=2 * settings.tune)
        if diverged:
            settings = replace(settings, target_accept=(1 + settings.target_accept) / 2)
        if needed:
            finer = _again(nodes, draws, settings, attempt, builder, track, needed)
            reached = Reached(finer, attempt + 1, reached.failure, settings).kept(checkpoint)
    return Sampled(posterior, stats, nodes, quality, "NUTS on the population")


def _needed(
    problem: MessageProblem, settings: Settings, builder: Team, nodes: Ensemble, found: xr.Dataset, quality: xr.Dataset
) -> Remedy | None:
    """Return what should be done about nodes.

    Who asks for less accuracy wants to compare theories, which does not wait for the error of estimates.
    """
    error = 0.0 if settings.accuracy < 1 else integral_error(problem, settings, nodes, found)
    is_heavy = not bool((quality["k"] < GOOD_K).all())
    sizes = nodes.fineness, MOST * builder.fineness
    return remedy(error, nodes.strayed(problem.structure.draws(found)), is_heavy, sizes)


def _again(
    nodes: Ensemble, draws: PopulationDraws, settings: Settings, attempt: int, builder: Team, track: Watched, by: Remedy
) -> Ensemble:
    """Return nodes that suit a posterior better; random numbers follow from the attempt alone."""
    rng = np.random.default_rng([settings.seed, 4, attempt])
    finer = replace(builder.meeting(draws), fineness=by.fineness, rng=rng)
    return getattr(_tracked(finer, track, "re-centring nodes"), by.how)(nodes, draws.wide)


def integral_error(problem: MessageProblem, settings: Settings, nodes: Ensemble, posterior: xr.Dataset) -> float:
    """Return how far integrals may have moved what is said of the population, as a multiple of what is tolerated."""
    rng = np.random.default_rng([settings.seed, 1])
    return excess_error(problem.integral_errors(flat_nodes(nodes), posterior, rng), problem.named(posterior))


def _tracked(builder: Team, track: Watched, what: str) -> Team:
    """Return the builder with a progress bar that counts people and evaluations."""
    total = len(builder.crowd) * (POLISHING if "re-" in what else BUILDING)
    return builder if track is None else replace(builder, advance=counter(track(what, total)))


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
    # products of matrices are small here: threads of the library would wait for each other
    with (
        unfinished(path, job(problem, settings)) as checkpoint,
        watching(progress, problem.label) as track,
        threadpool_limits(1, "blas"),
    ):
        builder = problem.builder(np.random.default_rng(settings.seed), settings.cores, settings.accuracy)
        sampled = DRAWN_BY[settings.method](problem, settings, builder, checkpoint, track)
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
