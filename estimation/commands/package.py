"""Replication packages on the command line: made of fits, and checked by somebody else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from estimation.commands.compare import busy, named_fits
from estimation.commands.output import AsJson, say
from estimation.errors import ReplicationError

DISCREPANCY = 1


def make_package(fits: list[Path], out: Path | None, data: list[Path], told: dict[str, Any], *, as_json: bool) -> None:
    """Put fits into a replication package: those of the same data are compared, others stand alone."""
    from estimation.evaluation.comparison.compare import compare
    from estimation.papers.package import replication_package

    assert out is not None
    studies: dict[str, Any] = {}
    for name, group in _groups(fits).items():
        if len(group) == 1:
            studies[name] = next(iter(group.values()))
            continue
        with busy(f"comparing {', '.join(group)}"), tempfile.TemporaryDirectory() as store:
            studies[name] = compare(group, roles_apart=False, store=store, progress=False)
    with busy(f"writing {out}"):
        made = replication_package(out, studies, data=data, **told)
    text = f"{made!r}\nCheck it as others will: estimation verify {out} (and --run, which makes everything anew)"
    say(text, {"folder": str(out), "files": len(made.manifest.files), "to_complete": made.to_complete}, as_json=as_json)


def verify(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A replication package.")],
    *,
    run: Annotated[
        bool,
        typer.Option(
            "--run", help="Run its script, as you and with all that it may do: read it first. Compares every number."
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the second run goes; beside the package if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a replication package: its files against their digests, its numbers against a second run.

    Without --run nothing in the folder is run. Ends with code 1 if there is a discrepancy, each of which is named, and
    with code 2 if the folder is no replication package or its script fails.
    """
    from estimation.papers.verify import verify_package

    if out is not None and not run:
        raise ReplicationError("It is not clear what to do:", ["--out is where a second run goes; add --run"])
    found = verify_package(folder, run=run, out=out)
    result = {"ok": found.ok, "verdict": found.verdict, "problems": found.problems, "notes": found.notes}
    more = "" if run else "\nWith --run its script makes every number anew, to be compared."
    say(f"{found!r}{more}", result | {"files": found.files, "numbers": found.numbers}, as_json=as_json)
    if not found.ok:
        raise typer.Exit(DISCREPANCY)


def _groups(paths: list[Path]) -> dict[str, dict[str, Any]]:
    """Return fits by the data that they are of, and by name; a study is called as its data, and as who decides."""
    found: dict[str, dict[str, Any]] = {}
    for name, fit in named_fits(paths).items():
        found.setdefault(fit.fingerprint, {})[name] = fit
    tables = [next(iter(group.values())).table for group in found.values()]
    names = ["-".join([table.name, *_whose(table)]) for table in tables]
    names = [f"{name}-{at}" if names.count(name) > 1 else name for at, name in enumerate(names, 1)]
    return dict(zip(names, found.values(), strict=True))


def _whose(table: Any) -> list[str]:
    roles = list(getattr(table, "roles", ()))
    return [f"{roles[0]}s"] if len(roles) == 1 else []
