"""The data sets that the package knows: list them, fetch them, load them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from estimation.allowed import is_among
from estimation.data.choices.panels import PANEL_READERS
from estimation.data.choices.published import CHOICE_READERS
from estimation.data.choices.table import ChoiceTable
from estimation.data.files.csv_file import read_frame
from estimation.data.library.advice import ADVICE_READERS
from estimation.data.library.files import locate, obtain
from estimation.data.library.oey import TALK_READERS
from estimation.data.library.places import shipped_folder
from estimation.data.library.plays_readers import PLAYS_READERS
from estimation.data.tables.plays import PlayTable
from estimation.data.tables.source import CHOICE_SCHEMA, Source, read_source
from estimation.data.tables.table import Table
from estimation.errors import DatasetError, did_you_mean

READERS = TALK_READERS | ADVICE_READERS | CHOICE_READERS | PANEL_READERS
"""From raw files to the standard columns: one reader for each data set that does not come in them."""


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue.

    Parameters
    ----------
    name, description
        What to ask for, and what it is.
    synthetic
        Whether a simulation made it.
    available
        Whether all files are on this machine; if not, ``fetch`` downloads them.
    licence
        Under what terms, in words.
    """

    name: str
    description: str
    synthetic: bool
    available: bool
    licence: str


def catalogue() -> list[Entry]:
    """Return every data set that can be loaded, sorted by name."""
    return [
        Entry(name, origin.description or origin.title, origin.synthetic, is_available(name), origin.licence)
        for name in _names()
        for origin in [describe(name)]
    ]


def describe(name: str) -> Source:
    """Return where a data set comes from, without reading the data.

    Raises
    ------
    DatasetError
        If there is no data set of this name.
    """
    names = _names()
    if not is_among(name, names):
        close = did_you_mean(name, names) if isinstance(name, str) else ""
        raise DatasetError("The data set is not known:", [f"{name!r} is none of {names}{close}"])
    return read_source(shipped_folder() / name / "source.toml")


def is_available(name: str) -> bool:
    """Return whether all files of a data set are on this machine, whole and as expected."""
    try:
        return all(locate(name, file) is not None for file in describe(name).files)
    except DatasetError:
        return False


def fetch(name: str, *, progress: bool = True) -> dict[str, Path]:
    """Make sure that all files of a data set are on this machine, and return where each is.

    Files are looked for among those shipped with the package, in the mirror that ``ESTIMATION_DATA_DIR``
    names (as ``<name>/<file>``) and in the user's cache. What is in none of them is downloaded to the cache
    from the pinned origin, compared with its sha256, and only then given its name.

    Parameters
    ----------
    name
        The data set.
    progress
        Whether to show progress on standard error.

    Raises
    ------
    DatasetError
        If the data set is unknown, a file is not the expected one, or a file cannot be had. In the last
        case the error says what to download, its sha256, and where to put it.
    """
    return obtain(name, describe(name), progress=progress)


def load(name: str) -> Table | ChoiceTable | PlayTable:
    """Load a data set as a checked table of decisions or of choices, fetching its files first if need be.

    Games without communication come as `PlayTable`.

    Raises
    ------
    DatasetError
        As `fetch`.
    DataError
        If the files do not meet the schema.
    """
    origin = describe(name)
    paths = obtain(name, origin)
    if origin.reader in PLAYS_READERS:
        frame, games = PLAYS_READERS[origin.reader](paths)
        return PlayTable.from_frame(frame, games, name=name, source=origin)
    frame = _frame(name, origin, paths)
    if origin.schema == CHOICE_SCHEMA:
        return ChoiceTable.from_frame(frame, outside=origin.outside or None, name=name, source=origin)
    return Table.from_frame(frame, origin.games(), name=name, source=origin)


def _frame(name: str, origin: Source, paths: dict[str, Path]) -> pd.DataFrame:
    if origin.reader in READERS:
        return READERS[origin.reader](paths)
    if not origin.reader and origin.table in paths:
        return read_frame(paths[origin.table])
    problem = f"its table {origin.table!r} is none of its files {list(paths)}"
    if origin.reader:
        problem = f"reader {origin.reader!r} is none of {sorted(READERS)}"
    raise DatasetError(f"{name!r} cannot be read:", [problem])


def _names() -> list[str]:
    return sorted(path.parent.name for path in shipped_folder().glob("*/source.toml"))
