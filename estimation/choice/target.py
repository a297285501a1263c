"""What is maximised and sampled where everybody has the same weights: a likelihood of unbounded parameters, a prior."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol, Self

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.arrays import ChoiceArrays
from estimation.choice.logit import centred, curvature, part_of, situation_log_likelihood, value_and_slope
from estimation.choice.segments import log_sum_exp

STEP, WIDER_STEP = 1e-5, 1e-4
"""Of the differences that give gradient and curvature: logits that they are worth to a typical contrast."""


class Smooth(Protocol):
    """A log likelihood with two derivatives and a prior: what is maximised, and what NUTS walks on."""

    def starts(self, prior: bool) -> list[Array]:
        """Return where to begin to search for the top, (parameter,) each."""

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return the log likelihood, nats, and its gradient, (parameter,)."""

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative, (parameter, parameter)."""

    def log_prior(self, parameters: Array) -> Array:
        """Return the log prior density of many parameters (parameter, draw) → (draw,), nats, without its constant."""

    def prior_slope(self, parameters: Array) -> tuple[Array, Array]:
        """Return the gradient of the log prior and minus the diagonal of its second derivative, (parameter,) each."""


class Pooled(Smooth, Protocol):
    """A likelihood of all choices as a function of unbounded parameters."""

    @property
    def arrays(self) -> ChoiceArrays:
        """The choices."""

    @property
    def nests(self) -> tuple[str, ...]:
        """The nests that have a dissimilarity; empty for models without nests."""

    def natural(self, parameters: Array) -> tuple[Array, Array]:
        """Return weights (coefficient, …) and dissimilarities (nest, …) of parameters (parameter, …)."""

    def situations(self, parameters: Array) -> Array:
        """Return log P(chosen) of each situation, (situation,) or (situation, draw), nats."""

    def part(self, start: int, end: int) -> Pooled:
        """Return the likelihood of some consecutive situations."""


@dataclass(frozen=True, eq=False)
class LogitLikelihood:
    """The multinomial logit with independent normal priors of standard deviations `prior_sd`, (coefficient,)."""

    arrays: ChoiceArrays
    prior_sd: Array
    nests: tuple[str, ...] = field(default=(), init=False)

    def starts(self, prior: bool) -> list[Array]:
        """Return indifference, (coefficient,)."""
        return [np.zeros(self.arrays.x.shape[1])]

    def natural(self, parameters: Array) -> tuple[Array, Array]:
        """Return the parameters, which are the weights, and no dissimilarities."""
        return parameters, parameters[:0]

    def situations(self, parameters: Array) -> Array:
        """Return log P(chosen) of each situation, (situation,) or (situation, draw), nats."""
        return situation_log_likelihood(self.arrays, parameters)

    def part(self, start: int, end: int) -> Self:
        """Return the likelihood of some consecutive situations."""
        return replace(self, arrays=part_of(self.arrays, start, end))

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return the log likelihood, nats, and its gradient, (coefficient,)."""
        return value_and_slope(self.arrays, parameters)

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative of the log likelihood, (coefficient, coefficient)."""
        return curvature(self.arrays, parameters)

    def log_prior(self, parameters: Array) -> Array:
        """Return the log prior density of many weights (coefficient, draw) → (draw,), nats, without its constant."""
        return normal_log_density(parameters, self.prior_sd)

    def prior_slope(self, parameters: Array) -> tuple[Array, Array]:
        """Return the gradient of the log prior and minus the diagonal of its second derivative."""
        return -parameters / self.prior_sd**2, 1 / self.prior_sd**2


@dataclass(frozen=True, eq=False)
class OwnUtility(LogitLikelihood):
    """A logit whose utilities are any function of weights (`ChoiceModel.utilities`): derivatives are differences."""

    utilities: Callable[[Array, Indices, Array], Array]

    def situations(self, parameters: Array) -> Array:
        """Return log P(chosen) of each situation, (situation,) or (situation, draw), nats."""
        arrays = self.arrays
        many = parameters if parameters.ndim > 1 else parameters[:, None]
        utility = self.utilities(arrays.x, arrays.first_row, many)
        value = utility[arrays.chosen] - log_sum_exp(utility, arrays.first_row)[0]
        return np.asarray(value if parameters.ndim > 1 else value[:, 0])

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


def differenced(slope: Callable[[Array], tuple[float, Array]], parameters: Array, step: Array) -> Array:
    """Return minus the second derivative by central differences of the gradient, (parameter, parameter).

    Parameters
    ----------
    slope
        As `Smooth.slope`.
    step : (parameter,)
    """
    rises = [slope(parameters - move)[1] - slope(parameters + move)[1] for move in np.diag(step)]
    matrix = np.array(rises) / (2 * step[:, None])
    return np.asarray((matrix + matrix.T) / 2)


def normal_log_density(parameters: Array, sd: Array) -> Array:
    """Return Σ -½ (β/sd)² over coefficients, (draw,), nats."""
    return np.asarray(-0.5 * ((parameters / sd[:, None]) ** 2).sum(axis=0))


def prior_sd(arrays: ChoiceArrays, scale: float) -> Array:
    """Return prior standard deviations of coefficients, (coefficient,).

    Parameters
    ----------
    scale : logits
        What one standard deviation of an attribute within situations may be worth.
    """
    spread = within_sd(arrays)
    return np.asarray(scale / np.where(spread > 0, spread, 1.0))


def within_sd(arrays: ChoiceArrays) -> Array:
    """Return the standard deviation of each column around its mean within situations, (coefficient,)."""
    squares = np.sum([(part**2).sum(axis=0) for part in centred(arrays)], axis=0)
    return np.asarray(np.sqrt(squares / len(arrays.x)))
