"""Exact refits without some people, on the nodes and the compiled model of a fit: the escalation of leave-one-out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from scipy import special

from estimation.games.game import Array
from estimation.inference.artifact import Fit
from estimation.inference.importance import weighted_populations
from estimation.inference.sampling import bound_population, sample
from estimation.inference.settings import Settings
from estimation.population.flat import FlatNodes
from estimation.population.model import log_likelihood_of_people


@dataclass(frozen=True, eq=False)
class Refitter:
    """Refits the population of a fit with people left out; theory and compilation are not paid again.

    Parameters
    ----------
    fit
        The fit.
    draws, tune
        Of each refit and chain.
    """

    fit: Fit
    draws: int = 500
    tune: int = 300

    def left_out(
        self, subjects: Iterable[str], advance: Callable[[], None] = lambda: None
    ) -> dict[str, float]:
        """Return log p(person | everybody else) of some people, each by a refit without them, nats."""
        return {subject: self._without(subject, advance) for subject in subjects}

    def _without(self, subject: str, advance: Callable[[], None]) -> float:
        position = self.fit.table.subjects.index(subject)
        counts = np.ones(len(self.fit.table.subjects))
        counts[position] = 0.0
        posterior = self._weighted(counts) if self._settings.method == "importance" else self._sampled(counts)
        advance()
        found = self._of_person(posterior, position)
        return float(special.logsumexp(found) - np.log(len(found)))

    @cached_property
    def _settings(self) -> Settings:
        return Settings(**{**self.fit.manifest["settings"], "draws": self.draws, "tune": self.tune})

    def _sampled(self, counts: Array) -> xr.Dataset:
        """Return draws of the population by chains."""
        compiled = bound_population(self._nodes, self.fit.problem.structure, counts)
        posterior: xr.Dataset = sample(compiled, self._settings, range(self._settings.chains))[
            "posterior"
        ].dataset
        return posterior

    def _weighted(self, counts: Array) -> xr.Dataset:
        """Return draws of the population by proposals around its mode; by chains, where they fail."""
        rng = np.random.default_rng([self._settings.seed, 3, int(np.argmin(counts))])
        structure, guess = self.fit.problem.structure, self.fit.draws.middle
        found = weighted_populations(self._nodes, structure, guess, rng, counts)
        if not found.reliable:
            return self._sampled(counts)
        return found.resampled(self._settings.chains, self.draws, rng)

    def _of_person(self, posterior: xr.Dataset, position: int) -> Array:
        """Return log p(person | population) for every draw, (draw,)."""
        structure = self.fit.problem.structure
        nodes = tuple(flat.of_person(position) for flat in self._nodes)
        one = np.array([position])
        return np.array(
            [
                log_likelihood_of_people(nodes, structure.parts, population.of(one))[0]
                for population in structure.draws(posterior)
            ]
        )

    @cached_property
    def _nodes(self) -> tuple[FlatNodes, ...]:
        nodes = self.fit.tree["nodes"]
        return tuple(FlatNodes.from_dataset(nodes[str(part)].dataset) for part in range(len(nodes)))
