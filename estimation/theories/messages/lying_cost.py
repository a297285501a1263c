"""The cost of lying as a parameter of a person, the same in every theory that has one."""

from __future__ import annotations

import numpy as np

from estimation.games.game import Game
from estimation.theories.parameter import Parameter


def lying_cost(games: list[Game], name: str = "lying_cost", meaning: str = "") -> Parameter:
    """Return β, in units of payoff per unit of lie; `name` and `meaning` are those of a belief about others' β."""
    margin = float(np.mean([game.margin for game in games]))
    return Parameter(
        name,
        "β" if name == "lying_cost" else "β^o",
        meaning or "personal cost of lying by one unit",
        "payoff per unit",
        "log",
        float(np.log(0.3 * margin)),
        1.5,
        1.5,
        "from 2 % of what a unit of action can earn the sender (lies freely) to 6 times that (never lies)",
    )
