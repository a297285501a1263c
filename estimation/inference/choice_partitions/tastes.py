"""Draws of a logit whose weights differ between people: chains until they agree, written down every few sweeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr

from estimation.choice.hierarchy.draws import posterior_of, watched
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.sampler import BURN, LONGEST, SCATTER, TasteDraws
from estimation.choice.hierarchy.sites import Sites
from estimation.choice.likelihoods.target import sd_of
from estimation.choice.sampling.draws import Fitted
from estimation.fits.checks import is_short
from estimation.fits.job import Settings
from estimation.inference.choice_partitions.checkpoints import keep_chains, kept_chains
from estimation.inference.choice_partitions.problem import PartitionedTastes
from estimation.inference.choice_partitions.taste_chains import Chains
from estimation.inference.choice_partitions.taste_work import Reading, Sweeping
from estimation.inference.choice_partitions.team import Team, summed
from estimation.jobs.unit import seed_of
from estimation.jobs.workers import Workers
from estimation.progress import progress_bars

STAGES = (30, 40)
"""Sweeps on each set of Gaussians before those that chains start on; the second half finds the middle."""
ROUNDS = 6
"""Rounds of sweeps that count, each as long as all before it."""
EVERY = 20
"""Sweeps between two times that chains are written down."""
STEP = 0.5


def tastes_of(
    problem: PartitionedTastes, settings: Settings, folder: Path, people: Path, crew: Workers, progress: bool
) -> Fitted:
    """Return draws of the population; means and deviations of people are written where `people` says."""
    slim = PartitionedTastes(problem.model, problem.table.without_parts(), problem.hierarchy)
    reading = Team(problem.table.parts, Reading(slim, folder), crew, progress)
    told = reading.ask("build", "reading choices", checked=reading.largest.name)
    spread = np.sqrt(summed(told, "squares") / sum(one["rows"] for one in told))
    hierarchy = problem.hierarchy_of(spread)
    team = replace(reading, work=Sweeping(settings.seed, folder, people))
    chains = kept_chains(folder, hierarchy, settings.seed, problem.table.parts)
    if chains is None:
        pilot = replace(reading, parts=(reading.largest,))
        seed = seed_of(settings.seed, "pilot")
        (found,) = pilot.ask("pilot", "looking for the middle", spread=spread, seed=seed)
        middle = TastePopulation(**{name: np.array(value) for name, value in found.items()})
        chains = _started(hierarchy, settings, middle)
        chains.settle(team, 0, middle)
    _Run(chains, team, folder, settings).all()
    sampled = _sampled(chains, hierarchy, settings)
    names, order = list(problem.coefficients), (*hierarchy.random, *hierarchy.fixed)
    count = len(chains.seen) * settings.chains
    label = problem.table.label
    team.ask("describe", "describing people", after=chains.place, names=names, order=order, count=count, label=label)
    groups = {
        "posterior": posterior_of(problem.model, problem.table.example, hierarchy, sampled),
        "sample_stats": xr.Dataset({"accepted": (("chain", "draw"), sampled.accepted)}),
        "log_likelihood": xr.Dataset(),
    }
    name = "elliptical slices of people and Hamiltonian moves of the population, partition by partition"
    facts = {"name": name, "draws": sampled.accepted.shape[1], "sweeps": chains.place.sweep if chains.place else 0}
    return Fitted(groups, facts | {"prior_sd": sd_of(spread, problem.model.prior_scale).tolist()})


def _started(problem: MixedLogit, settings: Settings, middle: TastePopulation) -> Chains:
    count = settings.chains
    return Chains(problem, settings.seed, [middle] * count, [None] * count, np.full(count, STEP))


@dataclass(eq=False)
class _Run:
    """Chains on their way: warm-up in stages, a scattered start, and rounds of sweeps that count."""

    chains: Chains
    team: Team
    folder: Path
    settings: Settings

    def all(self) -> None:
        """Sweep until chains agree, or there were enough rounds."""
        chains, warm = self.chains, sum(STAGES) + BURN
        for count in range(ROUNDS):
            last = warm + 2**count * self.settings.draws
            with progress_bars(self.team.progress) as track:
                show = track(f"sweeps, round {count + 1}", last)
                while chains.place is not None and chains.place.sweep < last:
                    self._next()
                    show(chains.place.sweep)
            keep_chains(self.folder, chains)
            if not is_short(watched(_sampled(chains, chains.problem, self.settings), chains.problem)):
                break

    def _next(self) -> None:
        """Do one sweep, and what is due before it."""
        chains = self.chains
        assert chains.place is not None
        sweep, ends = chains.place.sweep, np.cumsum(STAGES).tolist()
        if sweep in ends and chains.place.stage == ends.index(sweep):
            stage = ends.index(sweep)
            middle = chains.middle(chains.seen[-STAGES[stage] // 2 :])
            chains.settle(self.team, stage + 1, middle)
            chains.seen, chains.chances = [], []
            if stage == len(STAGES) - 1:
                chains.scatter(SCATTER)
        is_warm = sweep < ends[-1] + BURN
        if sweep == ends[-1] + BURN:
            chains.seen, chains.chances = [], []
        chains.sweep(self.team, adapt=is_warm, counted=not is_warm)
        if chains.place.sweep % EVERY == 0:
            keep_chains(self.folder, chains)


def _sampled(chains: Chains, problem: MixedLogit, settings: Settings) -> TasteDraws:
    """Return draws evenly spaced along the chains, at most `LONGEST` times as many as were asked for."""
    every = -(-len(chains.seen) // (LONGEST * settings.draws))
    seen, chances = chains.seen[every - 1 :: every], chains.chances[every - 1 :: every]
    shift, precision, fixed = (
        np.array([[sweep[chain][part] for sweep in seen] for chain in range(settings.chains)]) for part in range(3)
    )
    size = len(problem.sign)
    nobody = Sites(np.empty((0, size)), np.empty((0, size, size)))
    return TasteDraws(shift, precision, fixed, np.array(chances).T, np.empty((0, 0, size)), nobody)
