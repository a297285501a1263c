"""How a parameter is spread over people, and over the population that they stand for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array, Mask
from estimation.choice.problem import ChoiceFit
from estimation.choice.sampling.draws import NEW
from estimation.errors import FitError
from estimation.fits.fit import CHOICES, AnyFit
from estimation.inference.pooled.pooled import with_people
from estimation.inference.problem import MessageFit
from estimation.text.contrasts import in_words
from estimation.text.digits import REACH

DRAWS = 200  # populations from which new people are drawn


@dataclass(frozen=True, eq=False)
class Spread:
    """One parameter of people: low, median and high, (person,), are 5, 50 and 95 % of each person's posterior."""

    low: Array
    median: Array
    high: Array
    typical: float  # the median of the population
    population: tuple[float, float]  # what holds its middle 90 %
    pooling: float  # as from `pooling`, on the scale on which the population is normal
    label: str  # name and unit
    scale: str  # log, logit or identity
    marked: Mask  # (person,): whether the person's estimates are to be read with care


def spread_of(fit: AnyFit, parameter: str) -> Spread:
    """Return how a parameter is spread over people; raise `FitError` if it is not, or there is none of that name."""
    return _of_choices(fit, parameter) if fit.family == CHOICES else _of_theory(fit, parameter)


def _of_theory(fit: MessageFit, name: str) -> Spread:
    fit = with_people(fit, "There is nothing to draw:")
    known = {p.name: p for p in fit.problem.parameters}
    if name not in known:
        raise FitError("There is nothing to draw:", [f"{name!r} is none of the parameters {list(known)}"])
    if "people" not in fit.tree:
        raise FitError("There is nothing to draw:", ["draws of people in partitions are not kept; see fit.people"])
    p = known[name]
    draws = fit.tree["people"].dataset["theta"].sel(parameter=name).transpose("sample", "subject").to_numpy()
    often = fit.problem.matters(fit.tree, name).mean(axis=0)
    concerned = often >= 0.5 if (often >= 0.5).any() else often > 0
    concerned = concerned if concerned.any() else np.ones(draws.shape[1], dtype=bool)
    draws, marked = draws[:, concerned], (fit.people["mark"] != "").to_numpy()[concerned]
    posterior = fit.tree["posterior"].dataset.sel(parameter=name)
    mean, sd = (float(posterior[part].median()) for part in ("mean", "sd"))
    ends = (float(p.natural(mean - REACH * sd)), float(p.natural(mean + REACH * sd)))
    label = f"{in_words(name, fit.problem.design.words).replace('_', ' ')} {p.symbol} ({p.unit})"
    low, median, high = p.natural(np.quantile(draws, [0.05, 0.5, 0.95], axis=0))
    return Spread(low, median, high, float(p.natural(mean)), ends, pooling(draws), label, p.scale, marked)


def weight_of(fit: ChoiceFit, name: str) -> tuple[str, str]:
    """Return what a coefficient is called in a figure, and its unit; of a label, what it is compared with."""
    meaning, unit = fit.problem.meaning(name)
    called = in_words(name, fit.problem.model.words(fit.problem.table))
    return (f"weight of {called}" if unit.endswith("per unit") else meaning), unit


def _of_choices(fit: ChoiceFit, name: str) -> Spread:
    if name not in fit.problem.coefficients:
        advice = f"{name!r} is none of the coefficients {fit.problem.coefficients}"
        raise FitError("There is nothing to draw:", [advice])
    if "people" not in fit.tree:
        raise FitError("There is nothing to draw:", [f"the {fit.model.name} gives everybody the same weights"])
    own = fit.tree["people"].dataset["coefficients"].sel(coefficient=name).transpose("sample", "subject").to_numpy()
    new = fit.problem.tastes(fit.tree, NEW, DRAWS, 0).weights[:, :, fit.problem.coefficients.index(name)]
    low, typical, high = (float(value) for value in np.quantile(new, [0.05, 0.5, 0.95]))
    own_low, median, own_high = np.quantile(own, [0.05, 0.5, 0.95], axis=0)
    label, nobody = "{} ({})".format(*weight_of(fit, name)), np.zeros(len(median), dtype=bool)
    return Spread(own_low, median, own_high, typical, (low, high), pooling(own), label, "identity", nobody)


def pooling(draws: Array) -> float:
    """Return the share of uncertainty in the variance of people's parameters (sample, person), from 0 to 1.

    It is 0 if decisions tell everything, 1 if nothing.
    """
    within, between = draws.var(axis=0).mean(), draws.mean(axis=0).var()
    return float(within / (within + between)) if within + between > 0 else 1.0
