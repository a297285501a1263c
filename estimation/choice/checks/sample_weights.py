"""Weights of a sample where people differ: they say how many people each stands for, not how often they chose.

A person of weight 2 stands for two people who are like the person, and maybe not like each other. Inside the person's
likelihood the weight would make one person who chose twice as often, and who then tells little of how many there are.
A maximum has it outside of the integral over tastes (Rabe-Hesketh and Skrondal 2006, Journal of the Royal Statistical
Society A 169:805-827). Draws of everybody's own tastes cannot count it so: they describe people as they were sampled,
each choice counting once, and the weights count where people of the data are predicted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estimation.arrays import Array
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError
from estimation.names import WEIGHT

HEADING = "Weights of a sample cannot be counted:"
AS_SAMPLED = (
    "Weights count people, not their choices: in shares, willingness to pay and menus of the people in the data. "
    "Means, spreads and shares of the population, and people drawn from it, are as people were sampled."
)


def weighting_notes(table: ChoiceTable, *, people_differ: bool) -> list[str]:
    """Say what weights do to estimates, in sentences; none if there are none."""
    if people_differ and table.is_sample_weighted:
        return [AS_SAMPLED]
    return [f"{table.weighting}."] if table.weighting else []


def weights_of_sample(table: ChoiceTable) -> Array:
    """Return how many people each stands for, (person,): 1 for everybody if the table has no weights of a sample.

    Raises
    ------
    ChoiceError
        If weights differ between choices of one person.
    """
    if not table.is_sample_weighted:
        return np.ones(len(table.subjects))
    each = table.rows[WEIGHT.name].to_numpy(dtype=float)[table.first_row[:-1]]
    first = table.first_situation
    own = each[first[:-1]]
    differs = np.add.reduceat(each != np.repeat(own, np.diff(first)), first[:-1]) > 0
    if differs.any():
        name = table.subjects[int(np.flatnonzero(differs)[0])]
        advice = (
            f"where people differ a weight says how many people each stands for, but choices of {name!r} have several; "
            "give each person one weight, or say counts=True if they are numbers of choices"
        )
        raise ChoiceError(HEADING, [advice])
    return own


def once_each(choices: ChoiceArrays) -> ChoiceArrays:
    """Return the same choices, each of which counts once."""
    return replace(choices, weight=np.ones_like(choices.weight))
