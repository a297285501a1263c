"""The command that computes published numbers anew."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.output import AsJson, say, screen_width
from estimation.commands.shown import WIDTH, plain, tables_as_text
from estimation.errors import DatasetError, ReplicationError, raise_all

if TYPE_CHECKING:
    from estimation.replication.ledger import Ledger

BROKEN = 1


def reproduce(
    target: Annotated[
        str | None, typer.Argument(metavar="TARGET", help="A table or a folder of tables, as the list names them.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Compute everything anew: takes minutes.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print a page of Markdown, to be put into a document.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List published numbers; compute those of TARGET, or --all, anew and set ours beside them.

    Ends with code 1 if a number differs that is on record as reproduced, and with code 2 if the target is not known or
    its data are not on this machine.
    """
    from estimation.replication.run import published, reproduce as computed_lines
    from estimation.report.ledger import markdown

    _check(target, every=every, as_markdown=as_markdown, as_json=as_json)
    ledger = computed_lines(target) if every or target else published()
    say(markdown(ledger) if as_markdown else _text(ledger), _data(ledger), as_json=as_json)
    if target:
        commands = dict.fromkeys(line.missing for line in ledger.lines if line.missing)
        problems = [f"data missing: {command}" for command in commands]
        raise_all(problems, DatasetError, "Not everything could be computed:")
    if not ledger.ok:
        raise typer.Exit(BROKEN)


def _check(target: str | None, *, every: bool, as_markdown: bool, as_json: bool) -> None:
    problems = ["name a TARGET, or ask for --all, not both"] * (target is not None and every)
    problems += ["choose --markdown or --json, not both"] * (as_markdown and as_json)
    raise_all(problems, ReplicationError, "It is not clear what to print:")


def _text(ledger: Ledger) -> str:
    """Return the ledger as a terminal shows it: a table with its reasons for each published table, then the counts."""
    from estimation.report.ledger import ending, sections, sources_table

    parts = []
    for section in sections(ledger):
        notes = (f"{number}: {note}" for number, note in enumerate(section.notes, 1))
        paragraphs = (_paragraph(text) for text in (section.origin, *notes))
        parts += [tables_as_text([section.table], whole_names=False), *paragraphs, ""]
    return "\n".join([*parts, tables_as_text([sources_table(ledger)]), *ending(ledger)])


def _paragraph(text: str) -> str:
    width = screen_width(sys.stdout) or WIDTH
    return textwrap.fill(text, width, initial_indent="  ", subsequent_indent="     ", break_long_words=False)


def _data(ledger: Ledger) -> dict[str, Any]:
    return {
        "computed": ledger.computed,
        "ok": ledger.ok,
        "summary": ledger.summary,
        "sources": ledger.sources(),
        "counts": {str(verdict): count for verdict, count in ledger.counts().items()},
        "numbers": plain(ledger.table),
    }
