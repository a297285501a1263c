"""The joint PyMC model: every person's parameters are sampled with the population's. The reference for the integrals.

It reads the same theory functions as the integrated engine, evaluated on PyTensor graphs instead of arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from estimation.population.design import Slope
from estimation.population.model import population_variables
from estimation.population.people import Block, Person
from estimation.population.structure import Structure
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.messages.theory import Theory
from estimation.theories.parameter import Parameter


def joint_model(
    theory: Theory, crowd: list[Person], structure: Structure, labels: Mapping[str, Sequence[str]] | None = None
) -> pm.Model:
    """Return the PyMC model of population and people together; kinds of people are summed over.

    Variables: those of `population_variables`, `deviation` (subject, parameter) in standard deviations, independent of
    each other, and `theta` (subject, parameter) on the transformed scale. `labels` names what lies along dimensions.

    Raises
    ------
    TheoryError
        If the theory's likelihood has no gradient (a best message found by search).
    """
    dims, kinds = len(structure.effects), len(theory.types)
    columns = len(structure.design.covariates.of)
    over = {"dims": ("subject", "parameter")} if labels else {}
    with pm.Model(coords=labels) as model:
        variables = population_variables(dims, structure.concentration, columns, structure.correlated)
        deviation = pm.Normal("deviation", 0, 1, shape=(len(crowd), dims), **over)
        theta = pm.Deterministic("theta", variables.mean + deviation @ variables.root.T, **over)
        per_kind = [_log_likelihood(theory, kind, crowd, structure.effects, theta) for kind in range(kinds)]
        pm.set_data(structure.prior.data())
        log_share = pt.log(variables.share)[:, None]
        total = per_kind[0] if kinds == 1 else pt.logsumexp(pt.stack(per_kind) + log_share, axis=0)
        pm.Potential("people", total.sum())
    return model


def _log_likelihood(theory: Theory, kind: int, crowd: list[Person], effects: tuple[Parameter, ...], theta: Any) -> Any:
    """Return the log likelihood of each person given their parameters, (person,)."""
    total = pt.zeros(len(crowd))
    for blocks in _alike(crowd):
        whose = np.concatenate([np.full(len(block.chosen), person) for person, block in blocks])
        given = np.concatenate([block.given for _, block in blocks])
        chosen = np.concatenate([block.chosen for _, block in blocks])
        values = _values(effects, theta[whose], [block for _, block in blocks])
        first = blocks[0][1]
        terms = decision_log_probability(theory, first.game, first.role, kind, values, given, chosen, pt)
        total = pt.inc_subtensor(total[whose], terms)
    return total


def _values(effects: tuple[Parameter, ...], theta: Any, blocks: list[Block]) -> dict[str, Any]:
    """Return parameter name → natural values (decision, 1), given everybody's effects theta (decision, dim)."""
    value = {effect.name: theta[:, index] for index, effect in enumerate(effects)}
    for effect in effects:
        if isinstance(effect, Slope):
            column = np.concatenate([block.slopes[effect.name] for block in blocks])
            value[effect.of] = value[effect.of] + value[effect.name] * column
    return {e.name: e.natural(value[e.name], pt)[:, None] for e in effects if not isinstance(e, Slope)}


def _alike(crowd: list[Person]) -> list[list[tuple[int, Any]]]:
    """Return the blocks of all people grouped by condition and role, each with its person's position."""
    groups: dict[tuple[str, str], list[tuple[int, Any]]] = {}
    for position, person in enumerate(crowd):
        for block in person.blocks:
            groups.setdefault((block.condition, block.role), []).append((position, block))
    return list(groups.values())
