"""The maximum of the likelihood of people who differ in their tastes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from estimation.choice.utilities.utility import Utility
from estimation.data.choices.table import ChoiceTable
from estimation.text.fragments import InLatex
from estimation.text.page import as_html, rounded, table_text


@dataclass(frozen=True, eq=False, repr=False)
class MixedMode(InLatex):
    """The maximum-likelihood estimate of a population of tastes.

    Attributes
    ----------
    model, table
        What was estimated on what.
    log_likelihood, error, null_log_likelihood
        At the estimate, with the Monte-Carlo standard error of its integrals, and if every available alternative were
        equally likely, nats.
    means, spreads : (coefficient,) Series
        Of the normal over people, at average covariates; of log |β| where a coefficient is log-normal.
    effects : (coefficient, covariate) DataFrame
        What a standard deviation of a covariate adds to a mean.
    correlations : (coefficient, coefficient) DataFrame
        Over people; none if the model's covariance is diagonal.
    standard_errors : (parameter,) Series
        Of ``mean of x``, ``sd of x`` and ``x: covariate``: see `errors_in_words`.
    """

    model: Utility
    table: ChoiceTable
    log_likelihood: float
    error: float
    null_log_likelihood: float
    means: pd.Series
    spreads: pd.Series
    effects: pd.DataFrame
    correlations: pd.DataFrame
    standard_errors: pd.Series

    @property
    def errors_in_words(self) -> str:
        """What standard errors are made of."""
        if self.table.is_sample_weighted:
            return "robust, from people's scores and weights"
        return "from the outer products of people's scores"

    @property
    def notes(self) -> list[str]:
        """What one must know to read it: errors, and weights."""
        said = [f"Standard errors are {self.errors_in_words}."]
        return said + ([f"{self.table.weighting}."] if self.table.weighting else [])

    @property
    def summary(self) -> pd.DataFrame:
        """One row per mean, spread and effect: estimate and standard_error."""
        labels = [f"{name}: {of}" for name in self.effects.index for of in self.effects.columns]
        effects = pd.Series(self.effects.to_numpy().ravel(), labels, dtype=float)
        estimate = pd.concat([self.means.add_prefix("mean of "), self.spreads.add_prefix("sd of "), effects])
        frame = pd.DataFrame({"estimate": estimate, "standard_error": self.standard_errors[estimate.index]})
        return frame.rename_axis("parameter")

    def __repr__(self) -> str:
        return "\n".join([self._head, table_text(self.summary, 4), *self.notes])

    def _repr_html_(self) -> str:
        return as_html(self._head, rounded(self.summary, 4), self.notes)

    @property
    def _head(self) -> str:
        head = f"{self.model.name} on {self.table.label}: log likelihood {self.log_likelihood:.1f} ± {self.error:.1f}"
        return f"{head} (equal shares {self.null_log_likelihood:.1f})"
