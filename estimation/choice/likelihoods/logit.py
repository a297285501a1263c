"""The multinomial logit likelihood with its gradient and its curvature, for one vector of weights or for many.

McFadden (1974): P(j) = exp(x_j'β) / Σ_k exp(x_k'β) over the alternatives that were available. The log likelihood is
concave in β.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.arrays import BLOCK, ChoiceArrays
from estimation.choice.likelihoods.further import Further
from estimation.choice.likelihoods.segments import log_sum_exp, segment_sum
from estimation.choice.likelihoods.target import differenced, normal_log_density, prior_sd

STEP, WIDER_STEP = 1e-5, 1e-4
"""Of the differences that give gradient and curvature: logits that they are worth to a typical contrast."""


@dataclass(frozen=True, eq=False)
class LogitLikelihood:
    """The multinomial logit with independent normal priors of standard deviations `prior_sd`, (coefficient,)."""

    arrays: ChoiceArrays
    prior_sd: Array

    @property
    def further(self) -> tuple[Further, ...]:
        """None."""
        return ()

    def starts(self, prior: bool) -> list[Array]:
        """Return indifference, (coefficient,)."""
        return [np.zeros(self.arrays.x.shape[1])]

    def natural(self, parameters: Array) -> tuple[Array, Array]:
        """Return the parameters, which are the weights, and no further ones."""
        return parameters, parameters[:0]

    def utility(self, parameters: Array) -> Array:
        """Return the utility of each alternative, (row,) or (row, draw), logits."""
        return self.arrays.utility(parameters)

    def chances(self, parameters: Array) -> Array:
        """Return the probability of each alternative, (row,)."""
        return log_sum_exp(self.utility(parameters), self.arrays.first_row)[1]

    def untold(self) -> tuple[str, ...]:
        """Return nothing: there are no further parameters."""
        return ()

    def drawn(self, rng: np.random.Generator) -> Array:
        """Return nothing, (0,)."""
        return np.zeros(0)

    def situations(self, parameters: Array) -> Array:
        """Return log P(chosen) of each situation, (situation,) or (situation, draw), nats."""
        utility = self.utility(parameters)
        return np.asarray(utility[self.arrays.chosen] - log_sum_exp(utility, self.arrays.first_row)[0])

    def part(self, start: int, end: int) -> Self:
        """Return the likelihood of some consecutive situations."""
        return replace(self, arrays=self.arrays.part(start, end))

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return the log likelihood, nats, and its gradient, (coefficient,)."""
        arrays, utility = self.arrays, self.utility(parameters)
        inclusive, share = log_sum_exp(utility, arrays.first_row)
        residual = -share * np.repeat(arrays.weight, np.diff(arrays.first_row))
        residual[arrays.chosen] += arrays.weight
        value = float(arrays.weight @ (utility[arrays.chosen] - inclusive))
        return value, np.asarray(residual @ arrays.x)

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative, (coefficient, coefficient): Fisher information."""
        total = np.zeros((len(parameters),) * 2)
        for part in self.arrays.blocks(BLOCK // len(parameters) + 1):
            _, share = log_sum_exp(part.utility(parameters), part.first_row)
            weighted = part.x * share[:, None]
            mean = segment_sum(weighted, part.first_row)
            row_weight = np.repeat(part.weight, np.diff(part.first_row))
            total += (weighted * row_weight[:, None]).T @ part.x - (mean * part.weight[:, None]).T @ mean
        return total

    def log_prior(self, parameters: Array) -> Array:
        """Return the log prior density of many weights (coefficient, draw) → (draw,), nats, without its constant."""
        return normal_log_density(parameters, self.prior_sd)

    def prior_slope(self, parameters: Array) -> tuple[Array, Array]:
        """Return the gradient of the log prior and minus the diagonal of its second derivative."""
        return -parameters / self.prior_sd**2, 1 / self.prior_sd**2


def scores(arrays: ChoiceArrays, weights: Array) -> Array:
    """Return the gradient of each situation's weighted log likelihood under a logit, (situation, coefficient)."""
    residual = -log_sum_exp(arrays.utility(weights), arrays.first_row)[1]
    residual[arrays.chosen] += 1.0
    return segment_sum(residual[:, None] * arrays.x, arrays.first_row) * arrays.weight[:, None]


@dataclass(frozen=True, eq=False)
class OwnUtility(LogitLikelihood):
    """A logit whose utilities are any function of weights (`ChoiceModel.utilities`): derivatives are differences."""

    utilities: Callable[[Array, Indices, Array], Array]

    def utility(self, parameters: Array) -> Array:
        """Return the utility of each alternative, (row,) or (row, draw), logits."""
        found = self.utilities(self.arrays.x, self.arrays.first_row, parameters.reshape(len(parameters), -1))
        return np.asarray(found if parameters.ndim > 1 else found[:, 0])

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return the log likelihood, nats, and its gradient by central differences, (coefficient,)."""
        step = np.diag(STEP * self._worth)
        moved = np.concatenate([parameters + step, parameters - step, parameters[None]])
        value = self.arrays.weight @ self.situations(moved.T)
        up, down = value[:-1].reshape(2, -1)
        return float(value[-1]), (up - down) / (2 * np.diag(step))

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative by central differences of the gradient, (coefficient, coefficient)."""
        return differenced(self.slope, parameters, WIDER_STEP * self._worth)

    @cached_property
    def _worth(self) -> Array:
        """The weights at which a standard deviation of each attribute is worth a logit, (coefficient,)."""
        return prior_sd(self.arrays, 1.0)
