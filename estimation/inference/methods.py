"""Methods that draw a population: people integrated out, population and people together, or weighted proposals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from estimation.errors import TheoryError
from estimation.fits.checks import GOOD_K, is_short
from estimation.fits.manifest import Settings
from estimation.fits.storage import Checkpoint
from estimation.inference.importance import Target, Weighted, weighted_populations
from estimation.inference.integration import TOLERATED_IN_ALL, integral_error, integration_quality
from estimation.inference.problem import MessageProblem
from estimation.inference.sampling import (
    bound_population,
    chain_batches,
    compile_model,
    sample,
)
from estimation.population.ensemble import Ensemble, Team
from estimation.population.flat import flat_nodes
from estimation.population.joint import joint_model
from estimation.population.nodes import BUILDING, POLISHING
from estimation.population.structure import PopulationDraws
from estimation.progress import Track, counter

ATTEMPTS = 3
"""Times that nodes are redrawn, or chains made twice as long, if sampling shows that it is needed."""
MOST = 4
"""Times more nodes, in all, where integrals turn out to be too rough."""
ROUGHLY = 400
"""Populations that show how wide the posterior is."""
COMFORTABLE = 0.8 * TOLERATED_IN_ALL
"""Error of integrals, in the trial, below which nodes are not doubled."""
PILOT = {"draws": 100, "tune": 200, "chains": 2}
"""Enough to see where the population is."""


@dataclass(frozen=True, eq=False)
class Sampled:
    """Draws of a population, and the nodes that they stand on.

    Attributes
    ----------
    posterior, stats
        Draws, and what the sampler says of itself.
    nodes, quality
        Everybody's nodes, and how far their integrals can be trusted in the middle of the posterior.
    proposals
        How well proposals covered the posterior, if it was drawn by importance sampling.
    """

    posterior: xr.Dataset
    stats: xr.Dataset
    nodes: Ensemble
    quality: xr.Dataset
    proposals: xr.Dataset | None = None


def integrated(problem: MessageProblem, settings: Settings, checkpoint: Checkpoint, track: Track) -> Sampled:
    """Sample the population with people integrated out, until nodes fit the posterior and chains are long enough."""
    builder = _builder(problem, settings)
    nodes = checkpoint.nodes or checkpoint.keep_nodes(_prepared(problem, settings, builder, track))
    return _chains_on(nodes, builder, problem, settings, checkpoint, track)


def _prepared(problem: MessageProblem, settings: Settings, builder: Team, track: Track) -> Ensemble:
    """Return nodes that suit the population that a short trial finds, and are enough for its estimates."""
    nodes = _tracked(builder, track, "evaluating the theory at nodes").build()
    pilot = replace(settings, **PILOT)  # type: ignore[arg-type]
    update = track("trying the population model", pilot.chains * (pilot.draws + pilot.tune))
    compiled = bound_population(flat_nodes(nodes), problem.structure)
    draws = sample(compiled, pilot, range(pilot.chains), update)["posterior"].dataset
    found = problem.structure.draws(draws)
    builder = builder.meeting(found)
    nodes = _tracked(builder, track, "re-centring nodes").polish(nodes, found.wide)
    if integral_error(problem, settings, nodes, draws) > COMFORTABLE:
        finer = replace(builder, fineness=2 * builder.fineness)
        nodes = _tracked(finer, track, "re-centring nodes").redraw(nodes, found.wide)
    return nodes


def importance(problem: MessageProblem, settings: Settings, checkpoint: Checkpoint, track: Track) -> Sampled:
    """Draw the population by proposals around its mode, people integrated out; by chains, where proposals fail."""
    builder = _builder(problem, settings)
    nodes = checkpoint.nodes or checkpoint.keep_nodes(_explored(problem, settings, builder, track))
    for attempt in range(ATTEMPTS + 1):
        rng = np.random.default_rng([settings.seed, 2, attempt])
        weighted = weighted_populations(flat_nodes(nodes), problem.structure, nodes.population, rng)
        posterior = weighted.resampled(settings.chains, settings.draws, rng)
        draws = problem.structure.draws(posterior)
        quality = integration_quality(nodes, draws.middle, problem.table.subjects)
        more = _more(problem, settings, builder, nodes, posterior)
        if attempt == ATTEMPTS or not (more > 1 or _is_heavy(quality)):
            break
        nodes = _again(nodes, draws, builder, checkpoint, track, more)
    if not weighted.reliable:
        return _chains_on(nodes, builder, problem, settings, checkpoint, track)
    return Sampled(posterior, xr.Dataset(), nodes, quality, weighted.quality())


def _explored(problem: MessageProblem, settings: Settings, builder: Team, track: Track) -> Ensemble:
    """Return nodes that suit the population that rough proposals find."""
    nodes = _tracked(builder, track, "evaluating the theory at nodes").build()
    target = Target(flat_nodes(nodes), problem.structure)
    rng = np.random.default_rng([settings.seed, 3])
    rough = Weighted.of(target.explored(nodes.population, rng), target.coordinates)
    found = problem.structure.draws(rough.resampled(1, ROUGHLY, rng))
    polisher = _tracked(builder.meeting(found), track, "re-centring nodes")
    return polisher.polish(nodes, found.wide)


def joint(problem: MessageProblem, settings: Settings, checkpoint: Checkpoint, track: Track) -> Sampled:
    """Sample population and people together; nodes are built afterwards, for likelihoods of people alone."""
    if problem.theory.learns:
        advice = ["what people learn has no gradient here; use method='integrated'"]
        raise TheoryError(f"{problem.theory.name} has no joint model:", advice)
    compiled = compile_model(joint_model(problem.theory, problem.crowd.people, problem.structure))
    posterior, stats = _chains(compiled, settings, checkpoint, track, "sampling population and people")
    builder = _builder(problem, settings)
    nodes = _tracked(builder, track, "evaluating the theory at nodes").build()
    draws = problem.structure.draws(posterior)
    nodes = builder.meeting(draws).polish(nodes, draws.wide)
    return Sampled(posterior, stats, nodes, integration_quality(nodes, draws.middle, problem.table.subjects))


DRAWN_BY = {"integrated": integrated, "joint": joint, "importance": importance}


def _chains_on(
    nodes: Ensemble,
    builder: Team,
    problem: MessageProblem,
    settings: Settings,
    checkpoint: Checkpoint,
    track: Track,
) -> Sampled:
    """Sample the population given nodes; redraw nodes and lengthen chains as far as that is needed."""
    for attempt in range(ATTEMPTS + 1):
        compiled = bound_population(flat_nodes(nodes), problem.structure)
        posterior, stats = _chains(compiled, settings, checkpoint, track, "sampling the population")
        draws = problem.structure.draws(posterior)
        quality = integration_quality(nodes, draws.middle, problem.table.subjects)
        heavy, more = _is_heavy(quality), _more(problem, settings, builder, nodes, posterior)
        short, diverged = is_short(posterior), bool(stats["diverging"].any())
        if attempt == ATTEMPTS or not (heavy or more > 1 or short or diverged):
            break
        if heavy or more > 1:
            nodes = _again(nodes, draws, builder, checkpoint, track, more)
        if short:
            settings = replace(settings, draws=2 * settings.draws, tune=2 * settings.tune)
        if diverged:
            settings = replace(settings, target_accept=(1 + settings.target_accept) / 2)
    return Sampled(posterior, stats, nodes, quality)


def _builder(problem: MessageProblem, settings: Settings) -> Team:
    return problem.builder(np.random.default_rng(settings.seed), settings.cores, settings.accuracy)


def _is_heavy(quality: xr.Dataset) -> bool:
    """Return whether somebody's weights have too heavy a tail."""
    return bool((quality["k"] >= GOOD_K).any())


def _more(
    problem: MessageProblem, settings: Settings, builder: Team, nodes: Ensemble, posterior: xr.Dataset
) -> int:
    """Return how many times more nodes are needed, lest integrals move what is said of the population too far.

    Who asks for less accuracy wants to compare theories, which does not wait for the error of estimates.
    """
    if settings.accuracy < 1:
        return 1
    error = integral_error(problem, settings, nodes, posterior)
    wanted = np.ceil((error / TOLERATED_IN_ALL) ** 2)  # an error's square falls as nodes grow
    most = MOST * builder.fineness // nodes.fineness
    return max(1, int(np.fmin(wanted, most)))  # `most` where the error is no number


def _again(
    nodes: Ensemble, draws: PopulationDraws, builder: Team, checkpoint: Checkpoint, track: Track, more: int
) -> Ensemble:
    """Return nodes that suit a posterior better, or `more` of them; what was sampled on the old ones is forgotten."""
    checkpoint.forget()
    finer = replace(builder.meeting(draws), fineness=more * nodes.fineness)
    how = _tracked(finer, track, "re-centring nodes")
    redrawn = (how.redraw if more > 1 else how.recentre)(nodes, draws.wide)
    return checkpoint.keep_nodes(redrawn)


def _chains(
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
        xr.concat([tree[group].dataset for tree in trees], "chain").assign_coords(
            chain=range(settings.chains)
        )
        for group in ("posterior", "sample_stats")
    )


def _tracked(builder: Any, track: Track, what: str) -> Any:
    """Return the builder with a progress bar that counts people and evaluations."""
    total = len(builder.crowd) * (POLISHING if "re-" in what else BUILDING)
    return replace(builder, advance=counter(track(what, total)))
