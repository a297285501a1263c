"""The forecast-sharing game of Ozer, Zheng and Chen (2011, Management Science 57(6):1111-1137).

A manufacturer (sender) knows a private part of demand and reports it; a supplier (receiver) builds capacity that he
pays for whether or not it is used. Demand is ``mean_demand + state + noise``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from estimation.arrays import Array, Module, Numbers, Spec
from estimation.errors import GameError, raise_all
from estimation.games.best import best_option, first_best
from estimation.games.checks import number_problems, size_problems
from estimation.games.distribution import Discrete
from estimation.games.game import Game
from estimation.games.listed_law import excess, require_arrays, trusting_excess

_INVALID = "The forecast-sharing game is not valid:"
_FREE = ("mean_demand", "retail_price", "wholesale_price", "unit_cost")
_POSITIVE = ("capacity_cost", "state_range", "noise_range", "step")
_FARTHEST = 1e9  # steps from zero to the mean that leave a capacity its digits
_NARROW = 1e-3  # below this ratio of widths the cubic formula loses digits and its series is exact to 1e-8


@dataclass(frozen=True, eq=False)
class ForecastSharing(Game):
    """A manufacturer reports a private forecast of demand to the supplier who builds capacity for it.

    Parameters
    ----------
    mean_demand : float, units of demand
    retail_price, wholesale_price, unit_cost, capacity_cost : float, money per unit
        A unit sold earns the sender retail - wholesale, the receiver wholesale - unit cost; he pays for each one built.
    state_range, noise_range : float, units of demand
        The private forecast is uniform on ±state_range, the noise on ±noise_range: closed forms throughout.
    state_law, noise_law : Discrete, optional
        Any other law (see `distribution.on_grid` and `distribution.at_quantiles`); the closed forms give way to sums.
    step : float, units of demand
        Spacing of states, reports and capacities.

    Raises
    ------
    GameError
        Unless retail > wholesale > unit cost + capacity cost > unit cost, and ranges and step are positive.
    """

    mean_demand: float
    retail_price: float
    wholesale_price: float
    unit_cost: float
    capacity_cost: float
    state_range: float = 150.0
    noise_range: float = 75.0
    step: float = 1.0
    state_law: Discrete | None = None
    noise_law: Discrete | None = None

    family = "forecast-sharing"
    direction = 1

    def __post_init__(self) -> None:
        free, positive = ({name: getattr(self, name) for name in names} for names in (_FREE, _POSITIVE))
        raise_all(number_problems(free | positive), GameError, _INVALID)
        problems = number_problems(positive, positive=True) or self._grid_problems()
        if not self.retail_price > self.wholesale_price:
            problems.append(f"retail_price {self.retail_price} must exceed wholesale_price {self.wholesale_price}")
        if not self.wholesale_price > self.unit_cost + self.capacity_cost:
            problems.append(
                f"wholesale_price {self.wholesale_price} must exceed unit_cost + capacity_cost "
                f"{self.unit_cost + self.capacity_cost}, or no capacity is ever worth building"
            )
        raise_all(problems, GameError, _INVALID)

    def _grid_problems(self) -> list[str]:
        """Say whether the steps do not fit the ranges, or are too many."""
        laws = (self.state_range, self.state_law), (self.noise_range, self.noise_law)
        spans = [2 * half if law is None else float(law.values[-1] - law.values[0]) for half, law in laws]
        problems = size_problems("the range of demand over step", sum(spans) / self.step)
        if abs(self.mean_demand) > _FARTHEST * self.step:
            problems.append(f"mean_demand {self.mean_demand} is beyond {_FARTHEST:g} times step {self.step}")
        steps = spans[0] / self.step
        if self.state_law is None and abs(steps - round(steps)) > 1e-9 * steps:
            problems.append(f"step {self.step} must divide the range of states, {spans[0]}, into whole parts")
        return problems

    @cached_property
    def margin(self) -> float:  # type: ignore[override]
        """What the sender earns on a unit sold, money."""
        return self.retail_price - self.wholesale_price

    @cached_property
    def critical_ratio(self) -> float:
        """(w - c - c_K) / (w - c): how often the receiver's best capacity covers demand."""
        profit = self.wholesale_price - self.unit_cost
        return (profit - self.capacity_cost) / profit

    @cached_property
    def _prior(self) -> Discrete:
        if self.state_law is not None:
            return self.state_law
        grid = np.arange(-self.state_range, self.state_range + self.step / 2, self.step)
        return Discrete(grid, np.ones_like(grid))

    @cached_property
    def states(self) -> Array:  # type: ignore[override]
        """Private forecasts, relative to mean demand."""
        return self._prior.values

    @cached_property
    def prior(self) -> Array:  # type: ignore[override]
        """Probabilities of the states."""
        return self._prior.probabilities

    @cached_property
    def actions(self) -> Array:  # type: ignore[override]
        """Capacities between the lowest and the highest possible demand."""
        low, high = (-self.noise_range, self.noise_range) if self.noise_law is None else self.noise_law.values[[0, -1]]
        first, last = self.mean_demand + self.states[0] + low, self.mean_demand + self.states[-1] + high
        return np.arange(np.floor(first), last + self.step / 2, self.step)

    def expected_sales(self, capacity: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return E min(demand, capacity) over the noise (broadcasts), units."""
        ahead = capacity - self.mean_demand - state
        if self.noise_law is None:
            e = self.noise_range
            within = xp.minimum(xp.maximum(ahead, -e), e)
            return capacity - (within + e) ** 2 / (4 * e) - xp.maximum(ahead - e, 0.0)
        require_arrays(xp)
        return capacity - excess(self.noise_law, ahead)

    def sender_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return (r - w) E min(D, K), money."""
        return self.margin * self.expected_sales(action, state, xp)

    def receiver_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return (w - c) E min(D, K) - c_K K, money."""
        sales = self.expected_sales(action, state, xp)
        return (self.wholesale_price - self.unit_cost) * sales - self.capacity_cost * action

    def trusting_action(self, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return K^a = mu + alpha m + H^-1(rho), H the law of (1 - alpha) xi_T + noise; continuous, units."""
        if not self._is_uniform:
            require_arrays(xp)
            return super().trusting_action(message, trust)
        centre, width = self._trusting_belief(message, trust)
        return centre + uniform_sum_quantile(self.critical_ratio, width, 2 * self.noise_range, xp)

    def trusting_payoff(self, action: Numbers, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return the receiver's expected profit under the trusting belief, money."""
        if self._is_uniform:
            centre, width = self._trusting_belief(message, trust)
            unsold = uniform_sum_excess(action - centre, width, 2 * self.noise_range, xp)
        else:
            require_arrays(xp)

            def unsold_ahead(ahead: Numbers) -> Numbers:
                return ahead + self.mean_demand - self.expected_sales(ahead + self.mean_demand, 0.0)

            capacity = action - self.mean_demand
            unsold = trusting_excess(self._prior, unsold_ahead, capacity, message, trust)
        profit = self.wholesale_price - self.unit_cost
        return profit * (action - unsold) - self.capacity_cost * action

    def capacity(self, report: Numbers, trust: Numbers) -> Numbers:
        """Return the best capacity of a supplier who gives a report the weight `trust` (broadcasts), units."""
        return self.trusting_action(np.asarray(report, float), trust)

    def report(self, state: Numbers, lying_cost: float, believed_trust: float) -> Numbers:
        """Return the trust-embedded manufacturer's best report on the grid (shape of `state`), units.

        Maximises (r - w) E min(D, K^a(report; believed_trust)) - lying_cost |report - state|; of several best
        reports the smallest lie.
        """
        states = np.asarray(state, float)[..., None]
        lie = np.abs(self.messages - states)
        payoff = self.sender_payoff(self.capacity(self.messages, believed_trust), states) - lying_cost * lie
        return self.messages[best_option(payoff, -lie)]

    def babbling_capacity(self) -> float:
        """Return K^b, the best capacity if reports say nothing, units.

        It is mu + (F * G)^-1(rho) if state and noise are uniform, else the best of the grid.
        """
        if self._is_uniform:
            width = 2 * self.state_range
            return float(self.mean_demand + uniform_sum_quantile(self.critical_ratio, width, 2 * self.noise_range))
        return float(self.actions[first_best(self.receiver_table @ self.prior)])

    def spec(self) -> Spec:
        """Return the game as plain data."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        said = {name: value for name, value in given.items() if value is not None}
        plain = {name: value.spec() if isinstance(value, Discrete) else float(value) for name, value in said.items()}
        return {"family": self.family} | plain

    @classmethod
    def from_spec(cls, spec: Spec) -> ForecastSharing:
        """Rebuild the game from `spec`."""
        laws: Spec = {name: Discrete.from_spec(spec[name], name) for name in ("state_law", "noise_law") if name in spec}
        return super().from_spec({**spec, **laws})

    @cached_property
    def _is_uniform(self) -> bool:
        return self.state_law is None and self.noise_law is None

    def _trusting_belief(self, message: Numbers, trust: Numbers) -> tuple[Numbers, Numbers]:
        """Return centre and width of the believed state, in demand units: a uniform cut off at the message."""
        room = message + self.state_range
        centre = self.mean_demand + trust * message + (1 - trust) * (message - self.state_range) / 2
        return centre, (1 - trust) * room


def uniform_sum_quantile(probability: float, width: Numbers, other_width: float, xp: Module = np) -> Numbers:
    """Return the `probability` quantile of Z, the sum of two centred uniforms of widths A and B, in their unit.

    Z is what a receiver does not know: how much of a report to believe, plus the noise in demand. Broadcasts over the
    first width. Three pieces: two parabolic tails and a straight middle, because the density of Z is a trapezium.
    """
    wide, narrow = xp.maximum(width, other_width), xp.maximum(xp.minimum(width, other_width), 1e-12)
    tail = narrow / (2 * wide)
    area = wide * narrow
    low = -(wide + narrow) / 2 + xp.sqrt(2 * probability * area)
    high = (wide + narrow) / 2 - xp.sqrt(2 * (1 - probability) * area)
    middle = wide * (probability - 0.5)
    return xp.where(probability < tail, low, xp.where(probability > 1 - tail, high, middle))


def uniform_sum_excess(threshold: Numbers, width: Numbers, other_width: float, xp: Module = np) -> Numbers:
    """Return E max(threshold - Z, 0), Z as in `uniform_sum_quantile`; broadcasts, in the unit of the widths.

    It is the density integrated twice, four cubes over ``6 A B``; for a very narrow A the expansion around A = 0.
    """
    safe = xp.maximum(width, _NARROW * other_width)
    outer, inner = (safe + other_width) / 2, xp.abs(safe - other_width) / 2
    inside = xp.minimum(threshold, outer)
    cubes = xp.maximum(inside + outer, 0) ** 3 - xp.maximum(inside + inner, 0) ** 3 - xp.maximum(inside - inner, 0) ** 3
    exact = cubes / (6 * safe * other_width) + xp.maximum(threshold - outer, 0)
    return xp.where(width < _NARROW * other_width, _narrow_excess(threshold, width, other_width, xp), exact)


def _narrow_excess(threshold: Numbers, width: Numbers, other_width: float, xp: Module) -> Numbers:
    """Expand the expected excess to second order in a small width."""
    half = other_width / 2
    single = xp.minimum(xp.maximum(threshold + half, 0), other_width) ** 2 / (2 * other_width)
    curvature = xp.where(xp.abs(threshold) < half, 1 / other_width, 0.0)
    return single + xp.maximum(threshold - half, 0) + width**2 / 24 * curvature
