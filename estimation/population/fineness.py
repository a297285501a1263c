"""How many nodes people get, by how many people there are."""

from __future__ import annotations

AMPLE = 100  # people from which on the least number of nodes per person is used
FINEST = 8  # times more nodes per person, at most, for fewer people


def fineness(people: int, accuracy: float) -> int:
    """Return how many times more nodes than the least each of so many people gets at first.

    The error of the integrals shifts the posterior by a fixed share of its width, however many people there are; so a
    small experiment gets more nodes per person for about the same total cost.
    """
    return max(1, round(accuracy * max(1.0, min(FINEST, AMPLE / people))))
