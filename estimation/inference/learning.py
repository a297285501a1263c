"""People who learn need something to learn from: what they heard, and refused where it is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from estimation.data.tables.table import Table
from estimation.errors import TheoryError
from estimation.names import RECEIVER
from estimation.population.people import Person
from estimation.theories.beliefs.history import History
from estimation.theories.messages.theory import Theory

UNTOLD = (
    "people learn only from messages whose truth came out; fill the column 'outcome', or 'state' in receivers' rows"
)
UNHEARD = (
    "people learn from what they hear as receivers, and nobody receives in this table; give the table of both roles "
    "(est.RolesApart fits each by itself), or a theory without learning"
)


def histories_in(people: Sequence[Person]) -> list[History]:
    """Return what people had seen before their decisions, of those who were read with it."""
    return [block.history for person in people for block in person.blocks if block.history is not None]


def check_heard(theory: Theory, people: Sequence[Person], table: Table) -> None:
    """Refuse a theory of learning where nobody heard anything whose truth came out.

    Parameters
    ----------
    table
        Where what they heard would stand.

    Raises
    ------
    TheoryError
        With what to do.
    """
    if theory.learns and not any(len(history.message) for history in histories_in(people)):
        problem = UNTOLD if RECEIVER in table.roles else UNHEARD
        raise TheoryError(f"{theory.name} says nothing about {table.label}:", [problem])
