"""What refits without some people say of these people."""

from __future__ import annotations

from typing import NamedTuple


class Refitted(NamedTuple):
    """Scores of people who were left out.

    Attributes
    ----------
    scores
        Person → log p(person | everybody who was not left out), nats.
    is_sound
        Whether the refits passed their checks.
    """

    scores: dict[str, float]
    is_sound: bool
