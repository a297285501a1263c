"""What the estimation game's payoffs cost where they are wanted for many people and nodes: one pass over memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from estimation.arrays import Array, Indices


@dataclass(frozen=True, eq=False)
class GainIfTrusted:
    """What messages earn a sender who expects them to be weighed with trust, points, to be computed where it is used.

    NumPy takes it for the array of its values, (node, state, message).

    Parameters
    ----------
    direction
        +1 if over-estimates are gains, -1 if under-estimates are.
    trust : (node or 1, state or 1) array
    message, rest : (message,) arrays
        A message, and what is believed without trust in it.
    state : (state,) array
    """

    direction: int
    trust: Array
    message: Array
    rest: Array
    state: Array

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the values."""
        return len(self.trust), len(self.state), len(self.message)

    @property
    def ndim(self) -> int:
        """How many axes the values have."""
        return 3

    @property
    def numbers(self) -> tuple[Any, ...]:
        """Everything that compiled code needs."""
        return float(self.direction), *map(_own, (self.trust, self.message, self.rest, self.state))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Return the values."""
        return np.asarray(_gains(*self.numbers), dtype)


def _own(array: Array) -> Array:
    """Return an array in one piece of memory that may be written to (compiled code asks for it)."""
    array = np.array(array, float, order="C", copy=None)
    return array if array.flags.writeable else array.copy()


def doubted_payoff(error: Array, row: Indices, action: Array, message: Array, trust: Array) -> Array:
    """Return `trusting_payoff` of actions (..., option) → (..., option).

    Parameters
    ----------
    error : (message, y) array
        E|y - x| of each message.
    row, message, trust : (...) arrays, they broadcast
        The message's place in `error`, the message, and the weight that it is given.
    """
    shape = np.broadcast_shapes(row.shape, message.shape, trust.shape, action.shape[:-1])
    places = [np.array(np.broadcast_to(one, shape)).ravel() for one in (row, message, trust)]
    options = action.shape[-1]
    alike = action.size == options  # at all places
    actions = np.array(action if alike else np.broadcast_to(action, (*shape, options))).reshape(-1, options)
    return np.asarray(_doubted(error, places[0], actions, *places[1:]).reshape(*shape, options))


# Compiled, for it is one pass over memory where NumPy would make four or fifteen; by its signature: the types are
# there, where Python's type checker does not look. Not by guvectorize, which keeps its two halves in two files:
# processes that compile them at the same time may leave halves that do not fit, and the next process dies of them.
@numba.njit(  # type: ignore[untyped-decorator]
    "float64[:,:,::1](float64, float64[:,::1], float64[::1], float64[::1], float64[::1])",
    cache=True,
    nogil=True,
    fastmath={"contract", "nsz", "arcp"},
)
def _gains(direction, trust, message, rest, state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the gains of messages, (node, state, message)."""
    nodes, states, options = len(trust), len(state), len(message)
    result = np.empty((nodes, states, options))
    for node in range(nodes):
        for row in range(states):
            weight = trust[node, row if trust.shape[1] > 1 else 0]
            for option in range(options):
                reply = weight * message[option] + (1 - weight) * rest[option]
                gain = direction * reply - direction * state[row]
                result[node, row, option] = gain if gain > 0.0 else 0.0
    return result


@numba.njit(  # type: ignore[untyped-decorator]
    "float64[:,::1](float64[:,::1], int64[::1], float64[:,::1], float64[::1], float64[::1])",
    cache=True,
    nogil=True,
    fastmath={"contract", "nsz", "arcp"},
)
def _doubted(error, row, action, message, trust):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the payoffs of actions (place or 1, option) at each place, (place, option)."""
    places, options, last = len(row), action.shape[1], error.shape[1] - 1
    result, highest = np.empty((places, options)), float(last)
    for place in range(places):
        doubt, near = max(1 - trust[place], 1e-9), error[row[place]]
        per_doubt, trusted = 1 / doubt, trust[place] * message[place]
        own = action[place if len(action) > 1 else 0]
        for option in range(options):
            point = (own[option] - trusted) * per_doubt
            within = point if point > 0.0 else 0.0
            within = within if within < highest else highest
            floor = np.floor(within) if within < highest else highest - 1.0
            left = np.uint32(np.int32(floor))  # without a sign, or it could count from the end
            rise = near[left + np.uint32(1)] - near[left]
            result[place, option] = -doubt * (near[left] + (within - floor) * rise + abs(point - within))
    return result
