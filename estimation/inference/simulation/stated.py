"""A population that somebody states, for simulation: every number of it, or one error with all that is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from estimation.arrays import Array, is_real
from estimation.errors import TheoryError, raise_all
from estimation.inference.problem import MessageProblem
from estimation.population.normal import Population
from estimation.theories.parameter import Parameter

ROUNDED = 1e-6
"""By which shares may miss one."""
RANGES = {"logit": (0.0, 1.0), "log": (0.0, np.inf), "identity": (-np.inf, np.inf)}
"""Natural values of the scales, without their ends."""


def stated_population(
    problem: MessageProblem,
    population: Mapping[str, tuple[float, float]],
    shares: Mapping[str, float] | None,
    coefficients: Mapping[str, float] | None,
    correlations: Mapping[str, float] | None,
) -> Population:
    """Return the population that is stated; arguments as in `simulate`.

    Raises
    ------
    TheoryError
        As `stated_numbers`.
    """
    found = stated_numbers(problem, population, shares, coefficients, correlations)
    mean = problem.design.covariates.mean(found["mean"], found["coefficient"])
    return Population(mean, found["sd"], found["share"], found.get("correlation"))


def stated_numbers(
    problem: MessageProblem,
    population: Mapping[str, tuple[float, float]],
    shares: Mapping[str, float] | None = None,
    coefficients: Mapping[str, float] | None = None,
    correlations: Mapping[str, float] | None = None,
) -> dict[str, Array]:
    """Return the numbers of a population that is stated, as `Prior.numbers`; arguments as in `simulate`.

    Raises
    ------
    TheoryError
        With every name that is missing or unknown, every number that cannot be, shares that do not add up to one, and
        correlations that contradict each other.
    """
    coefficients, correlations = coefficients or {}, correlations or {}
    problems = _names_amiss(problem, population, shares or {}, coefficients, correlations)
    problems += _numbers_amiss(problem, population, shares, coefficients, correlations)
    correlation = None if problems else _correlation(problem, correlations)
    if correlation is not None and np.linalg.eigvalsh(correlation).min() <= 0:
        problems.append("the correlations contradict each other: no people could have all of them")
    raise_all(problems, TheoryError, f"{problem.theory} cannot be simulated:")
    covariates = problem.design.covariates
    share = np.array([1.0 if shares is None else shares.get(kind, 0.0) for kind in problem.theory.types])
    found = {
        "mean": np.array([float(p.transformed(population[p.name][0])) for p in problem.parameters]),
        "sd": np.array([float(population[p.name][1]) for p in problem.parameters]),
        "coefficient": np.array([float(coefficients[name]) for name in covariates.names]),
        "share": share / share.sum(),
    }
    return found | ({} if correlation is None else {"correlation": correlation})


def _numbers_amiss(
    problem: MessageProblem,
    population: Mapping[str, Any],
    shares: Mapping[str, Any] | None,
    coefficients: Mapping[str, Any],
    correlations: Mapping[str, Any],
) -> list[str]:
    """Say which numbers of known names are none that can be: outside their range, endless, or shares of too many."""
    own = {p.name: p for p in problem.parameters}
    problems = [text for name, pair in population.items() if name in own for text in _pair_amiss(own[name], pair)]
    problems += [
        f"coefficient {name!r} must be a finite number, not {value!r}"
        for name, value in coefficients.items()
        if name in problem.design.covariates.names and not is_real(value)
    ]
    problems += [
        f"correlation {name!r} must be a number between -1 and 1, not {value!r}"
        for name, value in correlations.items()
        if name in problem.structure.pairs and not (is_real(value) and -1 < value < 1)
    ]
    given = {} if shares is None else dict(shares)
    wrong = [
        f"the share of {kind!r} must be a number from 0 to 1, not {value!r}"
        for kind, value in given.items()
        if not (is_real(value) and 0 <= value <= 1)
    ]
    if (
        shares is not None
        and not wrong
        and set(given) <= set(problem.theory.types)
        and abs(sum(given.values()) - 1) > ROUNDED
    ):
        kinds = list(problem.theory.types)
        wrong = [f"shares must add up to 1, not to {sum(given.values()):g}; kinds are {kinds}, 0 if left out"]
    return problems + wrong


def _pair_amiss(parameter: Parameter, pair: Any) -> list[str]:
    """Say what is wrong with what is stated of a parameter, or of a slope."""
    form = "(typical value on the natural scale, standard deviation on the transformed scale)"
    try:
        centre, spread = pair
    except (TypeError, ValueError):
        return [f"{parameter.name!r} takes a pair, {form}, not {pair!r}"]
    low, high = RANGES[parameter.scale]
    within = {"logit": "strictly between 0 and 1", "log": "above 0", "identity": "finite"}[parameter.scale]
    problems = []
    if not (is_real(centre) and low < centre < high):
        problems.append(f"the typical value of {parameter.name!r} must be a number {within}, not {centre!r}")
    if not (is_real(spread) and spread >= 0):
        problems.append(f"the standard deviation of {parameter.name!r} must be a finite number from 0, not {spread!r}")
    return problems


def _names_amiss(
    problem: MessageProblem,
    population: Mapping[str, tuple[float, float]],
    shares: Mapping[str, float],
    coefficients: Mapping[str, float],
    correlations: Mapping[str, float],
) -> list[str]:
    """Say which names are missing or unknown."""
    names, columns = [p.name for p in problem.parameters], list(problem.design.covariates.names)
    given: list[tuple[str, Mapping[str, Any], list[str], bool]] = [
        ("parameter", population, names, True),
        ("coefficient", coefficients, columns, True),
        ("correlation", correlations, problem.structure.pairs, False),
        ("kind", shares, list(problem.theory.types), False),
    ]
    problems = []
    for what, found, known, is_needed in given:
        missing = [name for name in known if is_needed and name not in found]
        unknown = [name for name in found if name not in known]
        problems += [f"{what} {name!r} is missing; the theory has {known}" for name in missing]
        problems += [f"{what} {name!r} is unknown; the theory has {known}" for name in unknown]
    return problems


def _correlation(problem: MessageProblem, correlations: Mapping[str, float]) -> Array | None:
    if not problem.structure.pairs:
        return None
    result = np.eye(len(problem.parameters))
    for row, column in zip(*np.tril_indices(len(result), -1), strict=True):
        pair = f"{problem.parameters[row].name}, {problem.parameters[column].name}"
        result[row, column] = result[column, row] = correlations.get(pair, 0.0)
    return result
