"""What stands in a report on what people value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.market import diversion
from estimation.choice.quantities.substitution import substitution
from estimation.data import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.evaluation.comparison.comparison import Comparison
from estimation.names import ALTERNATIVE, CHOSEN
from estimation.report import shared, words
from estimation.report.blocks import Document, Gallery, Paragraph, Section, bullets, referred
from estimation.report.choices import gallery, tables
from estimation.report.choices.figures import worth_of
from estimation.report.documents.market import market_section, moving_market
from estimation.report.headline import choice_answer, choice_question
from estimation.report.methods.choices import choice_methods
from estimation.report.methods.citing import methods_sections
from estimation.report.priors.gallery import certainty_picture
from estimation.report.reversals import reversals
from estimation.text.table import TextTable

PRICES = ("price", "cost")  # what a coefficient of price is usually called
MOST_ALTERNATIVES = 10  # between which substitution can be read
SIMULATED = "A simulation made these choices, not people. Nothing here is evidence about any market."


def choice_document(
    study: Comparison | ChoiceFit,
    *,
    power: Any = None,
    price: str | None = None,
    removed: str | None = None,
    products: pd.DataFrame | None = None,
) -> Document:
    """Return the report of a model of choice, or of several."""
    fits, diagnoses = shared.parts(study)
    sound = {name: fit for name, fit in fits.items() if diagnoses[name].ok}
    table = next(iter(fits.values())).table
    _check(fits, table, price, removed)
    problems = shared.complaints(study, diagnoses)
    checks = shared.predictive_checks(sound)
    estimates = {name: tables.choice_estimate_tables(fit, name) for name, fit in sound.items()}
    unit = words.UNIT if getattr(study, "unit", "subject") == "subject" else words.DECISIONS
    sections = (
        shared.data_section(table, facts_of_choices(table)),
        _models(fits, sound),
        shared.diagnosis_section(diagnoses, table.label),
        shared.estimate_section(words.WEIGHTS, diagnoses, estimates),
        shared.comparison_section(study, power, unit) if not problems else None,
        shared.checks_section(checks, "model", words.CHECKS, table.label, "alternative or attribute"),
        _worth(sound, price),
        _people(sound),
        market_section(sound, products, price or next((name for name in PRICES if name in table.attributes), None)),
        _substitution(sound, removed),
        Section("reversals", "What would change the verdict", (bullets(reversals(study, problems, checks)),)),
        *methods_sections(choice_methods(study, checks=bool(checks))),
        shared.provenance_section(fits),
    )
    return Document(
        choice_question(study),
        table.label,
        shared.verdict_of(study, diagnoses, problems, "" if problems else choice_answer(study)),
        tuple(section for section in sections if section is not None),
        SIMULATED if table.synthetic else "",
        moving_market(sound, products, price),
    )


def facts_of_choices(table: ChoiceTable) -> dict[str, str]:
    """Return how many chose how often among what."""
    sizes, names = np.diff(table.first_row), table.alternatives
    offered = f"{sizes.min()}" if sizes.min() == sizes.max() else f"{sizes.min()} to {sizes.max()}"
    shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    outside = f"; {table.outside} means none of these" if table.outside else ""
    inside = [name for name in table.attributes if name not in table.covariates]
    return {
        "people": f"{len(table.subjects):,}",
        "choices": f"{len(table):,}, each among {offered} alternatives",
        "alternatives": shown + outside,
        "attributes": ", ".join(inside),
        "known of people": ", ".join(table.covariates),
        **({"weights": table.weighting} if table.weighting else {}),
    }


def _check(fits: Mapping[str, ChoiceFit], table: ChoiceTable, price: str | None, removed: str | None) -> None:
    coefficients = list(dict.fromkeys(name for fit in fits.values() for name in fit.problem.coefficients))
    problems = []
    if price is not None and price not in coefficients:
        problems.append(f"price {price!r} is none of the coefficients {coefficients}")
    if removed is not None and removed not in table.alternatives:
        problems.append(f"{removed!r} is none of the alternatives {table.alternatives}")
    raise_all(problems, ChoiceError, "The report cannot be written:")


def _models(fits: Mapping[str, ChoiceFit], sound: Mapping[str, ChoiceFit]) -> Section:
    """Return the models with their priors, and what these expect of choices."""
    parts = list(map(_model, fits, fits.values()))
    if sound:
        title, note = words.CERTAIN
        parts.append(Section("", title, referred(note, Gallery((certainty_picture(sound),)))))
    return Section("models", "Models", (Paragraph(words.UTILITY),), tuple(parts))


def _model(name: str, fit: ChoiceFit) -> Section:
    about = (type(fit.model).__doc__ or "").strip().split("\n")[0]
    notes = [Paragraph(text) for text in fit.problem.notes(fit.tree["posterior"].dataset)]
    return Section("", name, (*referred(f"{about} {words.PARAMETERS}", tables.choice_model_table(fit, name)), *notes))


def _worth(sound: Mapping[str, ChoiceFit], price: str | None) -> Section | None:
    """Return what people would pay, under each model that has a price."""
    parts: list[Section] = []
    shown: list[TextTable | Gallery] = []
    for name, fit in sound.items():
        called = price or next((known for known in PRICES if known in fit.problem.coefficients), None)
        known = called in fit.problem.coefficients and len(fit.problem.coefficients) > 1
        if called is None or not (known and fit.model.is_linear):
            continue
        try:
            worth = worth_of(fit, called)
        except ChoiceError as problem:  # where other terms read the price, too
            parts.append(Section("", name, tuple(Paragraph(f"{problem.heading} {each}.") for each in problem.problems)))
            continue
        if not worth.draws.size:
            continue
        notes, drawn = [Paragraph(note) for note in worth.notes], Gallery((gallery.worth_picture(worth, name),))
        table = tables.quantity_table(worth)
        shown += [table, drawn]
        parts.append(Section("", name, (*notes, table, drawn)))
    said = Paragraph(words.WORTH, shown=tuple(shown))
    return Section("worth", "What people would pay", (said,), tuple(parts)) if parts else None


def _people(sound: Mapping[str, ChoiceFit]) -> Section | None:
    pictures = tuple(gallery.people_gallery(sound))
    if not pictures:
        return None
    title, note = words.PEOPLE
    if not any(fit.problem.varying(fit.tree["posterior"].dataset) for fit in sound.values()):
        note = words.CLASSES
    return Section("people", title, referred(note, Gallery(pictures)))


def _substitution(sound: Mapping[str, ChoiceFit], removed: str | None) -> Section | None:
    """Return where buyers go, if it was asked for, or if alternatives have names that mean something."""
    if not sound or not (removed or _has_named_alternatives(next(iter(sound.values())).table)):
        return None
    table = next(iter(sound.values())).table
    gone = removed or _most_chosen(table)
    shown = substitution(sound, gone)
    pictures = [gallery.substitution_picture(shown)] if len(sound) > 1 else []
    pictures += [gallery.diversion_picture(diversion(fit), name) for name, fit in sound.items()]
    blocks = referred(words.SUBSTITUTION, tables.substitution_table(shown), Gallery(tuple(pictures)))
    return Section("substitution", "Which alternatives are close substitutes", blocks)


def _has_named_alternatives(table: ChoiceTable) -> bool:
    names = table.alternatives
    return 2 < len(names) <= MOST_ALTERNATIVES and not all(name.isdigit() for name in names)


def _most_chosen(table: ChoiceTable) -> str:
    rows = table.rows
    counts = rows.loc[rows[CHOSEN.name], ALTERNATIVE.name].value_counts()
    return str(next(name for name in counts.index if name != table.outside))
