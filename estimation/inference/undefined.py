"""Decisions of which a theory gives no number (NaN): told before anything is fitted, by game, person and decision.

A sampler takes such a decision for one that nobody would ever make, and a sum that passes over it for one that
everybody would: both give numbers that look like others.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.names import ACTION, MESSAGE, PERIOD, SENDER, STATE, SUBJECT
from estimation.population.participants import Participants
from estimation.population.people import Block, Person, log_likelihood

AWAY = (0.0, -1.0, 1.0)
"""Where theories are asked: standard deviations of the prior from its centre."""
ADVICE = "guard what it divides by, or takes the logarithm or the root of"


def undefined_problems(crowd: Participants, frame: pd.DataFrame, centre: Array, sd: Array) -> list[str]:
    """Return, for each game and role, how many decisions a theory gives no number for, and which is the first.

    Parameters
    ----------
    crowd
        The people, and their decisions.
    frame
        Rows of the table, in the order of `Block.rows`.
    centre, sd : (effect,) arrays
        The prior of effects, transformed scale: they are asked at its centre, and at one deviation to each side.
    """
    nodes, everybody = centre[:, None] + sd[:, None] * np.array(AWAY), np.arange(len(crowd))
    theirs = np.broadcast_to(nodes, (len(crowd), *nodes.shape))
    met: dict[tuple[str, str], list[int]] = {}
    for kind in range(len(crowd.theory.types)):
        with np.errstate(all="ignore"):
            lost = np.isnan(crowd.evaluate_each(kind, everybody, theirs)).any(axis=1)
            for block in (block for who in np.flatnonzero(lost) for block in crowd.people[who].blocks):
                rows = met.setdefault((block.condition, block.role), [])
                rows += [int(row) for row in block.rows[_undefined(crowd, kind, block, nodes)]]
    return [_told(*where, sorted(set(rows)), frame) for where, rows in met.items() if rows]


def _undefined(crowd: Participants, kind: int, block: Block, nodes: Array) -> Array:
    """Return which decisions of a block, (decision,), a theory gives no number for."""
    alone = (Person("", (block.at(np.array([one])),)) for one in range(len(block.rows)))
    return np.array([np.isnan(log_likelihood(crowd.theory, kind, one, crowd.effects, nodes)).any() for one in alone])


def _told(condition: str, role: str, rows: list[int], frame: pd.DataFrame) -> str:
    first, seen = frame.iloc[rows[0]], STATE if role == SENDER else MESSAGE
    did = MESSAGE if role == SENDER else ACTION
    example = f"{first[SUBJECT.name]!r} in period {first[PERIOD.name]:g} ({seen.name} {first[seen.name]:g}"
    example += f", {did.name} {first[did.name]:g})"
    count = "a decision" if len(rows) == 1 else f"{len(rows)} decisions"
    return f"condition {condition!r}: no number (NaN) for {count} of {role}s, first that of {example}; {ADVICE}"
