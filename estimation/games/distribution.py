"""Discrete distributions for priors and noise, given by name or made from any SciPy distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from estimation.arrays import Array, Numbers, Spec
from estimation.counts import count_problems
from estimation.errors import GameError, raise_all
from estimation.games.checks import LARGEST, MOST, key_problems, number_problems
from estimation.text.shown import Shown


@dataclass(frozen=True, eq=False)
class Discrete(Shown):
    """A distribution on finitely many values.

    Parameters
    ----------
    values : (value,) sequence, game units
        Increasing.
    probabilities : (value,) sequence
        Positive or zero; they are scaled to sum to one.

    Raises
    ------
    GameError
        If values do not increase, lengths differ or probabilities are not a distribution.
    """

    values: Array
    probabilities: Array

    def __post_init__(self) -> None:
        problems = []
        try:
            values, weights = np.asarray(self.values, float), np.asarray(self.probabilities, float)
        except (TypeError, ValueError) as problem:
            raise GameError("The distribution is not valid:", [f"not lists of numbers: {problem}"]) from problem
        if values.ndim != 1 or values.shape != weights.shape or values.size < 2:
            problems.append(
                f"values {values.shape} and probabilities {weights.shape} must be two equal lists of 2 or more"
            )
        elif not ((np.abs(values) <= LARGEST).all() and (np.diff(values) > 0).all()):
            problems.append("values must be finite and increasing")
        if not (np.abs(weights) <= LARGEST).all() or (weights < 0).any() or not (weights > 1 / LARGEST).any():
            problems.append("probabilities must be finite, not negative, and not all zero")
        raise_all(problems, GameError, "The distribution is not valid:")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "probabilities", weights / weights.sum())

    @classmethod
    def from_spec(cls, spec: Spec, name: str = "law") -> Discrete:
        """Rebuild the distribution from `spec`; errors call it `name`."""
        if not isinstance(spec, Mapping):
            raise GameError("The distribution is not valid:", [f"{name} must be a table of values and probabilities"])
        problems = key_problems(spec, ("family", "values", "probabilities"))
        if "family" in spec and spec["family"] != "discrete":
            problems.append(f"family must be 'discrete', not {spec['family']!r}")
        raise_all([f"{name}: {text}" for text in problems], GameError, "The distribution is not valid:")
        return cls(spec["values"], spec["probabilities"])

    def quantile(self, probability: float) -> float:
        """Return the smallest value whose cumulative probability reaches `probability`, game units."""
        reached = np.searchsorted(np.cumsum(self.probabilities), probability - 1e-12)
        return float(self.values[min(int(reached), self.values.size - 1)])

    def spec(self) -> Spec:
        """Return plain data that rebuilds the distribution."""
        return {"family": "discrete", "values": self.values.tolist(), "probabilities": self.probabilities.tolist()}


def beta_binomial(trials: int, a: float, b: float) -> Discrete:
    """Return the beta-binomial on 0..trials: a share drawn from Beta(a, b), then that many successes.

    Raises
    ------
    GameError
        If there are no trials, or too many, or a or b is not positive.
    """
    problems = count_problems(most=MOST, trials=trials) + number_problems({"a": a, "b": b}, positive=True)
    raise_all(problems, GameError, "The beta-binomial is not valid:")
    values = np.arange(trials + 1.0)
    return Discrete(values, stats.betabinom.pmf(values, trials, a, b))


def on_grid(distribution: Numbers, values: Numbers) -> Discrete:
    """Return a continuous SciPy distribution rounded to a grid of increasing values (mass between midpoints)."""
    grid = np.asarray(values, float)
    edges = np.concatenate([[-np.inf], (grid[1:] + grid[:-1]) / 2, [np.inf]])
    return Discrete(grid, np.diff(distribution.cdf(edges)))


def at_quantiles(distribution: Numbers, count: int = 201) -> Discrete:
    """Return a continuous SciPy distribution as `count` equally likely values: for noise that is only averaged over."""
    return Discrete(distribution.ppf((np.arange(count) + 0.5) / count), np.full(count, 1 / count))
