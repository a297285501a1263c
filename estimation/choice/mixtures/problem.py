"""A model on a table in which people's tastes are a mixture of normals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array, Indices, Mask
from estimation.choice.checks.sample_weights import weights_of_sample
from estimation.choice.hierarchy.draws import DIMS, FINER, named_moments
from estimation.choice.hierarchy.integral import NODES, Quality
from estimation.choice.hierarchy.problem import MixedLogit, natural
from estimation.choice.hierarchy.random import RandomCoefficients, covariance_from_prior
from estimation.choice.hierarchy.sites import sites_at_modes
from estimation.choice.maximum.mixed_mode import MixedMode
from estimation.choice.mixtures.chain import EQUAL, Mixture
from estimation.choice.mixtures.integral import MixtureIntegral
from estimation.choice.mixtures.sampler import MixtureDraws, sample_mixture
from estimation.choice.problem import ChoiceProblem
from estimation.choice.sampling.draws import Fitted, Truth, flat
from estimation.choice.utilities.utility import Row
from estimation.errors import ChoiceError
from estimation.fits.checkpoint import NOTHING_KEPT, Checkpoint
from estimation.fits.checks import is_short
from estimation.fits.job import Settings
from estimation.progress import step
from estimation.text.digits import quantiles
from estimation.text.table import TextTable

DEGREES = 4.0
"""Of freedom of the priors of spreads within a component, as in bayesm: with the two that one normal has, the spread of
a component of a few people who always choose the cheapest has no mean, and chains stay there for hundreds of sweeps."""


@dataclass(frozen=True, eq=False)
class TasteMixture(RandomCoefficients):
    """A model on a table in which tastes are a mixture of `count` normals.

    Its posterior has the moments of tastes over everybody (``mean``, ``sd``, ``covariance``), which do not depend on
    names of components, and those of each component: ``share`` (chain, draw, component), ``component_mean`` (…,
    coefficient), ``component_sd``, and ``component_covariance`` (…, coefficient, other).
    """

    count: int

    references: ClassVar[tuple[str, ...]] = (
        *RandomCoefficients.references,
        "Mixtures of normals: Rossi, P. E., Allenby, G. M. & McCulloch, R. (2005), Bayesian Statistics and Marketing, "
        "Wiley, ch. 5.",
    )

    def check(self) -> None:
        """Raise a `ChoiceError` that lists what the choices cannot tell, as more components than people."""
        super().check()
        people = self.hierarchy.choices.people
        if self.count > people:
            raise ChoiceError("Components cannot be told apart:", [f"{self.count} of {people} people; give fewer"])

    def sampled(self, settings: Settings, checkpoint: Checkpoint = NOTHING_KEPT) -> Fitted:
        """Return draws of people and the mixture; what was interrupted begins anew."""
        self.check()
        weights_of_sample(self.table)
        problem, size = self.hierarchy, {"draws": settings.draws, "chains": settings.chains}
        found = sample_mixture(problem, self.count, seed=settings.seed, is_short=self._is_short, **size)
        step("integrating over people")
        likelihood, quality = MixtureIntegral(problem, found.sites, found, NODES).everybody(settings.seed)
        names = {"subject": list(problem.choices.subjects)}
        own = {"coefficients": (("sample", "subject", "coefficient"), problem.coefficients(found.theta))}
        trust = {name: ("subject", values) for name, values in zip(Quality._fields, np.array(quality).T, strict=True)}
        groups = {
            "posterior": self._posterior(found),
            "sample_stats": xr.Dataset({"accepted": (DIMS, found.accepted)}),
            "log_likelihood": xr.Dataset(
                {"people": ((*DIMS, "subject"), likelihood.reshape(*found.accepted.shape, -1))}, coords=names
            ),
            "people": xr.Dataset(own, coords={**names, "coefficient": self.coefficients}),
            "integration": xr.Dataset(trust, coords=names),
        }
        name = "moves of people between components, then those of a hierarchical logit in each"
        return Fitted(groups, {"name": name, "draws": found.accepted.shape[1]})

    def left_out(self, out: Mask, settings: Settings) -> tuple[Array, bool]:
        """Return log p(person | draw) of people who were left out, (draw, person), nats, and whether draws suffice."""
        kept, left = self.hierarchy.without(out), self.hierarchy.without(~out)
        size = {"draws": settings.draws, "chains": settings.chains}
        found = sample_mixture(kept, self.count, seed=settings.seed, is_short=self._is_short, **size)
        middle = found.middle
        mean = left.means(middle)
        sites, _ = sites_at_modes(left.crowd, mean.copy(), mean, middle.precision)
        values, _ = MixtureIntegral(left, sites, found, FINER * NODES).everybody(settings.seed)
        return values, not self._is_short(found)

    def mode(self, seed: int) -> MixedMode:
        """Refuse: the likelihood of a mixture has no highest point."""
        problem = "a component around one person may be as narrow as it likes; use estimation.fit"
        raise ChoiceError("A mixture of normals has no maximum of the likelihood:", [problem])

    def new_people(self, posterior: xr.Dataset, draws: int, rng: np.random.Generator) -> Array:
        """Return weights of new people, (sample, person, coefficient): each belongs to a component."""
        share, mean = flat(posterior["share"], draws), flat(posterior["component_mean"], draws)
        root = np.linalg.cholesky(flat(posterior["component_covariance"], draws))
        people = len(self.table.subjects)
        luck = rng.uniform(size=(len(share), people, 1))
        kind = (luck > np.cumsum(share, axis=1)[:, None, :-1]).sum(axis=2)
        sample = np.arange(len(share))[:, None]
        normal = rng.standard_normal((len(share), people, mean.shape[2]))
        latent = mean[sample, kind] + np.einsum("spij,spj->spi", root[sample, kind], normal)
        problem = self.hierarchy
        return natural(latent, problem.sign[problem.back], problem.price_in_data)

    def truth(self, rng: np.random.Generator) -> Truth:
        """Draw a mixture, and everybody's tastes."""
        problem, names = self.hierarchy, self.coefficients
        mixture = mixture_from_prior(problem, self.count, rng)
        kind = rng.choice(self.count, size=problem.choices.people, p=mixture.share)
        covariance = np.linalg.inv(mixture.precision)
        theta = np.array([rng.multivariate_normal(mixture.shift[k], covariance[k]) for k in kind])
        weights = pd.DataFrame(problem.coefficients(theta), columns=names, index=self.table.subjects)
        mean, spread = mixture.moments
        found = _quantities(mean[None], spread[None], mixture.share[None], names, problem.back)
        return Truth(weights, {}, {name: float(value[0]) for name, value in found.items()})

    def quantities(self, posterior: xr.Dataset) -> dict[str, Array]:
        """Return means and standard deviations over everybody, and shares in order of size, (draw,) each."""
        moments = flat(posterior["mean"]), flat(posterior["covariance"])
        return _quantities(*moments, flat(posterior["share"]), self.coefficients, np.arange(len(self.coefficients)))

    def watched(self, posterior: xr.Dataset) -> xr.Dataset:
        """Return the moments over everybody: components have no names of their own."""
        return posterior[["mean", "sd", "covariance"]]

    def parameter_rows(self) -> list[Row]:
        """Return the rows of one normal, which stand for each component, and of the shares."""
        why = f"as if {EQUAL:g} people had been seen in each, since what is nearly empty says nothing; as in bayesm"
        prior = f"Dirichlet({EQUAL:g}, …, {EQUAL:g})"
        meaning = f"share of people in each of {self.count} components, of which each has the priors above"
        return [*super().parameter_rows(), ("share", meaning, "probability", prior, why)]

    def estimates(self, posterior: xr.Dataset, label: str) -> list[TextTable]:
        """Return what holds over everybody, and shares, means and spreads, one column per component."""
        components = [str(name) for name in posterior["component"].to_numpy()]
        rows: list[Row] = [("share of people, %", *(_inline(100 * posterior["share"], one) for one in components))]
        for name in self.coefficients:
            for of, part in (("mean", "component_mean"), ("SD", "component_sd")):
                own = posterior[part].sel(coefficient=name)
                rows.append((f"{name}, {of}", *(_inline(own, one) for one in components)))
        head = ("", *(f"{one}: estimate (90 % interval)" for one in components))
        caption = f"Components of tastes, named by who is in them, on the scale of the normals: {label}"
        return [*super().estimates(posterior, label), TextTable(caption, head, tuple(rows), tuple(range(1, len(head))))]

    def notes(self, posterior: xr.Dataset) -> list[str]:
        """Say what components are."""
        said = (
            "Components are building blocks of one distribution, not segments: whether chains exchange or divide them "
            "changes no prediction. They are named so that as many people as possible stay where they are from draw to "
            "draw; est.LatentClassLogit finds segments."
        )
        return [*ChoiceProblem.notes(self, posterior), said]

    def _is_short(self, found: MixtureDraws) -> bool:
        mean, covariance = found.moments
        rows, columns = np.tril_indices(mean.shape[-1])
        parts = {"mean": mean, "covariance": covariance[..., rows, columns]}
        return is_short(xr.Dataset({name: ((*DIMS, f"{name}_place"), part) for name, part in parts.items()}))

    def _posterior(self, found: MixtureDraws) -> xr.Dataset:
        """Return draws by name."""
        back, names = self.hierarchy.back, self.coefficients
        covariance = np.linalg.inv(found.precision)[..., back, :][..., back]
        mean, overall = found.moments
        by_component = (*DIMS, "component")
        data = named_moments(mean[..., back], overall[..., back, :][..., back]) | {
            "share": (by_component, found.share),
            "component_mean": ((*by_component, "coefficient"), found.shift[..., back]),
            "component_sd": ((*by_component, "coefficient"), np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))),
            "component_covariance": ((*by_component, "coefficient", "other"), covariance),
        }
        called = [f"component {number + 1}" for number in range(self.count)]
        return xr.Dataset(data, coords={"coefficient": names, "other": names, "component": called})


def of_components(hierarchy: MixedLogit) -> MixedLogit:
    """Return a hierarchical logit with the priors that each component of a mixture has."""
    return replace(hierarchy, prior=replace(hierarchy.prior, degrees=DEGREES))


def mixture_from_prior(problem: MixedLogit, count: int, rng: np.random.Generator) -> Mixture:
    """Draw shares, means and covariances."""
    prior = problem.prior
    shift = rng.normal(prior.location, prior.shift_sd[:, 0], (count, len(prior.location)))
    covariance = [covariance_from_prior(prior, problem.diagonal, rng) for _ in range(count)]
    return Mixture(rng.dirichlet(np.full(count, EQUAL)), shift, np.linalg.inv(np.array(covariance)))


def _quantities(mean: Array, covariance: Array, share: Array, names: list[str], back: Indices) -> dict[str, Array]:
    mean, sd = mean[:, back], np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))[:, back]
    largest = -np.sort(-share, axis=1)
    found = {f"{name}: mean": mean[:, place] for place, name in enumerate(names)}
    found |= {f"{name}: sd": sd[:, place] for place, name in enumerate(names)}
    return found | {f"share {place + 1}": largest[:, place] for place in range(share.shape[1] - 1)}


def _inline(draws: xr.DataArray, component: str) -> str:
    low, middle, high = quantiles(draws.sel(component=component))
    return f"{middle} ({low} to {high})"
