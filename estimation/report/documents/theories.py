"""What stands in a report on theories of what people say and do, in the order in which a reader should meet it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from estimation.data.stored import AnyTable
from estimation.data.tables.plays import PlayTable
from estimation.evaluation.comparison.comparison import Comparison
from estimation.evaluation.diagnosis import Diagnosis
from estimation.fits.fit import PLAYS, AnyFit
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.report import shared, words
from estimation.report.blocks import Document, Gallery, Paragraph, Section, bullets, referred
from estimation.report.called import changed_options
from estimation.report.estimates import estimate_tables
from estimation.report.headline import theory_answer, theory_question
from estimation.report.methods.citing import methods_sections
from estimation.report.methods.theories import theory_methods
from estimation.report.plays.gallery import facts_of_plays, play_pictures
from estimation.report.plays.played import games_section
from estimation.report.priors.gallery import expected_sections, priors_picture
from estimation.report.priors.tables import parameter_meanings, prior_table
from estimation.report.reversals import reversals
from estimation.report.theories.care import care_sections
from estimation.report.theories.costs import cost_sections
from estimation.report.theories.gallery import behaviour_pictures, people_pictures, trust_pictures
from estimation.report.theories.played import game_section

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
    methods = theory_methods(study, checks=bool(checks))
    sections = (
        shared.data_section(table, facts),
        games_section(table) if is_play else game_section(table),
        _models(fits),
        shared.diagnosis_section(diagnoses, table.label),
        _estimates(fits, diagnoses),
        shared.comparison_section(study, power, unit) if not problems else None,
        _checks(checks, usable, table),
        _people({name: fit for name, fit in usable.items() if isinstance(fit.problem, MessageProblem)}),
        Section("reversals", "What would change the verdict", (bullets(reversals(study, problems, checks)),)),
        *methods_sections(methods),
        shared.provenance_section(fits),
    )
    return Document(
        theory_question(study),
        table.label if is_play else f"{table.label}: people {words.roles(table.roles)}",
        shared.verdict_of(study, diagnoses, problems, "" if problems else theory_answer(study, checks)),
        tuple(section for section in sections if section is not None),
        SIMULATED if table.synthetic else "",
    )


def _models(fits: Fits) -> Section:
    about = words.PLAYS if any("pooled" in fit.manifest for fit in fits.values()) else words.POPULATION
    parts = (*map(_model, fits, fits.values()), *expected_sections(fits))
    return Section("models", "Models", (Paragraph(about),), parts)


def _model(name: str, fit: AnyFit) -> Section:
    """Return what a theory says, its parameters and their priors."""
    meanings, priors, drawn = (
        parameter_meanings(fit, name),
        prior_table(fit, name),
        Gallery((priors_picture(fit, name),)),
    )
    options = changed_options(fit.theory)
    about = fit.theory.in_a_sentence + (f" Options other than the defaults: {options}." if options else "")
    said = Paragraph(f"{about} {words.PARAMETERS}", shown=(meanings, priors))
    note = words.SHARED_PRIORS if fit.manifest.get("pooled") else words.PRIORS
    return Section("", name, (said, meanings, priors, *referred(note, drawn)))


def _estimates(fits: Fits, diagnoses: Mapping[str, Diagnosis]) -> Section:
    tables = {name: estimate_tables(fit, name) for name, fit in fits.items() if diagnoses[name].ok}
    is_pooled = all(fit.manifest.get("pooled") for fit in fits.values())
    return shared.estimate_section(words.SHARED if is_pooled else words.ESTIMATES, diagnoses, tables)


def _checks(checks: Mapping[str, pd.DataFrame], usable: Fits, table: AnyTable) -> Section | None:
    """Return facts of the data beside what each theory predicts, in words, as a table and as figures."""
    if not usable:
        return None
    is_play = isinstance(table, PlayTable)
    title, note = words.PLAYED if is_play else words.BEHAVIOUR
    pictures = Gallery(tuple((play_pictures if is_play else behaviour_pictures)(usable)))
    drawn = Section("", title, referred(note, pictures))
    costs = () if is_play else cost_sections(usable, checks)
    about = words.CHECKS if is_play else f"{words.CHECKS} {words.FACTS}"
    group = shared.PLAYED if is_play else "condition"
    return shared.checks_section(checks, "theory", about, table.label, group, (*costs, drawn))


def _people(usable: Mapping[str, MessageFit]) -> Section | None:
    if not usable:
        return None
    title, note = words.PEOPLE
    moving, drawn = Gallery(tuple(trust_pictures(usable))), Gallery(tuple(people_pictures(usable)))
    said = Paragraph(words.PATHS[1], shown=(moving,))
    paths = (Section("", words.PATHS[0], (said, moving)),) if moving.pictures else ()
    return Section("people", title, (*referred(note, drawn),), (*care_sections(usable), *paths))
