"""The nested logit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.further import DISSIMILARITY, Further
from estimation.choice.likelihoods.nested import Nested, nested_of, places_of
from estimation.choice.likelihoods.nests import grouping_of
from estimation.choice.likelihoods.target import prior_sd
from estimation.choice.model import ChoiceModel
from estimation.choice.utilities.design import arrays_of
from estimation.choice.utilities.options import GROUPS, TRUTH, TRUTH_OR_NAMES, Form
from estimation.choice.utilities.utility import Row
from estimation.data.choices.table import ChoiceTable


@dataclass(frozen=True, eq=True)
class NestedLogit(ChoiceModel):
    """Alternatives of a nest share unobserved utility, so that they are closer substitutes for each other.

    P(j) = P(nest) P(j | nest), P(nest) ∝ exp(τ I), I = log Σ exp(V / τ), P(j | nest) ∝ exp(V / τ). The dissimilarity τ
    (also called IV parameter) of each nest lies in (0, 1]; at 1 the nest does not matter.

    Parameters
    ----------
    nests
        Name → its alternatives. Alternatives in no nest, the outside option among them, stand alone.
    unscaled
        Leave V undivided inside nests, I = log Σ exp(V), as in Greene's tables. Then even a nest of one alternative
        has a τ that shows, but equal changes of all utilities change the choice between nests.
    shared
        Nests that have one τ together: True for all, or their names.
    above_one
        Let τ be above 1: alternatives of a nest are then less alike than others, which no utility maximisation explains
        for all utilities (Börsch-Supan 1990, Journal of Econometrics 43:373-388).
    """

    nests: Mapping[str, Sequence[str]] = field(default_factory=dict, kw_only=True, hash=False)
    unscaled: bool = field(default=False, kw_only=True)
    shared: bool | Sequence[str] = field(default=False, kw_only=True)
    above_one: bool = field(default=False, kw_only=True)

    name: ClassVar[str] = "nested logit"
    citation: ClassVar[str] = (
        "McFadden, D. (1978). Modelling the choice of residential location. In A. Karlqvist et al. (eds.), Spatial "
        "Interaction Theory and Planning Models, 75-96."
    )

    forms: ClassVar[Mapping[str, Form]] = {
        **ChoiceModel.forms,
        "nests": GROUPS,
        "unscaled": TRUTH,
        "shared": TRUTH_OR_NAMES,
        "above_one": TRUTH,
    }

    def _problems(self) -> list[str]:
        problems = super()._problems()
        if not self.nests:
            problems.append("nests are missing: {name of the nest: its alternatives}")
        members = [member for nest in self.nests.values() for member in nest]
        twice = sorted({member for member in members if members.count(member) > 1})
        problems += [f"alternative {member!r} is in more than one nest; keep one" for member in twice]
        problems += [f"nest {nest!r} is empty; remove it" for nest, inside in self.nests.items() if not inside]
        together = [] if isinstance(self.shared, bool) else list(self.shared)
        problems += [
            f"shared names {nest!r}, which is none of the nests {list(self.nests)}"
            for nest in together
            if nest not in self.nests
        ]
        problems += ["shared must name at least two nests"] * (len(together) == 1)
        if not self.unscaled:
            problems += [
                f"nest {nest!r} holds {inside[0]!r} alone: its dissimilarity is not seen; leave it out of the nests, "
                "or set unscaled=True"
                for nest, inside in self.nests.items()
                if len(inside) == 1
            ]
        return problems

    def likelihood(self, table: ChoiceTable) -> Nested:
        """Return the likelihood of weights and dissimilarities on a table, with their prior."""
        arrays = arrays_of(self, table)
        own, sd = self.dissimilarities, prior_sd(arrays, self.prior_scale)
        options = {"unscaled": self.unscaled, "above_one": self.above_one}
        return nested_of(self.nests, table, arrays, sd, shared=own, **options)

    @property
    def has_logsum(self) -> bool:
        """Not of the unscaled form: utility counts τ times as much between nests as inside."""
        return not self.unscaled

    @property
    def dissimilarities(self) -> dict[str, tuple[str, ...]]:
        """The dissimilarities, with the nests that have them: one for each nest, or one for those that share."""
        names = tuple(self.nests)
        together = (names if self.shared else ()) if isinstance(self.shared, bool) else tuple(self.shared)
        groups = dict.fromkeys(together if nest in together else (nest,) for nest in names)
        return {", ".join(group): group for group in groups}

    @property
    def further_rows(self) -> tuple[Row, ...]:
        """What is told of the dissimilarities."""
        prior, why = "uniform on (0, 1)", "no value is favoured beforehand"
        if self.above_one:
            prior, why = "log τ Normal(0, 1)", "1/7 to 7 with 95 %, above and below 1 equally likely"
        told = "1 if the nest does not matter"
        held = {
            label: "; ".join(", ".join(self.nests[nest]) for nest in of) for label, of in self.dissimilarities.items()
        }
        return tuple(
            (f"{label}, τ", f"dissimilarity τ of {members}: {told}", "ratio", prior, why)
            for label, members in held.items()
        )

    def predicted(
        self, utility: Array, labels: pd.Series, first_row: Indices, further: Mapping[str, Array]
    ) -> tuple[Array, Array]:
        """Return inclusive values, (situation, sample), and probabilities of alternatives, (row, sample)."""
        grouping = grouping_of(self.nests, labels, first_row, places_of(self.nests, self.dissimilarities))
        tau = further[DISSIMILARITY.variable].T
        _, within, _, between, *_, total = grouping.chances(utility[grouping.order], tau, self.unscaled)
        share = np.empty_like(utility)
        share[grouping.order] = within * np.repeat(between, np.diff(grouping.first_in_nest), axis=0)
        return total, share

    def further(self, table: ChoiceTable) -> tuple[Further, ...]:
        """Return the dissimilarities."""
        return (replace(DISSIMILARITY, labels=tuple(self.dissimilarities)),)
