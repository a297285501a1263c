"""Where data come from: citation, licence, files with checksums, games, caveats."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from estimation.allowed import word_problems
from estimation.data.tables.specs import games_from_specs, read_toml
from estimation.errors import DatasetError, raise_all
from estimation.games.game import Game
from estimation.listed import listed
from estimation.names import ROLES
from estimation.text.shown import Display, Shown

CHEAP_TALK_SCHEMA, CHOICE_SCHEMA = SCHEMAS = ("cheap-talk", "choice")


@dataclass(frozen=True)
class SourceFile:
    """One file of a data set.

    Parameters
    ----------
    name
        What it is called on disk.
    sha256
        Checksum of its contents, hexadecimal; empty for shipped files that need none.
    url
        Where it can be downloaded; empty for shipped files and those that must be made.
    how
        How to make a file that can be neither shipped nor downloaded as it is; empty otherwise.
    """

    name: str
    sha256: str = ""
    url: str = ""
    how: str = ""


@dataclass(frozen=True)
class Source(Shown):
    """The origin of a data set, as its ``source.toml`` states it.

    Parameters
    ----------
    title, description
        What the data are, in a few words and in one line.
    citation, doi, url
        What to cite, and where the data were published.
    licence
        Under what terms, in words.
    redistribution
        Whether the files may be passed on. If not, they are fetched from their origin and never shipped.
    retrieved
        When the files were last looked at, as YYYY-MM-DD.
    synthetic
        Whether a simulation made the data.
    files
        The files that are needed.
    table, reader
        Either the file that holds the standard columns, or the reader that makes them from raw files.
    schema
        What kind of table it is: ``"cheap-talk"`` or ``"choice"``.
    conditions
        The game of each condition as plain data; none for choices.
    outside
        The alternative of a choice table that means "none of these"; empty if there is none.
    caveats
        What one must know before trusting a result from these data.
    """

    title: str
    description: str = ""
    citation: str = ""
    doi: str = ""
    url: str = ""
    licence: str = "unknown"
    redistribution: bool = False
    retrieved: str = ""
    synthetic: bool = False
    files: tuple[SourceFile, ...] = ()
    table: str = "decisions.csv"
    reader: str = ""
    schema: str = CHEAP_TALK_SCHEMA
    outside: str = ""
    conditions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    caveats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "caveats", listed(self.caveats))

    def _display(self) -> Display:
        facts: dict[str, object] = {"citation": self.citation, "doi": self.doi, "published at": self.url}
        facts |= {
            "licence": self.licence,
            "files": [file.name for file in self.files],
            "conditions": list(self.conditions),
        }
        title = f"{self.title}: {self.description}" if self.description else self.title
        return Display(title, {name: fact for name, fact in facts.items() if fact}, notes=self.caveats)

    @property
    def told(self) -> dict[str, str]:
        """What to cite and under what terms, where no data set of the package says so."""
        kept = ("description", "citation", "doi", "url", "licence", "retrieved")
        default = {option.name: option.default for option in fields(Source)}
        return {} if self.files else {key: held for key in kept if (held := getattr(self, key)) != default[key]}

    def for_roles(self, roles: Collection[str]) -> Source:
        """Return the source without caveats that are about other roles than these; see `about_role`."""
        others = tuple(about_role(role, "") for role in ROLES if role not in roles)
        kept = tuple(caveat for caveat in self.caveats if not caveat.startswith(others))
        return self if kept == self.caveats else replace(self, caveats=kept)

    def games(self) -> dict[str, Game]:
        """Return the game of each condition.

        Raises
        ------
        DatasetError
            If a specification does not make a game.
        """
        return games_from_specs(self.conditions, DatasetError, f"The games of {self.title!r} cannot be built:")


def about_role(role: str, caveat: str) -> str:
    """Return a caveat that begins with the role that it is about, so that tables of the other one do not repeat it.

    It stands in the text, for files of data and of fits hold caveats as texts; ``""`` are people without a role.
    """
    return f"{role.capitalize()}s: {caveat}" if role else f"People without a role: {caveat}"


KINDS: dict[str, type] = {
    option.name: {"str": str, "bool": bool, "tuple": list, "Mapping": dict}[str(option.type).partition("[")[0]]
    for option in fields(Source)
}
"""What each key of a ``source.toml`` holds."""


def read_source(path: Path) -> Source:
    """Read a ``source.toml``.

    Raises
    ------
    DatasetError
        If the file is not TOML, or a key is unknown, missing or of the wrong type.
    """
    heading = f"{path} does not describe a data set:"
    content = read_toml(path, DatasetError, heading)
    raise_all(_problems(content), DatasetError, heading)
    listed = tuple(SourceFile(**entry) for entry in content.pop("files", []))
    files = listed or (() if content.get("reader") else (SourceFile(content.get("table", Source.table)),))
    return Source(**content | {"files": files, "caveats": tuple(content.get("caveats", ()))})


def _problems(content: Mapping[str, Any]) -> list[str]:
    problems = [f"key {key!r} is unknown; keys: {sorted(KINDS)}" for key in content if key not in KINDS]
    schema = content.get("schema", CHEAP_TALK_SCHEMA)
    problems += word_problems(SCHEMAS, schema=schema)
    needed = ("title",) if schema == CHOICE_SCHEMA else ("title", "conditions")
    problems += [f"key {key!r} is missing" for key in needed if key not in content]
    problems += [
        f"key {key!r} must be of type {KINDS[key]}, not {content[key]!r}"
        for key in KINDS
        if key in content and not isinstance(content[key], KINDS[key])
    ]
    for entry in content.get("files", []):
        if not isinstance(entry, dict) or "name" not in entry or not set(entry) <= {"name", "sha256", "url", "how"}:
            problems.append(f"a file needs name and may have sha256, url and how, not {entry!r}")
        elif "url" in entry and "sha256" not in entry:
            problems.append(f"file {entry['name']!r} has a url but no sha256; state what must arrive")
    return problems
