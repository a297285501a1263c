"""Maximum-likelihood estimates, to be held against published tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.likelihoods.further import ALLOCATION, DISSIMILARITY, Further
from estimation.choice.maximum.sandwich import FEW, INFORMATION, ROBUST, cluster_of, clustered
from estimation.choice.utilities.utility import Utility
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError
from estimation.names import SUBJECT
from estimation.text.fragments import InLatex
from estimation.text.page import as_html, rounded, table_text

UNSEEN = "The choices say little about τ of nest {nest!r}: what is known of it is hardly more than its prior."
EDGE = 1e-4
"""Distance from a bound at which a parameter stands there."""


def at_bound(nest: str) -> str:
    """Say what a dissimilarity at its bound means."""
    return (
        f"τ of nest {nest!r} stands at its bound 1: the nest does not matter, or its alternatives are more different "
        "than others; leave the nest out."
    )


@dataclass(frozen=True, eq=False, repr=False)
class Mode(InLatex):
    """The maximum-likelihood estimate of a model.

    Attributes
    ----------
    model, table
        What was estimated on what.
    log_likelihood, null_log_likelihood
        At the estimate, and if every available alternative were equally likely, nats.
    coefficients : (coefficient,) Series
        The weights of the utility that are estimated.
    further : (parameter,) Series
        Parameters beside the weights: ``τ[nest]``, ``α[alternative, nest]``, ``scale[group]``.
    kinds
        What these are.
    inverse_information : DataFrame or None
        Of the observed information, over coefficients and further parameters; NaN for what stands at a bound. None
        where it would be wrong, as after a first stage.
    influence : (situation, parameter)
        What each situation moved the estimates by: standard errors are made of them.
    errors
        Which standard errors are shown: see `with_errors`.
    """

    model: Utility
    table: ChoiceTable
    log_likelihood: float
    null_log_likelihood: float
    coefficients: pd.Series
    further: pd.Series
    kinds: tuple[Further, ...]
    inverse_information: pd.DataFrame | None
    influence: Array
    errors: str

    def with_errors(self, errors: str) -> Mode:
        """Return the same estimate with other standard errors.

        Parameters
        ----------
        errors
            ``"information"``: from the curvature of the likelihood, right if the model is. ``"robust"``: whatever the
            errors' distribution, situations being independent. The name of a column (``"subject"``, ``"market"``):
            robust, and situations of the same value may depend on each other. Where people choose more than once the
            default is ``"subject"``; for weights of a survey ``"robust"``; else ``"information"``.

        Raises
        ------
        ChoiceError
            If there are no such errors.
        """
        found = replace(self, errors=errors)
        if errors == INFORMATION and self.inverse_information is None:
            problem = "the curvature knows nothing of the first stage; cluster by person or market, or take 'robust'"
            raise ChoiceError("Standard errors would be wrong:", [problem])
        if errors != INFORMATION:
            cluster_of(errors, self.table)
        return found

    @cached_property
    def covariance(self) -> pd.DataFrame:
        """Covariance of the estimates, over coefficients and further parameters, as `errors` says."""
        if self.errors == INFORMATION and self.inverse_information is not None:
            return self.inverse_information
        names = [*self.coefficients.index, *self.further.index]
        return pd.DataFrame(clustered(self.influence, cluster_of(self.errors, self.table)), index=names, columns=names)

    @property
    def dissimilarity(self) -> pd.Series:
        """The τ of each nest, (nest,); empty for models without nests."""
        return self.of(DISSIMILARITY)

    def of(self, kind: Further) -> pd.Series:
        """Return the further parameters of a kind by their labels."""
        labels = {name: label for own in self.kinds if own.variable == kind.variable for name, label in _pairs(own)}
        found = self.further[list(labels)].rename(labels)
        return found.rename_axis(kind.dimension).rename(kind.variable)

    @property
    def standard_errors(self) -> pd.Series:
        """Square roots of the diagonal of `covariance`."""
        return pd.Series(np.sqrt(np.diag(self.covariance)), index=self.covariance.index, name="standard_error")

    @property
    def clusters(self) -> int:
        """How many clusters of situations the errors are made of."""
        return len(np.unique(cluster_of(self.errors, self.table)))

    @property
    def errors_in_words(self) -> str:
        """What standard errors are made of."""
        if self.errors == INFORMATION:
            return "from the curvature of the likelihood"
        if self.errors == ROBUST:
            return "robust, situations being independent"
        return f"robust, clustered by {'person' if self.errors == SUBJECT.name else self.errors}"

    @property
    def notes(self) -> list[str]:
        """What one must know to read it: errors, weights, and what stands at a bound or is hardly told."""
        said = [f"Standard errors are {self.errors_in_words}."]
        count = self.clusters if self.errors != INFORMATION else FEW
        said += [f"There are {count} clusters only, by which standard errors come out too small."] * (count < FEW)
        fixed = ", ".join(f"{term} = {value:g}" for term, value in self.model.fixed.items())
        said += [f"Not estimated: {fixed}."] if fixed else []
        said += [f"{self.table.weighting}."] if self.table.weighting else []
        if self.standard_errors[self.coefficients.index].isna().any():
            said.append(
                "The likelihood is flat at its maximum, so that there are no standard errors: simplify the model."
            )
        for kind in self.kinds:
            values, error = self.of(kind), self.standard_errors[kind.names].to_numpy()
            said += [
                note
                for label, of, se in zip(values.index, values, error, strict=True)
                for note in _notes(kind, label, of, se)
            ]
        return said

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per parameter: estimate, standard_error, z (against 0; for τ and scales against 1; none for α)."""
        estimate = pd.concat([self.coefficients, self.further]) if len(self.further) else self.coefficients
        neutral = [kind.neutral for kind in self.kinds for _ in kind.labels]
        against = np.concatenate([np.zeros(len(self.coefficients)), neutral])
        frame = pd.DataFrame({"estimate": estimate, "standard_error": self.standard_errors})
        return frame.assign(z=(estimate - against) / self.standard_errors).rename_axis("coefficient")

    def __repr__(self) -> str:
        return "\n".join([self._head, table_text(self.summary, 6), *self.notes])

    def _repr_html_(self) -> str:
        return as_html(self._head, rounded(self.summary, 6), self.notes)

    @property
    def _head(self) -> str:
        value = f"log likelihood {self.log_likelihood:.3f} (equal shares {self.null_log_likelihood:.3f})"
        return f"{self.model.name} on {self.table.label}: {value}"


def _pairs(kind: Further) -> list[tuple[str, str]]:
    return list(zip(kind.names, kind.labels, strict=True))


def _notes(kind: Further, label: str, value: float, error: float) -> list[str]:
    """Say what one must know of a further parameter: bounds, and whether anything tells it."""
    if kind.variable == ALLOCATION.variable:
        at_end = min(value, 1 - value) < EDGE
        return [f"α of {label!r} stands at its bound {round(value)}: leave the alternative out of one nest."] * at_end
    if kind.variable != DISSIMILARITY.variable:
        return []
    if value < EDGE:
        return [f"τ of nest {label!r} stands at its bound 0: inside the nest choices are certain."]
    if np.isnan(error) and value > 1 - EDGE:
        return [at_bound(label)]
    if value > 1:
        return [f"τ of nest {label!r} is above 1: no maximisation of utility explains that for all utilities."]
    return [UNSEEN.format(nest=label)] if error > 0.5 else []
