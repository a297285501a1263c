"""What simulated experiments are made of: populations from a prior, from a posterior, or as somebody states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from estimation.arrays import Array
from estimation.errors import TheoryError, raise_all
from estimation.fits.fit import Fit
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.simulation.stated import stated_numbers
from estimation.jobs.unit import plain, seed_of
from estimation.population.structure import PopulationDraws

Truth = dict[str, Any]
"""One population as lists: mean and sd (effect,), share (kind,), coefficient (column,), correlation (pair,)."""

TruthSource = MessageFit | Mapping[str, Any] | None
"""Where truths come from: a fit (its posterior), a statement, or nothing (the prior).

A statement maps parameters to (typical value on the natural scale, standard deviation over people on the transformed
scale), and may hold ``shares``, ``coefficients`` and ``correlations``, as in `simulate`.
"""

MORE = ("shares", "coefficients", "correlations")


def truths(problem: MessageProblem, origin: TruthSource, keys: list[str], seed: int) -> list[Truth]:
    """Return one population for each key; it depends on the key, not on how many there are.

    `TheoryError` if they come from a fit of something else than what is studied, or a statement does not suit the
    theory.
    """
    seeds = [seed_of(seed, f"{key}, truth") for key in keys]  # people are drawn from another stream
    if isinstance(origin, Fit):
        _check_same(origin, problem)
        return [_of_fit(origin, problem, each) for each in seeds]
    if origin is not None:
        given = {name: value for name, value in origin.items() if name not in MORE}
        more = {name: origin.get(name) for name in MORE}
        return [_plain(problem, stated_numbers(problem, given, **more))] * len(keys)
    prior = problem.structure.prior
    return [_plain(problem, prior.numbers(np.random.default_rng(each))) for each in seeds]


def origin_spec(origin: TruthSource) -> Any:
    """Return where truths come from, as plain data."""
    if isinstance(origin, Fit):
        return {"fit": origin.theory.spec(), "fingerprint": origin.fingerprint, "settings": origin.manifest["settings"]}
    return "prior" if origin is None else dict(origin)


def as_draws(problem: MessageProblem, truth: Truth) -> PopulationDraws:
    """Return a truth as the one draw of a posterior."""
    return PopulationDraws(problem.structure, {name: np.array(value)[None] for name, value in truth.items()})


def quantities(problem: MessageProblem, draws: PopulationDraws) -> dict[str, Array]:
    """Return the numbers that a fit estimates by name, (draw,): of kinds that behave alike, the sum of their shares."""
    found = {}
    for index, effect in enumerate(problem.parameters):
        found[f"{effect.name}: mean"] = draws.found["mean"][:, index]
        found[f"{effect.name}: sd"] = draws.found["sd"][:, index]
    for index, name in enumerate(problem.design.covariates.names):
        found[f"{name}: coefficient"] = draws.found["coefficient"][:, index]
    for index, pair in enumerate(problem.structure.pairs):
        found[f"correlation of {pair}"] = draws.found["correlation"][:, index]
    groups = problem.theory.observationally_equivalent(problem.games, problem.roles)
    for group in groups if len(groups) > 1 else ():
        name = " or ".join(problem.theory.types[kind] for kind in group)
        found[f"share of {name}"] = draws.found["share"][:, list(group)].sum(axis=1)
    return found


def _check_same(fit: MessageFit, problem: MessageProblem) -> None:
    """Raise `TheoryError` if the populations of a fit do not consist of what the problem's do."""
    problems = []
    if not isinstance(fit.problem, MessageProblem):
        advice = ["give a fit of a theory of messages in which people differ, or state the population"]
        raise TheoryError(f"{fit.label} does not say how people differ:", advice)
    if type(fit.theory) is not type(problem.theory) or fit.theory.types != problem.theory.types:
        found = [f"{theory.name} ({', '.join(theory.types)})" for theory in (fit.theory, problem.theory)]
        problems.append(f"they come from a fit of {found[0]}, and {found[1]} is studied")
    there, here = (
        [*(effect.name for effect in one.parameters), *one.design.covariates.names, *one.structure.pairs]
        for one in (fit.problem, problem)
    )
    if there != here:
        differ = f"the fit has {', '.join(there)}, and the design asks for {', '.join(here)}"
        problems.append(f"{differ}; give a fit with the same roles, games and formulas, or state the population")
    raise_all(problems, TheoryError, f"{fit.label} does not say what people in the study are like:")


def _of_fit(fit: MessageFit, problem: MessageProblem, seed: int) -> Truth:
    draws = problem.structure.draws(fit.tree["posterior"].dataset)
    row = int(np.random.default_rng(seed).integers(len(draws)))
    return plain({name: value[row] for name, value in draws.found.items()})  # type: ignore[no-any-return]


def _plain(problem: MessageProblem, numbers: dict[str, Array]) -> Truth:
    """Return numbers as a posterior holds them: correlations below the diagonal, and nothing that is not there."""
    if "correlation" in numbers:
        numbers = numbers | {"correlation": numbers["correlation"][np.tril_indices(len(numbers["mean"]), -1)]}
    is_there = {
        "mean": True,
        "sd": True,
        "coefficient": len(problem.design.covariates.of) > 0,
        "share": problem.kinds > 1,
        "correlation": bool(problem.structure.pairs),
    }
    return plain({name: value for name, value in numbers.items() if is_there[name]})  # type: ignore[no-any-return]
