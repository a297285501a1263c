"""The 11-20 money-request game (Arad and Rubinstein 2012, American Economic Review 102(7):3561-3573).

Each of two players asks for a whole amount and gets it; who asks for exactly one less than the other gets a bonus. The
highest request is the natural start, and each step of thinking asks for one less: level k asks for high - k.
"""

from __future__ import annotations

import numpy as np

from estimation.arrays import is_whole
from estimation.errors import GameError, raise_all
from estimation.games.checks import number_problems, size_problems
from estimation.games.normal_form import NormalForm


def money_request(low: int = 11, high: int = 20, bonus: float = 20.0) -> NormalForm:
    """Return the game with requests low..high, labelled by the amount.

    Parameters
    ----------
    low, high
        The smallest and the largest request, money.
    bonus
        What asking for exactly one less than the other earns on top, money.

    Raises
    ------
    GameError
        If there are fewer than two requests, requests are no whole numbers, or the bonus is no finite number.
    """
    ends = {"low": low, "high": high}
    problems = [f"{name} must be a whole number, not {end!r}" for name, end in ends.items() if not is_whole(end)]
    problems += number_problems({"bonus": bonus})
    problems = problems or [f"high must be more than low, not {high} and {low}"] * (high <= low)
    problems = problems or size_problems("low to high", high - low + 1)
    raise_all(problems, GameError, "The request game is not valid:")
    amount = np.arange(low, high + 1)
    payoff = amount[:, None] + bonus * (amount[:, None] == amount[None, :] - 1)
    return NormalForm.symmetric(payoff, [str(value) for value in amount])
