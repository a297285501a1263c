"""Small games twice: as the package has them, and written out as lists and functions for the oracles."""

from __future__ import annotations

import functools

from oracles.cheap_talk import Trade, uniform_prior
from oracles.cheap_talk_chain import Naive

from estimation.games import EstimationGame, ForecastSharing

WEIGHTS = (1.0, 2.0, 4.0, 3.0, 2.0, 0.5, 0.25)  # an uneven prior, so that medians and pools are not symmetric


@functools.cache
def pair(name):
    """A game of the package and the same game written out."""
    if name.startswith("estimation"):
        direction = name.split()[1]
        sign = 1 if direction == "over" else -1
        weights = (1.0,) * 6 if name.endswith("even") else WEIGHTS
        states = list(range(len(weights)))
        naive = Naive(
            states=states,
            prior=[weight / sum(weights) for weight in weights],
            messages=states,
            actions=states,
            sender=lambda action, state: max(0, sign * (action - state)),
            receiver=lambda action, state: -abs(action - state),
            direction=sign,
        )
        return EstimationGame(direction, highest=len(weights) - 1, prior_weights=weights), naive
    numbers = {
        "mean_demand": 12.0,
        "retail_price": 100.0,
        "wholesale_price": 75.0,
        "unit_cost": 0.0,
        "capacity_cost": {"dear": 60.0, "cheap": 15.0}[name.split()[1]],
        "state_range": 4.0,
        "noise_range": 2.0,
    }
    trade = Trade(**numbers)
    states = [float(state) for state in range(-4, 5)]
    naive = Naive(
        states=states,
        prior=uniform_prior(states),
        messages=states,
        actions=[float(action) for action in range(6, 19)],
        sender=functools.cache(trade.sender),  # exact: the pieces of min(demand, capacity) are straight
        receiver=functools.cache(trade.receiver),
        direction=1,
    )
    return ForecastSharing(**numbers), naive


# With an even prior on six states, 2 and 3 are equally good estimates of who goes by the prior.
GAMES = ["estimation over", "estimation under", "estimation over even", "forecast dear", "forecast cheap"]
