"""Formulas as theories are given them: by the names of their parameters, each once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from estimation.errors import TheoryError, raise_all

FORMULAS = "formulas"
HOW = "as in {'trust': '~ country'}"


def with_formulas(theory: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options of a theory, those that are formulas (text that starts with ``~``) in the option `formulas`.

    Raises
    ------
    TheoryError
        If a parameter has two formulas.
    """
    named = {name: value for name, value in options.items() if isinstance(value, str) and value.strip().startswith("~")}
    if not named:
        return dict(options)
    given = options.get(FORMULAS, {})
    held = given if isinstance(given, Mapping) else {}
    problems = [] if isinstance(given, Mapping) else formula_problems(given)
    problems += [
        f"{name!r} has two formulas, {value!r} and {held[name]!r}; give one of them"
        for name, value in named.items()
        if held.get(name, value) != value
    ]
    raise_all(problems, TheoryError, f"{theory} cannot be built:")
    plain = {name: value for name, value in options.items() if name not in named}
    return plain | {FORMULAS: {**held, **named}}


def formula_problems(formulas: object) -> list[str]:
    """Return what is wrong with the form of formulas: parameter → text."""
    if not isinstance(formulas, Mapping):
        return [f"formulas are given by parameter, {HOW}, not as a {type(formulas).__name__}"]
    return [
        f"the formula of {name!r} must be text, {HOW}, not {formula!r}"
        for name, formula in formulas.items()
        if not isinstance(formula, str)
    ]
