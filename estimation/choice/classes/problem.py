"""Models in which people belong to one of a few classes, each with its own weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import softmax

from estimation.arrays import Array, Mask
from estimation.choice.checks.sample_weights import once_each, weights_of_sample
from estimation.choice.classes.draws import DIMS, mode_of, natural, people_of, sample_classes
from estimation.choice.classes.target import COVARIATE_SD, Classes
from estimation.choice.hierarchy.describe import covariates_of, standardised
from estimation.choice.problem import ChoiceProblem
from estimation.choice.sampling.draws import Fitted, Truth, flat
from estimation.choice.sampling.sampler import kept_top
from estimation.choice.utilities.design import arrays_of
from estimation.choice.utilities.utility import Row
from estimation.errors import ChoiceError
from estimation.fits.checkpoint import NOTHING_KEPT, Checkpoint
from estimation.fits.checks import is_short
from estimation.fits.job import Settings
from estimation.text.digits import quantiles
from estimation.text.table import TextTable


@dataclass(frozen=True, eq=False)
class LatentClasses(ChoiceProblem):
    """A model on a table in which people belong to one of a few classes; `classes` is how many."""

    classes: int

    people_differ: ClassVar[bool] = True

    @cached_property
    def covariates(self) -> Array:
        """What shifts the chances of belonging to a class, standardised, after a column of ones."""
        return standardised(self.model, self.table)

    def target(self, people: Mask | slice = slice(None), seed: int = 0) -> Classes:
        """Return the likelihood of some people."""
        arrays = arrays_of(self.model, self.table)
        arrays = once_each(arrays) if self.table.is_sample_weighted else arrays
        kept = arrays if isinstance(people, slice) else arrays.of_people(people)
        spread = dict(zip(self.model.covariates, covariates_of(self.model.covariates, self.table)[2], strict=True))
        return Classes(kept, self.prior_sd, self.covariates[people], self.classes, seed, spread)

    def check(self) -> None:
        """Raise a `ChoiceError` that lists what the choices cannot tell, as more classes than people."""
        super().check()
        if self.classes > len(self.table.subjects):
            problem = f"{self.classes} classes of {len(self.table.subjects)} people; give fewer classes"
            raise ChoiceError("Classes cannot be told apart:", [problem])

    def sampled(self, settings: Settings, checkpoint: Checkpoint = NOTHING_KEPT) -> Fitted:
        """Return draws around the mode with its labels, and of each person's weights."""
        self.check()
        weights_of_sample(self.table)
        target = self.target(seed=settings.seed)
        top = kept_top(checkpoint, lambda: mode_of(target))
        draws, stats, facts = sample_classes(target, top, settings, checkpoint, is_checked=True)
        likelihood = target.people(np.moveaxis(draws, -1, 0).reshape(draws.shape[-1], -1))
        people = np.moveaxis(likelihood.reshape(-1, *draws.shape[:2]), 0, -1)
        subjects, rng = {"subject": list(self.table.subjects)}, np.random.default_rng([settings.seed, 3])
        groups = {
            "posterior": natural(target, draws),
            "sample_stats": stats,
            "log_likelihood": xr.Dataset({"people": ((*DIMS, "subject"), people)}, coords=subjects),
            "people": people_of(target, draws.reshape(-1, draws.shape[-1]), rng),
        }
        return Fitted(groups, facts)

    def left_out(self, out: Mask, settings: Settings) -> tuple[Array, bool]:
        """Return log p(person | draw) of people who were left out, (draw, person), nats, and whether draws suffice."""
        target = self.target(~out, settings.seed)
        draws, _, _ = sample_classes(target, mode_of(target), settings)
        values = self.target(out).people(draws.reshape(-1, draws.shape[-1]).T)
        return values.T, not is_short(natural(target, draws))

    def new_people(self, posterior: xr.Dataset, draws: int, rng: np.random.Generator) -> Array:
        """Return weights of new people with the covariates of the data, (sample, person, coefficient): by class."""
        weights, share = flat(posterior["coefficients"], draws), flat(posterior["share"], draws)
        odds = np.broadcast_to(np.log(share)[:, None], (len(share), len(self.table.subjects), share.shape[1]))
        if "membership" in posterior:
            described, average, _ = covariates_of(self.model.covariates, self.table)
            odds = odds + np.einsum("pz,scz->spc", described - average, flat(posterior["membership"], draws))
        edges = np.cumsum(softmax(odds, axis=2), axis=2)
        luck = rng.uniform(size=odds.shape[:2])
        kind = np.minimum((luck[:, :, None] > edges).sum(axis=2), share.shape[1] - 1)
        return np.asarray(np.take_along_axis(weights, kind[:, :, None], axis=1))

    def truth(self, rng: np.random.Generator) -> Truth:
        """Draw classes of people, and who belongs to which."""
        names, people = list(self.design.names), self.table.subjects
        weights = rng.normal(0, self.prior_sd, (self.classes, len(names)))
        share = rng.dirichlet(np.ones(self.classes))
        covariates = self.covariates[:, 1:]
        effects = rng.normal(0, COVARIATE_SD, (self.classes, covariates.shape[1]))
        effects[-1] = 0.0
        edges = np.cumsum(softmax(np.log(share) + covariates @ effects.T, axis=1), axis=1)
        kind = np.minimum((rng.uniform(size=(len(people), 1)) > edges).sum(axis=1), self.classes - 1)
        spread = covariates_of(self.model.covariates, self.table)[2]
        found = _by_first_weight(weights[None], share[None], names, (effects / spread)[None], self.model.covariates)
        real = {name: float(value[0]) for name, value in found.items()}
        return Truth(pd.DataFrame(weights[kind], columns=names, index=people), {}, real)

    def quantities(self, posterior: xr.Dataset) -> dict[str, Array]:
        """Return the weights and shares of classes in the order of their first weight, (draw,) each."""
        names = [str(name) for name in posterior["coefficient"].to_numpy()]
        weights, share = flat(posterior["coefficients"]), flat(posterior["share"])
        effects = flat(posterior["membership"]) if "membership" in posterior else np.zeros((*share.shape, 0))
        return _by_first_weight(weights, share, names, effects, self.model.covariates)

    def parameter_rows(self) -> list[Row]:
        """Return a row per coefficient, of the shares, and per covariate."""
        meaning = f"share of people in each of {self.classes} classes"
        why = "every division is equally likely beforehand"
        share = ("share", meaning, "probability", "Dirichlet(1, …, 1)", why)
        return [*self.coefficient_rows(" in each class"), share, *self.covariate_rows("the chances of a class")]

    def estimates(self, posterior: xr.Dataset, label: str) -> list[TextTable]:
        """Return shares and weights, one column per class."""
        classes = [str(name) for name in posterior["class"].to_numpy()]
        share, weights = 100 * posterior["share"], posterior["coefficients"]
        rows: list[Row] = [("share of people, %", *(_inline(share.sel({"class": one})) for one in classes))]
        for name in weights["coefficient"].to_numpy():
            own = weights.sel(coefficient=name)
            rows.append((str(name), *(_inline(own.sel({"class": one})) for one in classes)))
        for name in posterior["covariate"].to_numpy() if "membership" in posterior else ():
            own = posterior["membership"].sel(covariate=name)
            told = (_inline(own.sel({"class": one})) for one in classes[:-1])
            rows.append((f"{name}: log odds against {classes[-1]}, per unit", *told, ""))
        head = ("", *(f"{one}: estimate (90 % interval)" for one in classes))
        columns = tuple(range(1, len(head)))
        return [TextTable(f"What people value, class by class: {label}", head, tuple(rows), columns)]


def _inline(draws: xr.DataArray) -> str:
    low, middle, high = quantiles(draws)
    return f"{middle} ({low} to {high})"


def _by_first_weight(
    weights: Array, share: Array, names: list[str], effects: Array, covariates: Sequence[str]
) -> dict[str, Array]:
    """Name classes by the order of their first weight, so that labels cannot matter; (draw,) each."""
    order = np.argsort(weights[:, :, 0], axis=1)
    sorted_weights = np.take_along_axis(weights, order[..., None], axis=1)
    sorted_share = np.take_along_axis(share, order, axis=1)
    sorted_effects = np.take_along_axis(effects, order[..., None], axis=1)
    sorted_effects = sorted_effects - sorted_effects[:, -1:]
    places = range(weights.shape[1])
    found = {f"{name} of class {c + 1}": sorted_weights[:, c, k] for c in places for k, name in enumerate(names)}
    found |= {f"share of class {c + 1}": sorted_share[:, c] for c in places[:-1]}
    return found | {
        f"{name}: log odds of class {c + 1}": sorted_effects[:, c, k]
        for c in places[:-1]
        for k, name in enumerate(covariates)
    }
