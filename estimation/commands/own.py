"""Theories by the names that people type, and files with theories, games and models of choice of their own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.errors import ChoiceError, TheoryError, did_you_mean
from estimation.registry import defined, import_file, in_words, installed

if TYPE_CHECKING:
    from estimation.choice.model import ChoiceModel
    from estimation.theories import Description

_DECLARED = re.compile(r'^class (\w+)\(.*\):\n(?:    .*\n|\n)*?    name: ClassVar\[str\] = "\w', re.MULTILINE)
_COMBINATION = "Mixture"


def typed_name(theory: type | str) -> str:
    """Return what people type for a theory: ``level-k-lying``."""
    return in_words(theory if isinstance(theory, str) else theory.__name__).replace(" ", "-")


def theory_names() -> list[str]:
    """Return what the theories of the package are called, read from their files: to import them takes seconds."""
    folder = Path(__file__).parents[1] / "theories"
    found = [name for path in folder.glob("*/*.py") for name in _DECLARED.findall(path.read_text("utf-8"))]
    return sorted(typed_name(name) for name in found if name != _COMBINATION)


def _import_files(paths: list[Path] | None) -> list[Path] | None:
    for path in paths or ():
        import_file(path)
    return paths


TheoryName = typer.Option(
    metavar="NAME",
    help=f"What people do: {', '.join(theory_names())}; or how one of them begins, as trust; or one of yours: "
    "FILE.py:CLASS.",
)
Own = Annotated[
    list[Path] | None,
    typer.Option(
        "--own",
        metavar="FILE.py",
        callback=_import_files,
        help="Python with theories, games or models of yours, which is run first; may be repeated.",
    ),
]


def theory_class(text: str) -> type[Description]:
    """Return the theory of a name (or how one begins), of a class in a file (``mine.py:Sceptic``), or of a package.

    Raises
    ------
    TheoryError
        If there is none, or several.
    """
    from estimation.theories import Description, Theory
    from estimation.theories.messages.combined import Combined

    file, _, name = text.rpartition(":")
    if file.endswith(".py"):
        own = _of_file(file, name, Description)
        if own is None:
            problem = f"{file} defines no theory {name!r}; write FILE.py:CLASS"
            raise TheoryError("The theory is not known:", [problem])
        return own
    theories = [theory for theory in defined(Description) if theory is not Theory and not issubclass(theory, Combined)]
    names = {theory: typed_name(theory) for theory in theories}
    exact = [theory for theory in theories if text in (names[theory], theory.__name__)]
    begins = [theory for theory in theories if names[theory].startswith(text)]
    found = installed(Description, text) or exact or begins
    if len(found) == 1:
        return found[0]
    if found:
        meant = " or ".join(f"{typed_name(one)} of {one.origin.get('place', 'the package')}" for one in found)
        raise TheoryError("The theory is not clear:", [f"{text!r} may be {meant}"])
    hint = did_you_mean(text, names.values(), otherwise=", nor FILE.py:CLASS")
    raise TheoryError("The theory is not known:", [f"{text!r} is none of {sorted(names.values())}{hint}"])


def model_class(text: str) -> type[ChoiceModel]:
    """Return the model of choice of a name, of a class in a file (``mine.py:RandomRegret``), or of a package.

    Raises
    ------
    ChoiceError
        If there is none.
    """
    import estimation.choice.models  # noqa: F401 - defines those of the package
    from estimation.choice.model import ChoiceModel

    file, _, name = text.rpartition(":")
    if file.endswith(".py"):
        found = [_of_file(file, name, ChoiceModel)]
    else:
        known = {typed_name(model): model for model in defined(ChoiceModel)}
        found = [*installed(ChoiceModel, text), known.get(text)]
    if found[0] is None:
        problem = f"{text!r} is no model of choice; write FILE.py:CLASS"
        raise ChoiceError("The model of choice is not known:", [problem])
    return found[0]


def _of_file[Kind](file: str, name: str, base: type[Kind]) -> type[Kind] | None:
    found = getattr(import_file(file), name, None)
    return found if isinstance(found, type) and issubclass(found, base) else None
