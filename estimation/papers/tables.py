"""The data of a replication package: how the script gets each table, and which files the folder holds for that."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from estimation.data import ChoiceTable, PlayTable, Table, describe, load, read_own
from estimation.data.choices.long import read_choices
from estimation.data.files.game_files import games_toml, is_payoff_table, toml_value
from estimation.data.stored import AnyTable
from estimation.data.tables.fingerprint import with_own_order
from estimation.data.tables.source import Source, SourceFile
from estimation.errors import DatasetError, EstimationError, ReplicationError, raise_all
from estimation.names import WEIGHT
from estimation.papers.python_code import code_of, module_name, text_code
from estimation.text.comma_separated import frame_text

NOT_PACKAGED = "The data cannot be put into a replication package:"
DATA = "data"
"""The folder that holds them."""


@dataclass(frozen=True)
class PackagedTable:
    """How a second run gets a table.

    Parameters
    ----------
    table
        The table.
    variable
        What the script calls it.
    code
        Python that returns it, where ``HERE`` is the folder.
    files
        File of the folder ``data`` → what it holds.
    fetched
        Files that are not in the folder, as the package knows how to fetch them.
    note
        What a reader must know about where rows come from.
    """

    table: AnyTable
    variable: str
    code: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    fetched: tuple[SourceFile, ...] = ()
    note: str = ""

    @property
    def source(self) -> Source:
        """What to cite: of a data set of the package what it says about itself."""
        return data_set_of(self.table) or self.table.source


def packaged_table(table: AnyTable, given: Sequence[Path]) -> PackagedTable:
    """Return how a second run gets a table: from files of the user, from a data set's origin, or from its rows.

    Each way is tried here: what it reads must have the table's fingerprint.

    Parameters
    ----------
    given
        Files of the user's own, raw data and descriptions of games.

    Raises
    ------
    ReplicationError
        If no way leads to the same table.
    """
    ways: tuple[Callable[[], Iterator[tuple[str, AnyTable, dict[str, Any]]]], ...] = (
        lambda: _from_given(table, given),
        lambda: _from_origin(table),
        lambda: _from_rows(table),
    )
    variable = module_name(f"{table.name}.csv").lower()
    for way in ways:
        for code, found, more in way():
            for selected, selection in _selections(found, table):
                if selected.fingerprint == table.fingerprint:
                    return PackagedTable(table, variable, code + selection, **more)
    advice = (
        "no file of one's own holds plays; packages can be made of fits of data sets that est.load knows"
        if isinstance(table, PlayTable)
        else "give the files from which it is read (data=), or fit a table that est.read_own or est.read_choices reads"
    )
    ordered = with_own_order(table.frame) if isinstance(table, Table) else []
    lost = f"text files hold no order of categories, as {ordered} have; rename these so that sorting orders them"
    problems = [f"{table.label}: no file says the same; {advice}", *([lost] if ordered else [])]
    raise ReplicationError(NOT_PACKAGED, problems)


def _from_given(table: AnyTable, given: Sequence[Path]) -> Iterator[tuple[str, AnyTable, dict[str, Any]]]:
    """Yield what can be read from the user's files: decisions with each file that describes games, or choices."""
    games = [path for path in given if path.suffix.lower() == ".toml" or is_payoff_table(path)]
    for path in given:
        pairs: list[Path | None] = [None] if isinstance(table, ChoiceTable) else [one for one in games if one != path]
        for described in pairs:
            found = _read_given(table, path, described)
            if found is not None:
                yield *found, {"note": f"{path.name} is read as it is"}


def _read_given(table: AnyTable, path: Path, games: Path | None) -> tuple[str, AnyTable] | None:
    options: dict[str, Any] = {"synthetic": True} if table.synthetic else {}
    if isinstance(table, ChoiceTable):
        options |= {"outside": table.outside} if table.outside is not None else {}
        options |= {"weight": WEIGHT.name, "counts": True} if WEIGHT.name in table.rows else {}
    written = "".join(f", {name}={code_of(value)}" for name, value in options.items())
    place = f'HERE / "{DATA}" / {text_code(path.name)}'
    try:
        if isinstance(table, ChoiceTable):
            return f"est.read_choices({place}{written})", read_choices(path, **options)
        if games is None or not isinstance(table, Table):
            return None
        described = f'HERE / "{DATA}" / {text_code(games.name)}'
        return f"est.read_own({place}, {described}{written})", read_own(path, games, **options)
    except EstimationError:  # another pair of files may be the one
        return None


def _from_origin(table: AnyTable) -> Iterator[tuple[str, AnyTable, dict[str, Any]]]:
    """Yield a data set of the package whose files may not be passed on, or that no file of rows can hold."""
    source = data_set_of(table)
    if source is not None and not (source.redistribution and isinstance(table, Table | ChoiceTable)):
        note = (
            f"fetched from its origin, and used only if its sha256 is the expected one: estimation fetch {table.name}"
        )
        yield f"est.load({text_code(table.name)})", load(table.name), {"fetched": source.files, "note": note}


def _from_rows(table: AnyTable) -> Iterator[tuple[str, AnyTable, dict[str, Any]]]:
    """Yield the table's own rows, in the standard columns, with what describes them."""
    if not isinstance(table, Table | ChoiceTable) or _is_withheld(table):
        return
    files = _rows(table)
    note = "rows as they were checked and fitted, in the standard columns"
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        paths = [Path(folder) / name for name in files]
        found = _read_given(table, paths[0], paths[1] if len(paths) > 1 else None)
    if found is not None:
        yield *found, {"files": files, "note": note}


def _rows(table: Table | ChoiceTable) -> dict[str, bytes]:
    stem = module_name(f"{table.name}.csv")
    if isinstance(table, ChoiceTable):
        return {f"{stem}.csv": frame_text(table.frame, index=False).encode()}
    return {
        f"{stem}.csv": frame_text(table.written, index=False).encode(),
        f"{stem}.toml": (games_toml(table.games) + _told(table.source)).encode(),
    }


def _told(source: Source) -> str:
    """Return what `games.toml` says about a source."""
    told = {"title": source.title, **source.told} | ({"caveats": list(source.caveats)} if source.caveats else {})
    return "\n".join(["[source]", *(f"{key} = {toml_value(value)}" for key, value in told.items()), ""])


def _selections(found: AnyTable, wanted: AnyTable) -> Iterator[tuple[AnyTable, str]]:
    """Yield what can be selected from a table on the way to another: a role, people."""
    yield found, ""
    parts = [(found, "")]
    if isinstance(found, Table) and isinstance(wanted, Table) and len(wanted.roles) == 1 < len(found.roles):
        role = wanted.roles[0]
        parts.append((found.only(role), f".only({text_code(role)})"))
        yield parts[-1]
    for part, code in parts:
        people = list(wanted.subjects)
        if isinstance(part, Table | ChoiceTable) and people and set(people) < set(part.subjects):
            yield part.of(people), f"{code}.of({code_of(people)})"


def data_set_of(table: AnyTable) -> Source | None:
    """Return the data set of the package that a table is of, or None."""
    try:
        source = describe(table.name)
    except DatasetError:
        return None
    return source if source.title == table.source.title else None


def _is_withheld(table: AnyTable) -> bool:
    source = data_set_of(table)
    return source is not None and not source.redistribution


def check_given(given: Sequence[Path]) -> None:
    """Raise an error that lists the files that are not there, and names that two of them share."""
    names = [path.name for path in given]
    problems = [f"{path} is not a file" for path in given if not path.is_file()]
    problems += [f"two files are called {name!r}; rename one" for name in sorted(set(names)) if names.count(name) > 1]
    raise_all(problems, ReplicationError, NOT_PACKAGED)
