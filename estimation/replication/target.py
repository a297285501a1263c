"""One published number: what it is, where it stands, how near ours must be, and what is on record about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

EXACT = "exact"
PERCENT = "%"
ROUNDING = 1e-12
"""What floating point may add to a gap, relative to the number: halves of a digit are met from either side."""


class ReplicationVerdict(StrEnum):
    """What became of a published number."""

    REPRODUCED = "reproduced"
    WITHIN_ERROR = "within Monte-Carlo error"
    DIFFERS = "differs"
    NOT_ATTEMPTED = "not attempted"


AGREEING = (ReplicationVerdict.REPRODUCED, ReplicationVerdict.WITHIN_ERROR)


class Origin(StrEnum):
    """Whose number it is: only those that a source prints count as published."""

    PUBLISHED = "published"
    OWN = "own"
    RECOLLECTED = "recollected"


@dataclass(frozen=True)
class Question:
    """What is to be computed. It does not hold the published number: nothing that answers it can look at it.

    Parameters
    ----------
    quantity, group
        What is asked, and about which part of the data or which case.
    inputs
        Further columns of the list, as a game's multiplier.
    """

    quantity: str
    group: str
    inputs: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Found:
    """What came out.

    Parameters
    ----------
    value
        Our number.
    error
        Its Monte-Carlo standard error; 0 if it involves no random numbers.
    """

    value: float
    error: float = 0.0


@dataclass(frozen=True)
class PublishedNumber:
    """A row of a ``published.csv``.

    Parameters
    ----------
    name
        ``folder/table``, by which it is asked for together with the other numbers of that table.
    question
        What is to be computed.
    printed
        The number as it is printed; empty if it is not at hand.
    digits
        Its decimals, or ``exact``.
    unit
        In what it is measured.
    tolerance
        How near ours must be: a number in the same unit, a percentage such as ``10 %``, or empty for half a unit of the
        last printed digit.
    recorded
        The verdict on record: tests hold every number to it.
    reason
        Why this tolerance, why ours differs, or why nothing was attempted.
    origin
        Whose number it is.
    source, place
        The paper or documentation, and where in it the number stands.
    """

    name: str
    question: Question
    printed: str
    digits: str
    unit: str
    tolerance: str
    recorded: ReplicationVerdict
    reason: str
    origin: Origin
    source: str
    place: str

    @property
    def folder(self) -> str:
        """The folder of ``datasets`` that lists it."""
        return self.name.partition("/")[0]

    @property
    def attempted(self) -> bool:
        """Whether the record says that the number was computed."""
        return self.recorded is not ReplicationVerdict.NOT_ATTEMPTED

    @property
    def value(self) -> float:
        """The published number; fractions such as ``-3/7`` are understood."""
        return float(Fraction(self.printed))

    @property
    def half_digit(self) -> float:
        """Half a unit of the last printed digit."""
        return 0.0 if self.digits == EXACT else 0.5 * 10.0 ** -int(self.digits)

    @property
    def allowed(self) -> float:
        """How far ours may be from the published number, in its unit."""
        if not self.tolerance:
            return self.half_digit
        if self.tolerance.endswith(PERCENT):
            return abs(self.value) * float(self.tolerance.removesuffix(PERCENT)) / 100
        return float(self.tolerance)


def judge(target: PublishedNumber, found: Found) -> ReplicationVerdict:
    """Return the verdict on our number.

    It is reproduced if it lies within the tolerance. Where no tolerance is stated, three Monte-Carlo standard errors
    are granted beyond half a printed digit, and the verdict says so; a stated tolerance has our error in it already.
    """
    gap = abs(found.value - target.value)
    slack = ROUNDING * max(1.0, abs(target.value))
    if gap <= target.allowed + slack:
        return ReplicationVerdict.REPRODUCED
    if not target.tolerance and gap <= target.allowed + 3 * found.error:
        return ReplicationVerdict.WITHIN_ERROR
    return ReplicationVerdict.DIFFERS
