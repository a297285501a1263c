"""What differs between people, and what shifts it: effects, covariates of people, columns that vary within them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from estimation.arrays import Array
from estimation.population.normal import Covariates
from estimation.text.contrasts import words_of
from estimation.theories.parameter import Parameter


@dataclass(frozen=True)
class Slope(Parameter):
    """How a parameter of a person changes with a column that varies within people; `of` names the parameter."""

    of: str = ""


@dataclass(frozen=True)
class Shift:
    """A column that shifts the mean of an effect from person to person.

    Attributes
    ----------
    name, effect
        What it is called, and the effect whose mean it shifts: a parameter, or a slope.
    column, base
        The column of the formula's matrix; for a shift of a slope, it is divided by the slope's column `base`.
    centre, sd : float
        What is subtracted, and the standard deviation of the coefficient's prior.
    told
        For a shift of a slope: what the formula's columns that vary within people are where `base` is not zero, so that
        the ratio can be told of people who only meet situations in which it is.
    """

    name: str
    effect: str
    column: str
    base: str
    centre: float
    sd: float
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Formula:
    """The formula of one parameter, with all that is needed to apply it to another table.

    Attributes
    ----------
    parameter, spec
        The parameter, and formulaic's specification of the matrix.
    shifts, slopes
        Columns that shift means; slopes by name, with the matrix column and its centre.
    """

    parameter: Parameter
    spec: Any
    shifts: tuple[Shift, ...]
    slopes: tuple[tuple[Slope, str, float], ...]


@dataclass(frozen=True, eq=False)
class Design:
    """Everything that differs between people, and what it depends on.

    Attributes
    ----------
    effects
        The dimensions of a person: parameters, each followed by its slopes.
    covariates
        What shifts the means of the effects.
    slopes
        Slope → its centred column, (row,) of the table.
    within : (row, covariate) array, optional
        By how much the covariates of a decision exceed the person's average, where a table lets people meet several
        values of what was constant for each person in the data; nothing if they are constant here, too.
    """

    effects: tuple[Parameter, ...]
    covariates: Covariates = field(default_factory=Covariates.none)
    slopes: Mapping[str, Array] = field(default_factory=dict)
    within: Array | None = None
    formulas: tuple[Formula, ...] = field(default=(), repr=False)

    @property
    def words(self) -> dict[str, str]:
        """What tables call those columns of formulas whose names are the notation of formulas."""
        return {name: said for formula in self.formulas for name, said in words_of(formula.spec).items()}

    def of(self, names: Collection[str]) -> Design:
        """Return what is to be applied to a table of some of the parameters."""
        effects = tuple(e for e in self.effects if (e.of if isinstance(e, Slope) else e.name) in names)
        return Design(effects, formulas=tuple(f for f in self.formulas if f.parameter.name in names))
