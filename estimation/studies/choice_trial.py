"""One simulated table of choices, fitted by the model that made it: the trial of the road of choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from estimation.arrays import Array
from estimation.choice.design import arrays_of, design_of
from estimation.choice.fit import fit_choices
from estimation.choice.hierarchy.describe import problem_of
from estimation.choice.hierarchy.problem import DEGREES, Problem as Hierarchy
from estimation.choice.models import ChoiceModel, LatentClassLogit, MultinomialLogit, NestedLogit
from estimation.choice.pooled import is_pooled
from estimation.choice.simulate import simulate_choices
from estimation.choice.target import prior_sd
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, StudyError, raise_all
from estimation.jobs.unit import Result, Unit, seed_of
from estimation.studies.trial import checks, summary

QUICK: dict[str, Any] = {"draws": 300, "chains": 2, "progress": False}
"""Settings of refits: two chains, since one cannot show that it has converged."""

Drawn = tuple[Mapping[str, float] | pd.DataFrame, dict[str, float], dict[str, float]]
"""Weights of everybody or of each person, dissimilarities, and the value of each quantity."""


@dataclass(frozen=True)
class ChoiceTrial:
    """Draw a model's parameters from its prior, simulate choices and fit them.

    Parameters
    ----------
    model, table
        Who makes and fits the choices, in whose situations.
    settings
        Of the fits, in addition to `QUICK`.
    seed
        Root of all randomness.
    """

    model: ChoiceModel
    table: ChoiceTable
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0

    def __call__(self, unit: Unit) -> Result:
        """Return truth, estimates, ranks and checks of one trial; or why the data were refused (separation)."""
        seed = seed_of(self.seed, unit.key)
        rng = np.random.default_rng(seed_of(self.seed, f"{unit.key}, truth"))
        weights, dissimilarity, real = prior_draw(self.model, self.table, rng)
        made = simulate_choices(
            self.model,
            self.table,
            weights,
            dissimilarity=dissimilarity or None,
            seed=int(rng.integers(2**31)),
        )
        try:
            found = fit_choices(self.model, made, **{"seed": seed, **QUICK, **self.settings})
        except ChoiceError as problem:  # refused because of the data alone: the others' ranks stay uniform
            return {"refused": str(problem)}
        return summary(real, posterior_quantities(self.model, found), rng) | checks(found)


def check_prior(model: ChoiceModel) -> None:
    """Raise `StudyError` if a model's prior cannot be drawn from here."""
    covariates = tuple(getattr(model, "covariates", ()))
    problem = (
        f"truths are not drawn from the prior of the effects of covariates {list(covariates)}; leave them out"
    )
    raise_all([problem] if covariates else [], StudyError, "The study cannot be run:")


def prior_draw(model: ChoiceModel, table: ChoiceTable, rng: np.random.Generator) -> Drawn:
    """Draw everything that choices depend on from a model's prior."""
    names = list(design_of(model, table).names)
    if isinstance(model, LatentClassLogit):
        return _of_classes(model, table, names, rng)
    if is_pooled(model):
        sd = prior_sd(arrays_of(model, table), model.prior_scale)
        weights = dict(zip(names, rng.normal(0, sd).tolist(), strict=True))
        nests = list(model.nests) if isinstance(model, NestedLogit) else []
        tau = {nest: float(rng.uniform()) for nest in nests}
        return weights, tau, weights | {f"dissimilarity of {nest}": value for nest, value in tau.items()}
    assert isinstance(model, MultinomialLogit)
    return _of_people(problem_of(model, table), names, table, rng)


def posterior_quantities(model: ChoiceModel, found: Any) -> dict[str, Array]:
    """Return the draws of each quantity that `prior_draw` names, (draw,)."""
    posterior = found.tree["posterior"].dataset.stack(sample=("chain", "draw")).transpose("sample", ...)
    names = found.coefficients
    if isinstance(model, LatentClassLogit):
        weights, share = posterior["coefficients"], posterior["share"].transpose("sample", "class").to_numpy()
        return _by_first_weight(weights.transpose("sample", "class", "coefficient").to_numpy(), share, names)
    if is_pooled(model):
        result = dict(
            zip(names, posterior["coefficients"].transpose("coefficient", "sample").to_numpy(), strict=True)
        )
        if "dissimilarity" in posterior:
            nests = posterior["dissimilarity"]
            result |= {
                f"dissimilarity of {nest}": nests.sel(nest=nest).to_numpy()
                for nest in nests["nest"].to_numpy()
            }
        return result
    mean = posterior["mean"].transpose("sample", "coefficient").to_numpy()
    covariance = posterior["covariance"].transpose("sample", "coefficient", "other").to_numpy()
    return _of_population(mean, covariance, names)


def _of_population(mean: Array, covariance: Array, names: list[str]) -> dict[str, Array]:
    """Return means, standard deviations and correlations of tastes by name, (draw,) each."""
    sd = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    differ = [place for place in range(len(names)) if sd[:, place].max() > 0]
    found = {f"{name}: mean": mean[:, place] for place, name in enumerate(names)}
    found |= {f"{names[place]}: sd": sd[:, place] for place in differ}
    for d in differ:
        for e in (other for other in differ if other < d):
            value = covariance[:, d, e] / sd[:, d] / sd[:, e]
            if np.ptp(value) > 0 or value[0] != 0:
                found[f"correlation of {names[d]}, {names[e]}"] = value
    return found


def _of_people(problem: Hierarchy, names: list[str], table: ChoiceTable, rng: np.random.Generator) -> Drawn:
    """Draw a population of tastes and everybody's own from the prior of a hierarchical logit."""
    prior, random, fixed = problem.prior, list(problem.random), list(problem.fixed)
    mean, shared = rng.normal(prior.location, prior.shift_sd[:, 0]), rng.normal(0, prior.fixed_sd)
    own = _covariance(prior.spread, problem.diagonal, rng)
    tastes = rng.multivariate_normal(mean, own, size=problem.choices.people)
    sign = problem.sign[: len(random)]
    everybody = np.empty((len(tastes), len(names)))
    everybody[:, random] = np.where(sign == 0, tastes, sign * np.exp(tastes))
    everybody[:, fixed] = shared
    means, covariance = np.empty(len(names)), np.zeros((len(names), len(names)))
    means[random], means[fixed] = mean, shared
    covariance[np.ix_(random, random)] = own
    real = {
        name: float(value[0]) for name, value in _of_population(means[None], covariance[None], names).items()
    }
    return pd.DataFrame(everybody, columns=names, index=table.subjects), {}, real


def _covariance(spread: Array, diagonal: bool, rng: np.random.Generator) -> Array:
    """Draw from Huang and Wand (2013), eq. 2: a_k ~ IG(1/2, 1/A²), Σ ~ IW(ν + d - 1, 2 ν diag(1/a))."""
    size = len(spread)
    auxiliary = stats.invgamma(0.5, scale=1 / spread**2).rvs(size, random_state=rng)
    if diagonal:
        return np.diag(stats.invgamma(DEGREES / 2, scale=DEGREES / auxiliary).rvs(size, random_state=rng))
    drawn = stats.invwishart(DEGREES + size - 1, 2 * DEGREES * np.diag(1 / auxiliary)).rvs(random_state=rng)
    return np.reshape(drawn, (size, size))


def _of_classes(
    model: LatentClassLogit, table: ChoiceTable, names: list[str], rng: np.random.Generator
) -> Drawn:
    """Draw classes of people and who belongs to which."""
    sd = prior_sd(arrays_of(model, table), model.prior_scale)
    weights, share = rng.normal(0, sd, (model.classes, len(names))), rng.dirichlet(np.ones(model.classes))
    kind = rng.choice(model.classes, size=len(table.subjects), p=share)
    real = {
        name: float(value[0]) for name, value in _by_first_weight(weights[None], share[None], names).items()
    }
    return pd.DataFrame(weights[kind], columns=names, index=table.subjects), {}, real


def _by_first_weight(weights: Array, share: Array, names: list[str]) -> dict[str, Array]:
    """Name classes by the order of their first weight, so that labels cannot matter; (draw,) each."""
    order = np.argsort(weights[:, :, 0], axis=1)
    sorted_weights = np.take_along_axis(weights, order[..., None], axis=1)
    sorted_share = np.take_along_axis(share, order, axis=1)
    classes = weights.shape[1]
    found: dict[str, Array] = {}
    for place in range(classes):
        found |= {f"{name} of class {place + 1}": sorted_weights[:, place, k] for k, name in enumerate(names)}
    return found | {f"share of class {place + 1}": sorted_share[:, place] for place in range(classes - 1)}
