"""What people think of how precisely others choose: what theories of noisy others have in common."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from estimation.allowed import is_among
from estimation.arrays import Numbers
from estimation.games.game import Game
from estimation.names import ROLES
from estimation.theories.messages.theory import Values
from estimation.theories.parameter import Parameter

EXACT, OWN, SEPARATE = "exact", "own", "separate"
BELIEFS = (EXACT, OWN, SEPARATE)
"""Others make no mistakes, choose as precisely as oneself, or with a precision that is a parameter of its own."""

BELIEVED_PRECISION = Parameter(
    "believed_precision",
    "Λ",
    "how precisely the person thinks that others choose, in payoffs of standard deviation one over the options",
    "1",
    "log",
    float(np.log(10.0)),
    1.0,
    1.0,
    "between 1.4 and 70 logits for a payoff difference of one standard deviation over the options",
)


@lru_cache(maxsize=64)
def stakes(game: Game) -> float:
    """Return how much payoffs differ over the options of a decision, on average over both roles, payoff units."""
    return float(np.mean([game.payoff_scale(role) for role in ROLES]))


def precision_in_mind(game: Game, role: str, beliefs: str, values: Values) -> Numbers | None:
    """Return Λ, the precision of others in somebody's mind times the stakes: the person's own in this role, or another.

    None if it is not among the values: not every level needs it.
    """
    if beliefs == SEPARATE:
        return values.get(BELIEVED_PRECISION.name)
    own = values.get(f"{role}_precision")
    return None if own is None else own * stakes(game)


def beliefs_problems(beliefs: str, response: str) -> list[str]:
    """Return what is wrong with an option `beliefs` of a theory."""
    problem = "a normal error has no precision that others could share; beliefs='separate' does"
    return [problem] * (is_among(beliefs, (OWN,)) and is_among(response, ("normal",)))
