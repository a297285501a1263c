"""Exact refits without some people: the escalation of leave-one-out, and folds.

The others keep their nodes. Those who were left out get new ones, made for the population that is found without them:
if a fit has to be made again, it is because they moved it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.fits.checks import GOOD_K, averaged, error_of_mean, is_short
from estimation.fits.job import Settings
from estimation.fits.refitted import Refitted
from estimation.inference.importance import NothingFoundError, weighted_populations
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.roles import in_role, integration_of_roles, nodes_of_fit, role_fits
from estimation.population.flat import FlatNodes, flat_nodes
from estimation.population.integration_quality import integration_quality
from estimation.population.likelihoods import likelihoods_of_people

ENOUGH = 0.25  # accuracy of people's integrals that no posterior stands on: their errors move scores, which tell them
ATTEMPTS = 3  # to sample chains, each twice as long and with shorter steps


@dataclass(frozen=True, eq=False)
class _Refit:
    """Draws of a population, whether they are sound, and how many independent ones they are worth at most."""

    posterior: xr.Dataset
    is_sound: bool
    independent: float = np.inf


@dataclass(frozen=True, eq=False)
class Refitter:
    """Refits the population of a fit with people left out; the theory is evaluated anew for these people only.

    Parameters
    ----------
    fit
        The fit.
    draws, tune
        Of each refit and chain; tuning concerns chains only.
    """

    fit: MessageFit
    draws: int = 500
    tune: int = 300

    def without(self, subjects: Sequence[str]) -> Refitted:
        """Return log p(person | everybody but these people) of each of these people, nats: one fold of many."""
        by_role = role_fits(self.fit)
        if by_role:
            return _added([replace(self, fit=one)._of_those(subjects) for one in by_role.values()])
        everybody = self.fit.table.subjects
        counts = np.where(np.isin(everybody, subjects), 0.0, 1.0)
        refit = self._posterior(counts)
        left = self.fit.problem.of(list(subjects))
        likelihood, quality = integrated_anew(left, refit.posterior, self._seed(counts))
        scores, relative = averaged(likelihood, refit.posterior.sizes["chain"])
        drawn = [error_of_mean(relative[..., place], refit.independent) for place in range(len(subjects))]
        errors = np.hypot(drawn, quality["error"].to_numpy())
        is_sound = refit.is_sound and bool((quality["k"] < GOOD_K).all())
        names = left.table.subjects
        return Refitted(
            dict(zip(names, scores.tolist(), strict=True)), is_sound, dict(zip(names, errors.tolist(), strict=True))
        )

    def _of_those(self, subjects: Sequence[str]) -> Refitted:
        """Return scores of those of these people who are here: of nobody else is anything to be said."""
        here = [subject for subject in subjects if subject in self.fit.table.subjects]
        return self.without(here) if here else Refitted({}, True, {})

    def _seed(self, counts: Array) -> list[int]:
        return [self._settings.seed, 3, int(np.argmin(counts))]

    @cached_property
    def _settings(self) -> Settings:
        return Settings(**{**self.fit.manifest["settings"], "draws": self.draws, "tune": self.tune})

    def _posterior(self, counts: Array) -> _Refit:
        """Return draws of the population given those who count.

        By proposals around the mode, which is quick and checks itself; by two chains or more, where they fail.
        """
        rng = np.random.default_rng(self._seed(counts))
        structure = self.fit.problem.structure
        guess = structure.draws(self.fit.posterior).middle
        try:
            found = weighted_populations(self._nodes, structure, guess, rng, counts)
        except NothingFoundError:
            return self._by_chains(counts)
        if found.reliable:
            return _Refit(found.resampled(self._settings.chains, self.draws, rng), True, found.effective)
        return self._by_chains(counts)

    def _by_chains(self, counts: Array) -> _Refit:
        from estimation.inference.sampling import bound_population, sample  # noqa: PLC0415 - PyMC is slow to import

        settings, structure = replace(self._settings, chains=max(2, self._settings.chains)), self.fit.problem.structure
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
        return _Refit(posterior, is_sound)

    @cached_property
    def _nodes(self) -> tuple[FlatNodes, ...]:
        return nodes_of_fit(self.fit)


def _added(parts: Sequence[Refitted]) -> Refitted:
    """Return what unrelated roles say of people together."""
    scores: dict[str, float] = {}
    errors: dict[str, float] = {}
    for part in parts:
        for who, score in part.scores.items():
            scores[who] = scores.get(who, 0.0) + score
            errors[who] = float(np.hypot(errors.get(who, 0.0), part.errors[who]))
    return Refitted(scores, all(part.is_sound for part in parts), errors)


def integrated_anew(problem: MessageProblem, posterior: xr.Dataset, seed: list[int]) -> tuple[Array, xr.Dataset]:
    """Return log p(person | population) of people under a posterior, (draw, person), and the quality of the integrals.

    Parameters
    ----------
    problem
        The people, who need not be those on whom the posterior stands: nodes are made for them and for it.
    posterior
        Draws of the population; chains one after another in the result.
    """
    if problem.has_unrelated_roles:
        return _anew_by_role(problem, posterior, seed)
    draws = problem.structure.draws(posterior)
    builder = problem.builder(np.random.default_rng([*seed, 4]), 1, ENOUGH).meeting(draws)
    nodes = builder.polish(builder.build(), draws.wide)
    quality = integration_quality(nodes, draws.middle, problem.table.subjects)
    return likelihoods_of_people(flat_nodes(nodes), draws), quality


def _anew_by_role(problem: MessageProblem, posterior: xr.Dataset, seed: list[int]) -> tuple[Array, xr.Dataset]:
    """Return the same for unrelated roles: likelihoods add up, and integrals are as good as the worse ones."""
    subjects, total, quality = problem.table.subjects, np.zeros(1), []
    for role in problem.roles:
        here = problem.in_role(role)
        likelihood, found = integrated_anew(here, in_role(problem, posterior, role), seed)
        everybody = np.zeros((len(likelihood), len(subjects)))
        everybody[:, np.searchsorted(subjects, here.table.subjects)] = likelihood
        total = total + everybody
        quality.append(found.reindex(subject=subjects))
    return total, integration_of_roles(quality)
