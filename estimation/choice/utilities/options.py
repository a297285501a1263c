"""Options of models of choice: in which forms each may be given, and the one form in which it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import is_real, is_whole
from estimation.data.choices.codes import code_text
from estimation.listed import listed


@dataclass(frozen=True)
class Form:
    """What an option may be.

    Parameters
    ----------
    said
        What it must be, in words.
    fits
        Whether a value is that.
    kept
        The value as the model keeps it.
    """

    said: str
    fits: Callable[[Any], bool]
    kept: Callable[[Any], Any]

    def problems(self, name: str, value: object) -> list[str]:
        """Say, by the name of the option, that a value is nothing of the kind."""
        return [] if self.fits(value) else [f"{name} must be {self.said}, not {value!r}"]


def names_of(given: object) -> tuple[str, ...]:
    """Return one name or several as a tuple of texts; numbers are labels as tables have them."""
    return tuple(item if isinstance(item, str) else code_text(item) for item in listed(given))


def _is_list(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim == 1
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)


def _are_names(value: object) -> bool:
    return isinstance(value, str) or _is_list(value)


def _is_mapping(value: object) -> bool:
    return isinstance(value, Mapping | pd.Series)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool | np.bool_)


def _are_groups(value: Any) -> bool:
    return _is_mapping(value) and all(_are_names(members) for _, members in value.items())


def _by_name(value: Any) -> dict[str, Any]:
    return {str(name): held for name, held in value.items()}


def _grouped(value: Any) -> dict[str, tuple[str, ...]]:
    return {str(name): names_of(members) for name, members in value.items()}


TERMS = Form("a list of terms", _is_list, lambda value: tuple(str(term) for term in value))
NAMES = Form("a name or a list of names, and is left out if there are none", _are_names, names_of)
MAYBE_NAMES = Form(
    '"all", a list of coefficients (their kinds go to distributions=) or None',
    lambda value: value is None or _are_names(value),
    lambda value: value if value is None or isinstance(value, str) else names_of(value),
)
LABEL = Form(
    "a name or None",
    lambda value: value is None or isinstance(value, str) or is_whole(value) or is_real(value),
    lambda value: value if value is None else names_of(value)[0],
)
TRUTH = Form("True or False", _is_truth, bool)
TRUTH_OR_NAMES = Form(
    "True, False or a list of names",
    lambda value: _is_truth(value) or _are_names(value),
    lambda value: bool(value) if _is_truth(value) else names_of(value),
)
COUNT = Form("a whole number", lambda _: True, lambda value: int(value) if is_whole(value) else value)
NUMBERS = Form("a mapping as {'price': -1.0}", _is_mapping, _by_name)
WORDS = Form("a mapping as {'price': 'lognormal'}", _is_mapping, _by_name)
GROUPS = Form("a mapping of names to alternatives, as {'rail': ['train', 'tram']}", _are_groups, _grouped)
