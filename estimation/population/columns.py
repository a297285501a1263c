"""Columns for formulas: those of a table, and the attributes of the games that its people played."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from estimation.data.cells.rows import show
from estimation.data.tables.decisions import describe_decisions
from estimation.data.tables.table import Table
from estimation.errors import TheoryError, raise_all
from estimation.expressions import no_columns, no_part, read_expression
from estimation.names import ACTION, CONDITION, MESSAGE, ROLE, SENDER

INTERCEPT = "Intercept"
TIMES, COMPLEX = "mM", "c"
"""What NumPy calls types of dates and durations, and of complex numbers."""
WITH_CONSTANT = ("cr(", "cs(", "cc(")
"""Splines whose columns add up to a constant."""


def formula_frame(table: Table) -> pd.DataFrame:
    """Return a table's columns, and one for each number or word that describes its games (``capacity_cost``, …).

    Raises
    ------
    TheoryError
        If the table has a column of the name of an attribute, with other values.
    """
    frame = table.frame.reset_index(drop=True).apply(_plain)
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

    nothing, is_earlier = pd.DataFrame(index=frame.index), isinstance(formula, formulaic.ModelSpec)
    names, problems = (set(map(str, formula.required_variables)), []) if is_earlier else read_expression(str(formula))
    problems = problems or _problems(names, frame)
    if problems:
        return nothing, formula, [f"{where}: {text}" for text in problems]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", formulaic.errors.DataMismatchWarning)
            spec = formula if is_earlier else formulaic.Formula(str(formula))
            matrix = formulaic.model_matrix(spec, frame, na_action="raise", context={})
        found, table = matrix.model_spec, pd.DataFrame(matrix).astype(float)
    except Exception as problem:  # formulaic's parser and its evaluation raise whatever happens inside
        what = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        return nothing, formula, [f"{where} cannot be applied: {what}"]
    problems = _no_numbers(table) or ([] if is_earlier else _says_nothing(names, found, table))
    if problems:
        return nothing, found, [f"{where}: {text}" for text in problems]
    return table.drop(columns=INTERCEPT), found, []


def are_proportional(value: pd.Series, base: pd.Series, subject: pd.Series) -> bool:
    """Return whether value / base is constant within each person, as far as it can be told: where base is not zero."""
    if ((base == 0) & (value != 0)).any():
        return False
    groups = (value / base.where(base != 0)).groupby(subject)
    return bool(not ((groups.max() - groups.min()) > 1e-9 * (1 + groups.max().abs())).any())


def _plain(values: pd.Series) -> pd.Series:
    """Return a column as formulas read it: categories that occur, numbers and text of pandas' usual types.

    Categories that no row has are those of people who were not selected.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.remove_unused_categories()
    if values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) == "decimal":  # as databases write them
        return values.astype(float)
    if isinstance(values.dtype, np.dtype) or values.dtype.kind in TIMES:
        return values
    if pd.api.types.is_bool_dtype(values.dtype) and not values.isna().any():
        return values.astype(bool)
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return pd.Series(values.to_numpy(dtype=float, na_value=np.nan), values.index)
    return values.astype("str")


def _attributes(game: Any) -> dict[str, Any]:
    plain = {name: value for name, value in game.spec().items() if isinstance(value, int | float | str)}
    return plain | {"margin": float(game.margin)}


def _numbers(values: pd.Series) -> Any:
    return pd.to_numeric(values, errors="coerce").to_numpy(float)


def _problems(names: set[str], frame: pd.DataFrame) -> list[str]:
    """Say what a formula asks for that the data lack, or that is decided by those whom it describes."""
    problems = no_columns(names, frame.columns) + _decided(names, frame)
    for name in sorted(names & set(frame.columns)):
        if frame[name].isna().any():
            rows = describe_decisions(frame, frame[name], frame[name].isna().to_numpy())
            problems.append(f"column {name!r} is empty where the formula needs it: {rows}; fill it in")
        elif frame[name].dtype.kind in TIMES:
            problems.append(f"column {name!r} holds times; count days or years in it, or make text of it")
        elif frame[name].dtype.kind == COMPLEX:
            problems.append(f"column {name!r} holds complex numbers; take a part of them")
    return problems


def _decided(names: set[str], frame: pd.DataFrame) -> list[str]:
    """Say which columns of a formula are decisions of these people, or what followed from them.

    A parameter that depends on the decision predicts it, and wins every comparison.
    """
    problems = []
    if ACTION.name in names:
        problems.append(f"{ACTION.name!r} is the receiver's decision, and comes after the sender's; leave it out")
    if MESSAGE.name in names and (frame[ROLE.name] == SENDER).any():
        advice = "leave it out, or take the receivers by themselves, table.only('receiver')"
        problems.append(f"{MESSAGE.name!r} is the sender's decision, and there are senders in the table; {advice}")
    return problems


def _no_numbers(matrix: pd.DataFrame) -> list[str]:
    """Say whether the constant is missing, and which columns are not finite."""
    if INTERCEPT not in matrix:
        return ["the typical value is always there; leave '- 1' and '0 +' out"]
    endless = [str(name) for name in matrix if not np.isfinite(matrix[name]).all()]
    return [f"{endless} are not finite everywhere; look for logarithms and ratios of zero"] if endless else []


def _says_nothing(names: set[str], spec: Any, matrix: pd.DataFrame) -> list[str]:
    """Say what a formula names to no effect: names taken away again, labels of one value, combinations of others.

    The names are those of the matrix: a formula by itself does not tell those inside `scale` and its like.
    """
    alike = [
        f"{str(factor)!r} is {show(state.levels[0])} everywhere, so it says nothing; leave it out, or add people for "
        "whom it is something else"
        for factor, state in spec.factor_contrasts.items()
        if len(state.levels) == 1
    ]
    return no_part(names, spec.required_variables) + alike or _dependent(matrix)


def _dependent(matrix: pd.DataFrame) -> list[str]:
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
    others = f" and {kept[1:]} do" if kept[1:] else " does"
    told = f"{extra} say nothing that a constant{others} not say already, so their effects cannot be told apart"
    splines = [column for column in extra if column.startswith(WITH_CONSTANT) and "constraints" not in column]
    if splines:
        return [f"{told}; such a spline holds a constant unless it has constraints='center'"]
    return [f"{told}; leave them out, or add people and conditions in which they differ"]
