"""The ledger of published numbers as tables of text and as a page of Markdown."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from estimation.replication.ledger import Ledger, Line
from estimation.replication.target import EXACT, PERCENT, Found, Origin, PublishedNumber, ReplicationVerdict
from estimation.text.digits import ABSENT, MINUS, fixed
from estimation.text.table import TextTable

FURTHER, EXACT_PLACES = 2, 6  # decimals of ours: beyond those that are printed, and of exact numbers
TOLD = {
    ReplicationVerdict.DIFFERS: "What differs, and why",
    ReplicationVerdict.NOT_ATTEMPTED: "What was not attempted, and why",
}
ALL = "all"  # the group of a number that is about no group
LISTED = ("quantity", "printed", "unit", "tolerance", "on record", "note")
SET_BESIDE = ("quantity", "printed", "ours", "off by", "tolerance", "verdict", "note")


@dataclass(frozen=True)
class LedgerTable:
    """One published table."""

    name: str  # by which it is asked for
    origin: str  # where it stands, and what it takes to compute it
    table: TextTable
    notes: tuple[str, ...]  # reasons, in the order of the numbers by which the table refers to them: 1, 2, …


def sections(ledger: Ledger) -> list[LedgerTable]:
    """Return one section per published table, in the order of the list."""
    return [_section(name, lines, computed=ledger.computed) for name, lines in ledger.tables().items()]


def sources_table(ledger: Ledger) -> TextTable:
    """Return how many numbers of each source have which verdict; our own computations stand in the last row."""
    published = ledger.published()
    groups = {source: [line for line in published if line.target.source == source] for source in ledger.sources()}
    groups["all sources"] = list(published)
    if others := [line for line in ledger.lines if line.target.origin is not Origin.PUBLISHED]:
        groups["not counted: our own, recollected"] = others
    found = {name: Counter(map(ledger.verdict_of, lines)) for name, lines in groups.items()}
    verdicts = [verdict for verdict in ReplicationVerdict if any(count[verdict] for count in found.values())]
    rows = [(name, str(count.total()), *(str(count[verdict]) for verdict in verdicts)) for name, count in found.items()]
    head = ("source", "results", *map(str, verdicts))
    caption = "Published results by source" + ("" if ledger.computed else ", verdicts on record")
    return TextTable(caption, head, tuple(rows), tuple(range(1, len(head))))


def markdown(ledger: Ledger) -> str:
    """Return the ledger as a page of Markdown."""
    lines = ["# Published results, computed anew", "", *_introduction(ledger), ""]
    summary = sources_table(ledger)
    lines += [f"**{summary.caption}**", "", *_grid(summary), ""]
    for verdict, heading in TOLD.items():
        told = _reasons(ledger, verdict)
        lines += [f"**{heading}**", "", *told, ""] if told else []
    for section in sections(ledger):
        lines += [f"## {section.name}", "", f"{section.origin}.", "", *_grid(section.table), ""]
        lines += [f"{at}. {_safe(note)}" for at, note in enumerate(section.notes, 1)]
        lines += [""] * bool(section.notes)
    return "\n".join(lines)


def ending(ledger: Ledger) -> list[str]:
    """Return what a reader should know at the end: the counts, and where the record is wrong."""
    words = [ledger.summary]
    for lines, what in (
        (ledger.broken, "agrees by the record and differs now"),
        (ledger.outdated, "differs by the record and agrees now"),
    ):
        words += [f"{line.target.name}, {_quantity(line)}: {what}" for line in lines]
    return words


def _introduction(ledger: Ledger) -> Iterator[str]:
    """Yield the head of the page."""
    yield ledger.summary
    yield "`estimation reproduce` lists them, `estimation reproduce TARGET` computes a table anew."
    yield ""
    yield "A number is *reproduced* if ours lies within its tolerance: half a unit of the last printed digit, or the"
    yield "one that is stated with its reason. It is *within Monte-Carlo error* if random numbers are involved, no"
    yield "tolerance is stated, and three standard errors more are enough. Tests hold every number to the verdict on"
    yield "record, those that differ included. Tables of *this project* guard the code and are nobody's publication."


def _reasons(ledger: Ledger, verdict: ReplicationVerdict) -> list[str]:
    """Return a line for each reason of a verdict, with the table and the number of results that it is about."""
    lines = [line for line in ledger.lines if ledger.verdict_of(line) is verdict]
    about = Counter((line.target.name, line.reason) for line in lines)
    return [f"* `{name}` ({count}): {_safe(reason)}" for (name, reason), count in about.items()]


def _section(name: str, lines: tuple[Line, ...], *, computed: bool) -> LedgerTable:
    places: dict[str, dict[str, None]] = {}
    for line in lines:
        places.setdefault(line.target.source, {})[line.target.place] = None
    stands = [f"{source}: {'; '.join(where)}" for source, where in places.items()]
    cost = next((f"takes {line.cost}" for line in lines if line.cost), "")
    missing = dict.fromkeys(f"data missing: {line.missing}" for line in lines if line.missing)
    origin = "; ".join([*stands, *([cost] if cost else []), *missing])
    notes = tuple(dict.fromkeys(line.target.reason for line in lines if line.target.reason))
    rows = tuple((*_row(line, computed=computed), _mark(line.target.reason, notes)) for line in lines)
    head, numeric = (SET_BESIDE, (1, 2, 3, 4)) if computed else (LISTED, (1, 3))
    broken = tuple((at, -1) for at, line in enumerate(lines) if computed and line.broken)
    return LedgerTable(name, origin, TextTable(name, head, rows, numeric, broken), notes)


def _mark(reason: str, notes: tuple[str, ...]) -> str:
    return str(notes.index(reason) + 1) if reason else ""


def _row(line: Line, *, computed: bool) -> tuple[str, ...]:
    about = (_quantity(line), _printed(line))
    if not computed:
        return (*about, line.target.unit, _tolerance(line), str(line.target.recorded))
    if line.found is None:
        return (*about, ABSENT, ABSENT, ABSENT, str(line.verdict))
    return (*about, *_ours(line, line.found), _tolerance(line), str(line.verdict))


def _ours(line: Line, found: Found) -> tuple[str, str]:
    """Return our number, and how far off it is: as a percentage where the tolerance is one, else in its unit."""
    target, gap, places = line.target, found.value - line.target.value, _places(line.target, found)
    ours = _plain(found.value, places) + (f" ± {_plain(found.error, places)}" if found.error else "")
    if target.tolerance.endswith(PERCENT):
        return ours, f"{_plain(100 * gap / abs(target.value), 1)} %"
    return ours, _plain(gap, places)


def _places(target: PublishedNumber, found: Found) -> int:
    """Return the decimals of ours: two digits of its error, or two more than are printed."""
    if found.error:
        return max(0, 1 - math.floor(math.log10(found.error)))
    if target.digits == EXACT:
        return EXACT_PLACES
    return 0 if target.digits == "0" and found.value.is_integer() else int(target.digits) + FURTHER


def _printed(line: Line) -> str:
    return line.target.printed.replace("-", MINUS) or ABSENT


def _plain(value: float, places: int) -> str:
    """Return a number without separators of thousands, as tables print them."""
    return fixed(value, places).replace(",", "")


def _tolerance(line: Line) -> str:
    target = line.target
    if target.recorded is ReplicationVerdict.NOT_ATTEMPTED:
        return ABSENT
    if target.tolerance:
        return target.tolerance
    return EXACT if target.digits == EXACT else f"{target.half_digit:.{int(target.digits) + 1}f}"


def _quantity(line: Line) -> str:
    question = line.target.question
    return question.quantity if question.group == ALL else f"{question.quantity}, {question.group}"


def _grid(table: TextTable) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    yield f"| {' | '.join(map(_safe, table.head))} |"
    yield f"|{'|'.join('---:' if at in table.numeric else '---' for at in range(len(table.head)))}|"
    yield from (f"| {' | '.join(map(_safe, row))} |" for row in table.rows)


def _safe(text: str) -> str:
    return text.replace("|", r"\|").replace("[", r"\[").replace("_", r"\_").replace("*", r"\*")
