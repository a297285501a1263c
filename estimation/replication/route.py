"""How the numbers of one published table are computed anew, what that needs, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from estimation.replication.target import Found, Question

Answer = Callable[[Question], Found]


class Cost(StrEnum):
    """How long a table takes."""

    SECONDS = "seconds"
    MINUTES = "minutes"


@dataclass(frozen=True)
class Route:
    """The way to the numbers of a table.

    Parameters
    ----------
    answer
        Computes one number. What several numbers have in common, as a fit, is computed once.
    how
        What is computed, in a few words.
    data
        The data set that it needs; empty if it needs none.
    cost
        How long the table takes.
    """

    answer: Answer
    how: str
    data: str = ""
    cost: Cost = Cost.SECONDS


@cache
def by_quantity(numbers: Callable[[], Mapping[str, float | Found]]) -> Answer:
    """Return what looks a quantity up among numbers that are computed together, once for all tables that ask."""
    once = cache(numbers)

    def answer(question: Question) -> Found:
        value = once()[question.quantity]
        return value if isinstance(value, Found) else Found(float(value))

    return answer
