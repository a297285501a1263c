"""How commands are told which model of choice to fit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.own import model_class
from estimation.commands.said_twice import said_twice
from estimation.errors import ChoiceError, raise_all

if TYPE_CHECKING:
    from estimation.choice.model import ChoiceModel


def _repeated(metavar: str, help_text: str) -> Any:
    return typer.Option(metavar=metavar, help=f"{help_text}; repeat it.")


Random = Annotated[list[str] | None, _repeated("TERM", "A weight that differs between people, or all")]
Negative = Annotated[
    list[str] | None, _repeated("TERM", "A random weight that is negative for everybody, as of prices")
]
Triangular = Annotated[list[str] | None, _repeated("TERM", "A random weight between two ends, likeliest in the middle")]
Independent = Annotated[bool, typer.Option("--independent", help="Random weights are independent of each other.")]
Mixture = Annotated[int | None, typer.Option(metavar="K", help="Tastes are a mixture of so many normals.")]
WtpSpace = Annotated[
    str | None,
    typer.Option("--wtp-space", metavar="TERM", help="The price, if all other weights are to be amounts of money."),
]
ErrorComponent = Annotated[
    list[str] | None,
    _repeated("NAME=A,B", "Alternatives that have something in common for a person, beyond their attributes"),
]
Covariate = Annotated[
    list[str] | None,
    _repeated("COLUMN", "What describes people: shifts random weights, or their chances of being in a class"),
]
Nest = Annotated[
    list[str] | None, _repeated("NAME=A,B", "A nest of alternatives that are alike; cross-nested if one is in several")
]
Scale = Annotated[list[str] | None, _repeated("COLUMN", "What choices are more or less noisy by")]
Classes = Annotated[int | None, typer.Option(help="Latent classes of people.")]
Own = Annotated[str | None, typer.Option("--model", metavar="NAME", help="Another model, or yours: FILE.py:CLASS.")]


@dataclass(frozen=True)
class ModelOptions:
    """What options say of a model of choice."""

    attributes: list[str]
    constants: bool = False
    reference: str | None = None
    random: list[str] = field(default_factory=list)
    negative: list[str] = field(default_factory=list)
    triangular: list[str] = field(default_factory=list)
    independent: bool = False
    mixture: int | None = None
    wtp_space: str | None = None
    error_components: list[str] = field(default_factory=list)
    covariates: list[str] = field(default_factory=list)
    nests: list[str] = field(default_factory=list)
    scale: list[str] = field(default_factory=list)
    classes: int | None = None
    own: str | None = None

    def model(self) -> ChoiceModel:
        """Return the model that options describe.

        Raises
        ------
        ChoiceError
            If the options contradict each other or the model makes no sense.
        """
        raise_all(self._problems(), ChoiceError, "The model is not clear:")
        from estimation.choice.models import HeteroscedasticLogit, LatentClassLogit

        shared: dict[str, Any] = {"constants": self.constants, "reference": self.reference}
        if self.own is not None:
            return model_class(self.own)(self.attributes, **shared)
        if self.nests:
            return self._nested(shared)
        if self.scale:
            return HeteroscedasticLogit(self.attributes, scale=self.scale, **shared)
        if self.classes is not None:
            given: dict[str, Any] = {"classes": self.classes, "covariates": self.covariates}
            return LatentClassLogit(self.attributes, **given, **shared)
        return self._multinomial(shared)

    def _nested(self, shared: dict[str, Any]) -> ChoiceModel:
        from estimation.choice.models import CrossNestedLogit, NestedLogit

        nests = _groups(self.nests)
        often = Counter(label for members in nests.values() for label in set(members))
        kind = CrossNestedLogit if max(often.values()) > 1 else NestedLogit
        return kind(self.attributes, nests=nests, **shared)

    def _multinomial(self, shared: dict[str, Any]) -> ChoiceModel:
        from estimation.choice.models import MultinomialLogit

        random: Any = list(dict.fromkeys([*self.random, *self.negative, *self.triangular])) or None
        kinds = dict.fromkeys(self.negative, "-lognormal") | dict.fromkeys(self.triangular, "triangular")
        return MultinomialLogit(
            self.attributes,
            random="all" if "all" in self.random else random,
            distributions=kinds,
            covariance="diagonal" if self.independent or self.error_components else "full",
            components=1 if self.mixture is None else self.mixture,
            wtp_space=self.wtp_space,
            error_components=_groups(self.error_components),
            covariates=self.covariates,
            **shared,
        )

    def _problems(self) -> list[str]:
        taken = ("random", "negative", "triangular", "independent", "mixture", "wtp_space", "error_components")
        tastes = [_flag(name) for name in taken if getattr(self, name)]
        kinds = [[_flag(name)] for name in ("nests", "scale") if getattr(self, name)]
        kinds += [["--classes"]] * (self.classes is not None) + [["--model"]] * (self.own is not None)
        kinds += [tastes[:1]] * bool(tastes)
        asked = [name for (name,) in kinds]
        problems = [f"{' and '.join(asked)} make different models; choose one"] * (len(asked) > 1)
        if self.covariates and (kinds or [["nothing"]])[0][0] in ("--nest", "--scale", "--model", "nothing"):
            problems.append("--covariate needs --random or --classes: it shifts random weights, or who is in a class")
        if self.mixture is not None and (self.random != ["all"] or self.covariates):
            problems.append("--mixture needs --random all, and takes no --covariate")
        both = [name for name in self.triangular if name in self.negative]
        problems += [f"{name} cannot be both --negative and --triangular; choose one" for name in both]
        if self.independent and not (self.random or self.negative or self.triangular):
            problems.append("--independent needs --random: it is about weights that differ between people")
        named = {"--nest": self.nests, "--error-component": self.error_components}
        problems += [said for flag, texts in named.items() for said in said_twice(flag, _names(texts), "list")]
        return problems + [
            f"{flag} {text!r} is not of the form name=first,second"
            for flag, texts in named.items()
            for text in texts
            if "=" not in text
        ]


def _flag(name: str) -> str:
    """Return an option as it is typed."""
    return "--" + {"nests": "nest", "error_components": "error-component"}.get(name, name).replace("_", "-")


def _names(texts: list[str]) -> list[str]:
    return [text.partition("=")[0] for text in texts]


def _groups(texts: list[str]) -> dict[str, list[str]]:
    """Return ``name=first,second`` as name → members."""
    pairs = (text.partition("=") for text in texts)
    return {name.strip(): [label.strip() for label in inside.split(",")] for name, _, inside in pairs}
