"""The population as one vector without bounds, with its prior there: what a sampler that is not PyMC's works on.

Means and coefficients as they are, spreads by their logarithms, shares by log ratios to the last kind, correlations by
the inverse hyperbolic tangents of partial correlations. Densities hold the Jacobians, so they are those of
`population.model` up to a constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from estimation.arrays import Array
from estimation.population.normal import Population, correlation_root, lkj_shapes
from estimation.population.structure import PopulationDraws, Structure
from estimation.theories.description import SPREAD_LOG_SD


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Vectors (coordinate, node) that stand for populations of a structure."""

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
            found["correlation"] = _correlations(np.tanh(free["correlation"]), self._sizes["mean"])
        return PopulationDraws(self.structure, {name: np.ascontiguousarray(value) for name, value in found.items()})

    def log_prior(self, vector: Array) -> Array:
        """Return the log prior density of vectors (coordinate, node) → (node,), up to a constant."""
        free, prior = self._pieces(vector), self.structure.prior
        total = _normal(free["mean"], prior.centre, prior.centre_sd)
        total += _normal(free["sd"], np.log(prior.spread), np.full(len(prior.spread), SPREAD_LOG_SD))
        total += _normal(free["coefficient"], np.zeros(len(prior.covariates.sd)), prior.covariates.sd)
        if len(self.structure.uses) > 1:
            total += special.log_softmax(_with_zero(free["share"]), axis=0).sum(axis=0)
        if self._sizes["correlation"]:
            shapes = np.array(lkj_shapes(self._sizes["mean"]))
            # log(1 - tanh²) without loss of digits
            total += (shapes[:, None] * -2 * (np.logaddexp(free["correlation"], -free["correlation"]) - np.log(2))).sum(
                axis=0
            )
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


def _normal(value: Array, mean: Array, sd: Array) -> Array:
    return np.asarray(-0.5 * (((value - mean[:, None]) / sd[:, None]) ** 2).sum(axis=0))


def _with_zero(log_ratio: Array) -> Array:
    return np.concatenate([log_ratio, np.zeros((1, log_ratio.shape[1]))])


def _correlations(partial: Array, dims: int) -> Array:
    """Return correlations below the diagonal (node, pair) from partial correlations (pair, node)."""
    rows = correlation_root(partial, dims, np.sqrt)
    root = np.zeros((partial.shape[1], dims, dims))
    for d, row in enumerate(rows):
        for e, entry in enumerate(row):
            root[:, d, e] = entry
    matrix = root @ np.swapaxes(root, 1, 2)
    row_index, column_index = np.tril_indices(dims, -1)
    return matrix[:, row_index, column_index]
