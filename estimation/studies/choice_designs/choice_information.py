"""What a design of a choice experiment tells: the information matrix of the logit, and errors that sum it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats

from estimation.arrays import Array
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.likelihoods.segments import log_sum_exp, segment_sum
from estimation.choice.model import ChoiceModel
from estimation.choice.models.logit import MultinomialLogit
from estimation.choice.sampling.draws import NEW
from estimation.choice.utilities.design import arrays_of
from estimation.counts import count_problems
from estimation.data.choices.table import ChoiceTable
from estimation.errors import StudyError, raise_all
from estimation.fits.fit import Fit
from estimation.studies.choice_designs.choice_design import ChoiceDesign

DRAWS = 128
"""Points that stand for a prior: an even sequence, so that errors of designs can be compared."""

Prior = Mapping[str, Any] | pd.DataFrame | Fit[Any] | None


def design_error(
    design: ChoiceDesign | ChoiceTable, model: ChoiceModel | None = None, prior: Prior = None, *, draws: int = DRAWS
) -> float:
    """Return the D-error of a design: det(information)^(-1 / coefficients), averaged over what is known beforehand.

    The information is that of all tasks, each answered once (or as often as it counts, where choices have weights),
    about the weights that are estimated, under a logit in which everybody has the same ones and terms with fixed
    weights count by these. Errors can only be compared between designs for the same model. Huber and Zwerina (1996),
    Journal of Marketing Research 33(3):307-317; averaged over a prior, Sándor and Wedel (2001), Journal of Marketing
    Research 38(4):430-444.

    Parameters
    ----------
    design
        A design, or choices, of which only what was offered is looked at.
    model
        Its terms; those for which the design was made if left out.
    prior
        What is known of the weights: nothing (all zero, D0-error); coefficient → weight (Dp-error); coefficient →
        (mean, sd) of a normal; draws, one column per coefficient; or the fit of a pilot study, whose people are drawn
        anew (DB-error). Coefficients that are not named are zero; fixed ones are what they are.
    draws
        Points that stand for a distribution.

    Raises
    ------
    StudyError
        If the prior does not fit the model, no model is known, its utility is no weighted sum, or draws are no number
        of points.
    """
    raise_all(count_problems(draws=draws), StudyError, "There is no D-error:")
    table = design.for_people(_versions(design)) if isinstance(design, ChoiceDesign) else design
    model = model or getattr(design, "model", None)
    if model is None:
        raise StudyError("There is no D-error:", ["name the model whose weights the design shall tell"])
    arrays = arrays_of(as_one_logit(model, "There is no D-error:"), table)
    return mean_error(informations(arrays, weights_of(prior, arrays.attributes, draws)))


def as_one_logit(model: ChoiceModel, heading: str) -> ChoiceModel:
    """Return a model as that of people with the same weights, whose information designs are judged by.

    What people differ by, such as error components, has no weight that this information is about.

    Raises
    ------
    StudyError
        If its utility is no weighted sum of terms.
    """
    problem = f"utility is no weighted sum under the {model.name}, and its information is not that of a logit"
    raise_all([] if model.is_linear else [problem], StudyError, heading)
    if not isinstance(model, MultinomialLogit):
        return model
    alike: dict[str, Any] = {"random": None, "covariance": "full", "components": 1, "covariates": ()}
    return replace(model, **alike, distributions={}, error_components={}, wtp_space=None)


def informations(arrays: ChoiceArrays, weights: Array) -> Array:
    """Return the Fisher information of all choices at each weight, (draw, coefficient, coefficient).

    Parameters
    ----------
    weights : (draw, coefficient)
    """
    found = np.empty((len(weights), arrays.x.shape[1], arrays.x.shape[1]))
    for place, weight in enumerate(weights):
        share = log_sum_exp(arrays.utility(weight)[:, None], arrays.first_row)[1]
        mean = np.repeat(segment_sum(arrays.x * share, arrays.first_row), np.diff(arrays.first_row), axis=0)
        counts = np.repeat(arrays.weight, np.diff(arrays.first_row))[:, None]
        found[place] = (arrays.x - mean).T @ ((arrays.x - mean) * share * counts)
    return found


def mean_error(information: Array) -> float:
    """Return the mean over draws of det(information)^(-1 / coefficients); infinite where nothing is told."""
    return float(errors(information).mean(axis=-1))


def errors(information: Array) -> Array:
    """Return det(information)^(-1 / coefficients) along the last two axes."""
    sign, height = np.linalg.slogdet(information)
    return np.where(sign > 0, np.exp(-height / information.shape[-1]), np.inf)


def weights_of(prior: Prior, names: tuple[str, ...], draws: int) -> Array:
    """Return draws of weights, (draw, coefficient), that a prior stands for.

    Raises
    ------
    StudyError
        Listing everything in the prior that does not fit the coefficients.
    """
    heading = "The prior does not fit the model:"
    if isinstance(prior, Fit):
        people = prior.problem.tastes(prior.tree, NEW, draws, seed=0).weights
        turn = np.arange(len(people)) % people.shape[1]  # another person for every draw
        pilot = pd.DataFrame(people[np.arange(len(people)), turn], columns=prior.problem.coefficients)
        prior = pilot.drop(columns=[*prior.problem.design.fixed, *prior.problem.design.components], errors="ignore")
    given = {} if prior is None else prior
    problems = [f"there is no coefficient {name!r}; there are {list(names)}" for name in given if name not in names]
    raise_all(problems, StudyError, heading)
    if isinstance(given, pd.DataFrame):
        return given.reindex(columns=list(names), fill_value=0.0).to_numpy(dtype=float)
    pairs = [np.atleast_1d(np.asarray(given.get(name, 0.0), dtype=float)) for name in names]
    problems = [
        f"{name!r} must be a number, or (mean, sd), not {given[name]!r}"
        for name, pair in zip(names, pairs, strict=True)
        if len(pair) > 2 or not np.isfinite(pair).all() or (pair[1:] < 0).any()
    ]
    raise_all(problems, StudyError, heading)
    mean, sd = np.array([pair[0] for pair in pairs]), np.array([pair[1] if len(pair) > 1 else 0.0 for pair in pairs])
    return mean[None] if not sd.any() else mean + sd * normal_points(draws, len(names))


def normal_points(count: int, dimensions: int) -> Array:
    """Return evenly spread points of a standard normal, (point, dimension)."""
    points = stats.qmc.Sobol(dimensions, seed=1).random_base2(int(np.ceil(np.log2(max(2, count)))))
    return np.asarray(special.ndtri(np.clip(points, 1e-9, 1 - 1e-9)))


def _versions(design: ChoiceDesign) -> int:
    return int(design.frame["version"].nunique())
