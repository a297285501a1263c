"""The nested logit likelihood with its gradient: alternatives of a nest share unobserved utility.

McFadden (1978). With V = x'β, s = τ (or 1 if unscaled), u = V / s and I = log Σ exp(u) over the nest:
log P(j) = u_j - I_nest + τ_nest I_nest - log Σ_m exp(τ_m I_m). Each τ has a uniform prior on (0, 1), and is sampled as
its logit; if it may be above 1, its log is standard normal, and is sampled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.likelihoods.further import DISSIMILARITY, Further
from estimation.choice.likelihoods.logit import LogitLikelihood
from estimation.choice.likelihoods.nests import Grouping, grouping_of
from estimation.choice.likelihoods.newton import maximise
from estimation.choice.likelihoods.segments import segment_sum
from estimation.choice.likelihoods.target import differenced, normal_log_density
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE

LOWEST, HIGHEST = -14.0, 14.0
"""Logits and logs below the one, and logs above the other, count as it: dissimilarities of a millionth and a million,
where nothing changes any more but numbers overflow."""
UNTOLD = (
    "nothing tells the dissimilarity τ of nest {label!r}: it needs situations that offer two of its alternatives "
    "and one of another nest, and attributes that differ inside the nest beyond constants; leave the nest out"
)
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
    further
        The dissimilarities that are estimated.
    grouping
        Which rows belong to the same nest of the same situation.
    chosen_group : (situation,)
        The group of the alternative that was chosen.
    unscaled
        Whether V is left undivided inside nests.
    above_one
        Whether dissimilarities may be above 1.
    """

    arrays: ChoiceArrays
    prior_sd: Array
    further: tuple[Further, ...]
    grouping: Grouping
    chosen_group: Indices
    unscaled: bool
    above_one: bool

    def starts(self, prior: bool) -> list[Array]:
        """Return the top without nests, with nests that matter little or much: there may be more than one top."""
        weights = maximise(LogitLikelihood(self.arrays, self.prior_sd), prior=prior).parameters
        levels = (-0.1, -0.7, 0.7) if self.above_one else (2.0, 0.0)
        return [np.append(weights, np.full(self._count, level)) for level in levels]

    def natural(self, parameters: Array) -> tuple[Array, Array]:
        """Return weights (coefficient, …) and dissimilarities (nest, …)."""
        weights = self.arrays.x.shape[1]
        free = parameters[weights:]
        tau = np.exp(np.clip(free, LOWEST, HIGHEST)) if self.above_one else expit(np.maximum(free, LOWEST))
        return parameters[:weights], tau

    def chances(self, parameters: Array) -> Array:
        """Return the probability of each alternative, (sorted row,)."""
        _, within, _, between, *_ = self._chances(parameters)
        return np.asarray(within * np.repeat(between, np.diff(self.grouping.first_in_nest)))

    def untold(self) -> tuple[str, ...]:
        """Say of each dissimilarity what it means if no choices could tell it."""
        return tuple(UNTOLD.format(label=label) for label in self.further[0].labels)

    def drawn(self, rng: np.random.Generator) -> Array:
        """Return dissimilarities drawn from their prior, (nest,)."""
        return np.exp(rng.normal(size=self._count)) if self.above_one else rng.uniform(size=self._count)

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
        per_nest = np.bincount(grouping.nest, weights=each, minlength=self._count + 1)[: self._count]
        own = self.natural(parameters)[1]
        rate = own if self.above_one else own * (1 - own)
        return float(arrays.weight @ value), np.concatenate([weights, per_nest * rate])

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative by central differences of the gradient, (parameter, parameter)."""
        logits = parameters[len(self.prior_sd) :]
        size = np.concatenate([np.minimum(self.prior_sd, 1.0), np.maximum(np.abs(logits), 1.0)])
        return differenced(self.slope, parameters, STEP * size)

    def log_prior(self, parameters: Array) -> Array:
        """Return the log prior density on the sampled scale, (draw,), nats, without its constant."""
        weights = len(self.prior_sd)
        free = parameters[weights:]
        normal, uniform = -0.5 * free**2, -(np.logaddexp(0, free) + np.logaddexp(0, -free))
        of_nests = (normal if self.above_one else uniform).sum(axis=0)
        return np.asarray(normal_log_density(parameters[:weights], self.prior_sd) + of_nests)

    def prior_slope(self, parameters: Array) -> tuple[Array, Array]:
        """Return the gradient of the log prior and minus the diagonal of its second derivative."""
        weights = len(self.prior_sd)
        own, free = expit(parameters[weights:]), parameters[weights:]
        rise, bend = (-free, np.ones(len(free))) if self.above_one else (1 - 2 * own, 2 * own * (1 - own))
        slope = np.concatenate([-parameters[:weights] / self.prior_sd**2, rise])
        return slope, np.concatenate([1 / self.prior_sd**2, bend])

    def _parts(self, parameters: Array) -> tuple[Array, ...]:
        """Return log P(chosen), and what it is made of: see `Grouping.chances`."""
        parts = self._chances(parameters)
        utility, _, inclusive, _, tau, _, total = parts
        chosen = self.chosen_group
        return utility[self.arrays.chosen] + (tau[chosen] - 1) * inclusive[chosen] - total, *parts

    def _chances(self, parameters: Array) -> tuple[Array, ...]:
        weights, dissimilarity = self.natural(parameters)
        return self.grouping.chances(self.arrays.utility(weights), dissimilarity, self.unscaled)

    @property
    def _count(self) -> int:
        return len(self.further[0].labels)


def nested_of(
    nests: Mapping[str, Sequence[str]],
    table: ChoiceTable,
    arrays: ChoiceArrays,
    prior_sd: Array,
    *,
    shared: Mapping[str, Sequence[str]],
    unscaled: bool,
    above_one: bool,
) -> Nested:
    """Return the nested logit on a table; `shared` are the dissimilarities with the nests that have them.

    Raises
    ------
    ChoiceError
        If a nest names an alternative that is not in the table, or the outside option.
    """
    raise_all(strangers(nests, table), ChoiceError, f"The nests do not fit {table.label}:")
    grouping = grouping_of(nests, table.rows[ALTERNATIVE.name], arrays.first_row, places_of(nests, shared))
    chosen = np.argsort(grouping.order)[arrays.chosen]
    offset = None if arrays.offset is None else arrays.offset[grouping.order]
    ordered = replace(arrays, x=np.ascontiguousarray(arrays.x[grouping.order]), chosen=chosen, offset=offset)
    group = np.searchsorted(grouping.first_in_nest[:-1], chosen, side="right") - 1
    further = (replace(DISSIMILARITY, labels=tuple(shared)),)
    return Nested(ordered, prior_sd, further, grouping, group, unscaled, above_one)


def strangers(nests: Mapping[str, Sequence[str]], table: ChoiceTable) -> list[str]:
    """Say which members of nests are no alternatives of a table, or its outside option."""
    known, outside = table.alternatives, table.outside
    problems = [
        f"nest {nest!r} holds {member!r}, which is none of the alternatives {known}"
        for nest, members in nests.items()
        for member in members
        if member not in known
    ]
    return problems + [
        f"nest {nest!r} holds the outside option {outside!r}, whose utility is known; leave it out of the nests"
        for nest, members in nests.items()
        if outside in members
    ]


def places_of(nests: Mapping[str, Sequence[str]], shared: Mapping[str, Sequence[str]]) -> list[int]:
    """Return the position of the dissimilarity of each nest; `shared` are these, with the nests that have them."""
    of_nest = {nest: place for place, members in enumerate(shared.values()) for nest in members}
    return [of_nest[nest] for nest in nests]
