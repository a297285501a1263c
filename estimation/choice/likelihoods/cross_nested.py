"""The cross-nested logit likelihood with its gradient: an alternative may belong to several nests, in parts.

Vovsha (1997), Wen and Koppelman (2001): with u = (V + log α) / τ for each alternative in each of its nests and I = log
Σ exp(u) over the nest, P(j) = Σ_m P(m) P(j | m), P(m) ∝ exp(τ_m I_m), P(j | m) = exp(u_jm - I_m). The parts α of an
alternative add up to 1. Each τ has a uniform prior on (0, 1), and each alternative's parts are uniform as well
(Dirichlet).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

import numpy as np
from scipy.special import expit

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.likelihoods.further import Further
from estimation.choice.likelihoods.logit import LogitLikelihood
from estimation.choice.likelihoods.memberships import Entries, Membership
from estimation.choice.likelihoods.nested import LOWEST, STEP, UNTOLD
from estimation.choice.likelihoods.newton import maximise
from estimation.choice.likelihoods.segments import log_sum_exp, segment_sum
from estimation.choice.likelihoods.target import differenced, normal_log_density

UNTOLD_PART = (
    "nothing tells the part α of {label!r}: it needs situations that offer the alternative with others of each of its "
    "nests, and attributes that differ beyond constants; leave the alternative out of the nest, or set "
    "allocation='equal'"
)


@dataclass(frozen=True, eq=False)
class CrossNested:
    """The cross-nested logit on a table: parameters are weights, logits of τ, and log odds of parts.

    Parameters
    ----------
    arrays
        The choices.
    prior_sd : (coefficient,)
        Prior standard deviation of each coefficient.
    further
        The dissimilarities, and the parts of alternatives if they are estimated.
    membership, entries
        Which parts there are, and which rows they are parts of.
    """

    arrays: ChoiceArrays
    prior_sd: Array
    further: tuple[Further, ...]
    membership: Membership
    entries: Entries

    def starts(self, prior: bool) -> list[Array]:
        """Return the top without nests, with nests that matter little or much, and equal parts."""
        weights = maximise(LogitLikelihood(self.arrays, self.prior_sd), prior=prior).parameters
        parts = np.zeros(len(self.membership.parameters))
        return [np.concatenate([weights, np.full(self._nests, logit), parts]) for logit in (1.0, -0.5)]

    def natural(self, parameters: Array) -> tuple[Array, Array]:
        """Return weights (coefficient, …), and dissimilarities and parts (further parameter, …)."""
        weights, tau, free = self._split(parameters)
        return weights, np.concatenate([tau, self.membership.parts(free)[1]]) if self.membership.is_free else tau

    def situations(self, parameters: Array) -> Array:
        """Return log P(chosen) of each situation, (situation,) or (situation, draw), nats."""
        return self._chosen(self._parts(parameters))[0]

    def chances(self, parameters: Array) -> Array:
        """Return the probability of each alternative, (row,)."""
        return self.entries.shares(self._parts(parameters))

    def part(self, start: int, end: int) -> Self:
        """Return the likelihood of some consecutive situations."""
        entries = self.entries.some(start, end, self.arrays.first_row)
        return replace(self, arrays=self.arrays.part(start, end), entries=entries)

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return the log likelihood, nats, and its gradient, (parameter,)."""
        arrays, grouping = self.arrays, self.entries.grouping
        parts = self._parts(parameters)
        scaled, within, inclusive, between, tau, _, _ = parts
        sizes, weight = np.diff(grouping.first_in_nest), np.repeat(arrays.weight, np.diff(grouping.first_group))
        value, entry, chance = self._chosen(parts)
        taken = np.zeros(len(scaled))
        taken[entry] = chance  # of the parts of what was chosen
        of_group = segment_sum(taken, grouping.first_in_nest)
        beyond = of_group * (tau - 1) / tau - between
        pull = (taken / np.repeat(tau, sizes) + within * np.repeat(beyond, sizes)) * np.repeat(weight, sizes)
        mean = segment_sum(within * scaled, grouping.first_in_nest)
        each = (of_group - between) * inclusive - beyond * mean
        each = (each - segment_sum(taken * scaled, grouping.first_in_nest) / tau) * weight
        own, share = self._split(parameters)[1], self.membership.parts(self._split(parameters)[2])[1]
        of_nest = np.bincount(grouping.nest, weights=each, minlength=self._nests + 1)[: self._nests] * own * (1 - own)
        of_part = np.bincount(self.entries.part, weights=pull, minlength=len(share) + 1)[: len(share)]
        lost = [of_part[low:high].sum() for low, high in pairwise(self.membership.first)]
        odds = of_part - share * np.repeat(lost, np.diff(self.membership.first))
        weights = np.bincount(self.entries.row, weights=pull, minlength=len(arrays.x)) @ arrays.x
        return float(arrays.weight @ value), np.concatenate([weights, of_nest, odds[self.membership.parameters]])

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative by central differences of the gradient, (parameter, parameter)."""
        further = np.maximum(np.abs(parameters[len(self.prior_sd) :]), 1.0)
        return differenced(self.slope, parameters, STEP * np.concatenate([np.minimum(self.prior_sd, 1.0), further]))

    def log_prior(self, parameters: Array) -> Array:
        """Return the log prior density on the sampled scale, (draw,), nats, without its constant."""
        weights, free = parameters[: len(self.prior_sd)], parameters[len(self.prior_sd) :]
        logits = free[: self._nests]
        uniform = -(np.logaddexp(0, logits) + np.logaddexp(0, -logits)).sum(axis=0)
        found = normal_log_density(weights, self.prior_sd) + uniform
        parts = self.membership.parts(free[self._nests :])[0].sum(axis=0)
        return np.asarray(found + parts if self.membership.is_free else found)

    def prior_slope(self, parameters: Array) -> tuple[Array, Array]:
        """Return the gradient of the log prior and minus the diagonal of its second derivative."""
        weights, own, free = self._split(parameters)
        chosen, sizes = self.membership.parameters, np.diff(self.membership.first)
        share = self.membership.parts(free)[1][chosen]
        count = np.repeat(sizes, sizes)[chosen]
        slope = np.concatenate([-weights / self.prior_sd**2, 1 - 2 * own, 1 - count * share])
        return slope, np.concatenate([1 / self.prior_sd**2, 2 * own * (1 - own), count * share * (1 - share)])

    def untold(self) -> tuple[str, ...]:
        """Say of each further parameter what it means if no choices could tell it."""
        nests, parts = self.further[0].labels, self.membership.labels
        told = [f"{parts[place][0]}, {parts[place][1]}" for place in self.membership.parameters]
        return (*(UNTOLD.format(label=label) for label in nests), *(UNTOLD_PART.format(label=label) for label in told))

    def drawn(self, rng: np.random.Generator) -> Array:
        """Return dissimilarities and parts drawn from their prior, (further parameter,)."""
        sizes = np.diff(self.membership.first).tolist() if self.membership.is_free else []
        return np.concatenate([rng.uniform(size=self._nests), *(rng.dirichlet(np.ones(size)) for size in sizes)])

    def _split(self, parameters: Array) -> tuple[Array, Array, Array]:
        """Return weights, dissimilarities, and log odds of parts."""
        weights, free = parameters[: len(self.prior_sd)], parameters[len(self.prior_sd) :]
        return weights, expit(np.maximum(free[: self._nests], LOWEST)), free[self._nests :]

    def _parts(self, parameters: Array) -> tuple[Array, ...]:
        weights, tau, free = self._split(parameters)
        return self.entries.chances(self.arrays.utility(weights), self.membership.parts(free)[0], tau)

    def _chosen(self, parts: tuple[Array, ...]) -> tuple[Array, Indices, Array]:
        """Return log P(chosen) by situation, the entries of what was chosen, and their chances given it."""
        scaled, _, inclusive, _, tau, _, total = parts
        grouping = self.entries.grouping
        begins = grouping.first_in_nest[grouping.first_group]
        situation = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
        entry = np.flatnonzero(self.arrays.chosen[situation] == self.entries.row)
        group = np.searchsorted(grouping.first_in_nest, entry, side="right") - 1
        value = scaled[entry] + (tau[group] - 1) * inclusive[group] - total[situation[entry]]
        chosen, chance = log_sum_exp(value, np.searchsorted(situation[entry], np.arange(len(begins))))
        return chosen, entry, chance

    @property
    def _nests(self) -> int:
        return len(self.further[0].labels)
