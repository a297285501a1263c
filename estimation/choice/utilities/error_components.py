"""Error components: what groups of alternatives have in common for a person, beyond attributes.

U_nj gets Σ_c σ_c η_nc 1[j in c], η standard normal over people: alternatives of a group are closer substitutes, and
groups may overlap, unlike nests (Brownstone and Train 1999, J. Econometrics 89:109-129). They are random coefficients
of indicators, with means of zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.choices.table import ChoiceTable
from estimation.names import ALTERNATIVE

Components = Mapping[str, Sequence[str]]
"""Name → alternatives of the group."""


def component_problems(components: Components, table: ChoiceTable) -> list[str]:
    """Say which groups hold what is no alternative, or the outside option, whose utility is zero."""
    problems = []
    for name, group in components.items():
        unknown = [label for label in group if label not in table.alternatives]
        problems += [f"error component {name!r}: {unknown} are none of {table.alternatives}"] * bool(unknown)
        if table.outside in group:
            problems.append(
                f"error component {name!r} holds the outside option {table.outside!r}, whose utility is zero; a "
                "component of all others says the same"
            )
    return problems


def columns_of(components: Components, frame: pd.DataFrame) -> list[Array]:
    """Return the indicator of each group, (row,) each."""
    labels = frame[ALTERNATIVE.name].astype(str)
    return [np.isin(labels.to_numpy(dtype=object), list(group)).astype(float) for group in components.values()]


def untold(components: Components, table: ChoiceTable) -> list[str]:
    """Say whether some spreads could be exchanged for others: the rank condition on differences of utilities.

    Walker, Ben-Akiva and Bolduc (2007), J. Applied Econometrics 22:1095-1125. Where everybody chose once, the spread of
    the Gumbel error is one more.
    """
    labels = table.alternatives
    groups = [np.isin(labels, list(group)).astype(float) for group in components.values()]
    covariances = [np.outer(group, group) for group in groups]
    if len(table) == len(table.subjects):
        covariances.append(np.eye(len(labels)))
    against = np.column_stack([-np.ones(len(labels) - 1), np.eye(len(labels) - 1)])
    seen = np.array([(against @ covariance @ against.T).ravel() for covariance in covariances])
    if np.linalg.matrix_rank(seen) == len(seen):
        return []
    return [
        f"the spreads of the error components {list(components)} could be exchanged for each other (or for the scale, "
        "where everybody chose once): leave one out, or let one alternative be in none"
    ]
