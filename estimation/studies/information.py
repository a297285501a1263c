"""How much one person's decisions say about which theory is right: expected information of a design, before any data.

The mutual information of theory and data, I = E[log p(y | theory) - log mean over theories of p(y | theory)], theories
equally probable beforehand. It depends on the design and on what each theory expects of people, and needs no fit, so
treatments can be ranked by it before anybody is invited (Lindley 1956; Cavagnaro, Myung, Pitt and Kujala 2010, Neural
Computation 22:887-905).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from scipy import special

from estimation.arrays import Array
from estimation.data.tables.table import Table
from estimation.inference.problem import MessageProblem
from estimation.inference.simulation.simulate import simulated
from estimation.jobs.store import folder_within
from estimation.jobs.unit import Result, Unit
from estimation.studies.contests import what_is_simulated
from estimation.studies.plan import StudyPlan
from estimation.studies.truths import TruthSource, as_draws, truths
from estimation.theories.messages.theory import Theory

POPULATIONS, MEMBERS = 40, 25  # of each theory, and of each population, that stand for what it expects
EXPERIMENTS = 4  # simulated by each theory


def informations(
    theories: Mapping[str, Theory], tables: Mapping[str, Table], origins: Mapping[str, TruthSource], plan: StudyPlan
) -> pd.DataFrame:
    """Return what one person's decisions in each condition are expected to say about the theory.

    Parameters
    ----------
    tables
        Condition → who meets what, in this condition only.
    plan
        Whose store, if it has one, gets a folder "treatments".

    Returns
    -------
    One row per condition: ``information`` and its Monte-Carlo ``error``, ``most``; bits.
    """
    job = what_is_simulated(theories, tables, origins, plan)
    work = partial(_in_condition, theories=theories, tables=tables, origins=origins, seed=plan.seed)
    own = replace(plan, store=folder_within(plan.store, "treatments"))
    found = own.run([Unit(name) for name in tables], work, job, "weighing treatments")
    frame = pd.DataFrame(found, index=["information", "error"]).T.assign(most=np.log2(len(theories)))
    return frame.rename_axis("condition")


def _in_condition(
    unit: Unit,
    theories: Mapping[str, Theory],
    tables: Mapping[str, Table],
    origins: Mapping[str, TruthSource],
    seed: int,
) -> Result:
    return expected_information(theories, tables[unit.key], origins, seed)


def expected_information(
    theories: Mapping[str, Theory], table: Table, origins: Mapping[str, TruthSource], seed: int
) -> tuple[float, float]:
    """Return the expected information of one person's decisions about the theory, and its Monte-Carlo error, bits.

    At most log2 of the number of theories. What a person meets is that of the people of the table. The error contains
    by how much the value changes if half of the people stand for each theory: the log of a mean errs the more, the more
    decisions there are.
    """
    crowds = {name: _expected_people(theory, table, origins[name], seed) for name, theory in theories.items()}
    gains = []
    for place, (maker, theory) in enumerate(theories.items()):
        problem = MessageProblem(theory, table)
        keys = [f"experiment {number}" for number in range(EXPERIMENTS)]
        for key, truth in zip(keys, truths(problem, origins[maker], keys, seed + 1), strict=True):
            rng = np.random.default_rng([seed, place, keys.index(key)])
            made, _ = simulated(problem, as_draws(problem, truth)[0], rng)
            density = np.array([_density(other, made, crowds[name]) for name, other in theories.items()])
            gains.append(density[place] - special.logsumexp(density, axis=0) + np.log(len(theories)))
    # people of one experiment share a population, so experiments are the independent units
    whole, *halves = np.array([gain.mean(axis=1) for gain in gains]).T / np.log(2)
    rough = whole.mean() - np.mean(halves)
    return float(whole.mean()), float(np.hypot(whole.std(ddof=1) / np.sqrt(len(whole)), rough))


def _expected_people(theory: Theory, table: Table, origin: TruthSource, seed: int) -> tuple[Array, Array]:
    """Return kinds (person,) and parameters (dim, person) of people as a theory expects them."""
    problem = MessageProblem(theory, table)
    rng, kinds, theta = np.random.default_rng(seed), [], []
    for truth in truths(problem, origin, [f"population {number}" for number in range(POPULATIONS)], seed):
        population = as_draws(problem, truth)[0]
        who = rng.integers(len(problem.crowd), size=MEMBERS)
        kind, own = population.of(who).sample(MEMBERS, rng)
        kinds.append(kind)
        theta.append(own)
    return np.concatenate(kinds), np.concatenate(theta).T


def _density(theory: Theory, table: Table, crowd: tuple[Array, Array]) -> Array:
    """Return log p(person's decisions | theory), nats, averaged over a crowd and over each half, (3, person)."""
    problem, (kinds, theta) = MessageProblem(theory, table), crowd
    parts = (slice(None), slice(len(kinds) // 2), slice(len(kinds) // 2, None))
    result = np.empty((len(parts), len(problem.crowd)))
    for person in range(len(problem.crowd)):
        value = np.empty(len(kinds))
        for kind in np.unique(kinds):
            mine = kinds == kind
            value[mine] = problem.crowd.evaluate(int(kind), person, theta[:, mine])
        result[:, person] = [special.logsumexp(value[part]) - np.log(len(value[part])) for part in parts]
    return result
