"""The parameters in which people differ: their scales, their units, and the prior of how they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estimation.allowed import word_problems
from estimation.arrays import Module, Numbers, is_real
from estimation.errors import TheoryError, raise_all
from estimation.games.game import Game
from estimation.text.shown import Shown

SPREAD_LOG_SD = 0.7  # exp(1.96 * 0.7) is about 4: populations without differences between people are not entertained
SCALES = ("logit", "log", "identity")


@dataclass(frozen=True)
class Parameter(Shown):
    """One number that differs between people, normal over the population on a transformed scale.

    Parameters
    ----------
    name, symbol, meaning, unit
        How it is called in results, in papers, in words, and what it is measured in.
    scale
        ``"logit"`` for (0, 1), ``"log"`` for positive values, ``"identity"`` for any number: the scale on which the
        population is normal.
    centre, centre_sd : float
        Normal prior of the population mean, on the transformed scale.
    spread : float
        Median of the log-normal prior of the population standard deviation, on the transformed scale. Its middle 95 %
        reaches from a quarter to four times the median (`SPREAD_LOG_SD`): people differ, by an unknown amount.
    why
        The reason for the prior.
    steady
        Whether a person has one value throughout: then nothing in its formula may vary within a person.

    Raises
    ------
    TheoryError
        If the scale is none of these, a number is none, or what must be positive is not; every problem is listed.
    """

    name: str
    symbol: str
    meaning: str
    unit: str
    scale: str
    centre: float
    centre_sd: float
    spread: float
    why: str
    steady: bool = False

    def __post_init__(self) -> None:
        problems = word_problems(SCALES, scale=self.scale)
        problems += [f"centre must be a finite number, not {self.centre!r}"] * (not is_real(self.centre))
        problems += [
            f"{name} must be a positive number, not {value!r}"
            for name, value in {"centre_sd": self.centre_sd, "spread": self.spread}.items()
            if not (is_real(value) and value > 0)
        ]
        raise_all(problems, TheoryError, f"The parameter {self.name!r} is not valid:")

    @property
    def scale_unit(self) -> str:
        """What differences on the transformed scale are measured in: the unit itself if nothing is transformed."""
        return self.unit if self.scale == "identity" else f"{self.scale} scale"

    def natural(self, value: Numbers, xp: Module = np) -> Numbers:
        """Return transformed values on the natural scale (any shape): no share is 0 or 1, nothing positive 0."""
        if self.scale == "identity":
            return value
        low, high = (-700.0, 36.0) if self.scale == "logit" else (-700.0, 50.0)
        bounded = xp.minimum(xp.maximum(value, low), high)
        return 1 / (1 + xp.exp(-bounded)) if self.scale == "logit" else xp.exp(bounded)

    def transformed(self, value: Numbers) -> Numbers:
        """Return natural values on the transformed scale (any shape)."""
        if self.scale == "identity":
            return np.asarray(value, float)
        return np.log(value) - (np.log1p(-np.asarray(value)) if self.scale == "logit" else 0.0)


def lying_cost(
    games: list[Game], name: str = "lying_cost", meaning: str = "personal cost of lying by one unit"
) -> Parameter:
    """Return β, in units of payoff per unit of lie; `name` and `meaning` are those of a belief about others' β."""
    symbol = "β" if name == "lying_cost" else "βᵒ"
    centre = float(np.log(0.3 * np.mean([game.margin for game in games])))
    why = "from 2 % of what a unit of action can earn the sender (lies freely) to 6 times that (never lies)"
    return Parameter(name, symbol, meaning, "payoff per unit", "log", centre, 1.5, 1.5, why)


def mean_steps(name: str, meaning: str, why: str) -> Parameter:
    """Return τ, the mean of steps of thought that are Poisson."""
    return Parameter(name, "τ", meaning, "steps", "log", float(np.log(1.5)), 0.7, 0.5, why)


def twice(parameters: Sequence[object]) -> list[str]:
    """Say which traits of a theory are no parameters, and which names two parameters have, noise included."""
    strange = [f"{trait!r} is no Parameter" for trait in parameters if not isinstance(trait, Parameter)]
    names = Counter(p.name for p in parameters if isinstance(p, Parameter))
    return strange + [
        f"{count} parameters are called {name!r}, one perhaps of lapses, habits or the response; rename the others"
        for name, count in names.items()
        if count > 1
    ]
