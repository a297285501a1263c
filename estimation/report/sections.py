"""What stands in a report: the facts of a study put in the order in which a reader should meet them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from estimation.data import Source, Table, describe
from estimation.errors import DatasetError
from estimation.evaluation.comparison import Comparison
from estimation.evaluation.diagnosis import Diagnosis, diagnose
from estimation.evaluation.predictive import predictive_check
from estimation.inference.artifact import Fit
from estimation.report import words
from estimation.report.estimates import effect_table, parameter_table, share_table
from estimation.report.gallery import behaviour_pictures, difference_pictures, people_pictures
from estimation.report.tables import (
    check_table,
    comparison_columns,
    comparison_table,
    diagnosis_table,
    model_table,
    settings_table,
)

CHECK_DRAWS = 50  # simulated experiments behind the predictive checks


def content(study: Comparison | Fit) -> dict[str, Any]:
    """Return everything that the template needs."""
    fits, diagnoses = _parts(study)
    sound = {name: fit for name, fit in fits.items() if diagnoses[name].ok}
    usable = {name: fit for name, fit in fits.items() if diagnoses[name].comparable}
    table = next(iter(fits.values())).table
    complaints = _complaints(study, diagnoses)
    checks = {name: predictive_check(fit, draws=CHECK_DRAWS) for name, fit in usable.items()}
    return {
        "question": words.question(fit.theory for fit in fits.values()),
        "label": table.label,
        "roles": words.roles(table.roles),
        "synthetic": table.synthetic,
        "complaints": complaints,
        "verdict": _verdict(study, diagnoses),
        "reservations": study.reservations if isinstance(study, Comparison) else [],
        "data": _data(table),
        "diagnosis": diagnosis_table({name: diagnoses[name] for name in fits}, table.label),
        "comparison": _comparison(study) if not complaints else None,
        "models": [_model(name, fit) for name, fit in fits.items()],
        "estimates": [_estimates(name, fit) for name, fit in sound.items()],
        "withheld": [name for name in fits if name not in sound],
        "checks": _checks(checks, table.label),
        "pictures": _pictures(study, usable, withhold=bool(complaints)),
        "provenance": settings_table(fits),
        "citations": words.citations(fits, _origin(table).citation),
    }


def _parts(study: Comparison | Fit) -> tuple[Mapping[str, Fit], Mapping[str, Diagnosis]]:
    if isinstance(study, Comparison):
        return study.fits, study.diagnoses
    name = words.short_name(study.theory)
    return {name: study}, {name: diagnose(study)}


def _complaints(study: Comparison | Fit, diagnoses: Mapping[str, Diagnosis]) -> list[str]:
    """Return why no verdict may be given; nothing if all is well."""
    if not isinstance(study, Comparison):
        return [diagnosis.verdict for diagnosis in diagnoses.values() if not diagnosis.ok]
    failed = [diagnosis.verdict for diagnosis in diagnoses.values() if not diagnosis.comparable]
    unscored = [name for name, ok in study.table["ok"].items() if not ok and diagnoses[str(name)].comparable]
    return failed + [
        f"{name}: some people could not be scored reliably (Pareto k too high)." for name in unscored
    ]


def _verdict(study: Comparison | Fit, diagnoses: Mapping[str, Diagnosis]) -> str:
    if isinstance(study, Comparison):
        return study.verdict
    (diagnosis,) = diagnoses.values()
    return f"{diagnosis.verdict} One theory alone can be described, not preferred: compare it with others."


def _origin(table: Table) -> Source:
    """Return where the data come from, with the caveats that a fit's file does not repeat."""
    try:
        known = describe(table.name)
    except DatasetError:
        return table.source
    return known if known.title == table.source.title else table.source


def _data(table: Table) -> dict[str, Any]:
    origin = _origin(table)
    counts = ", ".join(f"{count:,} as {role}" for role, count in table.decisions.items())
    facts = {
        "table": table.label,
        "what": origin.description,
        "people": f"{len(table.subjects):,}",
        "decisions": f"{len(table):,} ({counts})",
        "conditions": ", ".join(table.conditions),
        "source": origin.citation or origin.title,
        "published at": origin.url,
        "licence": origin.licence,
        "retrieved": origin.retrieved,
        "fingerprint": table.fingerprint[:16],
    }
    return {"facts": {key: value for key, value in facts.items() if value}, "caveats": origin.caveats}


def _comparison(study: Comparison | Fit) -> dict[str, Any] | None:
    if not isinstance(study, Comparison):
        return None
    return {"table": comparison_table(study), "columns": comparison_columns(study), "unit": words.UNIT}


def _model(name: str, fit: Fit) -> dict[str, Any]:
    options = ", ".join(f"{key} = {value}" for key, value in fit.theory.options.items())
    return {"name": name, "about": words.about(fit.theory), "options": options, "table": model_table(fit)}


def _estimates(name: str, fit: Fit) -> dict[str, Any]:
    tables = [parameter_table(fit), effect_table(fit), share_table(fit)]
    return {"name": name, "tables": [table for table in tables if table is not None]}


def _checks(checks: Mapping[str, pd.DataFrame], label: str) -> dict[str, Any] | None:
    """Return one table of facts, and in words how many of them each theory misses."""
    if not checks:
        return None
    missed = {}
    for name, found in checks.items():
        count = Counter(str(fact) for fact in found.loc[found["surprising"], "statistic"])
        facts = "; ".join(f"{fact} ({times}×)" if times > 1 else fact for fact, times in count.items())
        missed[name] = f"misses {count.total()} of {len(found)} facts{': ' + facts if facts else ''}"
    return {"table": check_table(checks, CHECK_DRAWS, label), "missed": missed, "note": words.FACTS}


def _pictures(study: Comparison | Fit, usable: Mapping[str, Fit], *, withhold: bool) -> list[dict[str, Any]]:
    groups = []
    if isinstance(study, Comparison) and not withhold:
        groups.append((words.DIFFERENCES, difference_pictures(study)))
    if usable:
        groups.append((words.BEHAVIOUR, behaviour_pictures(usable)))
        groups.append((words.PEOPLE, people_pictures(usable)))
    return [{"title": title, "note": note, "pictures": drawn} for (title, note), drawn in groups if drawn]
