"""Maximum likelihood: the mode of the posterior under flat priors, to be held against published tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from estimation.choice.climb import Top, climb
from estimation.choice.design import arrays_of
from estimation.choice.identification import check_identified
from estimation.choice.mixed_mode import MixedMode, mixed_mode
from estimation.choice.models import ChoiceModel, MultinomialLogit
from estimation.choice.pooled import is_pooled, likelihood_of
from estimation.choice.target import Pooled
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError

BOUND = 1 - 1e-6
"""A dissimilarity above it is at its bound, where it has no standard error."""


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

    model: ChoiceModel
    table: ChoiceTable
    log_likelihood: float
    null_log_likelihood: float
    coefficients: pd.Series
    dissimilarity: pd.Series
    covariance: pd.DataFrame

    @property
    def standard_errors(self) -> pd.Series:
        """Square roots of the diagonal of `covariance`."""
        return pd.Series(
            np.sqrt(np.diag(self.covariance)), index=self.covariance.index, name="standard_error"
        )

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per coefficient and nest: estimate, standard_error, z (against 0; for a nest's τ against 1)."""
        dissimilarity = self.dissimilarity.rename(lambda nest: f"τ[{nest}]")
        estimate = pd.concat([self.coefficients, dissimilarity]) if len(dissimilarity) else self.coefficients
        against = np.where(estimate.index.isin(dissimilarity.index), 1.0, 0.0)
        frame = pd.DataFrame({"estimate": estimate, "standard_error": self.standard_errors})
        return frame.assign(z=(estimate - against) / self.standard_errors).rename_axis("coefficient")

    def __repr__(self) -> str:
        head = f"{self.model.name} on {self.table.label}: log likelihood {self.log_likelihood:.3f}"
        return f"{head} (equal shares {self.null_log_likelihood:.3f})\n{self.summary.round(6).to_string()}"

    def _repr_html_(self) -> str:
        return f"<p>{self!s}</p>".replace("\n", "<br>")


def mode(model: ChoiceModel, choices: ChoiceTable, *, seed: int = 0) -> Mode | MixedMode:
    """Return the maximum-likelihood estimate: the mode of the posterior under flat priors.

    Parameters
    ----------
    model
        A multinomial logit with coefficients that are the same for everybody (`Mode`) or all differ between people
        (`MixedMode`, the "mixed logit"), or a nested logit (`Mode`).
    choices
        The choices.
    seed
        Of the nodes over which people's tastes are integrated, if they differ.

    Raises
    ------
    ChoiceError
        If some coefficients differ between people and others do not, or people fall into classes (use
        ``estimation.fit``), or if something cannot be identified from these choices: every problem is listed.
    """
    if isinstance(model, MultinomialLogit) and model.hierarchical:
        return mixed_mode(model, choices, seed)
    return pooled_mode(model, choices)


def pooled_mode(model: ChoiceModel, choices: ChoiceTable) -> Mode:
    """Return the estimate of weights that are the same for everybody, with the errors of `mode`."""
    if not is_pooled(model):
        advice = f"the {model.name} has several; use estimation.fit, whose draws describe its posterior"
        raise ChoiceError("There is no quick mode:", [advice])
    likelihood = likelihood_of(model, choices)
    check_identified(arrays_of(model, choices), choices)
    top = climb(likelihood, prior=False)
    if not top.converged:
        raise ChoiceError(
            "The climb to the maximum did not end:",
            ["scale attributes to similar sizes, or simplify the model"],
        )
    return _as_mode(model, choices, likelihood, top)


def _as_mode(model: ChoiceModel, choices: ChoiceTable, likelihood: Pooled, top: Top) -> Mode:
    coefficients, dissimilarity = likelihood.natural(top.parameters)
    names, nests = list(likelihood.arrays.attributes), list(likelihood.nests)
    slope = np.concatenate([np.ones(len(names)), dissimilarity * (1 - dissimilarity)])
    inside = np.concatenate([np.ones(len(names), dtype=bool), dissimilarity < BOUND])
    covariance = np.full((len(slope),) * 2, np.nan)
    covariance[np.ix_(inside, inside)] = np.linalg.inv(top.information[np.ix_(inside, inside)])
    index = [*names, *(f"τ[{nest}]" for nest in nests)]
    sizes = np.diff(likelihood.arrays.first_row)
    return Mode(
        model,
        choices,
        top.value,
        float(-likelihood.arrays.weight @ np.log(sizes)),
        pd.Series(coefficients, index=pd.Index(names, name="coefficient"), name="estimate"),
        pd.Series(dissimilarity, index=pd.Index(nests, name="nest"), name="dissimilarity"),
        pd.DataFrame(covariance * np.outer(slope, slope), index=index, columns=index),
    )
