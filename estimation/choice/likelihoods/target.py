"""What is maximised and sampled where everybody has the same weights: a likelihood of unbounded parameters, a prior."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from estimation.arrays import Array
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.likelihoods.further import Further


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
    def further(self) -> tuple[Further, ...]:
        """The parameters beside the weights; empty for a plain logit."""

    def natural(self, parameters: Array) -> tuple[Array, Array]:
        """Return weights (coefficient, …) and further parameters (parameter, …), one kind after another."""

    def situations(self, parameters: Array) -> Array:
        """Return log P(chosen) of each situation, (situation,) or (situation, draw), nats."""

    def part(self, start: int, end: int) -> Pooled:
        """Return the likelihood of some consecutive situations."""

    def chances(self, parameters: Array) -> Array:
        """Return the probability of each alternative, (row,), in some order that does not change."""

    def untold(self) -> tuple[str, ...]:
        """Say of each further parameter what it means if no choices could tell it."""

    def drawn(self, rng: np.random.Generator) -> Array:
        """Return the further parameters drawn from their prior, (parameter,), as `natural` returns them."""


def differenced(slope: Callable[[Array], tuple[float, Array]], parameters: Array, step: Array) -> Array:
    """Return `Smooth.information` by central differences of `Smooth.slope`; `step` is (parameter,)."""
    rises = [slope(parameters - move)[1] - slope(parameters + move)[1] for move in np.diag(step)]
    matrix = np.array(rises) / (2 * step[:, None])
    return np.asarray((matrix + matrix.T) / 2)


def normal_log_density(parameters: Array, sd: Array) -> Array:
    """Return Σ -½ (β/sd)² over coefficients, (draw,), nats."""
    return np.asarray(-0.5 * ((parameters / sd[:, None]) ** 2).sum(axis=0))


def prior_sd(arrays: ChoiceArrays, scale: float, price: int = -1) -> Array:
    """Return prior standard deviations of coefficients, (coefficient,).

    Parameters
    ----------
    scale : logits
        What one standard deviation of an attribute within situations may be worth.
    price
        The position of price if all other coefficients are amounts of money: then in standard deviations of price.
    """
    return sd_of(arrays.within_sd, scale, price)


def sd_of(spread: Array, scale: float, price: int = -1) -> Array:
    """Return prior standard deviations of coefficients, (coefficient,), as `prior_sd`, of attributes with `spread`."""
    sd = np.asarray(scale / np.where(spread > 0, spread, 1.0))
    return sd if price < 0 else np.where(np.arange(len(sd)) == price, sd, sd * spread[price])
