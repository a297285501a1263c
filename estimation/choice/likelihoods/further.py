"""Parameters beside the weights of a utility: what they are called, and where they make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from estimation.arrays import Array


@dataclass(frozen=True)
class Further:
    """Parameters of one kind.

    Parameters
    ----------
    variable, dimension
        What they are called in a posterior: ``dissimilarity`` (nest), ``allocation`` (membership), ``scale`` (group).
    symbol
        How tables write them.
    labels
        Whose they are.
    neutral
        The value at which they make no difference; NaN if there is none.
    """

    variable: str
    dimension: str
    symbol: str
    labels: tuple[str, ...]
    neutral: float

    @property
    def names(self) -> list[str]:
        """How each is written in tables: ``τ[near]``."""
        return [f"{self.symbol}[{label}]" for label in self.labels]


DISSIMILARITY = Further("dissimilarity", "nest", "τ", (), 1.0)
ALLOCATION = Further("allocation", "membership", "α", (), float("nan"))
SCALE = Further("scale", "group", "scale", (), 1.0)
KINDS = (DISSIMILARITY, ALLOCATION, SCALE)


def by_kind(kinds: Iterable[Further], values: Array) -> dict[str, Array]:
    """Return values (further parameter, …), one kind after another, by variable."""
    found, start = {}, 0
    for kind in kinds:
        found[kind.variable] = values[start : start + len(kind.labels)]
        start += len(kind.labels)
    return found


def named_values(kinds: Iterable[Further], values: Array) -> dict[str, dict[str, float]]:
    """Return values (further parameter,) by variable and label."""
    kinds = tuple(kinds)
    parts = by_kind(kinds, values)
    return {kind.variable: dict(zip(kind.labels, map(float, parts[kind.variable]), strict=True)) for kind in kinds}


def missing_values(kinds: Iterable[Further], given: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Say which further parameters are not among those given by variable and label."""
    return [
        f"{kind.variable} of {kind.dimension} {label!r} is missing"
        for kind in kinds
        for label in kind.labels
        if label not in given.get(kind.variable, {})
    ]
