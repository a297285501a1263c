"""How much each attribute matters, and each person's part-worths: as conjoint studies report them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.allowed import word_problems
from estimation.arrays import Array, Indices
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.asked import check_asked
from estimation.choice.quantities.decisions import decision_likelihoods
from estimation.choice.quantities.levels import Attribute, attributes_of, of_everybody
from estimation.choice.quantities.market import DRAWS
from estimation.choice.quantities.quantity import Quantity, quantity_of
from estimation.choice.sampling.draws import KNOWN
from estimation.choice.sampling.people import weight_of_people, weight_of_situations
from estimation.errors import ChoiceError, raise_all

SCALINGS = ("zero-centred", "raw")
MOST_LEVELS = 12
"""Levels of an attribute that have a column each; of more, so many evenly spread ones, with both ends."""


def attribute_importances(fit: ChoiceFit, *, people: str = KNOWN, draws: int = DRAWS, seed: int = 0) -> Quantity:
    """Return how much each attribute matters: the range of the worth of its levels, as a share of all ranges.

    The range is that of the levels that the study showed, so that importances depend on them: prices from 1 to 2 matter
    less than prices from 1 to 20. It is taken person by person and draw by draw, and shares are averaged over people;
    importances of average part-worths would be too small where people disagree (Orme 2020, Getting Started with
    Conjoint Analysis, chapter 9). People count by their weights. The outside option is no attribute.

    Parameters
    ----------
    fit, people, draws, seed
        As for `shares`.

    Returns
    -------
    Quantity
        Draws (sample, attribute), shares that sum to one. Columns that share a term are one attribute;
        ``alternative`` stands for constants.

    Raises
    ------
    ChoiceError
        If utility is no weighted sum of attributes.
    """
    check_asked(fit)
    attributes = attributes_of(fit.model, fit.table)
    tastes = fit.problem.tastes(fit.tree, people, draws, seed)
    weights = of_everybody(tastes.weights, attributes)
    ranges = np.stack([attribute.ranges(weights) for attribute in attributes], axis=2)
    shares = ranges / ranges.sum(axis=2, keepdims=True)
    name, names = "importance of attributes", [attribute.name for attribute in attributes]
    weight = np.ones(1) if shares.shape[1] == 1 else weight_of_people(fit.table)
    average = np.average(shares, axis=1, weights=weight)
    return quantity_of(fit, tastes, name, average, "share of all ranges", attribute=names)


def part_worth_table(fit: ChoiceFit, scaling: str = "zero-centred") -> pd.DataFrame:
    """Return the part-worth of each level for each person, one row per person, as programs of the industry export it.

    Parameters
    ----------
    scaling
        ``"zero-centred"``: within each attribute the levels of a person sum to zero, and the ranges of a person's
        attributes sum to 100 times their number ("zero-centred diffs"), so that people who choose more consistently
        do not seem to care more. ``"raw"``: logits, as the terms of the model have them.

    Returns
    -------
    DataFrame
        Posterior means, indexed by subject: ``RLH``, the geometric mean of the probabilities of what the person chose
        (by draws that have seen it; `estimation.hit_rates` says what is predicted); a column ``attribute: level`` for
        each level; and the outside option, if there is one: what taking nothing is worth on the same scale.

    Raises
    ------
    ChoiceError
        If the scaling is unknown, everybody has the same weights, or these depend on what describes people.
    """
    check_asked(fit)
    problems = word_problems(SCALINGS, scaling=scaling)
    if "people" not in fit.tree:
        problems.append(f"the {fit.model.name} gives everybody the same weights; see .summary")
    raise_all(problems, ChoiceError, "There are no part-worths of people:")
    own = fit.people[fit.problem.coefficients].to_numpy()
    attributes = attributes_of(fit.model, fit.table)
    crossed = [attribute.name for attribute in attributes if len(set(attribute.group)) > 1]
    problem = f"the worth of {crossed} depends on covariates of people, so that levels differ between them"
    raise_all([problem] * bool(crossed), ChoiceError, "There is no table of part-worths:")
    worths = {attribute.name: own[:, attribute.places] @ attribute.x.T for attribute in attributes}
    centre = {name: worth.mean(axis=1, keepdims=True) for name, worth in worths.items()}
    none = _of_nothing(fit, own)
    scale = np.ones((len(own), 1))
    if scaling == "zero-centred":
        none = none - np.sum(list(centre.values()), axis=0)
        worths = {name: worth - centre[name] for name, worth in worths.items()}
        scale = 100 * len(worths) / np.sum([np.ptp(worth, axis=1, keepdims=True) for worth in worths.values()], axis=0)
    columns = {
        f"{attribute.name}: {attribute.labels[level]}": (worths[attribute.name] * scale)[:, level]
        for attribute in attributes
        for level in _shown(attribute)
    }
    if fit.table.outside is not None:
        columns[fit.table.outside] = (none * scale)[:, 0]
    return pd.DataFrame({"RLH": root_likelihoods(fit), **columns}, pd.Index(fit.table.subjects, name="subject"))


def root_likelihoods(fit: ChoiceFit) -> Array:
    """Return the geometric mean of the probabilities of each person's choices, (person,), by their own draws.

    Choices count by their weights: of numbers of choices it is the mean over all of them.
    """
    weight, first = weight_of_situations(fit.table), fit.table.first_situation[:-1]
    each = decision_likelihoods(fit)["decisions"].to_numpy()[0] / weight
    total = np.add.reduceat(weight * np.log(np.exp(each).mean(axis=0)), first)
    return np.asarray(np.exp(total / np.add.reduceat(weight, first)))


def _of_nothing(fit: ChoiceFit, own: Array) -> Array:
    """Return the constant of the outside option, (person, 1); zero where it has none."""
    names = fit.problem.coefficients
    return own[:, [names.index(fit.table.outside)]] if fit.table.outside in names else np.zeros((len(own), 1))


def _shown(attribute: Attribute) -> Indices:
    count = len(attribute.labels)
    return np.unique(np.linspace(0, count - 1, min(count, MOST_LEVELS)).round().astype(np.int64))
