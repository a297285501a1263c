"""What stands in a report on theories of what people say and do, in the order in which a reader should meet it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from estimation.evaluation.comparison import Comparison
from estimation.evaluation.diagnosis import Diagnosis
from estimation.evaluation.predictive import predictive_check
from estimation.fits.fit import PLAYS, AnyFit
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.report import shared, words
from estimation.report.blocks import Document, Gallery, Paragraph, Section, bullets, some
from estimation.report.estimates import estimate_tables
from estimation.report.plays.gallery import facts_of_plays, play_pictures
from estimation.report.reversals import reversals
from estimation.report.theories.gallery import behaviour_pictures, difference_pictures, people_pictures, trust_pictures
from estimation.report.theories.tables import check_table, model_table

CHECK_DRAWS = 50  # simulated experiments behind the predictive checks
SIMULATED = "A simulation made these data, not people. Nothing here is evidence about human behaviour."

Fits = Mapping[str, AnyFit]


def theory_document(study: Comparison | AnyFit, power: Any = None) -> Document:
    """Return the report of a comparison of theories, or of one fit."""
    fits, diagnoses = shared.parts(study)
    usable = {name: fit for name, fit in fits.items() if diagnoses[name].comparable}
    first = next(iter(fits.values()))
    table, is_play = first.table, first.family == PLAYS
    problems = shared.complaints(study, diagnoses)
    checks = {name: predictive_check(fit, draws=CHECK_DRAWS) for name, fit in usable.items()}
    facts = facts_of_plays(table) if is_play else shared.facts_of_decisions(table)
    unit = words.UNITS_OF_PLAY if is_play else words.UNIT
    sections = (
        shared.data_section(table, facts),
        _models(fits),
        shared.diagnosis_section(diagnoses, table.label),
        _estimates(fits, diagnoses),
        shared.comparison_section(study, _differences(study), power, unit) if not problems else None,
        _checks(checks, usable, table.label),
        _people({name: fit for name, fit in usable.items() if isinstance(fit.problem, MessageProblem)}),
        Section("reversals", "What would change the verdict", (bullets(reversals(study, problems, checks)),)),
        shared.provenance_section(fits),
        shared.citation_section(words.citations(fits, shared.origin(table).citation)),
    )
    return Document(
        words.question([fit.theory for fit in fits.values()]),
        table.label if is_play else f"{table.label}: people {words.roles(table.roles)}",
        shared.verdict_of(study, diagnoses, problems),
        tuple(section for section in sections if section is not None),
        SIMULATED if table.synthetic else "",
    )


def _models(fits: Fits) -> Section:
    about = words.PLAYS if any("pooled" in fit.manifest for fit in fits.values()) else words.POPULATION
    return Section("models", "Models", (Paragraph(about),), tuple(map(_model, fits, fits.values())))


def _model(name: str, fit: AnyFit) -> Section:
    options = ", ".join(f"{key} = {value}" for key, value in fit.theory.options.items())
    about = f"{fit.theory.about} Options: {options}." if options else fit.theory.about
    return Section("", name, (Paragraph(about), model_table(fit)))


def _estimates(fits: Fits, diagnoses: Mapping[str, Diagnosis]) -> Section:
    sound = {name: fit for name, fit in fits.items() if diagnoses[name].ok}
    parts = tuple(Section("", name, tuple(estimate_tables(fit))) for name, fit in sound.items())
    is_pooled = all(fit.manifest.get("pooled") for fit in fits.values())
    about = words.SHARED if is_pooled else words.ESTIMATES
    return shared.estimate_section(about, [name for name in fits if name not in sound], parts)


def _differences(study: Comparison | AnyFit) -> Section | None:
    if not isinstance(study, Comparison) or len(study.pointwise) == 1:
        return None
    title, note = words.DIFFERENCES
    return Section("", title, (Paragraph(note), Gallery(tuple(difference_pictures(study)))))


def _checks(checks: Mapping[str, pd.DataFrame], usable: Fits, label: str) -> Section | None:
    """Return facts of the data beside what each theory predicts, in words, as a table and as figures."""
    if not checks:
        return None
    is_play = next(iter(usable.values())).family == PLAYS
    missed = [(f"{name}", f"{in_words(found)}.") for name, found in checks.items()]
    title, note = words.PLAYED if is_play else words.BEHAVIOUR
    pictures = tuple((play_pictures if is_play else behaviour_pictures)(usable))
    drawn = Section("", title, (Paragraph(note), Gallery(pictures)))
    about = Paragraph(words.CHECKS if is_play else f"{words.CHECKS} {words.FACTS}")
    group = "game and player" if is_play else "condition"
    shown = some(about, bullets(missed), check_table(checks, CHECK_DRAWS, label, group))
    return Section("checks", "What each theory explains, and what it does not", shown, (drawn,))


def in_words(found: pd.DataFrame) -> str:
    """Return how many facts a model misses, and which."""
    count = Counter(str(fact) for fact in found.loc[found["surprising"], "statistic"])
    facts = "; ".join(f"{fact} ({times}×)" if times > 1 else fact for fact, times in count.items())
    return f"misses {count.total()} of {len(found)} facts{': ' + facts if facts else ''}"


def _people(usable: Mapping[str, MessageFit]) -> Section | None:
    if not usable:
        return None
    title, note = words.PEOPLE
    moving = trust_pictures(usable)
    paths = (Section("", words.PATHS[0], (Paragraph(words.PATHS[1]), Gallery(tuple(moving)))),) if moving else ()
    return Section("people", title, (Paragraph(note), Gallery(tuple(people_pictures(usable)))), paths)
