"""Willingness-to-pay space: parameters are amounts of money, which a price coefficient turns into utilities.

U = α (ω'x - p) + ε. With a normal ω and a log-normal α over people, the worth of an attribute is a parameter with a
prior and a spread of its own, not the ratio of two (Train and Weeks 2005, in Applications of Simulation Methods in
Environmental and Resource Economics, 1-16; Scarpa, Thiene and Train 2008, AJAE 90:994-1010). Where everybody shares
all weights it is the same model in either space, with another prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array
from estimation.choice.hierarchy.describe import LOG_SD
from estimation.choice.likelihoods.arrays import CERTAIN
from estimation.choice.likelihoods.logit import LogitLikelihood
from estimation.choice.likelihoods.newton import maximise
from estimation.choice.likelihoods.target import prior_sd
from estimation.choice.maximum.maximum import mode_of
from estimation.choice.maximum.mode import Mode
from estimation.choice.model import ChoiceModel
from estimation.choice.pooled import SharedWeights
from estimation.choice.sampling.draws import Truth, flat
from estimation.choice.utilities.design import arrays_of
from estimation.choice.utilities.utility import Row
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError
from estimation.text.digits import EXACT, interval, number
from estimation.text.table import TextTable


@dataclass(frozen=True, eq=False)
class WorthLikelihood(LogitLikelihood):
    """A multinomial logit of amounts of money, with log α in the place of price.

    `prior_sd`, (coefficient,), is that of amounts, and of log α, whose prior mean is `log_scale`.
    """

    price: int
    log_scale: float

    def starts(self, prior: bool) -> list[Array]:
        """Return nothing that is worth anything, and a price that matters as it may beforehand, (coefficient,)."""
        return [self._location]

    def natural(self, parameters: Array) -> tuple[Array, Array]:
        """Return the weights of the utility, (coefficient, …), and no dissimilarities."""
        scale = np.exp(np.minimum(parameters[self.price], CERTAIN))
        weights = parameters * scale
        weights[self.price] = -scale
        return weights, parameters[:0]

    def utility(self, parameters: Array) -> Array:
        """Return the utility of each alternative, (row,) or (row, draw), logits."""
        return super().utility(self.natural(parameters)[0])

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return the log likelihood, nats, and its gradient, (coefficient,)."""
        weights = self.natural(parameters)[0]
        value, by_weight = LogitLikelihood(self.arrays, self.prior_sd).slope(weights)
        return value, self._turn(weights) @ by_weight

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative, (coefficient, coefficient)."""
        weights, logit, price = self.natural(parameters)[0], LogitLikelihood(self.arrays, self.prior_sd), self.price
        turn, by_weight = self._turn(weights), logit.slope(weights)[1]
        bent = np.zeros_like(turn)  # Σ_k (by weight k) × (second derivative of weight k)
        bent[price] = bent[:, price] = -weights[price] * by_weight
        bent[price, price] = weights @ by_weight
        return np.asarray(turn @ logit.information(weights) @ turn.T - bent)

    def log_prior(self, parameters: Array) -> Array:
        """Return the log prior density of many parameters (coefficient, draw) → (draw,), nats, without its constant."""
        return super().log_prior(parameters - self._location[:, None])

    def prior_slope(self, parameters: Array) -> tuple[Array, Array]:
        """Return the gradient of the log prior and minus the diagonal of its second derivative."""
        return super().prior_slope(parameters - self._location)

    @property
    def _location(self) -> Array:
        found = np.zeros(len(self.prior_sd))
        found[self.price] = self.log_scale
        return found

    def _turn(self, weights: Array) -> Array:
        """Return how each weight (column) moves with each parameter (row)."""
        turn = np.diag(np.full(len(weights), -weights[self.price]))
        turn[self.price] = weights
        return turn


@dataclass(frozen=True, eq=False)
class SharedWorth(SharedWeights):
    """A model in willingness-to-pay space in which everybody has the same weights."""

    likelihood: WorthLikelihood

    references: ClassVar[tuple[str, ...]] = (
        "Willingness-to-pay space: Train, K. & Weeks, M. (2005), in Scarpa, R. & Alberini, A. (eds.), Applications of "
        "Simulation Methods in Environmental and Resource Economics, 1-16.",
    )

    def truth(self, rng: np.random.Generator) -> Truth:
        """Draw amounts and the price coefficient from their prior."""
        likelihood, names = self.likelihood, self.coefficients
        drawn = rng.normal(likelihood._location, likelihood.prior_sd)
        weights = likelihood.natural(drawn)[0]
        amounts = drawn.copy()
        amounts[likelihood.price] = weights[likelihood.price]
        return Truth(_named(weights, names), {}, _named(amounts, names))

    def quantities(self, posterior: xr.Dataset) -> dict[str, Array]:
        """Return the draws of each amount and of the price coefficient, (draw,)."""
        return {name: flat(draws) for name, draws in self._amounts(posterior).items()}

    def parameter_rows(self) -> list[Row]:
        """Return a row per amount, and the price coefficient."""
        return money_rows(self.coefficient_rows(), self.prior_sd, self.likelihood.price, self.model.prior_scale)

    @property
    def prior_sd(self) -> Array:
        """Prior standard deviation of each amount, (coefficient,), in units of price."""
        return prior_sd(self.likelihood.arrays, self.model.prior_scale, self.likelihood.price)

    def estimates(self, posterior: xr.Dataset, label: str) -> list[TextTable]:
        """Return posterior medians of amounts and of the price coefficient."""
        rows = tuple((name, *interval(draws)) for name, draws in self._amounts(posterior).items())
        price, head = self.coefficients[self.likelihood.price], ("parameter", "estimate", "90 % interval")
        return [TextTable(f"{caption(price)}: {label} (posterior medians)", head, rows, (1, 2))]

    def mode(self, seed: int) -> Mode:
        """Return the maximum of the likelihood: amounts in units of price, and the coefficient of price."""
        self.check()
        logit = LogitLikelihood(self.likelihood.arrays, self.prior_sd)
        start = maximise(logit, prior=False)
        price, names = self.likelihood.price, self.coefficients
        if not (start.converged and start.parameters[price] < 0):
            advice = f"more of {names[price]!r} is not worth less in these choices; leave wtp_space away"
            raise ChoiceError("There is no willingness to pay:", [advice])
        weights = start.parameters
        amounts = -weights / weights[price]
        slope = np.diag(np.full(len(weights), -1 / weights[price]))  # of amounts, by the weights
        slope[:, price] = weights / weights[price] ** 2
        amounts[price], slope[price, price] = weights[price], 1.0
        found = mode_of(self.model, self.table, logit, start)
        inverse = slope @ np.linalg.inv(start.information) @ slope.T
        return replace(
            found,
            coefficients=pd.Series(amounts, index=found.coefficients.index, name="estimate"),
            inverse_information=pd.DataFrame(inverse, index=names, columns=names),
            influence=found.influence @ slope.T,
        )

    def is_negative(self, name: str) -> bool:
        """Return whether it is the price."""
        return name == self.coefficients[self.likelihood.price]

    def _amounts(self, posterior: xr.Dataset) -> dict[str, xr.DataArray]:
        """Return the draws of each amount, and of the price coefficient."""
        price = self.coefficients[self.likelihood.price]
        weights = {name: posterior["coefficients"].sel(coefficient=name) for name in self.coefficients}
        return {name: draws if name == price else -draws / weights[price] for name, draws in weights.items()}


def shared_worth(model: ChoiceModel, table: ChoiceTable, price: int) -> SharedWorth:
    """Return a model in willingness-to-pay space on a table; `price` is the position of its coefficient."""
    arrays = arrays_of(model, table)
    sd = prior_sd(arrays, model.prior_scale, price)
    typical = float(sd[price]) / model.prior_scale
    sd[price] = LOG_SD
    return SharedWorth(model, table, WorthLikelihood(arrays, sd, price, float(np.log(typical))))


def caption(price: str) -> str:
    """Return the heading of amounts of money."""
    return f"What people would pay, in units of {price}"


def money_rows(rows: Sequence[Row], sds: Array, price: int, logits: float) -> list[Row]:
    """Return the rows of coefficients that everybody shares as those of amounts of money and of the price coefficient.

    Parameters
    ----------
    sds : (coefficient,)
        Prior standard deviations, of the price's as if it were a weight.
    price
        Its position.
    logits
        The model's prior scale.
    """
    called = rows[price][0]
    found: list[Row] = []
    for (name, meaning, unit, _, why), sd in zip(rows, sds.tolist(), strict=True):
        worth, wide = meaning.replace("utility of", "worth of", 1), why.replace("logits", f"sd of {called}")
        found.append(
            (name, worth, f"{called}{unit.removeprefix('logits')}", f"Normal(0, {number(sd, sd * EXACT)})", wide)
        )
    location = number(float(np.log(sds[price] / logits)))
    known = "one standard deviation of price is worth a twentieth to twenty logits; the sign is known"
    found[price] = (*rows[price][:3], f"minus exp of Normal({location}, {LOG_SD:g})", known)
    return found


def _named(values: Array, names: list[str]) -> dict[str, float]:
    return dict(zip(names, values.tolist(), strict=True))
