"""The README of a replication package, in the order in which data editors of journals read it.

Sections follow the template README of the social science data editors (version 1.1, 2022) and the Data and Code
Availability Standard (2022). What only authors know stands as `TODO`.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from estimation.names import CHEAP_TALK, CHOICE, HYPOTHETICAL, OUTCOME, PLAYS
from estimation.papers.manifest import Manifest
from estimation.papers.results import RESULTS, exhibits
from estimation.papers.script import SCRIPT, NamedStudy
from estimation.papers.tables import DATA, PackagedTable
from estimation.report.methods.citing import sources_of
from estimation.text.sentences import counted

TODO = "[authors: "
"""What places that authors must complete begin with."""
MINUTE, SHORT, LONG = 60, 90, 5400  # seconds


@dataclass(frozen=True)
class Told:
    """What the authors say about the paper."""

    title: str
    authors: tuple[str, ...]
    licence: str


def readme_text(
    told: Told, studies: list[NamedStudy], tables: Mapping[str, PackagedTable], manifest: Manifest, results: Path
) -> str:
    """Return the README as Markdown; `results` is where the tables and figures are."""
    sections = {
        f'Replication package for "{told.title}"': _overview(told, studies, manifest),
        "Data availability and provenance": _provenance(told, tables, manifest),
        "Data files": _data_files(tables, manifest),
        "Computational requirements": _requirements(manifest),
        "Programs": _programs(manifest),
        "Instructions to replicators": _instructions(manifest),
        "Tables, figures and programs": _exhibits(studies, results),
        "References": [f"- {text}" for text in _references(studies, tables)],
    }
    parts = [
        f"{'#' if at == 0 else '##'} {title}\n\n" + "\n".join(lines)
        for at, (title, lines) in enumerate(sections.items())
    ]
    return "\n\n".join(parts) + "\n"


def places_to_complete(readme: str) -> list[str]:
    """Return what authors have to complete in a README, in order."""
    return [part.split("]")[0] for part in readme.split(TODO)[1:]]


def _overview(told: Told, studies: list[NamedStudy], manifest: Manifest) -> list[str]:
    authors = ", ".join(told.authors) or f"{TODO}your names, affiliations and an address]"
    made_up = any(named.table.synthetic for named in studies)
    warning = ["**SYNTHETIC: a simulation made data of this package, not people.**", ""] if made_up else []
    names = ", ".join(f"`{named.name}`" for named in studies)
    return [
        *warning,
        f"Authors: {authors}",
        "",
        f"`{SCRIPT}` makes every number, table and figure in `results` from the data: {_count(studies, 'study')} "
        f"({names}), {_count(manifest.files, 'file')} in all. The fits take about {_time(_seconds(manifest))}; "
        "checking the digests of all files takes seconds.",
    ]


def _provenance(told: Told, tables: Mapping[str, PackagedTable], manifest: Manifest) -> list[str]:
    lines = []
    for table in tables.values():
        source = table.source
        lines += [f"### {table.table.label}", ""]
        cited = source.citation or f"{TODO}who collected {table.table.name}, when and how; what to cite]"
        where = ", ".join(part for part in (source.url, source.doi and f"doi:{source.doi}") if part)
        facts = {
            "Source": cited,
            "Published at": where,
            "Licence": source.licence if source.licence != "unknown" else f"{TODO}under what terms it may be used]",
            "Provided": _provided(table, manifest),
            "Rows": table.note,
        }
        lines += [f"- {name}: {fact}" for name, fact in facts.items() if fact]
        lines += [f"- Caveat: {caveat}" for caveat in source.caveats]
        lines.append("")
    return [
        *lines,
        "### Rights, instruments and ethics",
        "",
        f"- Licence of this package's own files: {told.licence or f'{TODO}choose one, such as CC BY 4.0]'}",
        f"- {TODO}state that you may use the data, and may redistribute what is in `{DATA}`]",
        f"- {TODO}instructions to participants, how they were selected, and what is known of data that were left out]",
        f"- {TODO}approval of an ethics board with its number, or why none was needed; preregistration, if any]",
    ]


def _provided(table: PackagedTable, manifest: Manifest) -> str:
    if table.fetched:
        return f"no: it may not be passed on. The script downloads it (`estimation fetch {table.table.name}`)"
    if any(name.startswith(f"{DATA}/") for name in manifest.elsewhere):
        return (
            f"no. {TODO}how a reader gets the data: from whom, under what conditions, at what cost, how long it takes]"
        )
    return f"yes, in `{DATA}`"


def _data_files(tables: Mapping[str, PackagedTable], manifest: Manifest) -> list[str]:
    rows = [
        *((name, digest, "yes") for name, digest in manifest.files.items() if name.startswith(f"{DATA}/")),
        *((name, digest, "no") for name, digest in manifest.elsewhere.items()),
        *(
            (f"{name}: {file}", digest, "fetched")
            for name, held in manifest.datasets.items()
            for file, digest in held.items()
        ),
    ]
    lines = ["| file | provided | sha256 |", "|---|---|---|"]
    lines += [f"| `{name}` | {provided} | `{digest}` |" for name, digest, provided in rows]
    return [*lines, "", "Variables:", "", *_variables(tables)]


def _variables(tables: Mapping[str, PackagedTable]) -> list[str]:
    """Return what each column means that a table has; those of the authors' own are theirs to explain."""
    known = {column.name: column for column in (*PLAYS, *CHOICE, *CHEAP_TALK, OUTCOME, HYPOTHETICAL)}
    names = dict.fromkeys(str(name) for table in tables.values() for name in table.table.frame.columns)
    lines = ["| variable | meaning | unit |", "|---|---|---|"]
    for name in names:
        column = known.get(name)
        meaning = (column.meaning, column.unit) if column else (f"{TODO}meaning and unit of {name}]", "")
        lines.append(f"| `{name}` | {meaning[0]} | {meaning[1]} |")
    return lines


def _requirements(manifest: Manifest) -> list[str]:
    software = manifest.software
    packages = software["packages"]
    return [
        f"- Python {software['python']} on {software['system']}; no other program.",
        f"- `requirements.txt` names all {len(packages)} packages with their versions "
        f"(estimation {packages.get('estimation', '')}, digest of its source `{software['source of estimation']}`).",
        f"- {TODO}where this version of estimation can be had, if its line in requirements.txt does not say so]",
        f"- The fits took {_time(_seconds(manifest))} where the results were made: {platform.machine()}, "
        f"{os.cpu_count()} processors. They need no graphics card, and a few gigabytes of memory.",
        f"- Random numbers: every fit has its seed in `{SCRIPT}`. Another machine, or other versions, may change the "
        "last digits of draws; `estimation verify` judges differences by the Monte-Carlo errors in `numbers.csv`.",
    ]


def _programs(manifest: Manifest) -> list[str]:
    own = [name for name in manifest.files if name.startswith("code/")]
    return [
        f"- `{SCRIPT}`: everything, from data to results; about a page, to be read first.",
        *(f"- `{name}`: models of the authors' own, which the script imports." for name in own),
        f"- {TODO}programs that made the files in `{DATA}` from raw data, if any: add them to `code`]",
    ]


def _instructions(manifest: Manifest) -> list[str]:
    fetch = [f"   estimation fetch {name}" for name in manifest.datasets]
    return [
        "```bash",
        "python -m venv .venv && . .venv/bin/activate",
        "pip install -r requirements.txt",
        *(line.strip() for line in fetch),
        "estimation verify .            # digests and versions; runs nothing",
        "estimation verify . --run      # makes everything anew beside this folder, and compares every number",
        "```",
        "",
        f"`python {SCRIPT} FOLDER` makes the results anew without comparing them.",
    ]


def _exhibits(studies: list[NamedStudy], results: Path) -> list[str]:
    rows = [
        f"|  | {text_in_cell(shows)} | `{RESULTS}/{named.name}/{file}` |"
        for named in studies
        for file, shows in exhibits(results / named.name).items()
    ]
    return [
        f"Everything is made by `{SCRIPT}`, in the line that writes the study's results. Tables are there as `.csv` "
        "and `.tex`, figures as `.pdf` and `.png`.",
        "",
        f"{TODO}number what the paper prints in the first column, and delete other rows if you like]",
        "",
        "| in the paper | shows | file |",
        "|---|---|---|",
        *rows,
    ]


def text_in_cell(text: str) -> str:
    """Return text as it stands in a cell of a table of Markdown."""
    return " ".join(text.replace("|", "\\|").split())


def _references(studies: list[NamedStudy], tables: Mapping[str, PackagedTable]) -> Iterator[str]:
    data = [table.source.citation for table in tables.values()]
    methods = [text for named in studies for text in sources_of(named.fits)]
    software = "The estimation developers: estimation, version of `requirements.txt`."
    yield from dict.fromkeys(text for text in [*data, *methods, software] if text)


def _seconds(manifest: Manifest) -> float:
    return sum(float(study["seconds"]) for study in manifest.studies.values())


def _time(seconds: float) -> str:
    """Return a duration in words, as a reader needs it."""
    if seconds < SHORT:
        return counted(max(1, round(seconds)), "second")
    return f"{round(seconds / MINUTE)} minutes" if seconds < LONG else f"{seconds / MINUTE**2:.1f} hours"


def _count(things: object, name: str) -> str:
    number = len(things)  # type: ignore[arg-type] # lists and mappings
    return f"{number:,} {name if number == 1 else {'study': 'studies', 'file': 'files'}[name]}"
