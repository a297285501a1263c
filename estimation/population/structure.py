"""The population of a problem: effects and kinds of people, and its draws, by name or as vectors without bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import xarray as xr
from scipy import special

from estimation.arrays import Array, Indices
from estimation.population.correlation import correlation_matrices, correlations_of, lkj_shapes
from estimation.population.design import Design, Slope
from estimation.population.normal import SINGULAR, Population
from estimation.population.prior import Prior
from estimation.theories.parameter import SPREAD_LOG_SD, Parameter

WIDE = 0.9  # of the posterior of a spread lies below the one that nodes are made for
NEARLY = 1e-4  # share of independence that makes a singular matrix of correlations one with an inverse


@dataclass(frozen=True)
class Part:
    """Kinds of people to whom the same effects matter; the other effects say nothing about them.

    Attributes
    ----------
    kinds, dims
        Positions among all kinds and all effects.
    """

    kinds: tuple[int, ...]
    dims: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Structure:
    """The population of a problem, before it has numbers.

    Attributes
    ----------
    design
        The effects, and what shifts their means.
    uses
        For each kind of people, the names of the parameters that matter to it.
    concentration
        Of the Dirichlet prior of the shares of kinds (`Theory.share_weights`).
    correlated
        Whether effects are correlated over people.
    factors
        Concentrations of parts of which kinds consist if these are independent; see `Prior`.
    """

    design: Design
    uses: tuple[tuple[str, ...], ...]
    concentration: tuple[float, ...]
    correlated: bool = False
    factors: tuple[tuple[float, ...], ...] = ()

    @property
    def effects(self) -> tuple[Parameter, ...]:
        """The dimensions of a person: parameters and their slopes."""
        return self.design.effects

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Kinds in groups to whom the same effects matter."""
        groups: dict[tuple[int, ...], list[int]] = {}
        for kind, names in enumerate(self.uses):
            dims = (d for d, e in enumerate(self.effects) if (e.of if isinstance(e, Slope) else e.name) in names)
            groups.setdefault(tuple(dims), []).append(kind)
        return tuple(Part(tuple(kinds), dims) for dims, kinds in groups.items())

    @cached_property
    def prior(self) -> Prior:
        """What is believed of the population before the data."""
        shares, covariates = np.array(self.concentration), self.design.covariates
        more = {"covariates": covariates, "correlated": self.correlated, "factors": self.factors}
        return Prior.of(self.effects, shares, **more)

    @property
    def shape(self) -> tuple[int, tuple[Part, ...], tuple[float, ...], int, bool]:
        """All that the compiled model depends on: numbers of effects and covariates, parts, shares, correlations."""
        return len(self.effects), self.parts, self.concentration, len(self.design.covariates.of), self.correlated

    @property
    def pairs(self) -> list[str]:
        """Names of the correlations, row by row below the diagonal: ``lying_cost, trust``; none if independent."""
        names = [effect.name for effect in self.effects]
        return [f"{names[d]}, {names[e]}" for d in range(len(names)) for e in range(d) if self.correlated]

    def draws(self, posterior: xr.Dataset) -> PopulationDraws:
        """Return the populations of a posterior, one for each draw."""
        ordered = {str(name): value.transpose("chain", "draw", ...) for name, value in posterior.data_vars.items()}
        found = {name: value.to_numpy().reshape(-1, *value.shape[2:]) for name, value in ordered.items()}
        return PopulationDraws(self, found)


@dataclass(frozen=True, eq=False)
class PopulationDraws:
    """Populations drawn from a posterior, chains one after another; for the people whom the structure describes."""

    structure: Structure
    found: dict[str, Array]

    def __len__(self) -> int:
        return len(self.found["mean"])

    def __getitem__(self, draw: int) -> Population:
        one = {name: value[draw] for name, value in self.found.items()}
        return self._population(one["mean"], one["sd"], one)

    def __iter__(self) -> Iterator[Population]:
        return (self[draw] for draw in range(len(self)))

    def some(self, count: int) -> tuple[Population, ...]:
        """Return populations of `count` draws that stand far apart in the chains; their correlations have inverses."""
        chosen = np.unique(np.linspace(0, len(self) - 1, count).round().astype(int))
        return tuple(_with_inverse(self[draw]) for draw in chosen)

    def by_columns(self) -> Iterator[tuple[Indices, PopulationDraws]]:
        """Yield people whose covariates agree (positions), and the populations from which they come."""
        covariates = self.structure.design.covariates
        rows, whose = np.unique(covariates.value, axis=0, return_inverse=True)
        for row, value in enumerate(rows):
            mean = covariates.shifted(value, self.found["mean"], self.found["coefficient"])
            yield np.flatnonzero(whose == row), PopulationDraws(self.structure, self.found | {"mean": mean})

    @property
    def middle(self) -> Population:
        """The population in the middle of the posterior."""
        middle = self._means
        sd = np.exp(np.log(self.found["sd"]).mean(axis=0))
        return _with_inverse(self._population(middle["mean"], sd, middle))

    @property
    def wide(self) -> Population:
        """A population at the wide end of the posterior: spreads that are probably less, and the doubt about means.

        Nodes that suit it suit the populations of the whole posterior. Those that suit the middle cut the posterior of
        a spread of which data say little: where people differ more, their likelihoods come out too small.
        """
        middle = self._means
        sd = np.hypot(np.quantile(self.found["sd"], WIDE, axis=0), self.found["mean"].std(axis=0))
        return _with_inverse(self._population(middle["mean"], sd, middle))

    @property
    def _means(self) -> dict[str, Array]:
        return {name: value.mean(axis=0) for name, value in self.found.items()}

    def _population(self, mean: Array, sd: Array, more: dict[str, Array]) -> Population:
        covariates, dims = self.structure.design.covariates, len(mean)
        share = more["share"] / more["share"].sum() if "share" in more else np.ones(1)
        correlation = correlation_matrices(more["correlation"][None], dims)[0] if "correlation" in more else None
        return Population(covariates.mean(mean, more.get("coefficient", np.zeros(0))), sd, share, correlation)


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Vectors (coordinate, node) that stand for populations of a structure, without bounds, and their prior there.

    Means and coefficients as they are, spreads by their logarithms, shares by log ratios to the last kind, correlations
    by the inverse hyperbolic tangents of partial correlations. Densities hold the Jacobians, so they are those of
    `population.model` up to a constant.
    """

    structure: Structure

    @cached_property
    def _sizes(self) -> dict[str, int]:
        dims, kinds = len(self.structure.effects), len(self.structure.uses)
        pairs = len(self.structure.pairs)
        columns = len(self.structure.design.covariates.of)
        return {"mean": dims, "sd": dims, "coefficient": columns, "share": kinds - 1, "correlation": pairs}

    def __len__(self) -> int:
        """Return the number of coordinates."""
        return sum(self._sizes.values())

    def populations(self, vector: Array) -> PopulationDraws:
        """Return the populations for which vectors (coordinate, node) stand, one for each node."""
        free = self._pieces(vector)
        with np.errstate(over="ignore"):  # infinite spreads are impossible, and no surprise far from the middle
            found = {"mean": free["mean"].T, "sd": np.exp(free["sd"].T)}
        if self._sizes["coefficient"]:
            found["coefficient"] = free["coefficient"].T
        if len(self.structure.uses) > 1:
            found["share"] = special.softmax(_with_zero(free["share"]), axis=0).T
        if self._sizes["correlation"]:
            found["correlation"] = correlations_of(np.tanh(free["correlation"]), self._sizes["mean"])
        return PopulationDraws(self.structure, {name: np.ascontiguousarray(value) for name, value in found.items()})

    def log_prior(self, vector: Array) -> Array:
        """Return the log prior density of vectors (coordinate, node) → (node,), up to a constant."""
        free, prior = self._pieces(vector), self.structure.prior
        total = _normal(free["mean"], prior.centre, prior.centre_sd)
        total += _normal(free["sd"], np.log(prior.spread), np.full(len(prior.spread), SPREAD_LOG_SD))
        total += _normal(free["coefficient"], np.zeros(len(prior.covariates.sd)), prior.covariates.sd)
        if len(self.structure.uses) > 1:
            # the density of the shares times the Jacobian, their product: proper for any concentration
            total += prior.concentration @ special.log_softmax(_with_zero(free["share"]), axis=0)
        if self._sizes["correlation"]:
            # log(1 - tanh²) without loss of digits
            left = -2 * (np.logaddexp(free["correlation"], -free["correlation"]) - np.log(2))
            total += np.array(lkj_shapes(self._sizes["mean"])) @ left
        return np.asarray(total)

    def start(self, population: Population) -> Array:
        """Return the vector of a population whose parameters are independent, (coordinate,)."""
        covariates, dims = self.structure.design.covariates, self._sizes["mean"]
        mean, coefficient = population.mean, np.zeros(self._sizes["coefficient"])
        if mean.ndim == 2:
            mean = population.mean.mean(axis=0)
            for dim in range(dims):
                columns = np.flatnonzero(covariates.of == dim)
                gap = population.mean[:, dim] - mean[dim]
                coefficient[columns] = np.linalg.lstsq(covariates.value[:, columns], gap)[0]
        share = np.log(population.share / population.share.sum())
        return np.concatenate(
            [mean, np.log(population.sd), coefficient, share[:-1] - share[-1], np.zeros(self._sizes["correlation"])]
        )

    def widths(self, people: int) -> Array:
        """Return a guess of posterior standard deviations with so many people, (coordinate,)."""
        prior, count = self.structure.prior, np.sqrt(people)
        pieces = [prior.spread / count, np.full(len(prior.spread), 0.7 / count), prior.covariates.sd / count]
        pieces += [np.full(self._sizes[name], 2.0 / count) for name in ("share", "correlation")]
        return np.concatenate(pieces)

    def _pieces(self, vector: Array) -> dict[str, Array]:
        ends = np.cumsum(list(self._sizes.values()))[:-1]
        return dict(zip(self._sizes, np.split(vector, ends), strict=True))


def _with_inverse(population: Population) -> Population:
    """Return the population, or, if its correlations have no inverse, the nearly same whose correlations have."""
    correlation = population.correlation
    if correlation is None or np.linalg.eigvalsh(correlation)[0] >= SINGULAR:
        return population
    return replace(population, correlation=(1 - NEARLY) * correlation + NEARLY * np.eye(len(correlation)))


def _normal(value: Array, mean: Array, sd: Array) -> Array:
    return np.asarray(-0.5 * (((value - mean[:, None]) / sd[:, None]) ** 2).sum(axis=0))


def _with_zero(log_ratio: Array) -> Array:
    return np.pad(log_ratio, ((0, 1), (0, 0)))
