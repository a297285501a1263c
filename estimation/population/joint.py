"""The joint PyMC model: every person's parameters are sampled with the population's. The reference for the integrals.

It reads the same theory functions as the integrated engine, evaluated on PyTensor graphs instead of arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from estimation.population.model import population_variables
from estimation.population.normal import Prior
from estimation.population.people import Person
from estimation.theories.parameter import Parameter
from estimation.theories.theory import Theory, decision_log_probability


def joint_model(theory: Theory, crowd: list[Person], parameters: tuple[Parameter, ...]) -> pm.Model:
    """Return the PyMC model of population and people together; kinds of people are summed over.

    Variables: `mean`, `sd` (parameter,), `share` (kind,), `deviation` (person, parameter) in standard deviations, and
    `theta` (person, parameter) on the transformed scale.

    Raises
    ------
    TheoryError
        If the theory's likelihood has no gradient (a best message found by search).
    """
    dims, kinds = len(parameters), len(theory.types)
    with pm.Model() as model:
        mean, sd, share = population_variables(dims, kinds)
        deviation = pm.Normal("deviation", 0, 1, shape=(len(crowd), dims))
        theta = pm.Deterministic("theta", mean + sd * deviation)
        per_kind = [_log_likelihood(theory, kind, crowd, parameters, theta) for kind in range(kinds)]
        pm.set_data(Prior.of(parameters, kinds).data())
        total = (
            per_kind[0] if kinds == 1 else pt.logsumexp(pt.stack(per_kind) + pt.log(share)[:, None], axis=0)
        )
        pm.Potential("people", total.sum())
    return model


def _log_likelihood(
    theory: Theory, kind: int, crowd: list[Person], parameters: tuple[Parameter, ...], theta: Any
) -> Any:
    """Return the log likelihood of each person given their parameters, (person,)."""
    total = pt.zeros(len(crowd))
    for blocks in _alike(crowd):
        whose = np.concatenate([np.full(len(block.chosen), person) for person, block in blocks])
        given = np.concatenate([block.given for _, block in blocks])
        chosen = np.concatenate([block.chosen for _, block in blocks])
        values = {p.name: p.natural(theta[whose, index], pt)[:, None] for index, p in enumerate(parameters)}
        first = blocks[0][1]
        terms = decision_log_probability(theory, first.game, first.role, kind, values, given, chosen, pt)
        total = pt.inc_subtensor(total[whose], terms)
    return total


def _alike(crowd: list[Person]) -> list[list[tuple[int, Any]]]:
    """Return the blocks of all people grouped by condition and role, each with its person's position."""
    groups: dict[tuple[str, str], list[tuple[int, Any]]] = {}
    for position, person in enumerate(crowd):
        for block in person.blocks:
            groups.setdefault((block.condition, block.role), []).append((position, block))
    return list(groups.values())
