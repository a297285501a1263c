"""Theories and games are found by name: the package's, those of installed packages, anybody's own.

A class is known from its definition on; there is no list to add it to. Nothing that a file of results names is imported
or run because the file names it: what is not defined is told, with the file to import.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, ClassVar, Self

from estimation.errors import EstimationError
from estimation.text.shown import Display, Shown, first_line

if TYPE_CHECKING:
    from estimation.arrays import Spec

PACKAGE = __name__.split(".", maxsplit=1)[0]
NOTEBOOK = "a notebook"
OWN = "own."
"""What names of modules begin with that are made of somebody's file."""

_PARAMETERS = "__dataclass_params__"

_DEFINED: list[tuple[type[Registered], str]] = []
"""Every class with the path of its file, in the order of definition."""


class Registered(Shown):
    """Base of the classes that are found by name: each subclass is registered where it is defined.

    Attributes
    ----------
    origin
        Of a class of somebody's own: ``place``, the name of its file (``mine.py``), its module in a package
        (``cheap_talk.sceptic``) or ``a notebook``; and ``code``, by which results of an earlier version are told apart.
        Nothing for the classes of the package.
    offers
        How the entry points are called by which installed packages offer classes of this kind.
    """

    origin: ClassVar[Spec] = {}
    offers: ClassVar[str] = ""
    _is_open: ClassVar[bool] = False

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        _take_defaults(cls)
        file = str(getattr(sys.modules.get(cls.__module__), "__file__", None) or "")
        cls.origin = {} if cls.__module__.split(".")[0] == PACKAGE else _origin(cls, Path(file))
        _DEFINED.append((cls, file))

    def __new__(cls, *_given: object, **_options: object) -> Self:
        """Make the class a dataclass first if it has defaults of its own and nobody decorated it."""
        if cls._is_open and _PARAMETERS not in vars(cls):
            how, text = next(vars(base)[_PARAMETERS] for base in cls.__mro__ if _PARAMETERS in vars(base)), cls.__doc__
            dataclass(eq=how.eq, frozen=how.frozen, repr=how.repr)(cls)
            cls.__doc__ = text
        return super().__new__(cls)

    @classmethod
    def known_as(cls) -> str:
        """Return the name by which the class is found."""
        return cls.__name__

    def _display(self) -> Display:
        return Display(f"{in_words(type(self).__name__)}: {first_line(type(self).__doc__)}", self._facts())


def defined[Kind: Registered](base: type[Kind]) -> list[type[Kind]]:
    """Return the classes of a kind that can be used, in the order of definition; of redefined ones the latest."""
    latest = {
        (cls.__module__, cls.__qualname__, file): cls
        for cls, file in _DEFINED
        if issubclass(cls, base) and cls is not base and not inspect.isabstract(cls)
    }
    return list(latest.values())


def shipped[Kind: Registered](base: type[Kind]) -> dict[str, type[Kind]]:
    """Return the classes of a kind that belong to the package, by name."""
    return {cls.__name__: cls for cls in defined(base) if not cls.origin}


def file_of(cls: type[Registered]) -> Path | None:
    """Return the file in which a class is defined, or None where there is none, as in a notebook."""
    files = [Path(file) for known, file in _DEFINED if known is cls and file]
    return files[-1] if files and files[-1].is_file() else None


def find[Kind: Registered](base: type[Kind], name: str | None, origin: Spec) -> type[Kind]:
    """Return the class of this name and origin; without an origin one of the package, or the only one of this name.

    Raises
    ------
    LookupError
        Saying what to import, or which classes are confused.
    """
    place = origin.get("place")
    if not [cls for cls in defined(base) if cls.known_as() == name and cls.origin.get("place") == place]:
        installed(base, name, place)
    known = [cls for cls in defined(base) if cls.known_as() == name]
    found = [cls for cls in known if cls.origin.get("place") == place]
    if not found and place in (None, NOTEBOOK):
        found = [cls for cls in known if cls.origin]  # what moved from a notebook to a file is still the same
    if len(found) == 1:
        return found[0]
    if found:
        places = " and ".join(f"{name} of {cls.origin['place']} ({cls.__module__})" for cls in found)
        raise LookupError(f"{places} are both defined; import only the one that is meant")
    if place is None:
        how = "your own are known once their file is imported (est.import_file, on the command line --own)"
        raise LookupError(f"{name!r} is none of {sorted(cls.known_as() for cls in defined(base))}; {how}")
    raise LookupError(f"{name!r} {_how_to_define(place)}")


def installed[Kind: Registered](base: type[Kind], name: str | None, place: str | None = None) -> list[type[Kind]]:
    """Return what installed packages offer (entry points ``estimation.theories``) under a name, or from a module."""
    offered = entry_points(group=f"{PACKAGE}.{base.offers}")
    loaded = [entry.load() for entry in offered if name == entry.name or place == entry.module]
    return [cls for cls in loaded if isinstance(cls, type) and issubclass(cls, base)]


def import_file(path: str | Path) -> ModuleType:
    """Run a Python file that defines theories or games of your own, and return it as a module.

    What it defines is then known by name: fits of it are read back, and ``games.toml`` may use its families. Workers of
    studies get the definitions as they are here, and need not find the file.

    Raises
    ------
    EstimationError
        If there is no such file.
    """
    import cloudpickle  # noqa: PLC0415 - only who brings code of their own needs it

    source = Path(path).resolve()
    if source.suffix != ".py" or not source.is_file():
        raise EstimationError("The file cannot be imported:", [f"{path} is no Python file"])
    module = ModuleType(OWN + source.stem)
    module.__file__ = str(source)
    sys.modules[module.__name__] = module
    exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), vars(module))  # noqa: S102 - to run it is what was asked for
    cloudpickle.register_pickle_by_value(module)
    return module


def _take_defaults(cls: type[Registered]) -> None:
    """Make values that a class gives to options of its bases the options' defaults, annotated or not.

    Python would let the bases' defaults win without a word: a dataclass looks at annotated attributes alone.
    """
    for base in cls.__bases__:
        getattr(base, "complete", lambda: None)()  # theories become dataclasses late
    options = {option.name: option for base in cls.__bases__ if is_dataclass(base) for option in fields(base)}
    given = {name: value for name, value in vars(cls).items() if name in options and not hasattr(value, "__get__")}
    given = {name: value for name, value in given.items() if name not in cls.__annotations__} if given else {}
    for name, value in given.items():
        cls.__annotations__[name] = options[name].type
        about = {part: getattr(options[name], part) for part in ("init", "repr", "hash", "compare", "kw_only")}
        setattr(cls, name, field(default_factory=partial(_same, value), **about))
    cls._is_open = bool(given)


def _same(value: object) -> object:
    return value


def misspelt(cls: type[Registered], base: type[Registered], names: Sequence[str]) -> str:
    """Return what a class of somebody's own calls almost as one of some names of its base is called, in brackets."""
    own = [name for name in vars(cls) if not hasattr(base, name)] if cls.origin else []
    close = {found: name for name in names for found in get_close_matches(name, own, n=1)}
    return "".join(f" ({found!r} is not {name!r})" for found, name in list(close.items())[:1])


def in_words(name: str) -> str:
    """Return the name of a class in lower-case words: ``LevelKLying`` is ``level k lying``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).lower()


def _origin(cls: type, file: Path) -> Spec:
    """Return where a class is being defined."""
    if not file.is_file():
        code = repr([_text(value.__code__) for value in vars(cls).values() if inspect.isfunction(value)])
        return {"place": NOTEBOOK, "code": _digest(code.encode())}
    is_single = file.name != "__init__.py" and cls.__module__.count(".") == cls.__module__.startswith(OWN)
    return {"place": file.name if is_single else cls.__module__, "code": _digest(file.read_bytes())}


def _text(code: CodeType) -> str:
    constants = [_text(value) if isinstance(value, CodeType) else repr(value) for value in code.co_consts]
    return repr((code.co_code, code.co_names, constants))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _how_to_define(place: str) -> str:
    """Say how a class of this place becomes known."""
    if place == NOTEBOOK:
        return f"of {place} is not defined here; run the cell that defines it first"
    if place.endswith(".py"):
        how = f"est.import_file({place!r}), on the command line --own {place}"
        return f"of {place} is not defined here; import the file first: {how}"
    return f"is not defined here; import {place} first"
