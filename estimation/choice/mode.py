"""Maximum-likelihood estimates, to be held against published tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from estimation.choice.utility import Utility
from estimation.data.choices.table import ChoiceTable
from estimation.text.page import as_html

UNSEEN = "The choices say little about τ of nest {nest!r}: what is known of it is hardly more than its prior."


def at_bound(nest: str) -> str:
    """Say what a dissimilarity at its bound means."""
    return (
        f"τ of nest {nest!r} stands at its bound 1: the nest does not matter, or its alternatives are more different "
        "than others; leave the nest out."
    )


@dataclass(frozen=True, eq=False, repr=False)
class Mode:
    """The maximum-likelihood estimate of a model.

    Attributes
    ----------
    model, table
        What was estimated on what.
    log_likelihood, null_log_likelihood
        At the estimate, and if every available alternative were equally likely, nats.
    coefficients : (coefficient,) Series
        The weights of the utility.
    dissimilarity : (nest,) Series
        The τ of each nest, in (0, 1]; empty for models without nests.
    covariance : DataFrame
        Inverse of the observed information, over coefficients and then nests (``τ[nest]``); NaN for a τ at its bound 1.
    """

    model: Utility
    table: ChoiceTable
    log_likelihood: float
    null_log_likelihood: float
    coefficients: pd.Series
    dissimilarity: pd.Series
    covariance: pd.DataFrame

    @property
    def standard_errors(self) -> pd.Series:
        """Square roots of the diagonal of `covariance`."""
        return pd.Series(np.sqrt(np.diag(self.covariance)), index=self.covariance.index, name="standard_error")

    @property
    def notes(self) -> list[str]:
        """What one must know to read it: weights, and nests whose τ stands at a bound or is hardly told."""
        error = self.standard_errors
        said = [f"{self.table.weighting}."] if self.table.weighting else []
        for nest, tau in self.dissimilarity.items():
            if np.isnan(error[f"τ[{nest}]"]):
                said.append(at_bound(str(nest)))
            elif tau < 1e-4:
                said.append(f"τ of nest {nest!r} stands at its bound 0: inside the nest choices are certain.")
            elif error[f"τ[{nest}]"] > 0.5:
                said.append(UNSEEN.format(nest=nest))
        return said

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per coefficient and nest: estimate, standard_error, z (against 0; for a nest's τ against 1)."""
        dissimilarity = self.dissimilarity.rename(lambda nest: f"τ[{nest}]")
        estimate = pd.concat([self.coefficients, dissimilarity]) if len(dissimilarity) else self.coefficients
        against = np.where(estimate.index.isin(dissimilarity.index), 1.0, 0.0)
        frame = pd.DataFrame({"estimate": estimate, "standard_error": self.standard_errors})
        return frame.assign(z=(estimate - against) / self.standard_errors).rename_axis("coefficient")

    def __repr__(self) -> str:
        return "\n".join([self._head, self.summary.round(6).to_string(), *self.notes])

    def _repr_html_(self) -> str:
        return as_html(self._head, self.summary.round(6), self.notes)

    @property
    def _head(self) -> str:
        value = f"log likelihood {self.log_likelihood:.3f} (equal shares {self.null_log_likelihood:.3f})"
        return f"{self.model.name} on {self.table.label}: {value}"


@dataclass(frozen=True, eq=False, repr=False)
class MixedMode:
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
        Of ``mean of x``, ``sd of x`` and ``x: covariate``, from outer products of people's scores.
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
    def summary(self) -> pd.DataFrame:
        """One row per mean, spread and effect: estimate and standard_error."""
        labels = [f"{name}: {of}" for name in self.effects.index for of in self.effects.columns]
        effects = pd.Series(self.effects.to_numpy().ravel(), labels, dtype=float)
        estimate = pd.concat([self.means.add_prefix("mean of "), self.spreads.add_prefix("sd of "), effects])
        frame = pd.DataFrame({"estimate": estimate, "standard_error": self.standard_errors[estimate.index]})
        return frame.rename_axis("parameter")

    def __repr__(self) -> str:
        return f"{self._head}\n{self.summary.round(4).to_string()}"

    def _repr_html_(self) -> str:
        return as_html(self._head, self.summary.round(4))

    @property
    def _head(self) -> str:
        head = f"{self.model.name} on {self.table.label}: log likelihood {self.log_likelihood:.1f} ± {self.error:.1f}"
        return f"{head} (equal shares {self.null_log_likelihood:.1f})"
