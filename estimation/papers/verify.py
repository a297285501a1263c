"""Checking a replication package: its files against their digests, its numbers against a second run."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from estimation.data import is_available
from estimation.data.library.files import checksum
from estimation.errors import ReplicationError
from estimation.papers.manifest import OPEN, Manifest
from estimation.papers.numbers import differences, read_numbers
from estimation.papers.results import NUMBERS, RESULTS, TABLES, VERDICT, exhibits
from estimation.papers.script import SCRIPT
from estimation.papers.software import differing, interpreter
from estimation.saving import make_folder
from estimation.text.shown import Display

FITS = f"{RESULTS}/fits/"
NOT_RUN = "The package was not run:"
PROVENANCE = "provenance"
"""Table of a report that says when and with what it was made."""
_SELECTED = re.compile(r" \[[^\]]*\]")


@dataclass(frozen=True, repr=False)
class Verification:
    """What was found in a package.

    Attributes
    ----------
    folder, title
        Where it is, and of what paper.
    problems
        Every discrepancy: files that are damaged, missing or changed, numbers that differ by more than chance.
    notes
        What a reader should know and what is no discrepancy: versions that differ, files that were added.
    files, numbers
        How many were checked; no numbers without a second run.
    rerun
        Where the second run is; None without one.
    """

    folder: Path
    title: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    files: int
    numbers: int = 0
    rerun: Path | None = None

    @property
    def ok(self) -> bool:
        """Whether there is no discrepancy."""
        return not self.problems

    @property
    def verdict(self) -> str:
        """What was found, in a sentence."""
        if self.problems:
            return (
                f"{self.title}: {len(self.problems)} {'discrepancy' if len(self.problems) == 1 else 'discrepancies'}."
            )
        found = f"{self.title}: {self.files} files are what they were"
        if self.rerun is None:
            return f"{found}; nothing was run."
        return f"{found}, and all {self.numbers} numbers of a second run agree within Monte-Carlo error."

    def __repr__(self) -> str:
        problems = [f"  {number}. {problem}" for number, problem in enumerate(self.problems, 1)]
        return "\n".join([self.verdict, *problems, *(f"  note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        facts = {str(number): problem for number, problem in enumerate(self.problems, 1)}
        return Display(self.verdict, facts, notes=self.notes).html


def verify_package(folder: str | Path, *, run: bool = False, out: str | Path | None = None) -> Verification:
    """Check a replication package: digests of its files and, if asked, its numbers by a second run.

    Without `run` nothing of the folder is run, and only the manifest is read. With it, its script is run as you, with
    all that it may do: read it first. It writes to `out`, and the package stays as it is.

    Parameters
    ----------
    folder
        What `replication_package` made.
    run
        Whether to run the script into another folder, and to compare every number with the package's. Two numbers
        differ if they are further apart than their Monte-Carlo errors explain, at a level at which one of a hundred
        honest second runs is called different.
    out
        Where the second run goes; beside the folder if left out. One that was interrupted goes on where it stopped.

    Raises
    ------
    ReplicationError
        If the folder is no package, or the script fails.
    """
    place = Path(folder)
    manifest = Manifest.read(place)
    problems, notes = list(_wrong_files(place, manifest)), [*_added(place, manifest), *_needed(place, manifest)]
    notes += differing(manifest.software)
    found = Verification(place, manifest.title, tuple(problems), tuple(notes), len(manifest.files))
    if not run:
        return found
    if problems:
        raise ReplicationError(NOT_RUN, [*problems, "what is run must be what the authors deposited"])
    return _run(found, manifest, out)


def _run(found: Verification, manifest: Manifest, out: str | Path | None) -> Verification:
    """Run the script into another folder and compare."""
    beside = found.folder.resolve().with_name(f"{found.folder.resolve().name}-rerun-{manifest.digest[:8]}")
    target = make_folder(out or beside, ReplicationError, NOT_RUN).resolve()
    if target == (found.folder / RESULTS).resolve() or found.folder.resolve() in (target, *target.parents):
        raise ReplicationError(NOT_RUN, [f"{target} is in the package; choose another folder for the second run"])
    command = [interpreter(), SCRIPT, str(target)]
    done = subprocess.run(command, cwd=found.folder, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, check=False)  # noqa: S603 - to run it is what was asked for
    if done.returncode:
        advice = f"see what it said above; started again, it goes on in {target}"
        raise ReplicationError(NOT_RUN, [f"{SCRIPT} ended with code {done.returncode}; {advice}"])
    problems, notes, count = _compared(found.folder / RESULTS, target, list(manifest.studies))
    return Verification(found.folder, found.title, tuple(problems), (*found.notes, *notes), found.files, count, target)


def _compared(first: Path, second: Path, studies: list[str]) -> tuple[list[str], list[str], int]:
    """Return how two runs differ by more than chance, what differs in print only, and how many numbers there are."""
    problems, notes, count = [], [], 0
    for study in studies:
        ours, theirs = read_numbers(first / study / NUMBERS), read_numbers(second / study / NUMBERS)
        count += len(ours)
        problems += [f"{study}: {said}" for said in differences(ours, theirs)]
        made = exhibits(second / study)
        problems += [f"{study}: the second run has no {file}" for file in exhibits(first / study) if file not in made]
        notes += [f"{study}: {said}" for said in _printed_otherwise(first / study, second / study)]
    return problems, notes, count


def _printed_otherwise(first: Path, second: Path) -> Iterator[str]:
    """Yield what two runs print with different words or digits; what was selected from the data is told by one only."""
    if _SELECTED.sub("", _text(first / VERDICT)) != _SELECTED.sub("", _text(second / VERDICT)):
        yield f"the verdict has other words or digits in {second / VERDICT}"
    for table in sorted((first / TABLES).glob("*.csv")):
        other = second / TABLES / table.name
        if PROVENANCE not in table.name and other.is_file() and _text(table) != _text(other):
            yield f"{table.name} differs in its last digits"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _wrong_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name, expected in manifest.files.items():
        path = folder / name
        if path.is_symlink() or not path.is_file():
            yield f"{name} is missing"
        elif (actual := checksum(path)) != expected:
            yield f"{name} is not what it was: its sha256 is {actual}, expected {expected}"
    for name, expected in manifest.elsewhere.items():
        if (folder / name).is_file() and checksum(folder / name) != expected:
            yield f"{name}, got from elsewhere, is not the file that the authors used (expected sha256 {expected})"


def _added(folder: Path, manifest: Manifest) -> Iterator[str]:
    known = {*manifest.files, *manifest.elsewhere, *OPEN}
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    yield from (
        f"{name} is not listed in the manifest" for name in names if name not in known and not name.startswith(FITS)
    )


def _needed(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name in manifest.elsewhere:
        if not (folder / name).is_file():
            yield f"{name} is not in the folder: the README says how to get it; the script needs it"
    for name in manifest.datasets:
        if not is_available(name):
            yield f"the data set {name} is not on this machine: the script fetches it, or estimation fetch {name}"
