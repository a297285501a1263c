"""How people's parameters hang together: effects, kinds of people, and which effects matter to which kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.population.design import Design, Slope
from estimation.population.normal import Population, Prior
from estimation.theories.description import Parameter

WIDE = 0.9  # of the posterior of a spread lies below the one that nodes are made for


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
    correlated
        Whether effects are correlated over people.
    """

    design: Design
    uses: tuple[tuple[str, ...], ...]
    correlated: bool = False

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
        kinds, covariates = len(self.uses), self.design.covariates
        return Prior.of(self.effects, kinds, covariates=covariates, correlated=self.correlated)

    @property
    def shape(self) -> tuple[int, tuple[Part, ...], int, bool]:
        """All that the compiled model depends on: number of effects, parts, number of covariates, correlations."""
        return len(self.effects), self.parts, len(self.design.covariates.of), self.correlated

    @property
    def pairs(self) -> list[str]:
        """Names of the correlations, row by row below the diagonal: ``lying_cost, trust``; none if independent."""
        names = [effect.name for effect in self.effects]
        return [f"{names[d]}, {names[e]}" for d in range(len(names)) for e in range(d) if self.correlated]

    def draws(self, posterior: xr.Dataset) -> PopulationDraws:
        """Return the populations of a posterior, one for each draw."""
        stacked = posterior.stack(sample=("chain", "draw")).transpose("sample", ...)
        found = {str(name): stacked[name].to_numpy() for name in stacked.data_vars}
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
        """Return populations of `count` draws that stand far apart in the chains."""
        chosen = np.unique(np.linspace(0, len(self) - 1, count).round().astype(int))
        return tuple(self[draw] for draw in chosen)

    @property
    def middle(self) -> Population:
        """The population in the middle of the posterior."""
        middle = {name: value.mean(axis=0) for name, value in self.found.items()}
        return self._population(middle["mean"], np.exp(np.log(self.found["sd"]).mean(axis=0)), middle)

    @property
    def wide(self) -> Population:
        """A population at the wide end of the posterior: spreads that are probably less, and the doubt about means.

        Nodes that suit it suit the populations of the whole posterior. Those that suit the middle cut the posterior of
        a spread of which data say little: where people differ more, their likelihoods come out too small.
        """
        middle = {name: value.mean(axis=0) for name, value in self.found.items()}
        sd = np.hypot(np.quantile(self.found["sd"], WIDE, axis=0), self.found["mean"].std(axis=0))
        return self._population(middle["mean"], sd, middle)

    def _population(self, mean: Array, sd: Array, more: dict[str, Array]) -> Population:
        covariates, dims = self.structure.design.covariates, len(mean)
        share = more["share"] / more["share"].sum() if "share" in more else np.ones(1)
        correlation = None
        if "correlation" in more:
            correlation = np.eye(dims)
            below = np.tril_indices(dims, -1)
            correlation[below] = correlation[below[::-1]] = more["correlation"]
        return Population(covariates.mean(mean, more.get("coefficient", np.zeros(0))), sd, share, correlation)
