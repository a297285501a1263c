"""The logit whose error has another variance for some people or in some data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.further import SCALE, Further
from estimation.choice.likelihoods.scaled import ScaledLogit
from estimation.choice.likelihoods.target import Pooled, prior_sd
from estimation.choice.model import ChoiceModel
from estimation.choice.utilities.design import arrays_of
from estimation.choice.utilities.options import NAMES, Form
from estimation.choice.utilities.terms import Term, changes_within, read_term
from estimation.choice.utilities.utility import Row
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE


@dataclass(frozen=True, eq=True)
class HeteroscedasticLogit(ChoiceModel):
    """Everybody has the same weights, but choices of some people, or of some source of data, are noisier.

    Utilities are multiplied by a scale, 1 in the first group: P(j) ∝ exp(scale V_j), and a scale of 2 stands for an
    error with half of the standard deviation. So data of several sources (stated and revealed preferences, waves of a
    survey) are pooled without pretending that they are equally noisy.

    Parameters
    ----------
    scale
        Columns or formulas of columns that are the same for all alternatives of a situation: labels (``"source"``, with
        numbers ``"C(wave)"``) have one scale per label but the first; of numbers a scale is a factor per unit.
    """

    scale: Sequence[str] = field(default=(), kw_only=True)

    name: ClassVar[str] = "heteroscedastic logit"
    citation: ClassVar[str] = (
        "Swait, J. and Louviere, J. (1993). The role of the scale parameter in the estimation and comparison of "
        "multinomial logit models. Journal of Marketing Research 30(3):305-314."
    )

    forms: ClassVar[Mapping[str, Form]] = {**ChoiceModel.forms, "scale": NAMES}

    def _problems(self) -> list[str]:
        problems = super()._problems()
        missing = "scale is missing: name what scales differ by, or take a MultinomialLogit"
        return problems + [missing] * (not self.scale)

    @property
    def is_mixture_of_logits(self) -> bool:
        """No: odds of alternatives depend on the scale of who chooses."""
        return False

    def likelihood(self, table: ChoiceTable) -> Pooled:
        """Return the likelihood of weights and scales on a table, with their prior.

        Raises
        ------
        ChoiceError
            If what scales depend on cannot be read, differs within situations or is the same in all.
        """
        arrays = arrays_of(self, table)
        terms = self.scale_terms(table, table.rows, table.first_row)
        sd = np.concatenate([prior_sd(arrays, self.prior_scale), 0.5 / terms.std(axis=0)])
        return ScaledLogit(arrays, sd, self.further(table), terms)

    def further(self, table: ChoiceTable) -> tuple[Further, ...]:
        """Return the scales."""
        return (replace(SCALE, labels=tuple(name for term in self._terms(table) for name in term.names)),)

    def columns_read(self, table: ChoiceTable) -> set[str]:
        """Return the columns that choices depend on, those among them on which scales do."""
        return super().columns_read(table) | {name for term in self._terms(table) for name in term.columns}

    def scale_terms(self, table: ChoiceTable, frame: pd.DataFrame, first_row: Indices) -> Array:
        """Return what scales depend on in the situations of a frame, (situation, group)."""
        terms = self._terms(table)
        missing = [name for term in terms for name in term.columns if name not in frame]
        problems = [
            f"column {name!r}, on which scales depend, is missing; name it for the products" for name in missing
        ]
        raise_all(problems, ChoiceError, "The scale of utilities is not known:")
        return np.column_stack([values for term in terms for values in term.values(_speaking(table, frame, first_row))])

    def words(self, table: ChoiceTable) -> Mapping[str, str]:
        """Return what tables call those parameters whose names are the notation of formulas, scales included."""
        scales = {name: said for term in self._terms(table) for name, said in term.words.items()}
        return {**super().words(table), **scales}

    def _terms(self, table: ChoiceTable) -> list[Term]:
        terms: list[Term] = []
        problems: list[str] = []
        frame = table.rows
        if table.outside is not None:  # what describes a situation may be empty in the row of its outside option
            frame = frame[(frame[ALTERNATIVE.name] != table.outside).to_numpy()]
        for text in self.scale:
            try:
                term = read_term(text, frame, [], None)
            except ChoiceError as problem:
                problems += problem.problems
                continue
            terms.append(term)
            values = term.values(frame)
            differs = any(changes_within(own, frame).any() for own in values)
            problems += [f"{text!r} differs within situations; scales belong to people or situations"] * differs
            problems += [f"{text!r} is the same everywhere; leave it out"] * any(not np.ptp(own) > 0 for own in values)
        raise_all(problems, ChoiceError, f"Scales cannot be told from {table.label}:")
        return terms

    @property
    def further_rows(self) -> tuple[Row, ...]:
        """What is told of the scales."""
        told = "scale of utilities against the first group: 2 if the error has half of the standard deviation"
        why = "two standard deviations of the column hardly ever change the scale by more than a factor of 7"
        prior = "log scale Normal(0, (1 / (2 sd of the column))²)"
        return tuple((f"{text}, scale", told, "ratio", prior, why) for text in self.scale)


def _speaking(table: ChoiceTable, frame: pd.DataFrame, first_row: Indices) -> pd.DataFrame:
    """Return a row of each situation, that of its first alternative that is not the outside option."""
    first, outside = first_row[:-1], (frame[ALTERNATIVE.name].astype(str) == str(table.outside)).to_numpy()
    return frame.iloc[np.minimum(first + outside[first], first_row[1:] - 1)]
