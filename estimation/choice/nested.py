"""The nested logit likelihood with its gradient: alternatives of a nest share unobserved utility.

McFadden (1978). With V = x'β, s = τ (or 1 if unscaled), u = V / s and I = log Σ exp(u) over the nest:
log P(j) = u_j - I_nest + τ_nest I_nest - log Σ_m exp(τ_m I_m). Each τ has a uniform prior on (0, 1), and is sampled as
its logit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from estimation.arrays import Array, Indices
from estimation.choice.arrays import ChoiceArrays
from estimation.choice.logit import LogitLikelihood
from estimation.choice.nests import Grouping, grouping_of
from estimation.choice.newton import maximise
from estimation.choice.segments import segment_sum
from estimation.choice.target import differenced, normal_log_density
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE

LOWEST = -14.0
"""Logits below it count as it: a dissimilarity of a millionth, where nothing changes any more but numbers overflow."""
STEP = 1e-5
"""Of the differences of gradients that give the curvature, relative to the size of the parameter."""


@dataclass(frozen=True, eq=False)
class Nested:
    """The nested logit on a table.

    Parameters
    ----------
    arrays
        The choices, with the rows of each situation sorted by nest.
    prior_sd : (coefficient,)
        Prior standard deviation of each coefficient.
    nests
        Those with a dissimilarity to estimate.
    grouping
        Which rows belong to the same nest of the same situation.
    chosen_group : (situation,)
        The group of the alternative that was chosen.
    unscaled
        Whether V is left undivided inside nests.
    """

    arrays: ChoiceArrays
    prior_sd: Array
    nests: tuple[str, ...]
    grouping: Grouping
    chosen_group: Indices
    unscaled: bool

    def starts(self, prior: bool) -> list[Array]:
        """Return the top without nests, with nests that matter little or much: there may be more than one top."""
        weights = maximise(LogitLikelihood(self.arrays, self.prior_sd), prior=prior).parameters
        return [np.append(weights, np.full(len(self.nests), logit)) for logit in (2.0, 0.0)]

    def natural(self, parameters: Array) -> tuple[Array, Array]:
        """Return weights (coefficient, …) and dissimilarities (nest, …)."""
        weights = self.arrays.x.shape[1]
        return parameters[:weights], expit(np.maximum(parameters[weights:], LOWEST))

    def situations(self, parameters: Array) -> Array:
        """Return log P(chosen) of each situation, (situation,) or (situation, draw), nats."""
        return self._parts(parameters)[0]

    def part(self, start: int, end: int) -> Nested:
        """Return the likelihood of some consecutive situations."""
        chosen = self.chosen_group[start:end] - self.grouping.first_group[start]
        arrays, grouping = self.arrays.part(start, end), self.grouping.part(start, end)
        return replace(self, arrays=arrays, grouping=grouping, chosen_group=chosen)

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return the log likelihood, nats, and its gradient, (parameter,)."""
        value, utility, within, inclusive, between, tau, scale, _ = self._parts(parameters)
        arrays, grouping = self.arrays, self.grouping
        sizes, weight = np.diff(grouping.first_in_nest), np.repeat(arrays.weight, np.diff(grouping.first_group))
        taken = np.zeros(len(tau))
        taken[self.chosen_group] = 1.0
        pull = within * np.repeat((tau * (taken - between) - taken) * weight, sizes)
        pull[arrays.chosen] += arrays.weight
        weights = (pull / np.repeat(scale, sizes)) @ arrays.x
        mean = segment_sum(within * utility, grouping.first_in_nest)
        if self.unscaled:
            each = (taken - between) * inclusive * weight
        else:
            each = (taken - between) * (inclusive - mean) * weight + taken * mean / tau * weight
            each[self.chosen_group] -= utility[arrays.chosen] / tau[self.chosen_group] * arrays.weight
        per_nest = np.bincount(grouping.nest, weights=each, minlength=len(self.nests) + 1)[: len(self.nests)]
        own = self.natural(parameters)[1]
        return float(arrays.weight @ value), np.concatenate([weights, per_nest * own * (1 - own)])

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative by central differences of the gradient, (parameter, parameter)."""
        logits = parameters[len(self.prior_sd) :]
        size = np.concatenate([np.minimum(self.prior_sd, 1.0), np.maximum(np.abs(logits), 1.0)])
        return differenced(self.slope, parameters, STEP * size)

    def log_prior(self, parameters: Array) -> Array:
        """Return the log prior density on the sampled scale, (draw,), nats, without its constant."""
        weights = len(self.prior_sd)
        logits = parameters[weights:]
        uniform = -(np.logaddexp(0, logits) + np.logaddexp(0, -logits)).sum(axis=0)
        return np.asarray(normal_log_density(parameters[:weights], self.prior_sd) + uniform)

    def prior_slope(self, parameters: Array) -> tuple[Array, Array]:
        """Return the gradient of the log prior and minus the diagonal of its second derivative."""
        weights = len(self.prior_sd)
        own = expit(parameters[weights:])
        slope = np.concatenate([-parameters[:weights] / self.prior_sd**2, 1 - 2 * own])
        return slope, np.concatenate([1 / self.prior_sd**2, 2 * own * (1 - own)])

    def _parts(self, parameters: Array) -> tuple[Array, ...]:
        """Return log P(chosen), and what it is made of: see `Grouping.chances`."""
        weights, dissimilarity = self.natural(parameters)
        parts = self.grouping.chances(self.arrays.x @ weights, dissimilarity, self.unscaled)
        utility, _, inclusive, _, tau, _, total = parts
        chosen = self.chosen_group
        return utility[self.arrays.chosen] + (tau[chosen] - 1) * inclusive[chosen] - total, *parts


def nested_of(
    nests: Mapping[str, Sequence[str]], table: ChoiceTable, arrays: ChoiceArrays, prior_sd: Array, *, unscaled: bool
) -> Nested:
    """Return the nested logit on a table.

    Raises
    ------
    ChoiceError
        If a nest names an alternative that is not in the table.
    """
    known, outside = table.alternatives, table.outside
    problems = [
        f"nest {nest!r} holds {member!r}, which is none of the alternatives {known}"
        for nest, members in nests.items()
        for member in members
        if member not in known
    ]
    problems += [
        f"nest {nest!r} holds the outside option {outside!r}, whose utility is known; leave it out of the nests"
        for nest, members in nests.items()
        if outside in members
    ]
    raise_all(problems, ChoiceError, f"The nests do not fit {table.label}:")
    grouping = grouping_of(nests, table.rows[ALTERNATIVE.name], arrays.first_row)
    chosen = np.argsort(grouping.order)[arrays.chosen]
    ordered = replace(arrays, x=np.ascontiguousarray(arrays.x[grouping.order]), chosen=chosen)
    group = np.searchsorted(grouping.first_in_nest[:-1], chosen, side="right") - 1
    return Nested(ordered, prior_sd, tuple(nests), grouping, group, unscaled)
