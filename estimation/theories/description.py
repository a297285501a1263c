"""What theories are written with: a name and options as plain data."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Mapping
from dataclasses import dataclass, fields
from inspect import Signature, signature
from typing import Any, ClassVar, Self, cast, dataclass_transform

import numpy as np

from estimation.allowed import word_problems
from estimation.arrays import Spec, is_whole
from estimation.errors import TheoryError, raise_all
from estimation.registry import Registered, find, in_words
from estimation.text.shown import Display, first_line
from estimation.theories.formulas import with_formulas
from estimation.theories.parameter import Parameter

MOST = 100  # levels and the like


@dataclass_transform(frozen_default=True)
class TheoryType(ABCMeta):
    """Makes classes whose annotated attributes are options, decorated or not, and whose parameters take formulas."""

    def __call__(cls, *given: Any, **options: Any) -> Any:
        """Put options that are formulas (text that starts with ``~``) into the option `formulas`."""
        cls.complete()
        return super().__call__(*given, **with_formulas(cls.__name__, options))

    def complete(cls) -> None:
        """Make a dataclass of each class that its author did not decorate."""
        for part in reversed(cls.__mro__):
            if isinstance(part, TheoryType) and "__dataclass_fields__" not in vars(part):
                text = part.__doc__
                dataclass(frozen=True)(cast("type", part))
                part.__doc__ = text  # or a class without documentation would be documented by its signature

    @property
    def __signature__(cls) -> Signature:
        """The options, for help and completion."""
        cls.complete()
        own = signature(cls.__init__)  # type: ignore[misc]
        return own.replace(parameters=list(own.parameters.values())[1:], return_annotation=Signature.empty)


@dataclass(frozen=True)
class Description(Registered, metaclass=TheoryType):
    """A theory by its name and options.

    Attributes
    ----------
    name
        What tables and figures call it; the words of the class's name if left out.
    citation
        Where it comes from.
    traits
        The parameters in which people differ, if they are the same in all games and roles; else `own_parameters` of a
        theory of messages says, or `parameters` of one of play.
    derived
        What has a value at each decision and is no parameter, such as the trust in whom one faces.
    least
        Option → the smallest whole number that it may be.
    among
        Option → the words that it may be.
    """

    name: ClassVar[str] = ""
    citation: ClassVar[str] = ""
    traits: ClassVar[tuple[Parameter, ...]] = ()
    derived: ClassVar[tuple[str, ...]] = ()
    least: ClassVar[Mapping[str, int]] = {}
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    offers: ClassVar[str] = "theories"

    def __post_init__(self) -> None:
        for option in (*self.least, *self._flags):  # numbers and truth values of NumPy: files hold those of Python
            if isinstance(value := getattr(self, option), np.integer | np.bool_):
                object.__setattr__(self, option, value.item())
        raise_all(self.problems(), TheoryError, f"{type(self).__name__} cannot be built:")

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        numbers = {option: getattr(self, option) for option in self.least}
        problems = [
            f"{option} must be a whole number from {self.least[option]}, not {number!r} (nor more than {MOST})"
            for option, number in numbers.items()
            if not is_whole(number) or not self.least[option] <= number <= MOST
        ]
        flags = {option: getattr(self, option) for option in self._flags}
        problems += [
            f"{name} must be True or False, not {value!r}"
            for name, value in flags.items()
            if not isinstance(value, bool)
        ]
        for option, words in self.among.items():
            problems += word_problems(words, **{option: getattr(self, option)})
        return problems

    @property
    def _flags(self) -> list[str]:
        """The options that are yes or no."""
        return [option.name for option in fields(self) if isinstance(option.default, bool)]

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        for base in cls.__bases__:
            if isinstance(base, TheoryType) and base is not Description:
                base.complete()  # its author has had the chance to decorate it
        if isinstance(cls.traits, Parameter):  # a comma is missing: it is meant as a list of one
            cls.traits = (cls.traits,)
        if "name" not in vars(cls):
            cls.name = in_words(cls.__name__)

    def __setstate__(self, state: Spec) -> None:
        """Take over what another process wrote; here the class may not have been used yet."""
        type(self).complete()
        vars(self).update(state)

    @property
    def types(self) -> tuple[str, ...]:
        """Discrete types of people, one of which each person is; a single type unless the theory says otherwise."""
        return ("everyone",)

    @property
    def options(self) -> Spec:
        """Every option by name; formulas and priors by the names of their parameters, if there are any."""
        plain = {option.name: getattr(self, option.name) for option in fields(self)}
        rare = {name: dict(plain.pop(name)) for name in ("formulas", "priors") if name in plain}
        return plain | {name: given for name, given in rare.items() if given}

    @property
    def in_a_sentence(self) -> str:  # not `about`, which is an option of theories of advice
        """The first line of the theory's documentation, or its name if its author wrote none."""
        text = (type(self).__doc__ or "").strip()
        is_signature = text.startswith(f"{type(self).__name__}(")  # what `dataclass` writes where there is nothing
        return text.split("\n")[0] if text and not is_signature else f"The theory {self.name!r}."

    def spec(self) -> Spec:
        """Return name and options as plain data, from which `from_spec` rebuilds the theory."""
        origin = {"origin": type(self).origin} if type(self).origin else {}
        return {"theory": type(self).__name__} | origin | self.options

    @classmethod
    def from_spec(cls, spec: Spec) -> Self:
        """Return the theory of this kind that `spec` describes.

        Raises
        ------
        TheoryError
            If nobody has defined it, with the file to import; or if an option is misspelt.
        """
        options = dict(spec)
        name, origin = options.pop("theory", None), options.pop("origin", {})
        try:
            theory = find(cls, name, origin)
        except LookupError as problem:
            raise TheoryError("The theory is not known:", [str(problem)]) from None
        try:
            return theory.of_options(options)
        except TypeError as problem:
            raise TheoryError(f"{name} cannot be built:", [str(problem)]) from problem

    @classmethod
    def of_options(cls, options: Spec) -> Self:
        """Return the theory with options that were plain data."""
        return cls(**options)

    def _display(self) -> Display:
        return Display(f"{self.name}: {first_line(type(self).__doc__)}", self._facts())

    def _facts(self) -> dict[str, object]:
        return ({"source": self.citation} if self.citation else {}) | super()._facts()

    def __str__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        return f"{type(self).__name__}({options})"
