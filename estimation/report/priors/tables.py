"""The parameters of a theory, and their priors in full, as tables of text."""

from __future__ import annotations

from collections.abc import Sequence

from estimation.fits.fit import AnyFit
from estimation.inference.pooled.few_numbers import FewNumbers
from estimation.inference.pooled.players import SHARE_LOG_SD
from estimation.inference.problem import MessageProblem
from estimation.population.correlation import LKJ
from estimation.report.called import name_of
from estimation.report.priors.implied import people_interval, typical_interval
from estimation.text.contrasts import table_in_words
from estimation.text.digits import ABSENT, exact, number
from estimation.text.table import TextTable
from estimation.theories.messages.theory import Theory
from estimation.theories.parameter import Parameter
from estimation.theories.priors import CHANGED, CONCENTRATION, SHARE as SHARES, mean_prior, sd_prior

PRIOR = ("parameter", "scale", "mean over people", "SD over people", "typical person, 95 %", "any person, 90 %", "why")
SHARED = ("parameter", "scale", "prior", "95 % beforehand", "why")
DIRECT = "as it is"
"""The scale of a parameter that is not transformed."""

Row = tuple[str, ...]


def parameter_meanings(fit: AnyFit, name: str = "") -> TextTable:
    """Return what each parameter of a theory means, and its unit; `name` is what the fit is called beside others."""
    rows = [(p.name, p.symbol, p.meaning, p.unit) for p in fit.problem.parameters]
    whose = "everybody shares" if _is_shared(fit) else "differ between people"
    head = ("parameter", "symbol", "meaning", "unit")
    further = [(row[0], symbol, meaning, unit) for row, symbol, meaning, unit in _further(fit)]
    return _in_words(fit, TextTable(f"Parameters of {name or name_of(fit)} that {whose}", head, (*rows, *further)))


def prior_table(fit: AnyFit, name: str = "") -> TextTable:
    """Return the prior of each parameter, both of its numbers, with what it implies and why; `name` as above."""
    shared = _is_shared(fit)
    rows = [_shared_row(p) if shared else _population_row(p) for p in fit.problem.parameters]
    head = SHARED if shared else PRIOR
    further = [_widened(row, len(head)) for row, *_ in _further(fit)]
    return _in_words(fit, TextTable(f"Priors of {name or name_of(fit)}", head, (*rows, *further)))


def _in_words(fit: AnyFit, table: TextTable) -> TextTable:
    """Return a table with columns of formulas in words; who is pooled, or plays without talking, has no formulas."""
    return table_in_words(table, fit.problem.design.words) if isinstance(fit.problem, MessageProblem) else table


def _is_shared(fit: AnyFit) -> bool:
    return bool(fit.manifest.get("pooled"))


def _population_row(p: Parameter) -> Row:
    ends = (_interval(typical_interval(p)), _interval(people_interval(p)))
    return p.name, _scale(p), mean_prior(p), sd_prior(p), *ends, p.why


def _shared_row(p: Parameter) -> Row:
    return p.name, _scale(p), mean_prior(p), _interval(typical_interval(p)), p.why


def _scale(p: Parameter) -> str:
    return DIRECT if p.scale == "identity" else p.scale


def _widened(row: Row, columns: int) -> Row:
    """Return (name, prior, why) in a table of so many columns; what does not apply is a dash."""
    name, prior, why = row
    return (name, ABSENT, prior, *[ABSENT] * (columns - 4), why)


Further = tuple[Row, str, str, str]
"""Name, prior and reason; symbol, meaning and unit."""


def _further(fit: AnyFit) -> list[Further]:
    """Return what else a population has: coefficients, correlations, shares of kinds."""
    rows: list[Further] = []
    types = fit.theory.types
    meaning = f"share of people of each kind: {types[0]} … {types[-1]}"
    if isinstance(fit.problem, FewNumbers):
        prior = f"log odds Normal(0, {SHARE_LOG_SD:g})"
        why = "from a twentieth to twenty times as frequent as the first kind"
        return [(("share", prior, why), "π", meaning, "probability")] if len(types) > 1 else []
    covariates = fit.problem.design.covariates
    units = {p.name: p.scale_unit for p in fit.problem.parameters}
    why = "one standard deviation of the column may matter as much as people differ"
    for name, sd in zip(covariates.names, covariates.sd, strict=True):
        unit = f"{units[name.split(': ')[0]]} per unit"
        prior = f"Normal(0, {exact(float(sd))})"
        rows.append(((name, prior, why), "γ", "change of the mean with the column", unit))
    if fit.problem.structure.pairs:
        prior, why = f"LKJ({LKJ:g})", "correlations near ±1 are mildly doubted"
        rows.append((("correlation", prior, why), "ρ", "correlations of a person's parameters", "correlation"))
    if len(types) > 1:
        rows.append((("share", *_prior_of_kinds(fit.problem)), "π", meaning, "probability"))
    return rows


def _prior_of_kinds(problem: MessageProblem) -> tuple[str, str]:
    """Return the prior of the shares of kinds of people, which may be pairs of kinds, and its reason."""
    if problem.has_unrelated_roles:
        each = [_prior_of_shares(weights) for weights in problem.theory.share_factors if len(weights) > 1]
        return " × ".join(prior for prior, _ in each), f"each role by itself: {each[0][1]}"
    prior, why = _prior_of_shares(problem.theory.share_weights)
    if _is_given(problem.theory):
        return (prior, f"{CHANGED} Dirichlet(1, …, 1), by which every division of people is equally likely")
    if problem.theory.kinds_by_role(problem.games, problem.roles):
        why = "any pair of kinds may be frequent; in each role, kinds are as likely beforehand as by the theory alone"
    return prior, why


def _is_given(theory: Theory) -> bool:
    """Return whether somebody said how alike shares of kinds are expected to be."""
    given = theory.priors.get(SHARES, {}).get(CONCENTRATION, 1.0) != 1.0
    return given or any(map(_is_given, getattr(theory, "parts", ())))


def _prior_of_shares(concentration: Sequence[float]) -> tuple[str, str]:
    """Return the prior of the shares of kinds of people, and its reason."""
    if len(set(concentration)) == 1:
        each, why = exact(concentration[0]), "every division of people over the kinds is equally likely beforehand"
        return f"Dirichlet({each}, …, {each}) over {len(concentration)} kinds", why
    each = ", ".join(map(exact, concentration))
    return f"Dirichlet({each})", "beforehand all theories are equally likely, however many kinds they have"


def _interval(ends: tuple[float, float]) -> str:
    return " to ".join(number(end, significant=2) for end in ends)
