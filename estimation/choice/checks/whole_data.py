"""Terms that go by the mean, the spread, the bounds or the quantiles of all rows, which no partition knows."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from estimation.arrays import is_real
from estimation.choice.utilities.terms import Term
from estimation.expressions import FUNCTIONS

OWN = "write numbers of your own, such as I(({x} - 3) / 2)"
SPLINE = "write numbers of your own, such as bs({x}, knots=[2, 4], lower_bound=0, upper_bound=9)"
LEARNT = {
    "center": ("the mean", OWN),
    **dict.fromkeys(("scale", "standardize"), ("the mean and the spread", OWN)),
    "poly": ("sums", "write poly({x}, {degree}, raw=True), which predicts the same"),
    **dict.fromkeys(("bs", "cr", "cs", "cc"), ("bounds and quantiles", SPLINE)),
}
"""Function that remembers what it saw → what that is, and what to write instead."""


def whole_data_problems(term: Term) -> list[str]:
    """Say which functions of a term would take their numbers from the rows of the example, and what to write instead.

    Weights would then mean other things than on all rows; numbers that are written are the same everywhere.
    """
    states = {} if term.formula is None else term.formula.transform_state
    calls = [ast.parse(text, mode="eval").body for text, state in states.items() if state]
    return [_problem(call, term) for call in calls if isinstance(call, ast.Call) and not _has_own_numbers(_given(call))]


def _problem(call: ast.Call, term: Term) -> str:
    given = _given(call)
    what, advice = LEARNT.get(ast.unparse(call.func), ("something", OWN))
    x, degree = (ast.unparse(given[name]) if name in given else "1" for name in ("x", "degree"))
    instead = advice.format(x=x if x in term.columns else "x", degree=degree)  # a name in quotes was taken apart
    return (
        f"{term.text!r}: {ast.unparse(call)} takes {what} of all rows, which partitions never have together; {instead}"
    )


def _has_own_numbers(given: Mapping[str, ast.expr]) -> bool:
    """Return whether a function that remembers what it saw is told all of it: a middle and a spread, or a spline's."""
    if {"lower_bound", "upper_bound", "knots"} <= set(given):
        numbers = all(_is_number(given[name]) for name in ("lower_bound", "upper_bound"))
        return numbers and "df" not in given and _is_literal(given["knots"]) and _is_literal(given.get("constraints"))
    spread = given.get("scale", given.get("rescale"))
    return spread is not None and "center" in given and all(map(_is_number, (given["center"], spread)))


def _is_number(value: ast.expr) -> bool:
    """Return whether an argument is a number, or says that nothing is done."""
    found = _read(value)
    return found is False or is_real(found)


def _is_literal(value: ast.expr | None) -> bool:
    """Return whether an argument is a list of numbers, or left out; a word or nothing asks for what the rows tell."""
    return value is None or isinstance(_read(value), list | tuple)


def _read(value: ast.expr) -> object:
    """Return what an argument is; None where columns have to tell."""
    try:
        return ast.literal_eval(value)
    except ValueError:
        return None


def _given(call: ast.Call) -> dict[str, ast.expr]:
    """Return the arguments of a function by name."""
    placed = dict(zip(FUNCTIONS.get(ast.unparse(call.func), ()), call.args, strict=False))
    return placed | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
