"""Every error of the package: one tree, and each error lists all of its problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

MOST, LONGEST = 50, 2000
"""Problems that a message lists, and characters of each: a cell or a list of columns may hold a hundred thousand."""


class EstimationError(Exception):
    """Base of every error that a user can cause and mend.

    Parameters
    ----------
    heading
        One sentence: what could not be done.
    problems
        Each thing that is wrong, naming column, row and value, and what to do about it.
    """

    def __init__(self, heading: str, problems: Sequence[str] = ()) -> None:
        self.heading = shortened(heading)
        self.problems = tuple(map(shortened, problems))
        lines = [self.heading, *(f"  {number}. {text}" for number, text in enumerate(self.problems[:MOST], 1))]
        lines += [f"  … and {len(problems) - MOST:,} more"] * (len(problems) > MOST)
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[EstimationError], tuple[str, tuple[str, ...]]]:
        """Rebuild from heading and problems, so that the error crosses process borders."""
        return type(self), (self.heading, self.problems)


class DataError(EstimationError):
    """A table does not meet its schema."""


class DatasetError(EstimationError):
    """A data set is unknown, or its files are absent or not the expected ones."""


class GameError(EstimationError):
    """A game's parameters contradict each other."""


class TheoryError(EstimationError):
    """A theory's options are wrong, or it cannot say anything about this game."""


class FitError(EstimationError):
    """A fit could not be started, resumed or read."""


class ComparisonError(EstimationError):
    """Fits that must not be compared with each other."""


class StudyError(EstimationError):
    """A study of many fits cannot be run, or some of its units failed."""


class ChoiceError(EstimationError):
    """A model of choice is malformed, cannot be identified from these data, or lacks what a quantity needs."""


class AssortmentError(EstimationError):
    """An assortment problem is malformed or has no feasible menu."""


class ReportError(EstimationError):
    """A report that cannot be written as asked."""


class ReplicationError(EstimationError):
    """A published number is not known, or the list of them is malformed."""


def raise_all(problems: Sequence[str], error: type[EstimationError], heading: str) -> None:
    """Raise `error` with every problem listed, or do nothing if there is none."""
    if problems:
        raise error(heading, problems)


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return text without its middle if it is longer than so many characters: what is wrong stands at both ends.

    Examples
    --------
    >>> shortened("x" * 100_000, 20)
    'xxxxxxxxxxxxxx … xxxxxx'
    """
    return text if len(text) <= longest else f"{text[: longest * 7 // 10]} … {text[-(longest * 3 // 10) :]}"


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a complaint about an unknown name: the known one that is most like it, or `otherwise`."""
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else otherwise
