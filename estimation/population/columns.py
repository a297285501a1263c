"""Columns for formulas: those of a table, and the attributes of the games that its people played."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from estimation.data.cells.rows import describe_rows
from estimation.data.tables.table import Table
from estimation.errors import TheoryError, raise_all
from estimation.expressions import no_columns, no_part, read_expression
from estimation.names import CONDITION

INTERCEPT = "Intercept"


def formula_frame(table: Table) -> pd.DataFrame:
    """Return a table's columns, and one for each number or word that describes its games (``capacity_cost``, …).

    Raises
    ------
    TheoryError
        If the table has a column of the name of an attribute, with other values.
    """
    frame = table.frame.reset_index(drop=True).apply(_without_unused)
    of_games = pd.DataFrame({name: _attributes(game) for name, game in table.games.items()}).T.infer_objects()
    played = of_games.loc[frame[CONDITION.name]].reset_index(drop=True)
    problems = [
        f"column {name!r} of the table differs from the attribute {name!r} of the games; rename the column"
        for name in played.columns.intersection(frame.columns)
        if not (frame[name].astype(str) == played[name].astype(str)).all()
        and not np.allclose(_numbers(frame[name]), _numbers(played[name]))
    ]
    raise_all(problems, TheoryError, f"The formulas do not suit {table.label}:")
    return pd.concat([frame, played[played.columns.difference(frame.columns)]], axis=1)


def matrix_of(formula: Any, frame: pd.DataFrame, where: str) -> tuple[pd.DataFrame, Any, list[str]]:
    """Return the columns of a formula without its intercept, formulaic's specification, and what is wrong.

    Parameters
    ----------
    formula
        Text such as ``"~ capacity_cost * country"``, or the specification of an earlier one: then categories and
        transformations are those of the earlier data.
    where
        Whose formula it is, for messages.
    """
    import formulaic  # noqa: PLC0415 - slow to import, and most fits have no formula

    nothing = pd.DataFrame(index=frame.index)
    is_earlier = isinstance(formula, formulaic.ModelSpec)
    names, problems = (set(map(str, formula.required_variables)), []) if is_earlier else read_expression(str(formula))
    if problems:
        return nothing, formula, [f"{where}: {text}" for text in problems]
    try:
        spec = formula if is_earlier else formulaic.Formula(str(formula))
        problems = [f"{where}: {text}" for text in _problems(spec, names, frame)]
        if problems:
            return nothing, spec, problems
        with warnings.catch_warnings():
            warnings.simplefilter("error", formulaic.errors.DataMismatchWarning)
            matrix = formulaic.model_matrix(spec, frame, na_action="raise", context={})
    except Exception as problem:  # formulaic's parser and its evaluation raise whatever happens inside
        what = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        return nothing, formula, [f"{where} cannot be applied: {what}"]
    found = matrix.model_spec
    table = pd.DataFrame(matrix).astype(float)
    if INTERCEPT not in table:
        return nothing, found, [f"{where}: the typical value is always there; leave '- 1' and '0 +' out"]
    endless = [str(name) for name in table if not np.isfinite(table[name]).all()]
    if endless:
        return nothing, found, [f"{where}: {endless} are not finite everywhere; look for logarithms and ratios of zero"]
    return table.drop(columns=INTERCEPT), found, [] if is_earlier else _dependent(table, where)


def are_proportional(value: pd.Series, base: pd.Series, subject: pd.Series) -> bool:
    """Return whether value / base is constant within each person, as far as it can be told: where base is not zero."""
    if ((base == 0) & (value != 0)).any():
        return False
    groups = (value / base.where(base != 0)).groupby(subject)
    return bool(not ((groups.max() - groups.min()) > 1e-9 * (1 + groups.max().abs())).any())


def _without_unused(values: pd.Series) -> pd.Series:
    """Return a column without categories that no row has: they are those of people who were not selected."""
    return values.cat.remove_unused_categories() if isinstance(values.dtype, pd.CategoricalDtype) else values


def _attributes(game: Any) -> dict[str, Any]:
    plain = {name: value for name, value in game.spec().items() if isinstance(value, int | float | str)}
    return plain | {"margin": float(game.margin)}


def _numbers(values: pd.Series) -> Any:
    return pd.to_numeric(values, errors="coerce").to_numpy(float)


def _problems(spec: Any, names: set[str], frame: pd.DataFrame) -> list[str]:
    """Say what a formula asks for that the data lack."""
    problems = no_columns(names, frame.columns) + no_part(names, spec.required_variables)
    for name in sorted(names & set(frame.columns)):
        if frame[name].isna().any():
            rows = describe_rows(frame[name], frame[name].isna().to_numpy())
            problems.append(f"column {name!r} is empty where the formula needs it: {rows}; fill it in")
    return problems


def _dependent(matrix: pd.DataFrame, where: str) -> list[str]:
    """Say which columns are combinations of the ones before them."""
    scaled = matrix / matrix.abs().max().replace(0, 1)
    extra, kept = [], [INTERCEPT]
    for column in scaled.columns.drop(INTERCEPT):
        if np.linalg.matrix_rank(scaled[[*kept, column]].to_numpy(), tol=1e-8 * np.sqrt(len(scaled))) > len(kept):
            kept.append(str(column))
        else:
            extra.append(str(column))
    if not extra:
        return []
    return [
        f"{where}: {extra} say nothing that a constant and {kept[1:]} do not say already, so their effects cannot be "
        "told apart; leave them out, or add people and conditions in which they differ"
    ]
