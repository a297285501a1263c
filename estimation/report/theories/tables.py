"""Tables as plain text cells, ready for a page: comparison, diagnosis, models, checks, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimation.evaluation.comparison import Comparison
from estimation.evaluation.diagnosis import Diagnosis
from estimation.fits.fit import AnyFit
from estimation.inference.few_numbers import FewNumbers
from estimation.inference.players import SHARE_LOG_SD
from estimation.inference.problem import MessageProblem
from estimation.population.correlation import LKJ
from estimation.report.words import COLUMNS
from estimation.text.digits import ABSENT, MINUS, decimals, fixed, number
from estimation.text.table import TextTable
from estimation.theories.description import Parameter

EXPLAINED = ("explained", "explained_se")
YES, NO = "yes", "no"
FACT_COLUMNS = ("statistic", "role", "group")
"""What a fact of a predictive check is about; roles only where there are any."""


def comparison_table(study: Comparison, *, brief: bool = False) -> TextTable:
    """Return the comparison, failed theories last, rounded to the Monte-Carlo errors; `brief` fits a terminal."""
    table = study.table
    left_out = ("distance", "refitted", "mc_error") if brief else ()
    shown = [name for name in _compared_by(table) if name not in left_out]
    rows = tuple((str(theory), *(_compared(row, name, table) for name in shown)) for theory, row in table.iterrows())
    failed = tuple((row, -1) for row, is_sound in enumerate(table["ok"]) if not is_sound)
    head = ("theory", *(COLUMNS[name][0] for name in shown))
    return TextTable(f"Theories compared on {study.label}", head, rows, tuple(range(1, len(head))), failed)


def comparison_columns(study: Comparison) -> list[tuple[str, str]]:
    """Return what each column of the comparison means."""
    shown = _compared_by(study.table)
    return [COLUMNS[name] for name in COLUMNS if name in shown]


def _compared_by(table: pd.DataFrame) -> list[str]:
    """Return the columns of a comparison that hold something, in order."""
    names = ["elpd", "se", "elpd_diff", "dse", "weight", "distance", "pareto_k", "refitted", "mc_error"]
    names += [*EXPLAINED, "ok"]
    return [name for name in names if name in table and not table[name].isna().all()]


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


def model_table(fit: AnyFit) -> TextTable:
    """Return the theory's parameters: meaning, unit, prior and its reason."""
    shared = bool(fit.manifest.get("pooled"))
    rows = [
        (p.name, p.symbol, p.meaning, p.unit, prior_of(p, shared=shared), _typical(p), p.why)
        for p in fit.problem.parameters
    ]
    head = (
        *("parameter", "symbol", "meaning", "unit"),
        *("prior of the population", "typical person, 95 % beforehand", "why"),
    )
    whose = "everybody shares" if shared else "differ between people"
    caption = f"Parameters of {fit.theory.name} that {whose}"
    return TextTable(caption, head, (*rows, *_model_rows_of_population(fit)))


def _model_rows_of_population(fit: AnyFit) -> list[tuple[str, ...]]:
    """Return the rows of what else a population has: coefficients, correlations, shares of kinds."""
    rows: list[tuple[str, ...]] = []
    types = fit.theory.types
    if isinstance(fit.problem, FewNumbers):
        prior, why = (f"log odds Normal(0, {SHARE_LOG_SD:g})", "from a twentieth to twenty times the first kind's")
        meaning = f"share of people of each kind: {types[0]} … {types[-1]}"
        return [("share", "π", meaning, "probability", prior, "any", why)] if len(types) > 1 else []
    covariates = fit.problem.design.covariates
    units = {p.name: p.scale_unit for p in fit.problem.parameters}
    why = "one standard deviation of the column may matter as much as people differ"
    for name, sd in zip(covariates.names, covariates.sd, strict=True):
        unit = f"{units[name.split(': ')[0]]} per unit"
        prior = f"Normal(0, {_exact(float(sd))})"
        rows.append((name, "γ", "change of the mean with the column", unit, prior, "any", why))
    if fit.problem.structure.pairs:
        meaning, why = "correlations of a person's parameters over people", "mildly doubts those near ±1"
        rows.append(("correlation", "ρ", meaning, "correlation", f"LKJ({LKJ:g})", "any", why))
    if len(types) > 1:
        meaning = f"share of people of each kind: {types[0]} … {types[-1]}"
        prior, why = _prior_of_kinds(fit.problem)
        rows.append(("share", "π", meaning, "probability", prior, "any", why))
    return rows


def _prior_of_kinds(problem: MessageProblem) -> tuple[str, str]:
    """Return the prior of the shares of kinds of people, which may be pairs of kinds, and its reason."""
    if problem.has_unrelated_roles:
        each = [_prior_of_shares(weights) for weights in problem.theory.share_factors if len(weights) > 1]
        return " × ".join(prior for prior, _ in each), f"each role by itself: {each[0][1]}"
    prior, why = _prior_of_shares(problem.theory.share_weights)
    if problem.theory.kinds_by_role(problem.games, problem.roles):
        why = "any pair of kinds may be frequent; in each role, kinds are as likely beforehand as by the theory alone"
    return prior, why


def _prior_of_shares(concentration: Sequence[float]) -> tuple[str, str]:
    """Return the prior of the shares of kinds of people, and its reason."""
    if len(set(concentration)) == 1:
        each, why = _exact(concentration[0]), "every division of people over the kinds is equally likely beforehand"
        return f"Dirichlet({each}, …, {each}) over {len(concentration)} kinds", why if each == "1" else "as given"
    each = ", ".join(map(_exact, concentration))
    return f"Dirichlet({each})", "beforehand all theories are equally likely, however many kinds they have"


def check_table(checks: Mapping[str, pd.DataFrame], draws: int, label: str, group: str = "condition") -> TextTable:
    """Return facts of the data beside what each model predicts; what it misses is marked and said.

    `group` is what the column is called that says of which condition, alternative or attribute a fact is.
    """
    observed = next(iter(checks.values()))
    about = [name for name in FACT_COLUMNS if observed[name].astype(bool).any()]
    rows, marked, first = [], [], len(about) + 1
    for position, (_, fact) in enumerate(observed.iterrows()):
        predictions = [found.iloc[position] for found in checks.values()]
        places = max(_places(row, draws) for row in predictions)
        cells = [_predicted(row, places) for row in predictions]
        marked += [(position, first + at) for at, row in enumerate(predictions) if row["surprising"]]
        rows.append((*(str(fact[name]) for name in about), _rounded(fact["observed"], places), *cells))
    names = {"statistic": "fact", "role": "role", "group": group}
    head = (*(names[name] for name in about), "observed", *(f"{name}: mean (90 % interval)" for name in checks))
    caption = f"Facts of {label} and what each model predicts"
    return TextTable(caption, head, tuple(rows), (first - 1,), tuple(marked))


def settings_table(fits: Mapping[str, Any]) -> TextTable:
    """Return how each fit was computed: options, settings, time, versions, data."""
    facts = {name: _provenance(fit) for name, fit in fits.items()}
    keys = list(dict.fromkeys(key for fact in facts.values() for key in fact))
    rows = tuple((key, *(fact.get(key, "") for fact in facts.values())) for key in keys)
    return TextTable("How each fit was computed", ("", *facts), rows)


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


def prior_of(parameter: Parameter, *, shared: bool = False) -> str:
    """Return the prior of a parameter's population in words, or of a parameter that everybody shares."""
    normal = f"Normal({_exact(parameter.centre)}, {_exact(parameter.centre_sd)})"
    scale = "" if parameter.scale == "identity" else f"on the {parameter.scale} scale: "
    if shared:
        return f"{scale}{normal}"
    return f"{scale}mean {normal}, SD log-normal, median {_exact(parameter.spread)}"


def _exact(value: float) -> str:
    return f"{value + 0.0:.3g}".replace("-", MINUS)


def _typical(parameter: Parameter) -> str:
    reach = 1.96 * parameter.centre_sd
    low, high = (parameter.natural(parameter.centre + sign * reach) for sign in (-1, 1))
    return f"{number(low, significant=2)} to {number(high, significant=2)}"


def _provenance(fit: Any) -> dict[str, str]:
    manifest = fit.manifest
    spec = {key: value for key, value in fit.model.spec().items() if key != "origin"}
    kind = next(iter(spec))  # "theory" or "model"
    facts = {kind: spec.pop(kind), "options": _options(spec)}
    facts |= {key: _listed(manifest[key]) for key in ("pooled", "equal") if manifest.get(key)}
    facts |= {key.replace("_", " "): str(value) for key, value in manifest.get("settings", {}).items()}
    facts["seconds"] = number(manifest.get("seconds", float("nan")))
    facts |= {f"version of {key}": str(value) for key, value in manifest.get("versions", {}).items()}
    facts["data fingerprint"] = fit.fingerprint[:16]
    return facts


def _options(options: Mapping[str, Any]) -> str:
    """Return options as a reader writes them; those that are not used are left out."""
    used = {key: value for key, value in options.items() if value not in (None, (), [], {})}
    return ", ".join(f"{key} = {_listed(value)}" for key, value in used.items())


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
