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
from estimation.choice.logit import part_of
from estimation.choice.nests import grouping_of
from estimation.choice.newton import maximise
from estimation.choice.segments import log_sum_exp, segment_sum
from estimation.choice.target import LogitLikelihood, normal_log_density
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
    first_in_nest : (group + 1,)
        Group g, the alternatives of one nest in one situation, has the rows from ``first_in_nest[g]`` on.
    first_group : (situation + 1,)
        Situation t has the groups from ``first_group[t]`` on.
    nest : (group,)
        The position in `nests`, or ``len(nests)`` for an alternative that stands alone.
    chosen_group : (situation,)
        The group of the alternative that was chosen.
    unscaled
        Whether V is left undivided inside nests.
    """

    arrays: ChoiceArrays
    prior_sd: Array
    nests: tuple[str, ...]
    first_in_nest: Indices
    first_group: Indices
    nest: Indices
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
        low, high = self.first_group[start], self.first_group[end]
        return replace(
            self,
            arrays=part_of(self.arrays, start, end),
            first_in_nest=self.first_in_nest[low : high + 1] - self.first_in_nest[low],
            first_group=self.first_group[start : end + 1] - low,
            nest=self.nest[low:high],
            chosen_group=self.chosen_group[start:end] - low,
        )

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return the log likelihood, nats, and its gradient, (parameter,)."""
        value, utility, inclusive, within, between, tau, scale = self._parts(parameters)
        arrays, sizes = self.arrays, np.diff(self.first_in_nest)
        groups = np.diff(self.first_group)
        weight = np.repeat(arrays.weight, groups)
        taken = np.zeros(len(self.nest))
        taken[self.chosen_group] = 1.0
        pull = within * np.repeat((tau * (taken - between) - taken) * weight, sizes)
        pull[arrays.chosen] += arrays.weight
        weights = (pull / np.repeat(scale, sizes)) @ arrays.x
        mean = segment_sum(within * utility, self.first_in_nest)
        if self.unscaled:
            each = (taken - between) * inclusive * weight
        else:
            each = (taken - between) * (inclusive - mean) * weight + taken * mean / tau * weight
            each[self.chosen_group] -= utility[arrays.chosen] / tau[self.chosen_group] * arrays.weight
        per_nest = np.bincount(self.nest, weights=each, minlength=len(self.nests) + 1)[: len(self.nests)]
        own = self.natural(parameters)[1]
        return float(arrays.weight @ value), np.concatenate([weights, per_nest * own * (1 - own)])

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative by central differences of the gradient, (parameter, parameter)."""
        columns = []
        for place in range(len(parameters)):
            step = np.zeros(len(parameters))
            step[place] = (
                STEP * max(1.0, abs(parameters[place]))
                if place >= len(self.prior_sd)
                else STEP * min(self.prior_sd[place], 1.0)
            )
            up, down = self.slope(parameters + step)[1], self.slope(parameters - step)[1]
            columns.append((down - up) / (2 * step[place]))
        matrix = np.array(columns)
        return np.asarray((matrix + matrix.T) / 2)

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
        """Return log P(chosen) and what it is made of: per row u and P(j | nest), per group I, P(nest), τ and s."""
        weights, own = self.natural(parameters)
        shape = (len(self.nests) + 1, *own.shape[1:])
        tau = np.concatenate([own, np.ones((1, *shape[1:]))])[self.nest]
        scale = np.ones_like(tau) if self.unscaled else tau
        utility = (self.arrays.x @ weights) / np.repeat(scale, np.diff(self.first_in_nest), axis=0)
        inclusive, within = log_sum_exp(utility, self.first_in_nest)
        total, between = log_sum_exp(tau * inclusive, self.first_group)
        chosen = self.chosen_group
        value = utility[self.arrays.chosen] + (tau[chosen] - 1) * inclusive[chosen] - total
        return value, utility, inclusive, within, between, tau, scale


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
    place = np.empty(len(grouping.order), dtype=np.int64)
    place[grouping.order] = np.arange(len(grouping.order))
    chosen = place[arrays.chosen]
    ordered = replace(arrays, x=np.ascontiguousarray(arrays.x[grouping.order]), chosen=chosen)
    return Nested(
        ordered,
        prior_sd,
        tuple(nests),
        grouping.first_in_nest,
        grouping.first_group,
        grouping.nest,
        np.searchsorted(grouping.first_in_nest[:-1], chosen, side="right") - 1,
        unscaled,
    )
