"""Tables as plain text cells, ready for a page: comparison, diagnosis, models, checks, provenance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.evaluation.comparison.comparison import Comparison
from estimation.evaluation.diagnosis import Diagnosis
from estimation.report.called import plain
from estimation.report.words import COLUMNS
from estimation.text.digits import ABSENT, decimals, fixed, number
from estimation.text.table import TextTable

EXPLAINED = ("explained", "explained_se")
YES, NO = "yes", "no"
MOST_FACTS = 60  # rows of a table of facts, if not more are missed
UNUSED = {"tune", "target_accept"}  # settings of chains that proposals do not have
FACT_COLUMNS = ("statistic", "role", "group")
"""What a fact of a predictive check is about; roles only where there are any."""


def comparison_table(study: Comparison, *, brief: bool = False) -> TextTable:
    """Return the comparison, failed theories last, rounded to the Monte-Carlo errors; `brief` fits a terminal."""
    table = study.table
    left_out = ("distance", "refitted", "mc_error") if brief else ()
    shown = [name for name in _compared_by(table) if name not in left_out]
    cells = _compared_briefly if brief else _compared
    rows = tuple((str(theory), *(cells(row, name, table) for name in shown)) for theory, row in table.iterrows())
    failed = tuple((row, -1) for row, is_sound in enumerate(table["ok"]) if not is_sound)
    head = ("theory", *(COLUMNS[name][0] for name in shown))
    return TextTable(f"Theories compared on {study.label}", head, rows, tuple(range(1, len(head))), failed)


def comparison_columns(study: Comparison) -> list[tuple[str, str]]:
    """Return what each column of the comparison means."""
    shown = _compared_by(study.table)
    return [(f"{COLUMNS[name][0]}:", COLUMNS[name][1]) for name in COLUMNS if name in shown]


def _compared_by(table: pd.DataFrame) -> list[str]:
    """Return the columns of a comparison that hold something, in order."""
    names = ["elpd", "se", "elpd_diff", "dse", "weight", "distance", "pareto_k", "refitted", "mc_error"]
    names += [*EXPLAINED, "ok"]
    return [name for name in names if name in table and not table[name].isna().all()]


def diagnosis_tables(diagnoses: Mapping[str, Diagnosis], label: str) -> list[TextTable]:
    """Return a `diagnosis_table` of all fits that have the same checks, and one of each further group."""
    alike: dict[tuple[str, ...], dict[str, Diagnosis]] = {}
    for name, diagnosis in diagnoses.items():
        alike.setdefault(tuple(map(str, diagnosis.table.index)), {})[name] = diagnosis
    return [diagnosis_table(group, label) for group in alike.values()]


def diagnosis_table(diagnoses: Mapping[str, Diagnosis], label: str, *, brief: bool = False) -> TextTable:
    """Return each check with its threshold and, for each fit, its value; failed checks are marked and said."""
    first = next(iter(diagnoses.values())).table
    rows, marked, head = [], [], ("check", "wanted") if brief else ("check", "wanted", "it passes if")
    for position, (check, wanted) in enumerate(first.iterrows()):
        found = [diagnosis.table.iloc[position] for diagnosis in diagnoses.values()]
        about = (str(check), str(wanted["threshold"]), str(wanted["meaning"]))[: len(head)]
        marked += [(position, len(head) + at) for at, row in enumerate(found) if not row["passed"]]
        rows.append((*about, *(_measured(row, str(check)) for row in found)))
    numeric = tuple(range(len(head), len(head) + len(diagnoses)))
    return TextTable(f"Checks of each fit to {label}", (*head, *diagnoses), tuple(rows), numeric, tuple(marked))


def check_table(checks: Mapping[str, pd.DataFrame], draws: int, label: str, group: str = "condition") -> TextTable:
    """Return facts of the data beside what each model predicts; what it misses is marked and said.

    A fact that does not exist under one of the models (how people differ who are all alike) is left out. `group` is
    what the column is called that says of which condition, alternative or attribute a fact is.
    """
    checks = _of_all(checks)
    observed = next(iter(checks.values()))
    about = [name for name in FACT_COLUMNS if observed[name].astype(bool).any()]
    rows: list[tuple[str, ...]] = []
    marked: list[tuple[int, int]] = []
    first = len(about) + 1
    for position in _worth_showing(checks):
        fact, predictions = observed.iloc[position], [found.iloc[position] for found in checks.values()]
        places = max(_places(row, draws) for row in predictions)
        cells = [_predicted(row, places) for row in predictions]
        marked += [(len(rows), first + at) for at, row in enumerate(predictions) if row["surprising"]]
        rows.append((*(str(fact[name]) for name in about), _rounded(fact["observed"], places), *cells))
    names = {"statistic": "fact", "role": "role", "group": group}
    head = (*(names[name] for name in about), "observed", *checks)
    rest = len(observed) - len(rows)
    more = f"; {len(rows)} of {len(observed)} facts, those farthest from what some model predicts" if rest else ""
    caption = f"Facts of {label} beside what each model predicts: mean (90 % interval){more}"
    return TextTable(caption, head, tuple(rows), (first - 1,), tuple(marked))


def _of_all(checks: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the facts that all models have something to say about, in the same rows."""
    keys = {name: pd.MultiIndex.from_frame(found[list(FACT_COLUMNS)].astype(str)) for name, found in checks.items()}
    first, *others = keys.values()
    common = first[np.all([first.isin(other) for other in [first, *others]], axis=0)]
    return {name: found.iloc[keys[name].get_indexer(common)].reset_index(drop=True) for name, found in checks.items()}


def _worth_showing(checks: Mapping[str, pd.DataFrame]) -> list[int]:
    """Return the places of the facts that a table shows: of very many those that are least likely under some model."""
    tail = np.min([found["tail"].to_numpy() for found in checks.values()], axis=0)
    return sorted(map(int, np.argsort(tail, kind="stable")[:MOST_FACTS]))


def settings_table(fits: Mapping[str, Any]) -> TextTable:
    """Return how each fit was computed: options, settings, time, versions, data."""
    facts = {name: _provenance(fit) for name, fit in fits.items()}
    keys = list(dict.fromkeys(key for fact in facts.values() for key in fact))
    rows = tuple((key, *(fact.get(key, "") for fact in facts.values())) for key in keys)
    return TextTable("How each fit was computed", ("", *facts), rows)


def _compared_briefly(row: pd.Series, name: str, table: pd.DataFrame) -> str:
    """Return a cell; why a Pareto k above the threshold is no failure has no column of its own here."""
    text, refits = _compared(row, name, table), float(row.get("refitted", 0.0))
    return f"{text} ({refits:.0f} refitted)" if name == "pareto_k" and refits > 0 else text


def _compared(row: pd.Series, name: str, table: pd.DataFrame) -> str:
    value = row[name]
    if name == "ok":
        return YES if value else NO
    if name == "refitted":
        return f"{int(value)}"
    if name in ("weight", "pareto_k", "distance", *EXPLAINED):
        return ABSENT if np.isnan(value) else fixed(float(value), 3 if name in EXPLAINED else 2)
    if name == "mc_error":
        return number(value, significant=1)
    error = float(row["mc_error"])
    if name in ("elpd_diff", "dse"):
        error = float(np.hypot(error, table["mc_error"].iloc[0]))
        if row.name == table.index[0]:
            return fixed(0.0, 0)
    return fixed(float(value), max(0, min(1, decimals(float(value), error, significant=9))))


def _measured(row: pd.Series, check: str) -> str:
    value = float(row["value"])
    text = fixed(value, 0) if value.is_integer() else number(value, significant=4 if check == "R-hat" else 3)
    return text if row["passed"] else f"{text} failed"


def _places(row: pd.Series, draws: int) -> int:
    """Return how many decimals the mean of the simulated facts carries; a missed fact does not look like a met one."""
    spread = float(row["high"] - row["low"]) / 3.29
    size = max(abs(float(row["predicted"])), abs(float(row["observed"])))
    places = max(0, decimals(size, spread / np.sqrt(draws))) if np.isfinite(size + spread) else 0
    if row["surprising"]:
        low, value, high = (float(row[name]) for name in ("low", "observed", "high"))
        wanted = (at for at in range(places, 16) if not round(low, at) <= round(value, at) <= round(high, at))
        places = next(wanted, places)
    return places


def _rounded(value: Any, places: int) -> str:
    return fixed(float(value), places) if np.isfinite(value) else number(value)


def _predicted(row: pd.Series, places: int) -> str:
    mean, low, high = (_rounded(row[name], places) for name in ("predicted", "low", "high"))
    verdict = " missed" if row["surprising"] else " left out" if row.get("left_out", "") else ""
    return f"{mean} ({low} to {high}){verdict}"


def _provenance(fit: Any) -> dict[str, str]:
    manifest = fit.manifest
    spec = {key: value for key, value in fit.model.spec().items() if key != "origin"}
    kind = next(iter(spec))  # "theory" or "model"
    facts = {kind: spec.pop(kind), "options": _options(spec)}
    facts |= {key: _listed(manifest[key]) for key in ("pooled", "equal") if manifest.get(key)}
    sampler = str(manifest.get("sampler", {}).get("name", ""))
    unused = UNUSED if sampler.startswith("importance") else set()
    settings = {key: value for key, value in manifest.get("settings", {}).items() if key not in unused}
    facts |= {key.replace("_", " "): str(value) for key, value in settings.items()}
    facts |= {"drawn by": sampler} if sampler else {}
    facts["seconds"] = number(manifest.get("seconds", float("nan")))
    facts |= {f"version of {key}": str(value) for key, value in manifest.get("versions", {}).items()}
    facts["data fingerprint"] = fit.fingerprint[:16]
    return facts


def _options(options: Mapping[str, Any]) -> str:
    """Return options as a reader writes them; those that are not used are left out."""
    used = {key: value for key, value in options.items() if value not in (None, (), [], {})}
    return ", ".join(f"{key} = {plain(value)}" for key, value in used.items())


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
