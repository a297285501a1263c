"""The ledger: each published number, ours beside it, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from estimation.replication.route import Cost
from estimation.replication.target import AGREEING, Found, Origin, PublishedNumber, ReplicationVerdict, judge
from estimation.text.shown import Display

PLURAL = {ReplicationVerdict.DIFFERS: "differ"}


@dataclass(frozen=True)
class Line:
    """One number of the ledger.

    Parameters
    ----------
    target
        The published number.
    cost
        How long its table takes; None if nothing computes it.
    found
        Ours; None where it was not computed.
    missing
        What would have to be fetched first; empty if nothing.
    """

    target: PublishedNumber
    cost: Cost | None = None
    found: Found | None = None
    missing: str = ""

    @property
    def verdict(self) -> ReplicationVerdict:
        """The verdict on our number."""
        return judge(self.target, self.found) if self.found else ReplicationVerdict.NOT_ATTEMPTED

    @property
    def reason(self) -> str:
        """Why this tolerance, why ours differs, or why there is none of ours."""
        return f"data missing: {self.missing}" if self.missing else self.target.reason

    @property
    def broken(self) -> bool:
        """Whether the record says that the number agrees, and it no longer does."""
        return self.target.recorded in AGREEING and self.verdict is ReplicationVerdict.DIFFERS

    @property
    def outdated(self) -> bool:
        """Whether the record says that the number differs, and it agrees now."""
        return self.target.recorded is ReplicationVerdict.DIFFERS and self.verdict in AGREEING


@dataclass(frozen=True, eq=False, repr=False)
class Ledger:
    """Published numbers with ours beside them.

    Parameters
    ----------
    lines
        One per number.
    computed
        Whether numbers were computed; if not, the ledger is a list of what there is.
    """

    lines: tuple[Line, ...]
    computed: bool

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per number: target, source, place, quantity, group, unit, printed, ours, tolerance, verdicts, reason.

        ``error`` is the Monte-Carlo standard error of ours; ``recorded`` the verdict that tests hold the number to.
        """
        return pd.DataFrame([_row(line) for line in self.lines])

    @property
    def broken(self) -> tuple[Line, ...]:
        """Numbers that agree by the record and no longer do."""
        return tuple(line for line in self.lines if line.broken) if self.computed else ()

    @property
    def outdated(self) -> tuple[Line, ...]:
        """Numbers that differ by the record and agree now."""
        return tuple(line for line in self.lines if line.outdated) if self.computed else ()

    @property
    def ok(self) -> bool:
        """Whether every computed number agrees that is on record as agreeing."""
        return not self.broken

    def tables(self) -> Mapping[str, tuple[Line, ...]]:
        """Return the lines of each target, in their order."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.target.name, []).append(line)
        return {name: tuple(lines) for name, lines in found.items()}

    def published(self) -> tuple[Line, ...]:
        """Return the lines that a source prints: our own computations and recollections do not count."""
        return tuple(line for line in self.lines if line.target.origin is Origin.PUBLISHED)

    def verdict_of(self, line: Line) -> ReplicationVerdict:
        """Return the verdict on a number, or the one on record where nothing was computed."""
        return line.verdict if self.computed else line.target.recorded

    def counts(self) -> dict[ReplicationVerdict, int]:
        """Return how many published numbers have each verdict."""
        verdicts = [self.verdict_of(line) for line in self.published()]
        return {verdict: verdicts.count(verdict) for verdict in ReplicationVerdict}

    def sources(self) -> list[str]:
        """Return the papers and documentations, in the order of their names."""
        return sorted({line.target.source for line in self.published()}, key=str.casefold)

    @property
    def summary(self) -> str:
        """The counts in a sentence."""
        lines, counts, sources = self.published(), self.counts(), len(self.sources())
        own = len(self.lines) - len(lines)
        if not lines:
            return f"{own} results of our own or recollected; none of them is published."
        kind = "" if self.computed else " on record"
        parts = ", ".join(f"{number} {PLURAL.get(verdict, verdict)}" for verdict, number in counts.items() if number)
        text = f"{len(lines)} published results from {_sources(sources)}{kind}: {parts}"
        attempted = [line for line in lines if self.verdict_of(line) is not ReplicationVerdict.NOT_ATTEMPTED]
        if 0 < len(attempted) < len(lines):
            of = _sources(len({line.target.source for line in attempted}))
            text += f" ({len(attempted)} attempted, from {of})"
        return f"{text}; {own} of our own or recollected, not counted." if own else f"{text}."

    def __repr__(self) -> str:
        return self.summary

    def _repr_html_(self) -> str:
        counts = {str(verdict): count for verdict, count in self.counts().items() if count}
        return Display(self.summary, counts, notes=("estimation reproduce lists all of them.",)).html


def _sources(count: int) -> str:
    return f"{count} source{'s' * (count > 1)}"


def _row(line: Line) -> dict[str, object]:
    target, found = line.target, line.found
    return {
        "target": target.name,
        "source": target.source,
        "place": target.place,
        "origin": str(target.origin),
        "quantity": target.question.quantity,
        "group": target.question.group,
        "unit": target.unit,
        "printed": target.printed,
        "value": target.value if target.printed else float("nan"),
        "ours": found.value if found else float("nan"),
        "error": found.error if found else float("nan"),
        "tolerance": target.tolerance or "half a printed digit",
        "allowed": target.allowed if target.printed else float("nan"),
        "verdict": str(line.verdict),
        "recorded": str(target.recorded),
        "reason": line.reason,
        "cost": str(line.cost or ""),
    }
