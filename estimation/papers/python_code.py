"""Models as the Python that builds them, for the script of a replication package."""

from __future__ import annotations

import keyword
import math
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import estimation as public
from estimation.registry import Registered

TAKEN = ("est", "pd", "sys", "study", "fitted", "checked", "main")
"""Names that the script has for something else."""
PLAIN = (str, int, float, bool, type(None))


class NotWritten(ValueError):
    """Something that has no Python of its own."""


def code_of(value: Any) -> str:
    """Return a Python expression that builds a model, or a value of one of its options; defaults are left out.

    Classes of the package stand as ``est.Name``, those of somebody's file as ``file.Name``.

    Raises
    ------
    NotWritten
        Saying what cannot be written.
    """
    if isinstance(value, Registered):
        return f"{class_code(type(value))}({', '.join(_options(value))})"
    if hasattr(value, "tolist"):
        return code_of(value.tolist())
    if isinstance(value, PLAIN):
        is_number = isinstance(value, float) and not math.isfinite(value)
        return text_code(value) if isinstance(value, str) else f'float("{value}")' if is_number else repr(value)
    return _collection_code(value)


def _collection_code(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{code_of(key)}: {code_of(each)}" for key, each in value.items()) + "}"
    if isinstance(value, tuple):
        return (
            "(" + "".join(f"{code_of(each)}, " for each in value).removesuffix(" " if len(value) == 1 else ", ") + ")"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(code_of, value)) + "]"
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__}([{', '.join(sorted(map(code_of, value)))}])"
    raise NotWritten(f"a {type(value).__name__} cannot be written as Python")


def text_code(text: str) -> str:
    """Return text in quotes: double ones where nothing in it has to be escaped."""
    return f'"{text}"' if text.isprintable() and not set(text) & set('"\\') else repr(text)


def class_code(cls: type[Registered]) -> str:
    """Return how a class is reached: of the package, or of a file that the script imports."""
    if not cls.origin:
        if not hasattr(public, cls.__name__):
            raise NotWritten(f"{cls.__name__} is no public model")
        return f"est.{cls.__name__}"
    place = str(cls.origin["place"])
    if not place.endswith(".py"):
        raise NotWritten(f"{cls.__name__} is of {place}; define it in a file, est.import_file it, and fit again")
    return f"{module_name(place)}.{cls.__name__}"


def module_name(file: str) -> str:
    """Return a name under which a script can import a file: its own, as far as Python allows it.

    Examples
    --------
    >>> module_name("level-2.py"), module_name("est.py")
    ('level_2', 'est_')
    """
    name = "".join(sign if sign.isidentifier() or sign.isdecimal() else "_" for sign in Path(file).stem)
    name = name if name.isidentifier() else f"_{name}"
    return f"{name}_" if name in TAKEN or keyword.iskeyword(name) else name


def own_classes(value: Any) -> set[type[Registered]]:
    """Return the classes of somebody's own that a model is made of."""
    if isinstance(value, Registered):
        inside = [getattr(value, field.name) for field in fields(value)]  # type: ignore[arg-type] # models are dataclasses
        own = {type(value)} if type(value).origin else set()
        return own.union(*map(own_classes, inside))
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return set().union(*map(own_classes, parts))


def _options(model: Registered) -> list[str]:
    """Return the options that are not at their defaults, as keyword arguments."""
    written = []
    for field in fields(model):  # type: ignore[arg-type] # models are dataclasses
        default = field.default if field.default_factory is MISSING else field.default_factory()
        value = getattr(model, field.name)
        if field.init and not (type(value) is type(default) and value == default):
            written.append(f"{field.name}={code_of(value)}")
    return written
