"""What people are supposed to value, and how they choose: models of choice as frozen descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices, Spec
from estimation.choice.likelihoods.further import Further
from estimation.choice.likelihoods.logit import LogitLikelihood, OwnUtility
from estimation.choice.likelihoods.segments import log_sum_exp
from estimation.choice.likelihoods.target import Pooled, prior_sd
from estimation.choice.utilities.design import arrays_of, design_of
from estimation.choice.utilities.utility import Utility
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError
from estimation.registry import Registered, find, in_words

if TYPE_CHECKING:
    from estimation.choice.problem import ChoiceProblem


@dataclass(frozen=True, eq=True)
class ChoiceModel(Utility, Registered):
    """Everybody has the same weights and chooses what has the highest utility, which has a Gumbel error.

    A model of one's own is a frozen dataclass that says what is different. With other `utilities` (one function) it is
    fitted, compared, refitted without people, simulated, calibrated and reported; with another `likelihood` or another
    problem (`on`) anything may differ.
    """

    offers: ClassVar[str] = "choice_models"

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        if "name" not in vars(cls):
            cls.name = in_words(cls.__name__)

    def utilities(self, x: Array, first_row: Indices, weights: Array) -> Array:
        """Return the utility of each alternative, (row, draw), logits.

        Parameters
        ----------
        x : (row, coefficient)
            The terms, one row per available alternative; an outside option is a row of zeros.
        first_row : (situation + 1,)
            Situation t has the rows from ``first_row[t]`` up to ``first_row[t + 1]``.
        weights : (coefficient, draw)
        """
        return x @ weights

    def likelihood(self, table: ChoiceTable) -> Pooled:
        """Return the likelihood of everybody's weights on a table, with their prior."""
        arrays = arrays_of(self, table)
        sd = prior_sd(arrays, self.prior_scale)
        return LogitLikelihood(arrays, sd) if self.is_linear else OwnUtility(arrays, sd, self.utilities)

    def on(self, table: ChoiceTable) -> ChoiceProblem:
        """Return the model on a table: what is sampled, and what only the model can say of its draws.

        Raises
        ------
        ChoiceError
            If the terms of the model do not fit the table.
        """
        from estimation.choice.pooled import SharedWeights  # noqa: PLC0415 - samplers are slow to import

        return SharedWeights(self, table, self.likelihood(table))

    def predicted(
        self, utility: Array, labels: pd.Series, first_row: Indices, further: Mapping[str, Array]
    ) -> tuple[Array, Array]:
        """Return inclusive values, (situation, sample), and probabilities of alternatives, (row, sample).

        Parameters
        ----------
        utility : (row, sample)
        labels : (row,)
            The alternative of each row, a category.
        first_row : (situation + 1,)
        further
            Variable (``dissimilarity``, …) → draws of the further parameters, (sample, label).
        """
        return log_sum_exp(utility, first_row)

    def further(self, table: ChoiceTable) -> tuple[Further, ...]:
        """Return the parameters beside the weights; there are none."""
        return ()

    def scale_terms(self, table: ChoiceTable, frame: pd.DataFrame, first_row: Indices) -> Array:
        """Return what the scale of utilities depends on in the situations of a frame, (situation, group): nothing."""
        return np.zeros((len(first_row) - 1, 0))

    def columns_read(self, table: ChoiceTable) -> set[str]:
        """Return the columns that choices depend on."""
        return {name for term in design_of(self, table).terms for name in term.columns} | set(self.covariates)

    def words(self, table: ChoiceTable) -> Mapping[str, str]:
        """Return what tables call those parameters whose names are the notation of formulas: name → words."""
        return design_of(self, table).words

    @property
    def is_linear(self) -> bool:
        """Whether utility is a weighted sum of terms: ratios of weights are then rates of exchange."""
        return type(self).utilities is ChoiceModel.utilities

    @property
    def has_logsum(self) -> bool:
        """Whether inclusive values are expected utilities, so that their differences are worth money."""
        return self.is_linear

    @property
    def may_fix(self) -> bool:
        """Whether some weights may be known beforehand."""
        return self.is_linear

    @property
    def is_mixture_of_logits(self) -> bool:
        """Whether odds of two alternatives are independent of all others, given a person's weights."""
        return self.is_linear and type(self).predicted is ChoiceModel.predicted

    def spec(self) -> Spec:
        """Return the description as plain data, from which `from_spec` rebuilds the model."""
        origin = {"origin": type(self).origin} if type(self).origin else {}
        return {"model": type(self).__name__} | origin | super().spec()

    @staticmethod
    def from_spec(spec: Spec) -> ChoiceModel:
        """Return the model that `spec` describes.

        Raises
        ------
        ChoiceError
            If nobody has defined it, with the file to import.
        """
        try:
            kind = find(ChoiceModel, str(spec["model"]), spec.get("origin", {}))
        except LookupError as problem:
            raise ChoiceError("The model of choice is not known:", [str(problem)]) from None
        known = {option.name for option in fields(kind)}
        return kind(**{name: value for name, value in spec.items() if name in known})
