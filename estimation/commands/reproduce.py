"""The command that computes published numbers anew, or puts fits into a folder from which others get theirs."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.output import AsJson, say, screen_width
from estimation.commands.own import Own
from estimation.commands.package import make_package
from estimation.commands.shown import WIDTH, plain, tables_as_text
from estimation.errors import DatasetError, ReplicationError, raise_all

if TYPE_CHECKING:
    from estimation.replication.ledger import Ledger

BROKEN = 1


def reproduce(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TARGET | FIT.nc",
            help="A table or a folder of published tables, as the list names them; or files of fits, for --out.",
        ),
    ] = None,
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where to make the replication package of these fits.")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Of a package: your file of data or of games, as it is; may be repeated."),
    ] = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Of a package: the title of the paper.")] = "",
    author: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Of a package: an author; may be repeated.")
    ] = None,
    licence: Annotated[
        str, typer.Option(metavar="TEXT", help="Of a package: the licence of your own files, in words.")
    ] = "",
    share_data: Annotated[bool, typer.Option(help="Of a package: whether your data may be passed on.")] = True,
    price: Annotated[
        str | None, typer.Option(metavar="TERM", help="Of a package of choices: the weight of price.")
    ] = None,
    _own: Own = None,
    every: Annotated[bool, typer.Option("--all", help="Compute everything anew: takes minutes.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print a page of Markdown, to be put into a document.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List published numbers; compute those of TARGET, or --all, anew and set ours beside them.

    With FIT.nc... --out FOLDER: make a replication package of your own fits (those of the same data are compared):
    data, one script, versions, every table and figure, and a manifest, which `estimation verify FOLDER` checks.

    Ends with code 1 if a number differs that is on record as reproduced, and with code 2 if the target is not known or
    its data are not on this machine.
    """
    fits = [Path(name) for name in targets or () if name.lower().endswith(".nc")]
    if fits or out is not None:
        _check_package(targets or [], out, every=every, as_markdown=as_markdown)
        told = {"title": title, "authors": author or [], "licence": licence, "share_data": share_data, "price": price}
        make_package(fits, out, data or [], told, as_json=as_json)
        return
    from estimation.replication.run import published, reproduce as computed_lines
    from estimation.report.ledger import markdown

    target = _only(targets)
    _check_published(data=data, title=title, author=author, licence=licence, price=price, no_share_data=not share_data)
    _check(target, every=every, as_markdown=as_markdown, as_json=as_json)
    ledger = computed_lines(target) if every or target else published()
    say(markdown(ledger) if as_markdown else _text(ledger), _data(ledger), as_json=as_json)
    if target:
        commands = dict.fromkeys(line.missing for line in ledger.lines if line.missing)
        problems = [f"data missing: {command}" for command in commands]
        raise_all(problems, DatasetError, "Not everything could be computed:")
    if not ledger.ok:
        raise typer.Exit(BROKEN)


def _check_package(targets: list[str], out: Path | None, *, every: bool, as_markdown: bool) -> None:
    others = [name for name in targets if not name.lower().endswith(".nc")]
    problems = [f"{name!r} is no file of a fit (.nc); published tables are reproduced without --out" for name in others]
    problems += ["say where the package shall be: --out FOLDER"] * (out is None)
    problems += ["name the files of your fits: FIT.nc..."] * (not targets)
    problems += ["--all and --markdown are for published tables"] * (every or as_markdown)
    raise_all(problems, ReplicationError, "It is not clear what to make:")


def _check_published(**options: object) -> None:
    """Refuse options of packages where published tables are meant, rather than pass over them."""
    given = [name.replace("_", "-") for name, value in options.items() if value]
    problems = [f"--{name} is for a package of your own fits: FIT.nc... --out FOLDER; leave it out" for name in given]
    raise_all(problems, ReplicationError, "It is not clear what to compute:")


def _only(targets: list[str] | None) -> str | None:
    """Return the one target, or None."""
    problem = "name one TARGET at a time, or a folder of tables"
    raise_all([problem] * (len(targets or ()) > 1), ReplicationError, "It is not clear what to compute:")
    return targets[0] if targets else None


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
    wrapper = textwrap.TextWrapper(width, initial_indent="  ", subsequent_indent="     ")
    wrapper.break_long_words = wrapper.break_on_hyphens = False
    return wrapper.fill(text)


def _data(ledger: Ledger) -> dict[str, Any]:
    return {
        "computed": ledger.computed,
        "ok": ledger.ok,
        "summary": ledger.summary,
        "sources": ledger.sources(),
        "counts": {str(verdict): count for verdict, count in ledger.counts().items()},
        "numbers": plain(ledger.table),
    }
