"""Formulas as options: every theory takes them by the names of its parameters, without a line of its own."""

from __future__ import annotations

from abc import ABCMeta
from typing import Any


class TakesFormulas(ABCMeta):
    """Theories take a formula for any of their parameters, by the parameter's own name."""

    def __call__(cls, *given: Any, **options: Any) -> Any:
        """Put options that are formulas (text that starts with ``~``) into the option `formulas`."""
        is_formula = {
            key: isinstance(value, str) and value.strip()[:1] == "~" for key, value in options.items()
        }
        formulas = {key: value for key, value in options.items() if is_formula[key]}
        if formulas:
            options = {key: value for key, value in options.items() if not is_formula[key]}
            options["formulas"] = {**options.get("formulas", {}), **formulas}
        return super().__call__(*given, **options)
