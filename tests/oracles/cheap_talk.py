"""Cheap-talk games from their definitions: midpoint sums and searches, no closed form, nothing from the package.

Midpoint sums are exact for pieces that are straight, and their error falls with the square of the number of points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def midpoints(low, high, count):
    """(count,) centres of equal cells between `low` and `high`."""
    return low + (np.arange(count) + 0.5) * (high - low) / count


def uniform_sum_probability(value, width, other_width, count=20_000):
    """P(U + V <= value) for centred uniforms of two widths."""
    first = midpoints(-width / 2, width / 2, count)
    return np.clip((value - first + other_width / 2) / other_width, 0, 1).mean()


def uniform_sum_quantile(probability, width, other_width):
    """Halve an interval until the quantile is known."""
    low = -(width + other_width) / 2
    high = -low
    for _ in range(60):
        middle = (low + high) / 2
        if uniform_sum_probability(middle, width, other_width) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def uniform_sum_excess(threshold, width, other_width, count=2_000):
    """E max(threshold - U - V, 0), summed over both uniforms."""
    first = midpoints(-width / 2, width / 2, count)[:, None]
    second = midpoints(-other_width / 2, other_width / 2, count)[None, :]
    return np.maximum(threshold - first - second, 0).mean()


@dataclass(frozen=True)
class Trade:
    """The forecast-sharing game with uniform state and noise."""

    mean_demand: float
    retail_price: float
    wholesale_price: float
    unit_cost: float
    capacity_cost: float
    state_range: float
    noise_range: float

    def sales(self, capacity, state, count=4_000):
        """E min(demand, capacity) over the noise."""
        demand = self.mean_demand + state + midpoints(-self.noise_range, self.noise_range, count)
        return np.minimum(demand, capacity).mean()

    def sender(self, capacity, state):
        return (self.retail_price - self.wholesale_price) * self.sales(capacity, state)

    def receiver(self, capacity, state):
        return (self.wholesale_price - self.unit_cost) * self.sales(capacity, state) - self.capacity_cost * capacity

    def believed_states(self, report, trust, count):
        """Equally likely states in the mind of a receiver who gives the report the weight `trust`."""
        return trust * report + (1 - trust) * midpoints(-self.state_range, report, count)

    def trusting_profit(self, capacity, report, trust, count=1_000):
        """Expected profit under the trusting belief."""
        state = self.believed_states(report, trust, count)[:, None]
        demand = self.mean_demand + state + midpoints(-self.noise_range, self.noise_range, count)[None, :]
        profit = self.wholesale_price - self.unit_cost
        return profit * np.minimum(demand, capacity).mean() - self.capacity_cost * capacity

    def trusting_capacity(self, report, trust, count=2_000):
        """The capacity of highest expected profit: one more unit is worth its cost as long as it sells often enough.

        The expected profit is concave; its slope is (w - c) P(demand > capacity) - c_K, found by halving.
        """
        state = self.believed_states(report, trust, count)
        low = self.mean_demand - self.state_range - self.noise_range
        high = self.mean_demand + self.state_range + self.noise_range
        profit = self.wholesale_price - self.unit_cost
        for _ in range(60):
            middle = (low + high) / 2
            covered = np.clip(
                (middle - self.mean_demand - state + self.noise_range) / (2 * self.noise_range), 0, 1
            ).mean()
            if profit * (1 - covered) > self.capacity_cost:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    def reports(self, lying_cost, trust, states):
        """Best whole-numbered report of each state, by trying them all; of equally good ones the smallest lie."""
        options = np.arange(-self.state_range, self.state_range + 1)
        reply = {report: self.trusting_capacity(report, trust) for report in options}
        best = []
        for state in states:
            worth = {report: self.sender(reply[report], state) - lying_cost * abs(report - state) for report in options}
            top = max(worth.values())
            good = [report for report in options if worth[report] >= top - 1e-7]
            best.append(min(good, key=lambda report: abs(report - state)))
        return best


def belief(states, prior, message, trust, direction):
    """(state, probability) pairs believed by a receiver of the estimation game who weighs a message with `trust`."""
    kept = [
        (state, weight)
        for state, weight in zip(states, prior, strict=True)
        if (state <= message if direction > 0 else state >= message)
    ]
    total = sum(weight for _, weight in kept)
    return [(trust * message + (1 - trust) * state, weight / total) for state, weight in kept]


def expected_error(estimate, believed):
    return sum(weight * abs(estimate - state) for state, weight in believed)


def uniform_prior(states):
    return [1 / len(states)] * len(states)


def beta_binomial_prior(trials, a, b, count=200_000):
    """Average the binomial over the share, which follows Beta(a, b)."""
    share = midpoints(0, 1, count)
    density = share ** (a - 1) * (1 - share) ** (b - 1)
    density /= density.sum()
    ways = 1
    prior = []
    for k in range(trials + 1):
        prior.append(float((density * ways * share**k * (1 - share) ** (trials - k)).sum()))
        ways = ways * (trials - k) // (k + 1)
    return prior
