"""Draw the population of a theory of messages: by chains or by proposals, people integrated out or drawn with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import xarray as xr

from estimation.errors import TheoryError
from estimation.fits.checkpoint import Checkpoint
from estimation.fits.checks import GOOD_K, is_short
from estimation.fits.job import Settings
from estimation.inference.importance import NothingFoundError, Target, Weighted
from estimation.inference.problem import MessageProblem
from estimation.inference.reached import Reached
from estimation.inference.remedies import MOST, Remedy, remedy
from estimation.inference.sampled import Sampled
from estimation.population.ensemble import Ensemble, Team
from estimation.population.flat import flat_nodes
from estimation.population.integration_quality import integration_quality
from estimation.population.likelihoods import excess_error
from estimation.population.nodes import BUILDING, POLISHING
from estimation.population.structure import PopulationDraws
from estimation.progress import Watched, counter

ATTEMPTS = 3  # times that nodes are redrawn, or chains made twice as long, if sampling shows that it is needed
PLENTY = 800  # independent populations: with fewer, more people have to be left out exactly, which takes longer
ROUGH = 0.25  # of the nodes that the sampler sees: enough to find where the posterior is
ROUGHLY = 400  # populations that show how wide the posterior is
COVERED, FAILED = "importance sampling, whose proposals cover the posterior", "proposals do not cover the posterior"
COMFORTABLE = 0.8  # of the tolerated error of integrals, in the trial, below which nodes are not doubled
PILOT = {"draws": 100, "tune": 200, "chains": 2}  # enough to see where the population is
FIRST = "evaluating the theory at nodes", BUILDING
AGAIN = "re-centring nodes", POLISHING


@dataclass(frozen=True, eq=False)
class PopulationSampler:
    """Draws the population of people whose decisions are known; each public method is a way to do so.

    Attributes
    ----------
    problem, settings
        The theory with its table, and the settings of the fit.
    checkpoint
        Where an interrupted fit finds how far it came.
    track
        Shows progress, if somebody watches.
    """

    problem: MessageProblem
    settings: Settings
    checkpoint: Checkpoint
    track: Watched

    def draw(self) -> Sampled:
        """Draw the population by the method that the settings name."""
        found: Sampled = getattr(self, self.settings.method)()
        return found

    def integrated(self) -> Sampled:
        """Sample by chains, people integrated out, until nodes fit the population and chains are long enough."""
        return self._chains_on(Reached.of(self.checkpoint) or Reached(self._prepared()).kept(self.checkpoint))

    def automatic(self) -> Sampled:
        """Draw by proposals, which takes a fraction of the time; by chains, where these fail their check."""
        reached = Reached.of(self.checkpoint)
        if reached is None or not reached.failure:
            try:
                found = self.importance()
            except NothingFoundError:
                reached = Reached(self._prepared(), failure=FAILED).kept(self.checkpoint)
            else:
                if not found.sampler.startswith(FAILED):
                    return found
                reached = Reached(found.nodes, failure=found.sampler).kept(self.checkpoint)
        return replace(self._chains_on(reached), sampler=f"NUTS, because {reached.failure}")

    def importance(self) -> Sampled:
        """Draw by proposals around the mode, people integrated out.

        Raises
        ------
        NothingFoundError
            If none of the proposals is possible.
        """
        reached = Reached.of(self.checkpoint) or Reached(self._explored()).kept(self.checkpoint)
        nodes, settings, structure = reached.nodes, self.settings, self.problem.structure
        for attempt in range(reached.attempt, ATTEMPTS + 1):
            rng = np.random.default_rng([settings.seed, 2, attempt])
            target = Target.of(flat_nodes(nodes), structure, fewer=flat_nodes(nodes, ROUGH))
            weighted = target.weighed(target.explored(nodes.population, rng), rng, PLENTY)
            posterior = weighted.resampled(settings.chains, settings.draws, rng)
            quality = self._quality(nodes, posterior)
            needed = self._needed(nodes, posterior, quality, attempt)
            if attempt == ATTEMPTS or needed is None:
                break
            nodes = self._again(nodes, structure.draws(posterior), attempt, needed)
            Reached(nodes, attempt + 1).kept(self.checkpoint)
        found = COVERED if weighted.reliable else FAILED
        sampler = f"{found} (Pareto k {weighted.k:.2f}, {weighted.effective:.0f} effective draws)"
        return Sampled(posterior, xr.Dataset(), nodes, quality, sampler, weighted.quality())

    def joint(self) -> Sampled:
        """Sample population and people together; nodes are built afterwards, for likelihoods of people alone.

        Raises
        ------
        TheoryError
            If the theory has no such model.
        """
        from estimation.inference.sampling import compile_model, sample_all  # noqa: PLC0415 - PyMC takes seconds to import
        from estimation.population.joint import joint_model  # noqa: PLC0415 - as above

        problem = self.problem
        if problem.theory.remembers:
            advice = ["what people learn or know has no gradient here; use method='automatic'"]
            raise TheoryError(f"{problem.theory.name} has no joint model:", advice)
        compiled = compile_model(joint_model(problem.theory, problem.crowd.people, problem.structure))
        what = "sampling population and people"
        posterior, stats = sample_all(compiled, self.settings, self.checkpoint, self.track, what)
        nodes = self._watched(self._builder, FIRST).build()
        draws = problem.structure.draws(posterior)
        nodes = self._builder.meeting(draws).polish(nodes, draws.wide)
        quality = self._quality(nodes, posterior)
        return Sampled(posterior, stats, nodes, quality, "NUTS on people and population together")

    def _prepared(self) -> Ensemble:
        """Return nodes that suit the population that a short trial finds, and are enough for its estimates."""
        from estimation.inference.sampling import bound_population, sample, told  # noqa: PLC0415 - as above

        nodes = self._watched(self._builder, FIRST).build()
        pilot = replace(self.settings, **PILOT)  # type: ignore[arg-type]
        update = told(self.track, "trying the population model", pilot)
        compiled = bound_population(flat_nodes(nodes), self.problem.structure)
        draws = sample(compiled, pilot, range(pilot.chains), update)["posterior"].dataset
        found = self.problem.structure.draws(draws)
        builder = self._builder.meeting(found)
        nodes = self._watched(builder, AGAIN).polish(nodes, found.wide)
        if self._integral_error(nodes, draws) > COMFORTABLE:
            finer = replace(builder, fineness=2 * builder.fineness)
            nodes = self._watched(finer, AGAIN).redraw(nodes, found.wide)
        return nodes

    def _explored(self) -> Ensemble:
        """Return nodes that suit the population that rough proposals find."""
        nodes = self._watched(self._builder, FIRST).build()
        target = Target.of(flat_nodes(nodes, ROUGH), self.problem.structure)
        rng = np.random.default_rng([self.settings.seed, 3])
        rough = Weighted.of(target.explored(nodes.population, rng), target.coordinates)
        found = self.problem.structure.draws(rough.resampled(1, ROUGHLY, rng))
        return self._watched(self._builder.meeting(found), AGAIN).polish(nodes, found.wide)

    def _chains_on(self, reached: Reached) -> Sampled:
        """Sample the population given nodes; redraw nodes and lengthen chains as far as that is needed."""
        from estimation.inference.sampling import bound_population, sample_all  # noqa: PLC0415 - as above

        structure, settings = self.problem.structure, reached.lengthened(self.settings)
        sampling = self.checkpoint, self.track, "sampling the population"
        for attempt in range(reached.attempt, ATTEMPTS + 1):
            nodes = reached.nodes
            compiled = bound_population(flat_nodes(nodes), structure)
            posterior, stats = sample_all(compiled, settings, *sampling, reached.attempt)
            quality = self._quality(nodes, posterior)
            needed = self._needed(nodes, posterior, quality, attempt)
            short, diverged = is_short(posterior), bool(stats["diverging"].any())
            if attempt == ATTEMPTS or not (needed or short or diverged):
                break
            if short:
                settings = replace(settings, draws=2 * settings.draws, tune=2 * settings.tune)
            if diverged:
                settings = replace(settings, target_accept=(1 + settings.target_accept) / 2)
            if needed:
                finer = self._again(nodes, structure.draws(posterior), attempt, needed)
                reached = Reached(finer, attempt + 1, reached.failure, settings).kept(self.checkpoint)
        return Sampled(posterior, stats, nodes, quality, "NUTS on the population")

    def _quality(self, nodes: Ensemble, posterior: xr.Dataset) -> xr.Dataset:
        return integration_quality(nodes, self.problem.structure.draws(posterior).middle, self.problem.table.subjects)

    def _needed(self, nodes: Ensemble, found: xr.Dataset, quality: xr.Dataset, attempt: int) -> Remedy | None:
        """Return what should be done about nodes.

        Who asks for less accuracy wants to compare theories, which does not wait for the error of estimates.
        """
        error = 0.0 if self.settings.accuracy < 1 else self._integral_error(nodes, found)
        is_heavy = not bool((quality["k"] < GOOD_K).all())
        sizes = nodes.fineness, MOST * self._builder.fineness
        return remedy(error, nodes.strayed(self.problem.structure.draws(found)), is_heavy, sizes, attempt > 0)

    def _again(self, nodes: Ensemble, draws: PopulationDraws, attempt: int, by: Remedy) -> Ensemble:
        """Return nodes that suit a posterior better; random numbers follow from the attempt alone."""
        rng = np.random.default_rng([self.settings.seed, 4, attempt])
        finer = replace(self._builder.meeting(draws), fineness=by.fineness, rng=rng)
        return getattr(self._watched(finer, AGAIN), by.how)(nodes, draws.wide)  # type: ignore[no-any-return]

    def _integral_error(self, nodes: Ensemble, posterior: xr.Dataset) -> float:
        """Return how far integrals may have moved what is said of the population, by what is tolerated."""
        rng = np.random.default_rng([self.settings.seed, 1])
        errors = self.problem.integral_errors(flat_nodes(nodes), posterior, rng)
        return excess_error(errors, self.problem.named(posterior))

    @cached_property
    def _builder(self) -> Team:
        settings = self.settings
        return self.problem.builder(np.random.default_rng(settings.seed), settings.cores, settings.accuracy)

    def _watched(self, builder: Team, what: tuple[str, int]) -> Team:
        """Return the builder with a progress bar that counts people and evaluations."""
        if self.track is None:
            return builder
        name, evaluations = what
        return replace(builder, advance=counter(self.track(name, len(builder.crowd) * evaluations)))
