"""The logit whose utilities have another scale in some situations: the variance of the error differs between them.

Swait and Louviere (1993): P(j) = exp(μ_t V_j) / Σ_k exp(μ_t V_k), V = x'β, with μ_t = exp(z_t'γ): 1 where all z are 0.
A scale e^γ of 2 means errors with half of the standard deviation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from estimation.arrays import Array
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.likelihoods.further import Further
from estimation.choice.likelihoods.logit import LogitLikelihood
from estimation.choice.likelihoods.newton import maximise
from estimation.choice.likelihoods.segments import log_sum_exp, segment_sum
from estimation.choice.likelihoods.target import differenced, normal_log_density

LARGEST = 14.0
"""Logs of scales beyond which they count as this: a millionth, or a million times."""
STEP = 1e-5
"""Of the differences of gradients that give the curvature, relative to the size of the parameter."""
UNTOLD = (
    "nothing tells the scale of {label!r}: it needs situations with and without it, and attributes that matter and "
    "differ in both; leave it out"
)


@dataclass(frozen=True, eq=False)
class ScaledLogit:
    """The heteroscedastic logit on a table.

    Parameters
    ----------
    arrays
        The choices.
    prior_sd : (coefficient + group,)
        Prior standard deviations of coefficients and of the logs of scales.
    further
        The scales.
    terms : (situation, group)
        What scales depend on, z.
    """

    arrays: ChoiceArrays
    prior_sd: Array
    further: tuple[Further, ...]
    terms: Array

    def starts(self, prior: bool) -> list[Array]:
        """Return the top where all scales are alike."""
        weights = maximise(LogitLikelihood(self.arrays, self.prior_sd[: self._weights]), prior=prior).parameters
        return [np.append(weights, np.zeros(self.terms.shape[1]))]

    def natural(self, parameters: Array) -> tuple[Array, Array]:
        """Return weights (coefficient, …) and scales (group, …)."""
        return parameters[: self._weights], np.exp(np.clip(parameters[self._weights :], -LARGEST, LARGEST))

    def situations(self, parameters: Array) -> Array:
        """Return log P(chosen) of each situation, (situation,) or (situation, draw), nats."""
        utility = self._utility(parameters)
        return np.asarray(utility[self.arrays.chosen] - log_sum_exp(utility, self.arrays.first_row)[0])

    def chances(self, parameters: Array) -> Array:
        """Return the probability of each alternative, (row,)."""
        return log_sum_exp(self._utility(parameters), self.arrays.first_row)[1]

    def part(self, start: int, end: int) -> Self:
        """Return the likelihood of some consecutive situations."""
        return replace(self, arrays=self.arrays.part(start, end), terms=self.terms[start:end])

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return the log likelihood, nats, and its gradient, (parameter,)."""
        arrays, utility = self.arrays, self._utility(parameters)
        inclusive, share = log_sum_exp(utility, arrays.first_row)
        value = float(arrays.weight @ (utility[arrays.chosen] - inclusive))
        residual = -share * np.repeat(arrays.weight * self._scale(parameters), np.diff(arrays.first_row))
        residual[arrays.chosen] += arrays.weight * self._scale(parameters)
        beyond = utility[arrays.chosen] - segment_sum(share * utility, arrays.first_row)
        return value, np.concatenate([residual @ arrays.x, (arrays.weight * beyond) @ self.terms])

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative by central differences of the gradient, (parameter, parameter)."""
        return differenced(self.slope, parameters, STEP * np.minimum(self.prior_sd, 1.0))

    def log_prior(self, parameters: Array) -> Array:
        """Return the log prior density of many parameters, (draw,), nats, without its constant."""
        return normal_log_density(parameters, self.prior_sd)

    def prior_slope(self, parameters: Array) -> tuple[Array, Array]:
        """Return the gradient of the log prior and minus the diagonal of its second derivative."""
        return -parameters / self.prior_sd**2, 1 / self.prior_sd**2

    def untold(self) -> tuple[str, ...]:
        """Say of each scale what it means if no choices could tell it."""
        return tuple(UNTOLD.format(label=label) for label in self.further[0].labels)

    def drawn(self, rng: np.random.Generator) -> Array:
        """Return scales drawn from their prior, (group,)."""
        return np.exp(rng.normal(0, self.prior_sd[self._weights :]))

    def _utility(self, parameters: Array) -> Array:
        """Return utilities times their scale, (row,) or (row, draw)."""
        plain = self.arrays.utility(parameters[: self._weights])
        return plain * np.repeat(self._scale(parameters), np.diff(self.arrays.first_row), axis=0)

    def _scale(self, parameters: Array) -> Array:
        """Return the scale of each situation, (situation,) or (situation, draw)."""
        return np.asarray(np.exp(np.clip(self.terms @ parameters[self._weights :], -LARGEST, LARGEST)))

    @property
    def _weights(self) -> int:
        return len(self.arrays.attributes)
