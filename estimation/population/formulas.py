"""Formulas: what a parameter depends on, from columns of a table to covariates of people and slopes within them.

On its transformed scale a parameter of person i in decision t is ``x_it b_i``, where x holds a one and the centred
columns of the formula. A column that is constant within every person shifts the mean of the parameter from person to
person. A column that varies within people gets a slope for each person, with a mean and a spread over people like any
parameter (the effect differs between people; Barr et al. 2013, Journal of Memory and Language 68:255-278). A column
that is a slope's column times something constant within people (an interaction across the levels) shifts the mean of
that slope.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.tables.decisions import describe_decisions
from estimation.data.tables.table import Table
from estimation.errors import TheoryError, raise_all
from estimation.names import SUBJECT
from estimation.population.columns import are_proportional, formula_frame, matrix_of
from estimation.population.design import Design, Formula, Shift, Slope
from estimation.population.normal import Covariates
from estimation.theories.parameter import Parameter

SAME = 1e-9  # share of a number by which rounding may move it


def design(parameters: tuple[Parameter, ...], formulas: Mapping[str, str], table: Table) -> Design:
    """Return the design of parameters whose typical values depend on columns of a table.

    Raises
    ------
    TheoryError
        With every formula that cannot be read, unknown column, missing value, column that is a combination of others
        and column that varies within a person where the theory allows no change.
    """
    frame, read, problems = formula_frame(table), [], []
    for parameter in (p for p in parameters if p.name in formulas):
        matrix, spec, wrong = matrix_of(formulas[parameter.name], frame, f"formula of {parameter.name!r}")
        problems += wrong
        if not wrong:
            found, wrong = _formula(parameter, matrix, spec, frame)
            read.append(found)
            problems += wrong
    raise_all(problems, TheoryError, f"The formulas do not suit {table.label}:")
    after = {formula.parameter.name: [slope for slope, *_ in formula.slopes] for formula in read}
    effects = tuple(effect for p in parameters for effect in (p, *after.get(p.name, [])))
    return applied(Design(effects, formulas=tuple(read)), table)


def _formula(parameter: Parameter, matrix: pd.DataFrame, spec: Any, frame: pd.DataFrame) -> tuple[Formula, list[str]]:
    """Sort the columns of a formula into shifts and slopes; say which may not vary within people and do."""
    shifts: list[Shift] = []
    slopes: list[tuple[Slope, str, float]] = []
    problems, subject = [], frame[SUBJECT.name]
    for column in matrix.columns:
        value, name = matrix[column], f"{parameter.name}: {column}"
        groups = value.groupby(subject)
        if (groups.min() == groups.max()).all():
            shifts.append(_shift(name, parameter.name, column, "", groups.first(), parameter.spread))
        elif parameter.steady:
            who = groups.nunique().idxmax()
            seen = ", ".join(f"{v:g}" for v in groups.get_group(who).unique()[:3])
            problems.append(_not_steady(parameter.name, column, f"subject {who!r}: {seen}"))
        else:
            base = next((b for _, b, _ in slopes if are_proportional(value, matrix[b], subject)), "")
            told = _where_not_zero(matrix[base], spec, frame) if base else {}
            ratio = _ratio(column, base, told, spec, matrix, frame) if base else value
            if base and ratio.notna().all():
                of, spread = f"{parameter.name}: {base}", parameter.spread / matrix[base].std()
                shifts.append(_shift(name, of, column, base, ratio.groupby(subject).mean(), spread, told))
            else:
                slopes.append((_slope(parameter, name, column, value), column, float(value.mean())))
    return Formula(parameter, spec, tuple(shifts), tuple(slopes)), problems


def _not_steady(parameter: str, column: str, seen: str) -> str:
    return (
        f"formula of {parameter!r}: {column!r} varies within people ({seen}), but a person has one {parameter} "
        "throughout; use a column that is constant for each person"
    )


def _where_not_zero(base: pd.Series, spec: Any, frame: pd.DataFrame) -> dict[str, Any]:
    """Return what a formula's columns that vary within people are in a decision in which a slope's column counts."""
    names = [str(name) for name in spec.required_variables if name in frame]
    people = frame.groupby(SUBJECT.name)
    varying = [name for name in names if (frame[name] != people[name].transform("first")).any()]
    counting = int(np.argmax(base.to_numpy() != 0))
    return {name: frame[name].iloc[counting] for name in varying}


def _shift(name: str, effect: str, column: str, base: str, value: Any, spread: float, told: Any = None) -> Shift:
    """Return a shift; by its prior one standard deviation of the column may matter as much as people differ."""
    spread_of_column = float(value.std(ddof=0))
    return Shift(name, effect, column, base, float(value.mean()), spread / (spread_of_column or 1.0), told or {})


def _slope(parameter: Parameter, name: str, column: str, value: pd.Series) -> Slope:
    scale = parameter.spread / float(value.std(ddof=0))
    return Slope(
        name,
        f"{parameter.symbol}'",
        f"change of {parameter.name} with {column}, of a person",
        f"{parameter.scale_unit} per unit of {column}",
        "identity",
        0.0,
        scale,
        scale / 8,
        "one standard deviation of the column may matter as much as people differ, and mostly less differently",
        of=parameter.name,
    )


def applied(design: Design, table: Table) -> Design:
    """Return the same design for the people and decisions of a table.

    Raises
    ------
    TheoryError
        If the table lacks a column, or has a value, that the formulas need.
    """
    if not design.formulas:
        return design
    effects, formulas = design.effects, design.formulas
    frame, names = formula_frame(table), [effect.name for effect in effects]
    shifts: list[Shift] = []
    columns: list[Array] = []
    slopes: dict[str, Array] = {}
    problems: list[str] = []
    for formula in formulas:
        where = f"formula of {formula.parameter.name!r}"
        matrix, _, wrong = matrix_of(formula.spec, frame, where)
        problems += wrong
        if wrong:
            continue
        for shift in formula.shifts:
            shifts.append(shift)
            column, wrong = _of_rows(shift, formula, matrix, frame)
            columns.append(column - shift.centre)
            problems += [f"{where}: {text}" for text in wrong]
        slopes |= {slope.name: matrix[column].to_numpy() - centre for slope, column, centre in formula.slopes}
    raise_all(problems, TheoryError, f"The formulas do not suit {table.label}:")
    if not shifts:
        return Design(effects, slopes=slopes, formulas=formulas)
    of = np.array([names.index(shift.effect) for shift in shifts], dtype="int64")
    sd = np.array([shift.sd for shift in shifts])
    people, within = _of_people(np.column_stack(columns), frame[SUBJECT.name])
    varying = () if within is None else np.flatnonzero(np.abs(within).max(axis=0) > 0)
    steady = [shifts[place] for place in varying if effects[of[place]].steady]
    problems = [_not_steady(shift.effect, shift.column, "in these decisions") for shift in steady]
    raise_all(problems, TheoryError, f"The formulas do not suit {table.label}:")
    covariates = Covariates(tuple(shift.name for shift in shifts), people, of, sd)
    return Design(effects, covariates, slopes, within, formulas)


def _of_rows(shift: Shift, formula: Formula, matrix: pd.DataFrame, frame: pd.DataFrame) -> tuple[Array, list[str]]:
    """Return a shift's column in each decision, (row,), and of which it cannot be told."""
    if not shift.base:
        return matrix[shift.column].to_numpy(), []
    ratio = _ratio(shift.column, shift.base, shift.told, formula.spec, matrix, frame)
    is_open = ratio.isna().to_numpy()
    where = describe_decisions(frame, matrix[shift.base], is_open)
    unknown = f"{shift.base!r} is zero, so that {shift.column!r} says nothing: {where}"
    return ratio.to_numpy(), [unknown] * bool(is_open.any())


def _ratio(
    column: str, base: str, told: Mapping[str, Any], spec: Any, matrix: pd.DataFrame, frame: pd.DataFrame
) -> pd.Series:
    """Return a column divided by that of a slope, (row,); NaN where it cannot be told.

    Where the slope's column is zero, it is the ratio of the person's other decisions, or what it would be in another.
    """
    ratio = matrix[column] / matrix[base].where(matrix[base] != 0)
    if ratio.notna().all():
        return ratio
    alike = [name for name in map(str, spec.required_variables) if name in frame and name not in told]
    ratio = ratio.fillna(ratio.groupby([frame[name] for name in (SUBJECT.name, *alike)]).transform("mean"))
    elsewhere, _, _ = matrix_of(spec, frame.assign(**told), "")
    if column not in elsewhere:
        return ratio
    return ratio.fillna(elsewhere[column] / elsewhere[base].where(elsewhere[base] != 0))


def _of_people(columns: Array, subject: pd.Series) -> tuple[Array, Array | None]:
    """Return columns (row, column) averaged by person, in sorted order, and what is left, if anything (row, column)."""
    table = pd.DataFrame(columns)
    people = table.groupby(subject.to_numpy()).mean().sort_index()
    left = columns - people.loc[subject].to_numpy()
    left[np.abs(left) <= SAME * (1 + np.abs(columns))] = 0.0
    return people.to_numpy(), left if left.any() else None
