"""Exact refits without some people, on the nodes of a fit: the escalation of leave-one-out, and folds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from estimation.convergence import is_short
from estimation.games.game import Array
from estimation.inference.artifact import Fit
from estimation.inference.importance import weighted_populations
from estimation.inference.sampling import bound_population, sample
from estimation.inference.settings import Settings
from estimation.population.flat import FlatNodes
from estimation.population.model import log_likelihood_of_people
from estimation.refitted import Refitted

ATTEMPTS = 3  # to sample chains, each twice as long and with shorter steps


@dataclass(frozen=True, eq=False)
class Refitter:
    """Refits the population of a fit with people left out; the theory is not evaluated again.

    Parameters
    ----------
    fit
        The fit.
    draws, tune
        Of each refit and chain; tuning concerns chains only.
    """

    fit: Fit
    draws: int = 500
    tune: int = 300

    def left_out(self, subjects: Iterable[str], advance: Callable[[], None] = lambda: None) -> Refitted:
        """Return log p(person | everybody else) of some people, each by a refit without them, nats."""
        scores: dict[str, float] = {}
        is_sound = True
        for subject in subjects:
            found = self.without([subject])
            scores, is_sound = scores | found.scores, is_sound and found.is_sound
            advance()
        return Refitted(scores, is_sound)

    def without(self, subjects: Sequence[str]) -> Refitted:
        """Return log p(person | everybody but these people) of each of these people, nats: one fold of many."""
        positions = np.array([self.fit.table.subjects.index(subject) for subject in subjects])
        counts = np.ones(len(self.fit.table.subjects))
        counts[positions] = 0.0
        posterior, is_sound = self._posterior(counts)
        found = self._of_people(posterior, positions)
        scores = special.logsumexp(found, axis=0) - np.log(len(found))
        return Refitted(dict(zip(subjects, scores.tolist(), strict=True)), is_sound)

    @cached_property
    def _settings(self) -> Settings:
        return Settings(**{**self.fit.manifest["settings"], "draws": self.draws, "tune": self.tune})

    def _posterior(self, counts: Array) -> tuple[xr.Dataset, bool]:
        """Return draws of the population, and whether they are sound.

        By proposals around the mode, which is quick and checks itself; by two chains or more, where they fail.
        """
        rng = np.random.default_rng([self._settings.seed, 3, int(np.argmin(counts))])
        structure, guess = self.fit.problem.structure, self.fit.draws.middle
        found = weighted_populations(self._nodes, structure, guess, rng, counts)
        if found.reliable:
            return found.resampled(self._settings.chains, self.draws, rng), True
        settings = replace(self._settings, chains=max(2, self._settings.chains))
        compiled = bound_population(self._nodes, structure, counts)
        for _ in range(ATTEMPTS):
            sampled = sample(compiled, settings, range(settings.chains))
            posterior = sampled["posterior"].dataset
            diverged = bool(sampled["sample_stats"].dataset["diverging"].any())
            is_sound = not (diverged or is_short(posterior))
            if is_sound:
                break
            shorter_steps = (1 + settings.target_accept) / 2
            draws, tune = 2 * settings.draws, 2 * settings.tune
            settings = replace(settings, draws=draws, tune=tune, target_accept=shorter_steps)
        return posterior, is_sound

    def _of_people(self, posterior: xr.Dataset, positions: Any) -> Array:
        """Return log p(person | population) for every draw, (draw, person)."""
        structure = self.fit.problem.structure
        nodes = tuple(flat.of_people(positions) for flat in self._nodes)
        return np.array(
            [
                log_likelihood_of_people(nodes, structure.parts, population.of(positions))
                for population in structure.draws(posterior)
            ]
        )

    @cached_property
    def _nodes(self) -> tuple[FlatNodes, ...]:
        nodes = self.fit.tree["nodes"]
        return tuple(FlatNodes.from_dataset(nodes[str(part)].dataset) for part in range(len(nodes)))
