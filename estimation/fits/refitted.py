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
        Whether the refits, and the integrals over the people who were left out, passed their checks.
    errors
        Person → Monte-Carlo standard error of the score, nats.
    """

    scores: dict[str, float]
    is_sound: bool
    errors: dict[str, float]
