"""What stands in a report on theories of what people say and do, in the order in which a reader should meet it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from estimation.data.plays import PlayTable
from estimation.data.stored import AnyTable
from estimation.evaluation.comparison import Comparison
from estimation.evaluation.diagnosis import Diagnosis
from estimation.fits.fit import PLAYS, AnyFit
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.report import shared, words
from estimation.report.blocks import Document, Gallery, Paragraph, Section, bullets
from estimation.report.estimates import estimate_tables
from estimation.report.plays.gallery import facts_of_plays, play_pictures
from estimation.report.reversals import reversals
from estimation.report.theories.care import care_sections
from estimation.report.theories.costs import cost_sections
from estimation.report.theories.gallery import behaviour_pictures, people_pictures, trust_pictures
from estimation.report.theories.played import game_section
from estimation.report.theories.tables import model_table

SIMULATED = "A simulation made these data, not people. Nothing here is evidence about human behaviour."

Fits = Mapping[str, AnyFit]


def theory_document(study: Comparison | AnyFit, power: Any = None) -> Document:
    """Return the report of a comparison of theories, or of one fit."""
    fits, diagnoses = shared.parts(study)
    usable = {name: fit for name, fit in fits.items() if diagnoses[name].comparable}
    first = next(iter(fits.values()))
    table, is_play = first.table, first.family == PLAYS
    problems = shared.complaints(study, diagnoses)
    checks = shared.predictive_checks(usable)
    facts = facts_of_plays(table) if is_play else shared.facts_of_decisions(table)
    unit = words.UNITS_OF_PLAY if is_play else words.UNIT
    sections = (
        shared.data_section(table, facts),
        None if is_play else game_section(table),
        _models(fits),
        shared.diagnosis_section(diagnoses, table.label),
        _estimates(fits, diagnoses),
        shared.comparison_section(study, power, unit) if not problems else None,
        _checks(checks, usable, table),
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
    tables = {name: estimate_tables(fit) for name, fit in fits.items() if diagnoses[name].ok}
    is_pooled = all(fit.manifest.get("pooled") for fit in fits.values())
    return shared.estimate_section(words.SHARED if is_pooled else words.ESTIMATES, diagnoses, tables)


def _checks(checks: Mapping[str, pd.DataFrame], usable: Fits, table: AnyTable) -> Section | None:
    """Return facts of the data beside what each theory predicts, in words, as a table and as figures."""
    if not usable:
        return None
    is_play = isinstance(table, PlayTable)
    title, note = words.PLAYED if is_play else words.BEHAVIOUR
    pictures = tuple((play_pictures if is_play else behaviour_pictures)(usable))
    drawn = Section("", title, (Paragraph(note), Gallery(pictures)))
    costs = () if is_play else cost_sections(usable, checks)
    about = words.CHECKS if is_play else f"{words.CHECKS} {words.FACTS}"
    group = "game and player" if is_play else "condition"
    return shared.checks_section(checks, "theory", about, table.label, group, (*costs, drawn))


def _people(usable: Mapping[str, MessageFit]) -> Section | None:
    if not usable:
        return None
    title, note = words.PEOPLE
    moving = trust_pictures(usable)
    paths = (Section("", words.PATHS[0], (Paragraph(words.PATHS[1]), Gallery(tuple(moving)))),) if moving else ()
    parts = (*care_sections(usable), *paths)
    return Section("people", title, (Paragraph(note), Gallery(tuple(people_pictures(usable)))), parts)
