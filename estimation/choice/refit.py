"""Exact refits of a model of choice without some people: the escalation of leave-one-out, and folds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from estimation.arrays import Array
from estimation.choice.classes.fit import mode_of, natural, sample_classes
from estimation.choice.classes.target import Classes
from estimation.choice.climb import climb
from estimation.choice.design import arrays_of
from estimation.choice.fitted import ChoiceFit
from estimation.choice.hierarchy.describe import problem_of, standardised
from estimation.choice.hierarchy.fit import watched
from estimation.choice.hierarchy.integral import NODES, integral_of_new
from estimation.choice.hierarchy.sampler import sample
from estimation.choice.independence import HEAVY, near_normal
from estimation.choice.likelihoods import of_groups, people_of
from estimation.choice.models import LatentClassLogit, MultinomialLogit
from estimation.choice.pooled import is_pooled, likelihood_of
from estimation.choice.pooled_fit import named
from estimation.choice.sampler import sample_top
from estimation.choice.settings import Settings
from estimation.choice.target import prior_sd
from estimation.fits.checks import averaged, error_of_mean, is_short
from estimation.fits.refitted import Refitted

DRAWS, CHAINS, THIN = 400, 2, 3
FINER = 4
"""Nodes of people who were left out, as a multiple of a fit's: few are scored, and their scores are the reference."""


def without(fit: ChoiceFit, subjects: Iterable[str], seed: int = 0) -> Refitted:
    """Return log p(person | everybody but these people) of each of these people, nats: one fold of many.

    Priors stay as they were, whoever is left out. The sampler is that of the fit, and so are its checks. Each set of
    people has random numbers of its own: if everybody were scored at the same nodes, their errors would add up instead
    of cancelling.
    """
    names = list(subjects)
    out = np.isin(np.array(fit.table.subjects), names)
    own = int(np.random.SeedSequence([seed, *np.flatnonzero(out).tolist()]).generate_state(1)[0])
    likelihood, is_sound = _likelihoods(fit, out, Settings(own, DRAWS, CHAINS))
    scores, relative = averaged(likelihood, CHAINS)
    errors = [error_of_mean(relative[..., place]) for place in range(len(scores))]
    left = np.array(fit.table.subjects)[out].tolist()
    return Refitted(
        dict(zip(left, scores.tolist(), strict=True)), is_sound, dict(zip(left, errors, strict=True))
    )


def _likelihoods(fit: ChoiceFit, out: NDArray[np.bool_], settings: Settings) -> tuple[Array, bool]:
    """Return log p(person | draw) of people who were left out, (draw, person), nats, and whether they are sound."""
    if is_pooled(fit.model):
        return _of_pooled(fit, out, settings)
    if isinstance(fit.model, LatentClassLogit):
        return _of_classes(fit.model, fit, out, settings)
    assert isinstance(fit.model, MultinomialLogit)
    problem = problem_of(fit.model, fit.table)
    kept, size = problem.without(out), {"draws": settings.draws, "chains": settings.chains}
    sampled = sample(kept, seed=settings.seed, is_short=lambda found: is_short(watched(found, kept)), **size)
    left = integral_of_new(problem.without(~out), sampled.middle, sampled.populations, FINER * NODES)
    return left.everybody(settings.seed)[0], not is_short(watched(sampled, kept))


def _of_classes(
    model: LatentClassLogit, fit: ChoiceFit, out: NDArray[np.bool_], settings: Settings
) -> tuple[Array, bool]:
    arrays, covariates = arrays_of(model, fit.table), standardised(model, fit.table)
    sd = prior_sd(arrays, model.prior_scale)
    target = Classes(arrays.of_people(~out), sd, covariates[~out], model.classes, settings.seed)
    draws, _, _ = sample_classes(target, mode_of(target), settings)
    left = Classes(arrays.of_people(out), sd, covariates[out], model.classes)
    return left.people(draws.reshape(-1, draws.shape[-1]).T).T, not is_short(natural(target, draws))


def _of_pooled(fit: ChoiceFit, out: NDArray[np.bool_], settings: Settings) -> tuple[Array, bool]:
    """Refit with weights of zero for those left out: rows, terms and priors stay as they are."""
    likelihood = likelihood_of(fit.model, fit.table)
    people, arrays = people_of(likelihood), likelihood.arrays
    kept = replace(likelihood, arrays=replace(arrays, weight=np.where(out[people], 0.0, arrays.weight)))  # type: ignore[type-var]

    def log_density(parameters: Array) -> Array:
        found = of_groups(kept, parameters, np.zeros_like(people))
        return np.asarray(found.sum(axis=0) + kept.log_prior(parameters))

    def is_short_of(draws: Array) -> bool:
        return is_short(named(kept, draws))

    top = climb(kept, prior=True)
    shape = HEAVY if kept.nests else near_normal(len(top.parameters))
    found = sample_top(kept, top, log_density, shape, thin=THIN, settings=settings, is_short=is_short_of)
    draws, is_sound = found.draws, not is_short_of(found.draws)
    return of_groups(likelihood, draws.reshape(-1, draws.shape[-1]).T, people)[out].T, is_sound
