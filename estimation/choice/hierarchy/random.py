"""Models in which weights differ between people by a normal, log-normal or triangular distribution."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import xarray as xr
from scipy import linalg, optimize, stats

from estimation.arrays import Array, Mask
from estimation.choice.checks.identification import check_identified
from estimation.choice.checks.sample_weights import weights_of_sample
from estimation.choice.hierarchy.describe import covariates_of
from estimation.choice.hierarchy.draws import sample_hierarchical, score_hierarchical
from estimation.choice.hierarchy.maximum import Maximum, maximum
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation, TastePrior, natural
from estimation.choice.hierarchy.stuck import advice
from estimation.choice.hierarchy.tables import (
    correlation_row,
    correlation_tables,
    prior_rows,
    shift_tables,
    taste_table,
    triangle_tables,
)
from estimation.choice.hierarchy.triangular import HALF_WIDTH, quantiles
from estimation.choice.hierarchy.vector import parameters, population_of
from estimation.choice.hierarchy.willingness import caption, money_rows
from estimation.choice.likelihoods.target import prior_sd
from estimation.choice.maximum.mixed_mode import MixedMode
from estimation.choice.problem import ChoiceProblem
from estimation.choice.sampling.draws import Fitted, Truth, flat
from estimation.choice.utilities.design import arrays_of, design_of
from estimation.choice.utilities.error_components import untold
from estimation.choice.utilities.utility import Row, Utility
from estimation.errors import ChoiceError, raise_all
from estimation.fits.checkpoint import NOTHING_KEPT, Checkpoint
from estimation.fits.job import Settings
from estimation.text.table import TextTable


@dataclass(frozen=True, eq=False)
class RandomCoefficients(ChoiceProblem):
    """A model on a table in which weights differ between people; `hierarchy` is what is sampled."""

    hierarchy: MixedLogit

    people_differ: ClassVar[bool] = True
    references: ClassVar[tuple[str, ...]] = (
        "Priors of the spreads of tastes: Huang, A. & Wand, M. P. (2013), Bayesian Analysis 8(2):439-452.",
    )

    def check(self) -> None:
        """Raise a `ChoiceError` that lists what the choices cannot tell, as how people differ if there is one."""
        table, groups = self.table, self.model.groups
        if groups:  # means of error components are zero, and need not be told
            own = self.model
            plain = Utility(own.attributes, constants=own.constants, reference=own.reference)
            check_identified(arrays_of(plain, table), table, design_of(plain, table))
            raise_all(untold(groups, table), ChoiceError, f"These components cannot be told from {table.label}:")
        else:
            super().check()
        if self.hierarchy.choices.people < 2:
            advice = (
                "these are the choices of one person; leave random out, or give each person a name in column subject"
            )
            raise ChoiceError("How people differ cannot be told:", [advice])

    def sampled(self, settings: Settings, checkpoint: Checkpoint = NOTHING_KEPT) -> Fitted:
        """Return draws of people and population, with people integrated out for their likelihoods."""
        self.check()
        weights_of_sample(self.table)
        return sample_hierarchical(self.model, self.table, self.hierarchy, settings, checkpoint)

    def left_out(self, out: Mask, settings: Settings) -> tuple[Array, bool]:
        """Return log p(person | draw) of people who were left out, (draw, person), nats, and whether draws suffice."""
        return score_hierarchical(self.hierarchy, out, settings)

    def mode(self, seed: int) -> MixedMode:
        """Return the maximum of the likelihood with people's tastes integrated out; every coefficient must differ."""
        if self.model.groups:
            raise ChoiceError("There is no quick mode of error components:", ["use estimation.fit"])
        if self.hierarchy.half_width.size:
            advice = "use estimation.fit, whose draws say where the ends of triangles may be"
            raise ChoiceError("There is no quick mode of triangular tastes:", [advice])
        if self.hierarchy.fixed:
            names = [self.design.names[place] for place in self.hierarchy.fixed]
            advice = f"{names} are the same for everybody; use estimation.fit, or let all coefficients differ"
            raise ChoiceError(f"There is no quick mode of the {self.model.name}:", [advice])
        self.check()
        top = maximum(self.hierarchy, seed, weights_of_sample(self.table))
        if not top.converged:
            advice = (
                "a spread may be zero or without bound, or tastes correlate perfectly; simplify the model "
                '(covariance="diagonal"), or use estimation.fit'
            )
            raise ChoiceError("The search for the maximum did not end:", [advice])
        return self._as_mode(top)

    def _as_mode(self, top: Maximum) -> MixedMode:
        covariates, names = self.model.covariates, pd.Index(self.coefficients, name="coefficient")
        covariance, shift = linalg.inv(top.population.precision), top.population.shift
        spreads = np.sqrt(np.diag(covariance))
        correlations = pd.DataFrame(covariance / np.outer(spreads, spreads), names, names)
        index = [f"{of} of {name}" for of in ("mean", "sd") for name in names]
        index += [f"{name}: {of}" for name in names for of in covariates]
        return MixedMode(
            self.model,
            self.table,
            top.log_likelihood,
            top.error,
            arrays_of(self.model, self.table).null_log_likelihood,
            pd.Series(shift[:, 0], names),
            pd.Series(spreads, names),
            pd.DataFrame(shift[:, 1:], names, pd.Index(covariates, name="covariate")),
            correlations.iloc[:0, :0] if self.hierarchy.diagonal else correlations,
            pd.Series(_standard_errors(self.hierarchy, top), index),
        )

    def new_people(self, posterior: xr.Dataset, draws: int, rng: np.random.Generator) -> Array:
        """Return weights of new people, (sample, person, coefficient), drawn from the population."""
        mean, covariance = flat(posterior["mean"], draws), flat(posterior["covariance"], draws)
        values, vectors = np.linalg.eigh(covariance)
        root = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
        normal = rng.standard_normal((len(mean), len(self.table.subjects), mean.shape[1]))
        latent = mean[:, None, :] + np.einsum("sij,spj->spi", root, normal)
        if "shift" in posterior:
            named = [str(name) for name in posterior["covariate"].to_numpy()]
            described, average, _ = covariates_of(named, self.table)
            latent += np.einsum("pz,szk->spk", described - average, flat(posterior["shift"], draws))
        problem = self.hierarchy
        weights = natural(latent, problem.sign[problem.back], problem.price_in_data)
        for place in problem.triangles:
            own, sd = mean[:, None, place], np.sqrt(covariance[:, None, place, place])
            weights[..., place] = own + HALF_WIDTH * sd * quantiles((latent[..., place] - own) / sd)
        return weights

    def truth(self, rng: np.random.Generator) -> Truth:
        """Draw a population of tastes, and everybody's own."""
        problem, names, prior = self.hierarchy, self.coefficients, self.hierarchy.prior
        people, free = problem.choices.people, problem.free
        mean = rng.normal(prior.location, prior.shift_sd[:, 0])
        shared = rng.normal(prior.fixed_location, prior.fixed_sd)
        own = covariance_from_prior(prior, problem.diagonal, rng)
        tastes = rng.multivariate_normal(mean, own, size=people) if free else np.empty((people, 0))
        z = rng.standard_normal((people, len(problem.random) - free))
        theta = np.column_stack([tastes, z, np.tile(shared, (people, 1))])
        weights = pd.DataFrame(problem.coefficients(theta), columns=names, index=self.table.subjects)
        drawn = problem.moments(TastePopulation(mean[:, None], np.linalg.inv(own), shared))
        found = _by_name(drawn[0][None], drawn[1][None], names, self.model.groups)
        return Truth(weights, {}, {name: float(value[0]) for name, value in found.items()})

    def quantities(self, posterior: xr.Dataset) -> dict[str, Array]:
        """Return means, standard deviations and correlations of tastes by name, (draw,) each."""
        names = [str(name) for name in posterior["coefficient"].to_numpy()]
        return _by_name(flat(posterior["mean"]), flat(posterior["covariance"]), names, self.model.groups)

    def parameter_rows(self) -> list[Row]:
        """Return two rows per random coefficient, one per other, and those of correlations and covariates."""
        sign, random = self.hierarchy.sign[self.hierarchy.back], set(self.hierarchy.random)
        rows, scales, degrees = [], self.prior_sd.tolist(), self.hierarchy.prior.degrees
        for place, row in enumerate(self._rows()):
            sd = scales[place]
            is_triangular = place in self.hierarchy.triangles
            differ = prior_rows(row, sd, sign[place], self.model.prior_scale, degrees, is_triangular=is_triangular)
            own = differ if place in random else [row]
            rows += own if row[0] not in self.model.groups else own[1:]
        if not self.hierarchy.diagonal and self.hierarchy.free > 1:
            rows.append(correlation_row(degrees))
        return rows + self.covariate_rows("the means of the tastes")

    def _rows(self) -> list[Row]:
        """Return a row per coefficient, as if everybody shared it: amounts of money where there is a price."""
        rows, price = self.coefficient_rows(), self.hierarchy.price_in_data
        return rows if price < 0 else money_rows(rows, self.prior_sd, price, self.model.prior_scale)

    @property
    def prior_sd(self) -> Array:
        """Prior standard deviation of each coefficient if everybody shared it; of amounts, in units of price."""
        return prior_sd(self.hierarchy.choices, self.model.prior_scale, self.hierarchy.price_in_data)

    def estimates(self, posterior: xr.Dataset, label: str) -> list[TextTable]:
        """Return the typical person and the spread over people, correlations, and effects of covariates."""
        sign, random = self.hierarchy.sign[self.hierarchy.back], set(self.hierarchy.random)
        names, triangles = self.coefficients, self.hierarchy.triangles
        related = [name for name in self.varying(posterior) if names.index(name) not in triangles]
        correlations = [] if self.hierarchy.diagonal else correlation_tables(posterior, related)
        price = self.hierarchy.price_in_data
        heading = caption(self.coefficients[price]) if price >= 0 else "What people value"
        tastes = taste_table(posterior, sign, random, f"{heading}: {label}")
        return [tastes, *triangle_tables(posterior), *correlations, *shift_tables(posterior)]

    def notes(self, posterior: xr.Dataset) -> list[str]:
        """Return what one must know to read the estimates, and what to try where chains do not agree."""
        return [*super().notes(posterior), *advice(posterior, diagonal=self.hierarchy.diagonal)]

    def varying(self, posterior: xr.Dataset) -> list[str]:
        """Return the coefficients that differ between people."""
        differ = (posterior["sd"] > 0).any(["chain", "draw"])
        return [str(name) for name in differ["coefficient"].to_numpy()[differ.to_numpy()]]

    def is_negative(self, name: str) -> bool:
        """Return whether a coefficient is minus a log-normal."""
        sign = self.hierarchy.sign[self.hierarchy.back]
        return bool(sign[self.design.names.index(name)] < 0)


def _standard_errors(problem: MixedLogit, top: Maximum) -> Array:
    """Return the standard errors of means, spreads and effects, by the delta method."""

    def reported(x: Array) -> Array:
        population = population_of(x, problem)
        spreads = np.sqrt(np.diag(linalg.inv(population.precision)))
        return np.concatenate([population.shift[:, 0], spreads, population.shift[:, 1:].ravel()])

    slope = optimize.approx_fprime(parameters(top.population, problem.diagonal), reported, 1e-6)
    return np.asarray(np.sqrt(np.diag(slope @ top.covariance @ slope.T)))


def _by_name(mean: Array, covariance: Array, names: list[str], groups: Container[str]) -> dict[str, Array]:
    """Return means (of error components none), standard deviations and correlations of tastes by name, (draw,) each."""
    sd = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    differ = [place for place in range(len(names)) if sd[:, place].max() > 0]
    found = {f"{name}: mean": mean[:, place] for place, name in enumerate(names) if name not in groups}
    found |= {f"{names[place]}: sd": sd[:, place] for place in differ}
    for d in differ:
        for e in (other for other in differ if other < d):
            value = covariance[:, d, e] / sd[:, d] / sd[:, e]
            if np.ptp(value) > 0 or value[0] != 0:
                found[f"correlation of {names[d]}, {names[e]}"] = value
    return found


def covariance_from_prior(prior: TastePrior, diagonal: bool, rng: np.random.Generator) -> Array:
    """Draw from Huang and Wand (2013), eq. 2: a_k ~ IG(1/2, 1/A²), Σ ~ IW(ν + d - 1, 2 ν diag(1/a))."""
    size, degrees = len(prior.spread), prior.degrees
    if not size:
        return np.empty((0, 0))
    auxiliary = stats.invgamma(0.5, scale=1 / prior.spread**2).rvs(size, random_state=rng)
    if diagonal:
        return np.diag(stats.invgamma(degrees / 2, scale=degrees / auxiliary).rvs(size, random_state=rng))
    drawn = stats.invwishart(degrees + size - 1, 2 * degrees * np.diag(1 / auxiliary)).rvs(random_state=rng)
    return np.reshape(drawn, (size, size))
