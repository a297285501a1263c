"""Sections that reports of every kind of fit have: data, diagnosis, comparison, provenance, what to cite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from estimation.data import Source, Table, describe
from estimation.data.stored import AnyTable
from estimation.errors import DatasetError
from estimation.evaluation.comparison import Comparison
from estimation.evaluation.diagnosis import Diagnosis, diagnose
from estimation.report import words
from estimation.report.blocks import Facts, Paragraph, Section, Verdict, bullets, some
from estimation.report.power import power_part
from estimation.report.theories.tables import comparison_columns, comparison_table, diagnosis_table, settings_table


def parts(study: Any) -> tuple[Mapping[str, Any], Mapping[str, Diagnosis]]:
    """Return the fits of a study and their diagnoses, by name."""
    if isinstance(study, Comparison):
        return study.fits, study.diagnoses
    name = words.name_of(study)
    return {name: study}, {name: diagnose(study)}


def complaints(study: Any, diagnoses: Mapping[str, Diagnosis]) -> list[str]:
    """Return why no verdict may be given; nothing if all is well."""
    if not isinstance(study, Comparison):
        return [diagnosis.verdict for diagnosis in diagnoses.values() if not diagnosis.ok]
    failed = [diagnosis.verdict for diagnosis in diagnoses.values() if not diagnosis.comparable]
    return failed + [f"{name}: {doubt}." for name, doubt in study.doubts.items() if diagnoses[name].comparable]


def verdict_of(study: Any, diagnoses: Mapping[str, Diagnosis], problems: Sequence[str]) -> Verdict:
    """Return the answer, or why there is none."""
    if problems:
        return Verdict(words.AGAIN, tuple(problems))
    if not isinstance(study, Comparison):
        (diagnosis,) = diagnoses.values()
        return Verdict(f"{diagnosis.verdict} {words.ALONE}")
    notes = (Paragraph(" ".join(study.reservations), words.RESERVED),) if study.reservations else ()
    return Verdict(study.verdict, notes=notes)


def origin(table: AnyTable) -> Source:
    """Return where the data come from, with the caveats that a fit's file does not repeat."""
    try:
        known = describe(table.name)
    except DatasetError:
        return table.source
    return known if known.title == table.source.title else table.source


def facts_of_decisions(table: Table) -> dict[str, str]:
    """Return how many decided how often, and in which conditions."""
    counts = ", ".join(f"{count:,} as {role}" for role, count in table.decisions.items())
    return {
        "people": f"{len(table.subjects):,}",
        "decisions": f"{len(table):,} ({counts})",
        "conditions": ", ".join(table.conditions),
    }


def data_section(table: AnyTable, facts: Mapping[str, str]) -> Section:
    """Return what the data are, where they come from, and what to know before trusting a result."""
    known = origin(table)
    every = {
        "table": table.label,
        "what": known.description,
        **facts,
        "source": known.citation or known.title,
        "published at": known.url,
        "licence": known.licence,
        "retrieved": known.retrieved,
        "fingerprint": table.fingerprint[:16],
    }
    shown = Facts(tuple((key, value) for key, value in every.items() if value))
    caveats = Section("", "What to know before trusting a result", (bullets(known.caveats),))
    return Section("data", "Data", (shown,), (caveats,) if known.caveats else ())


def diagnosis_section(diagnoses: Mapping[str, Diagnosis], label: str) -> Section:
    """Return every check of every fit; what failed is marked."""
    tables = [diagnosis_table(group, label) for group in grouped_by_checks(diagnoses)]
    return Section("diagnosis", "Diagnosis", (Paragraph(words.DIAGNOSIS), *tables))


def grouped_by_checks(diagnoses: Mapping[str, Diagnosis]) -> list[dict[str, Diagnosis]]:
    """Return diagnoses in groups that consist of the same checks."""
    groups: dict[tuple[str, ...], dict[str, Diagnosis]] = {}
    for name, diagnosis in diagnoses.items():
        groups.setdefault(tuple(map(str, diagnosis.table.index)), {})[name] = diagnosis
    return list(groups.values())


def estimate_section(about: str, withheld: Sequence[str], found: tuple[Section, ...]) -> Section:
    """Return the estimates of the fits that passed, and the names of those that did not."""
    names = ", ".join(withheld)
    note = Paragraph(f"Withheld, because the diagnosis failed: {names}.") if withheld else None
    return Section("estimates", "Estimates", some(Paragraph(about), note), found)


def comparison_section(study: Any, drawn: Section | None, power: Any, unit: str) -> Section | None:
    """Return the comparison with the meaning of its columns, the figures, and what the design could have shown."""
    if not isinstance(study, Comparison):
        return None
    columns = bullets([(name, meaning) for name, meaning in comparison_columns(study)])
    inside = [part for part in (power_part(power), drawn) if part is not None]
    return Section("comparison", "Comparison", (comparison_table(study), Paragraph(unit), columns), tuple(inside))


def provenance_section(fits: Mapping[str, Any]) -> Section:
    """Return how each fit was computed."""
    return Section("provenance", "Provenance", (Paragraph(words.PROVENANCE), settings_table(fits)))


def citation_section(citations: Sequence[str]) -> Section:
    """Return what to cite."""
    return Section("citations", "What to cite", (bullets(citations),))
