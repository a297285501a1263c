"""A logit whose utilities are any function of weights: derivatives are differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.segments import log_sum_exp
from estimation.choice.target import LogitLikelihood, differenced, prior_sd

STEP, WIDER_STEP = 1e-5, 1e-4
"""Of the differences that give gradient and curvature: logits that they are worth to a typical contrast."""


@dataclass(frozen=True, eq=False)
class OwnUtility(LogitLikelihood):
    """A logit with independent normal priors of weights; for `utilities` see `ChoiceModel.utilities`."""

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
