"""From studies to a replication package: a folder with data, one script, versions, results, and a manifest."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from estimation.errors import ReplicationError, raise_all
from estimation.evaluation.comparison.comparison import Comparison
from estimation.fits.fit import Fit
from estimation.papers.manifest import FILE, README, Manifest, digests
from estimation.papers.python_code import module_name, own_classes
from estimation.papers.readme import Told, places_to_complete, readme_text
from estimation.papers.results import RESULTS, write_results
from estimation.papers.script import SCRIPT, NamedStudy, script_text
from estimation.papers.software import requirements_text, software
from estimation.papers.tables import DATA, PackagedTable, check_given, packaged_table
from estimation.papers.verify import FITS
from estimation.registry import file_of
from estimation.saving import make_folder, write_bytes_whole
from estimation.text.shown import Display

NOT_MADE = "The replication package cannot be made:"


@dataclass(frozen=True, repr=False)
class ReplicationPackage:
    """A replication package on disk.

    Attributes
    ----------
    folder
        Where it is.
    manifest
        What it says about itself.
    to_complete
        What the README leaves to the authors.
    """

    folder: Path
    manifest: Manifest
    to_complete: tuple[str, ...]

    def __repr__(self) -> str:
        studies = ", ".join(self.manifest.studies)
        lines = [f"{self.folder}: {len(self.manifest.files)} files; results of {studies}"]
        lines += [f"  in {README}, still to be said: {place}" for place in self.to_complete]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        facts = {"files": len(self.manifest.files), "studies": list(self.manifest.studies)}
        notes = tuple(f"in {README}, still to be said: {place}" for place in self.to_complete)
        return Display(str(self.folder), facts, notes=notes).html


def replication_package(
    folder: str | Path,
    studies: Any,
    *,
    title: str = "",
    authors: Sequence[str] = (),
    licence: str = "",
    data: Sequence[str | Path] = (),
    share_data: bool = True,
    **options: Any,
) -> ReplicationPackage:
    """Make a folder from which somebody else gets the numbers of a paper.

    It holds the data (or says how to fetch what may not be passed on, with checksums), ``replicate.py``, which makes
    everything from them, the versions of all software, results (reports, tables as CSV and LaTeX, figures as PDF and
    PNG, every number with its Monte-Carlo error), a README as data editors of journals ask for it, and a manifest with
    digests, by which `verify_package` checks it. The results are those of the fits given: nothing is fitted again.

    Parameters
    ----------
    folder
        Where to make it; it must not exist, or be empty. It appears when it is complete.
    studies
        A fit, or what ``compare`` gave; several by name, as in ``{"senders": comparison, "prices": fit}``.
    title, authors, licence
        Of the paper; the licence is that of the package's own files, in words.
    data
        Files of your own from which the data are read, with the file of games. They are put into the folder as they
        are. If left out, the folder holds the rows that were fitted.
    share_data
        Whether your data may be passed on. If not, their digests are in the folder, and neither rows nor fits are.
    options
        Those of the reports of choices: ``price``, ``removed``, ``products``.

    Raises
    ------
    ReplicationError
        Listing what stands against it: a folder that is in use, data that no file holds, models that no script builds.
    """
    named = _named(studies, options)
    given = [Path(path) for path in data]
    check_given(given)
    tables = _tables(named, given)
    own = _own_files(named)
    script = script_text(named, tables, {path.name: module_name(path.name) for path in own})
    files = {SCRIPT: script.encode(), "requirements.txt": requirements_text(software()["packages"]).encode()}
    files |= {f"code/{path.name}": path.read_bytes() for path in own}
    files |= {f"{DATA}/{path.name}": path.read_bytes() for path in given}
    files |= {f"{DATA}/{name}": held for table in tables.values() for name, held in table.files.items()}
    told = Told(title or "untitled", tuple(authors), licence)
    with _appearing(Path(folder)) as place:
        for name, content in files.items():
            _put(place / name, content)
        for one in named:
            write_results(one.study, place / RESULTS / one.name, **one.options)
        elsewhere = {} if share_data else _withhold(place, [name for name in files if name.startswith(f"{DATA}/")])
        for one in named:
            if share_data and not tables[one.table.fingerprint].fetched:  # a fit holds its table
                _keep_fits(one, place / FITS)
        manifest = _manifest(place, told.title, named, tables, elsewhere)
        readme = readme_text(told, named, tables, manifest, place / RESULTS)
        _put(place / README, readme.encode())
        _put(place / FILE, manifest.text().encode())
    return ReplicationPackage(Path(folder), manifest, tuple(places_to_complete(readme)))


def _named(studies: Any, options: Mapping[str, Any]) -> list[NamedStudy]:
    """Return studies with names that a folder may have, or complain about all that is wrong with them."""
    given = dict(studies) if isinstance(studies, Mapping) else {"study": studies}
    strange = [
        f"{name!r} is a {type(one).__name__}; give a fit, or what est.compare returned"
        for name, one in given.items()
        if not isinstance(one, Fit | Comparison)
    ]
    unfit = [f"{name!r} cannot be the name of a folder" for name in given if not re.fullmatch(r"\w[\w .-]*", str(name))]
    raise_all(strange + unfit if given else ["there is no study"], ReplicationError, NOT_MADE)
    known = {name: value for name, value in options.items() if value is not None}
    return [NamedStudy(str(name), one, known) for name, one in given.items()]


def _tables(named: Sequence[NamedStudy], given: Sequence[Path]) -> dict[str, PackagedTable]:
    """Return how the script gets each table, by fingerprint; no two have the same name in it."""
    found: dict[str, PackagedTable] = {}
    for one in named:
        if one.table.fingerprint not in found:
            table = packaged_table(one.table, given)
            names = {other.variable for other in found.values()}
            found[one.table.fingerprint] = replace(table, variable=_unlike(table.variable, names))
    return found


def _unlike(name: str, names: set[str]) -> str:
    """Return a name, with a number if there is another of its kind."""
    numbered = (f"{name}_{number}" for number in range(2, len(names) + 3))
    return name if name not in names else next(one for one in numbered if one not in names)


def _own_files(named: Sequence[NamedStudy]) -> list[Path]:
    """Return the files of models of the authors' own; they must still be what was fitted."""
    classes = {cls for one in named for fit in one.fits.values() for cls in own_classes(fit.model)}
    files = sorted({file for cls in classes if (file := file_of(cls)) is not None})
    names = [file.name for file in files]
    raise_all(
        [f"two files are called {name}; rename one" for name in sorted(set(names)) if names.count(name) > 1],
        ReplicationError,
        NOT_MADE,
    )
    return files


def _keep_fits(named: NamedStudy, folder: Path) -> None:
    """Save fits, so that a reader has their draws, and the script need not make them anew."""
    make_folder(folder, ReplicationError, NOT_MADE)
    for model, fit in named.fits.items():
        fit.save(folder / f"{named.file_of(model)}.nc")


def _manifest(
    place: Path,
    title: str,
    named: Sequence[NamedStudy],
    tables: Mapping[str, PackagedTable],
    elsewhere: Mapping[str, str],
) -> Manifest:
    fetched = {
        table.table.name: {file.name: file.sha256 for file in table.fetched}
        for table in tables.values()
        if table.fetched
    }
    about = {
        one.name: {
            "data": one.table.label,
            "models": list(one.fits),
            "seconds": sum(float(fit.manifest["seconds"]) for fit in one.fits.values()),
        }
        for one in named
    }
    return Manifest(title, digests(place), elsewhere, fetched, software(), about)


def _withhold(place: Path, names: Sequence[str]) -> dict[str, str]:
    """Remove files from a folder, and return their digests."""
    found = digests(place)
    for name in names:
        (place / name).unlink()
    return {name: found[name] for name in names}


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """Yield a folder under another name, which takes its own when it is complete; nothing is left if it never is."""
    problems = [f"folder {folder.resolve().parent} does not exist; make it first"] * (
        not folder.resolve().parent.is_dir()
    )
    in_use = os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir()))
    problems += [f"{folder} is there already; name another folder, or remove it"] * in_use
    raise_all(problems, ReplicationError, NOT_MADE)
    partial = folder.resolve().with_name(f".{folder.resolve().name[:40]}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    make_folder(partial, ReplicationError, NOT_MADE)
    try:
        yield partial
        if folder.is_dir():
            folder.rmdir()
        partial.rename(folder.resolve())
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _put(path: Path, content: bytes) -> None:
    make_folder(path.parent, ReplicationError, NOT_MADE, parents=True)
    write_bytes_whole(path, content, ReplicationError, NOT_MADE)
