"""Models of choice applied to choices in partitions: one population, and people who are looked at a part at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.choice.checks.identification import check_identified
from estimation.choice.checks.whole_data import whole_data_problems
from estimation.choice.hierarchy.problem import MixedLogit
from estimation.choice.hierarchy.random import RandomCoefficients
from estimation.choice.hierarchy.triangular import TRIANGULAR
from estimation.choice.likelihoods.logit import LogitLikelihood
from estimation.choice.model import ChoiceModel
from estimation.choice.models.logit import MultinomialLogit
from estimation.choice.pooled import SharedWeights
from estimation.choice.problem import ChoiceProblem
from estimation.choice.sampling.draws import KNOWN, Tastes
from estimation.choice.utilities.design import arrays_with, design_of
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, FitError, raise_all


@dataclass(frozen=True, eq=False)
class InPartitions(ChoiceProblem):
    """What problems on choices in partitions have in common; terms are those of the example."""

    table: ChoicePartitions  # type: ignore[assignment] # what is asked of all choices together, it knows as a table does

    @property
    def prior_sd(self) -> Array:
        """Nothing: it depends on how attributes vary in all choices."""
        raise FitError("The prior depends on all choices:", ["see fit.manifest['prior_sd']"])

    def check_part(self, table: ChoiceTable, name: str) -> None:
        """Raise a `ChoiceError` if one partition does not tell all coefficients: if it does, all together do."""
        heading = f"The largest partition, {name!r}, must tell all coefficients by itself; write fewer and larger ones:"
        try:
            check_identified(arrays_with(self.design, table), table, self.design)
        except ChoiceError as problem:
            heading = (
                f"The largest partition, {name!r}, must tell all coefficients by itself; write fewer, larger ones:"
            )
            raise ChoiceError(heading, problem.problems) from problem


@dataclass(frozen=True, eq=False)
class PartitionedLogit(InPartitions, SharedWeights):
    """A logit in which everybody has the same weights; `likelihood` is that of the example."""


@dataclass(frozen=True, eq=False)
class PartitionedTastes(InPartitions, RandomCoefficients):
    """A logit on choices in partitions, with weights that differ; `hierarchy` is that of the example."""

    model: MultinomialLogit

    def hierarchy_of(self, spread: Array) -> MixedLogit:
        """Return what is sampled, on the choices of the example, with the prior that belongs to all choices."""
        return self.model.hierarchy(self.table.example, spread)

    def tastes(self, tree: xr.DataTree, people: str, draws: int, seed: int) -> Tastes:
        """Return draws of the weights of new people; those of known people are not kept."""
        if people == KNOWN:
            problem = "draws of people in partitions are not kept, only means and deviations; use people='new'"
            raise ChoiceError("Weights of these people cannot be drawn:", [problem])
        return replace(super().tastes(tree, people, draws, seed), people="new people like those in the data")

    def new_people(self, posterior: xr.Dataset, draws: int, rng: np.random.Generator) -> Array:
        """Return weights of new people, as many as are in the example, (sample, person, coefficient)."""
        return RandomCoefficients(self.model, self.table.example, self.hierarchy).new_people(posterior, draws, rng)

    def people(self, tree: xr.DataTree) -> NoReturn:  # noqa: ARG002 - they stand in files
        """Say where people are: rows about them are written by partition, and never stand in a tree."""
        raise FitError("People stand beside the fit:", ["read them with fit.people, or the Parquet files of its store"])


def problem_in_partitions(model: ChoiceModel, table: ChoicePartitions) -> PartitionedLogit | PartitionedTastes:
    """Return a model applied to choices in partitions.

    Raises
    ------
    ChoiceError
        If the model needs all people at once, as all but multinomial logits do, and terms with `scale` or splines
        that are not told their numbers.
    """
    problems = []
    if not isinstance(model, MultinomialLogit):
        problems.append(f"the {model.name} is not offered; a multinomial logit is, and its weights may differ")
    else:
        refused = {
            "covariates": model.covariates,
            "components": model.components > 1,
            "error_components": model.error_components,
            "wtp_space": model.wtp_space,
        }
        advice = "leave them out, or fit a sample"
        problems += [f"{word} are not offered; {advice}" for word, given in refused.items() if given]
        triangles = [name for name, kind in model.distributions.items() if kind == TRIANGULAR]
        problems += [f"{name!r} is triangular; make it normal or log-normal, or fit a sample" for name in triangles]
        terms = () if problems else design_of(model, table).terms
        problems += [problem for term in terms for problem in whole_data_problems(term)]
    raise_all(problems, ChoiceError, f"{model.name} cannot be fitted to choices in partitions:")
    assert isinstance(model, MultinomialLogit)
    if model.hierarchical:
        return PartitionedTastes(model, table, model.hierarchy(table.example))
    likelihood = model.likelihood(table.example)
    assert isinstance(likelihood, LogitLikelihood)
    return PartitionedLogit(model, table, likelihood)
