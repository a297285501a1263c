"""Level-k thinking in normal-form games (Stahl and Wilson 1994, 1995; Nagel 1995; Costa-Gomes and Crawford 2006).

Level 0 chooses evenly. Level k expects the other to be of level k - 1, who replies exactly; what level k does itself
is a logit of precision λ over expected payoffs:

    P_k(a) ∝ exp{ λ Σ_b u(a, b) q_{k-1}(b) },    q_0 even,  q_j = exact best reply to q_{j-1}, ties split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from estimation.arrays import Array
from estimation.games.normal_form import PLAYERS, NormalForm, opponent
from estimation.theories.parameter import Parameter
from estimation.theories.plays.best_reply import expected_payoff, reply_chain
from estimation.theories.plays.theory import PlayTheory, Values, logit_response, precision_parameter

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class NormalFormLevelK(PlayTheory):
    """People of levels 0 to a highest one, in unknown shares.

    Parameters
    ----------
    max_level
        The deepest level.
    per
        ``"person"``: each person has one level in all games. ``"choice"``: every choice is made at a level of its
        own, in shares that are the same for all: what counts without identities can tell.

    Raises
    ------
    TheoryError
        If an option is unknown.
    """

    max_level: int = 3
    per: str = "person"

    name: ClassVar[str] = "level-k"
    citation: ClassVar[str] = "Stahl & Wilson (1994), Journal of Economic Behavior & Organization 25(3):309-327"
    least: ClassVar[Mapping[str, int]] = {"max_level": 0}
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {"per": ("person", "choice")}

    @property
    def types(self) -> tuple[str, ...]:
        """``level 0`` … ``level max_level`` if levels belong to people."""
        if self.per == "choice":
            return ("everyone",)
        return tuple(f"level {level}" for level in range(self.max_level + 1))

    def parameters(self, games: Sequence[NormalForm]) -> tuple[Parameter, ...]:
        """Return the precision, and with ``per="choice"`` how common each level is relative to level 0."""
        if self.per == "person":
            return (precision_parameter(games),)
        return (precision_parameter(games), *(_odds(level) for level in range(1, self.max_level + 1)))

    def choice_probability(self, game: NormalForm, player: str, kind: int, values: Values) -> Array:
        """Return P of each option, (..., option)."""
        payoff = level_payoffs(game, self.max_level)[player]
        if self.per == "person":
            return logit_response(payoff[kind], values["precision"])
        precision = np.asarray(values["precision"], float)
        levels = range(1, self.max_level + 1)
        odds = np.stack(np.broadcast_arrays(np.ones_like(precision), *(values[_odds(level).name] for level in levels)))
        plays = np.stack([logit_response(worth, precision) for worth in payoff])
        return np.asarray(((odds / odds.sum(axis=0))[..., None] * plays).sum(axis=0))


@lru_cache(maxsize=512)
def level_payoffs(game: NormalForm, max_level: int) -> dict[str, Array]:
    """Return what each option is worth to levels 0..max_level, (level, option) for each player; zero to level 0."""
    chain = reply_chain(game, max_level)
    return {
        player: np.vstack(
            [np.zeros(len(game.options(player))), expected_payoff(game, player, chain[opponent(player)][:max_level])]
        )
        for player in PLAYERS
    }


def _odds(level: int) -> Parameter:
    meaning, why = f"how common level {level} is relative to level 0", "from a twentieth to twenty times as common"
    return Parameter(
        f"level_{level}_odds", f"π{str(level).translate(SUBSCRIPTS)}/π₀", meaning, "odds", "log", 0.0, 1.5, 0.7, why
    )
