"""The cross-nested logit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import pandas as pd

from estimation.allowed import word_problems
from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.cross_nested import CrossNested
from estimation.choice.likelihoods.further import ALLOCATION, DISSIMILARITY, Further
from estimation.choice.likelihoods.memberships import Membership, entries_of, membership_of
from estimation.choice.likelihoods.nested import strangers
from estimation.choice.likelihoods.target import prior_sd
from estimation.choice.model import ChoiceModel
from estimation.choice.utilities.design import arrays_of
from estimation.choice.utilities.options import GROUPS, Form
from estimation.choice.utilities.utility import Row
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE

ALLOCATIONS = ("free", "equal")


@dataclass(frozen=True, eq=True)
class CrossNestedLogit(ChoiceModel):
    """Alternatives share unobserved utility with several nests: the train with public transport and with what exists.

    P(j) = Σ_m P(m) P(j | m) over the nests of j, P(m) ∝ exp(τ_m I_m), I_m = log Σ (α_jm exp(V_j))^(1/τ_m), P(j | m) =
    (α_jm exp(V_j))^(1/τ_m) / exp(I_m). The parts α of an alternative add up to 1; each τ lies in (0, 1].

    Parameters
    ----------
    nests
        Name → its alternatives, some of which are in several nests. Alternatives in none, the outside option among
        them, stand alone.
    allocation
        ``"free"``: parts are estimated. ``"equal"``: they are equal; with a nest for each pair of alternatives this is
        the paired combinatorial logit.
    """

    nests: Mapping[str, Sequence[str]] = field(default_factory=dict, kw_only=True, hash=False)
    allocation: str = field(default="free", kw_only=True)

    name: ClassVar[str] = "cross-nested logit"
    citation: ClassVar[str] = (
        "Wen, C.-H. and Koppelman, F. S. (2001). The generalized nested logit model. Transportation Research Part B "
        "35(7):627-641."
    )

    forms: ClassVar[Mapping[str, Form]] = {**ChoiceModel.forms, "nests": GROUPS}

    def _problems(self) -> list[str]:
        problems = super()._problems() + word_problems(ALLOCATIONS, allocation=self.allocation)
        small = [nest for nest, inside in self.nests.items() if len(set(inside)) < 2]
        problems += [f"nest {nest!r} needs at least two alternatives; add some or remove it" for nest in small]
        if not self._membership.labels:
            problems.append("no alternative is in several nests; name some twice, or take a NestedLogit")
        return problems

    def likelihood(self, table: ChoiceTable) -> CrossNested:
        """Return the likelihood of weights, dissimilarities and parts on a table, with their prior.

        Raises
        ------
        ChoiceError
            If a nest names an alternative that is not in the table, or the outside option.
        """
        raise_all(strangers(self.nests, table), ChoiceError, f"The nests do not fit {table.label}:")
        arrays = arrays_of(self, table)
        entries = entries_of(self.nests, self._membership, table.rows[ALTERNATIVE.name], arrays.first_row)
        sd = prior_sd(arrays, self.prior_scale)
        return CrossNested(arrays, sd, self.further(table), self._membership, entries)

    def predicted(
        self, utility: Array, labels: pd.Series, first_row: Indices, further: Mapping[str, Array]
    ) -> tuple[Array, Array]:
        """Return inclusive values, (situation, sample), and probabilities of alternatives, (row, sample)."""
        entries = entries_of(self.nests, self._membership, labels, first_row)
        tau = further[DISSIMILARITY.variable].T
        log_part = self._membership.logs(further.get(ALLOCATION.variable), tau.shape[1])
        parts = entries.chances(utility, log_part, tau)
        return parts[-1], entries.shares(parts)

    def further(self, table: ChoiceTable) -> tuple[Further, ...]:
        """Return the dissimilarities, and the parts if they are estimated."""
        parts = tuple(f"{member}, {nest}" for member, nest in self._membership.labels)
        kinds = (replace(DISSIMILARITY, labels=tuple(self.nests)), replace(ALLOCATION, labels=parts))
        return kinds if self.allocation == "free" else kinds[:1]

    @property
    def further_rows(self) -> tuple[Row, ...]:
        """What is told of dissimilarities and parts."""
        prior, why = "uniform on (0, 1)", "no value is favoured beforehand"
        rows: list[Row] = [
            (
                f"{nest}, τ",
                f"dissimilarity τ of {', '.join(inside)}: 1 if the nest does not matter",
                "ratio",
                prior,
                why,
            )
            for nest, inside in self.nests.items()
        ]
        if self.allocation == "free":
            parts = "Dirichlet(1, …, 1) over the nests of an alternative"
            rows += [
                (f"{member}, {nest}, α", f"part of {member} that belongs to {nest}", "share", parts, why)
                for member, nest in self._membership.labels
            ]
        return tuple(rows)

    @property
    def _membership(self) -> Membership:
        return membership_of(self.nests, self.allocation == "free")
