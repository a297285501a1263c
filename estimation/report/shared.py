"""Sections that reports of every kind of fit have: data, diagnosis, comparison, provenance, what to cite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from estimation.data import Table
from estimation.data.stored import AnyTable
from estimation.evaluation.comparison.comparison import Comparison
from estimation.evaluation.diagnosis import Diagnosis, diagnose
from estimation.evaluation.facts.predictive import predictive_check
from estimation.evaluation.words import FEWEST
from estimation.fits.fit import AnyFit
from estimation.report import words
from estimation.report.blocks import Facts, Gallery, Paragraph, Section, Verdict, bullets, some
from estimation.report.called import name_of
from estimation.report.methods.shared import CHECK_DRAWS
from estimation.report.origin import origin
from estimation.report.power import power_part
from estimation.report.theories import tables
from estimation.report.theories.gallery import difference_pictures
from estimation.text.sentences import counted
from estimation.text.table import TextTable

NAMED = 4  # games in which most facts are missed
PLAYED = "game and player"
"""What facts of play are about."""


def parts(study: Any) -> tuple[Mapping[str, Any], Mapping[str, Diagnosis]]:
    """Return the fits of a study and their diagnoses, by name."""
    if isinstance(study, Comparison):
        return study.fits, study.diagnoses
    name = name_of(study)
    return {name: study}, {name: diagnose(study)}


def complaints(study: Any, diagnoses: Mapping[str, Diagnosis]) -> list[str]:
    """Return why no verdict may be given; nothing if there is one, be it without some theories, whom it names."""
    if not isinstance(study, Comparison):
        return [diagnosis.verdict for diagnosis in diagnoses.values() if not diagnosis.ok]
    if len(study.sound) >= FEWEST:
        return []
    failed = [diagnosis.verdict for diagnosis in diagnoses.values() if not diagnosis.comparable]
    return failed + [f"{name}: {doubt}." for name, doubt in study.doubts.items() if diagnoses[name].comparable]


def verdict_of(study: Any, diagnoses: Mapping[str, Diagnosis], problems: Sequence[str], answer: str = "") -> Verdict:
    """Return the answer, in a few words and at length, or why there is none."""
    if problems:
        return Verdict(words.AGAIN, tuple(problems))
    if not isinstance(study, Comparison):
        (diagnosis,) = diagnoses.values()
        return Verdict(f"{diagnosis.verdict} {words.ALONE}", answer=answer)
    notes = (Paragraph(" ".join(study.reservations), words.RESERVED),) if study.reservations else ()
    return Verdict(study.verdict, notes=notes, answer=answer)


def facts_of_decisions(table: Table) -> dict[str, str]:
    """Return how many decided how often, and in which conditions."""
    counts = ", ".join(f"{count:,} as {role}" for role, count in table.decisions.items())
    return {
        "people": f"{len(table.subjects):,}",
        "decisions": f"{len(table):,} ({counts})" if len(table.decisions) > 1 else counts,
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
        "published at": known.url or (f"https://doi.org/{known.doi}" if known.doi else ""),
        "licence": known.licence,
        "retrieved": known.retrieved,
        "fingerprint": table.fingerprint[:16],
    }
    shown = Facts(tuple((key, value) for key, value in every.items() if value))
    told = tuple(dict.fromkeys([*known.caveats, *table.caveats]))
    caveats = Section("", "What to know before trusting a result", (bullets(told),))
    return Section("data", "Data", (shown,), (caveats,) if told else ())


def diagnosis_section(diagnoses: Mapping[str, Diagnosis], label: str) -> Section:
    """Return every check of every fit; what failed is marked."""
    shown = tables.diagnosis_tables(diagnoses, label)
    return Section("diagnosis", "Diagnosis", (Paragraph(words.DIAGNOSIS, shown=tuple(shown)), *shown))


def estimate_section(about: str, diagnoses: Mapping[str, Diagnosis], found: Mapping[str, list[TextTable]]) -> Section:
    """Return the estimates of the fits that passed, and the names of those that did not."""
    withheld = ", ".join(name for name, diagnosis in diagnoses.items() if not diagnosis.ok)
    note = Paragraph(f"Withheld, because the diagnosis failed: {withheld}.") if withheld else None
    parts = tuple(Section("", name, tuple(shown)) for name, shown in found.items())
    every = tuple(table for shown in found.values() for table in shown)
    said = Paragraph(about, shown=every) if every else None
    return Section("estimates", "Estimates", some(said, note), parts)


def comparison_section(study: Any, power: Any, unit: str) -> Section | None:
    """Return the comparison with the meaning of its columns, the figures, and what the design could have shown."""
    if not isinstance(study, Comparison):
        return None
    inside = [power_part(power)]
    if len(study.pointwise) > 1:
        title, note = words.DECISION_DIFFERENCES if study.unit == "decision" else words.DIFFERENCES
        note = words.GAME_DIFFERENCES if study.left_out == "game" else note
        drawn = Gallery(tuple(difference_pictures(study)))
        inside.append(Section("", title, (Paragraph(note, shown=(drawn,)), drawn)))
    ranked = tables.comparison_table(study)
    said = Paragraph(f"{unit} {words.SCORES}", shown=(ranked,))
    shown = (said, bullets(tables.comparison_columns(study)), ranked)
    return Section("comparison", "Comparison", shown, tuple(inside))


def predictive_checks(fits: Mapping[str, AnyFit]) -> dict[str, pd.DataFrame]:
    """Return facts of the data beside what each fit predicts."""
    return {name: predictive_check(fit, draws=CHECK_DRAWS) for name, fit in fits.items()}


def checks_section(
    checks: Mapping[str, pd.DataFrame], what: str, about: str, label: str, group: str, parts: tuple[Section, ...] = ()
) -> Section | None:
    """Return what each theory or model explains and misses, in words and as a table; `group` as in `check_table`."""
    if not checks or not len(next(iter(checks.values()))):
        return None
    missed = bullets(
        [(name, f"{_in_words(found, by_group=group == PLAYED)}.") for name, found in checks.items()]
        + left_out(next(iter(checks.values())))
    )
    table = tables.check_table(checks, CHECK_DRAWS, label, group)
    shown = (Paragraph(about, shown=(table,)), missed, table)
    return Section("checks", f"What each {what} explains, and what it does not", shown, parts)


def _in_words(found: pd.DataFrame, *, by_group: bool = False) -> str:
    """Return how many facts a model misses, and which; `by_group` names where it misses most instead."""
    count = Counter(found.loc[found["surprising"], "group" if by_group else "statistic"].astype(str))
    among = count.most_common(NAMED) if by_group else count.items()
    named = "; ".join(f"{fact} ({times}×)" if times > 1 else fact for fact, times in among)
    facts = f", most in {named}" if named and by_group else f": {named}" if named else ""
    return f"misses {count.total()} of {counted(len(found) - len(left_out(found)), 'fact')}{facts}"


def left_out(checked: pd.DataFrame) -> list[tuple[str, str]]:
    """Return (fact and group, reason) of the facts that the file cannot show."""
    if "left_out" not in checked:
        return []
    rows = checked[checked["left_out"] != ""][["statistic", "group", "left_out"]].astype(str).to_numpy()
    return [(f"Left out: {fact}, {group}.", f"{reason[0].upper()}{reason[1:]}.") for fact, group, reason in rows]


def provenance_section(fits: Mapping[str, Any]) -> Section:
    """Return how each fit was computed."""
    table = tables.settings_table(fits)
    return Section("provenance", "Provenance", (Paragraph(words.PROVENANCE, shown=(table,)), table))
