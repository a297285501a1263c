"""What fits are called that stand beside others, and their options as a reader would write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from estimation.fits.fit import CHOICES
from estimation.text.digits import exact
from estimation.theories.description import Description


def short_name(theory: Description) -> str:
    """Return a theory's name with the options that are not its defaults.

    Examples
    --------
    >>> from estimation.theories import LevelK
    >>> short_name(LevelK(off_path="literal", max_level=2))
    'level-k (max_level 2, off_path literal)'
    """
    changed = changed_options(theory)
    return f"{theory.name} ({changed})" if changed else theory.name


def changed_options(theory: Description) -> str:
    """Return the options that are not a theory's defaults, as a reader would write them; nothing if there are none."""
    defaults = {option.name: option.default for option in fields(theory)}
    changed = [
        f"{name} {plain(value)}"
        for name, value in sorted(theory.options.items())
        if value != defaults.get(name, MISSING)
    ]
    return ", ".join(changed)


def plain(value: Any) -> str:
    """Return an option as a reader would write it, those of a parameter behind its name in brackets."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_inside(part)}" for name, part in value.items())
    if isinstance(value, tuple | list):
        return " and ".join(short_name(part) if isinstance(part, Description) else str(part) for part in value)
    return exact(value) if isinstance(value, float) else str(value)


def _inside(part: Any) -> str:
    """Return what belongs to one name of an option."""
    if not isinstance(part, Mapping):
        return plain(part)
    return f"({', '.join(f'{name} {plain(value)}' for name, value in part.items())})"


def name_of(fit: Any) -> str:
    """Return what a fit is called that stands alone."""
    if fit.family == CHOICES:
        return str(fit.problem.title)
    pooled = ", pooled" if fit.manifest.get("pooled") and fit.table.subjects else ""
    return f"{short_name(fit.theory)}{pooled}"
