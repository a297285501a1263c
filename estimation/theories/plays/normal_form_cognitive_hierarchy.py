"""The Poisson cognitive hierarchy (Camerer, Ho and Chong 2004, Quarterly Journal of Economics 119(3):861-898).

Steps of thinking are Poisson with mean τ. Step 0 chooses evenly; step k believes that all others do fewer steps, in
their true proportions,

    g_k(h) = f(h) / Σ_{l<k} f(l)  (h < k),    f(k) = exp(-τ) τ^k / k!,

and replies to that mixture: exactly, ties split evenly (the published model), or by a logit of precision λ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from estimation.arrays import Array, Numbers
from estimation.games.normal_form import PLAYERS, NormalForm, opponent
from estimation.theories.parameter import Parameter, mean_steps
from estimation.theories.plays.best_reply import best_reply, expected_payoff, uniform
from estimation.theories.plays.theory import PlayTheory, Values, logit_response, precision_parameter

STEPS = 60  # the Poisson with the largest mean allowed reaches here
LARGEST_MEAN = 25.0

MEAN_STEPS = mean_steps(
    "mean_steps",
    "mean number of steps of thinking",
    "from 0.4 to 6 steps for the middle 95 % of populations: published estimates are mostly 1 to 2",
)


@dataclass(frozen=True)
class NormalFormCognitiveHierarchy(PlayTheory):
    """Poisson steps of thinking.

    Parameters
    ----------
    reply
        ``"exact"``: one parameter, as published; an option that no step finds best keeps the share of step 0.
        ``"logit"``: thinkers reply with a precision, and expect it of others.

    Raises
    ------
    TheoryError
        If the reply is unknown.
    """

    reply: str = "exact"

    name: ClassVar[str] = "cognitive hierarchy"
    citation: ClassVar[str] = "Camerer, Ho & Chong (2004), Quarterly Journal of Economics 119(3):861-898"
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {"reply": ("exact", "logit")}

    def parameters(self, games: Sequence[NormalForm]) -> tuple[Parameter, ...]:
        """Return τ, and λ for logit replies."""
        return (MEAN_STEPS, precision_parameter(games)) if self.reply == "logit" else (MEAN_STEPS,)

    def choice_probability(self, game: NormalForm, player: str, kind: int, values: Values) -> Array:
        """Return P of each option, (..., option)."""
        precision = values["precision"] if self.reply == "logit" else None
        return hierarchy(game, values["mean_steps"], precision)[player]


def hierarchy(game: NormalForm, mean_steps: Numbers, precision: Numbers = None) -> dict[str, Array]:
    """Return the population's play in a Poisson cognitive hierarchy, (..., option) for each player.

    Parameters
    ----------
    mean_steps : (...) array, steps
        τ; above 25 it counts as 25.
    precision : (...) array, 1/payoff, optional
        Of logit replies; exact ones without it.
    """
    shares = step_shares(mean_steps)
    total = {player: shares[..., :1] * play for player, play in uniform(game).items()}
    mass = shares[..., :1]
    for step in range(1, shares.shape[-1]):
        belief = {player: play / mass for player, play in total.items()}
        share = shares[..., step, None]
        for player in PLAYERS:
            total[player] = total[player] + share * _reply(game, player, belief[opponent(player)], precision)
        mass = mass + share
    return {player: play / mass for player, play in total.items()}


def step_shares(mean_steps: Numbers) -> Array:
    """Return the Poisson shares of steps 0, 1, …, (..., step), as far as the largest mean here needs them."""
    mean = np.clip(np.asarray(mean_steps, float), 1e-12, LARGEST_MEAN)
    top = float(mean.max())
    step = np.arange(min(STEPS, int(np.ceil(top + 8 * np.sqrt(top) + 6))) + 1)
    log_share = step * np.log(mean)[..., None] - mean[..., None] - special.gammaln(step + 1)
    return np.asarray(np.exp(log_share))


def _reply(game: NormalForm, player: str, belief: Array, precision: Numbers) -> Array:
    if precision is None:
        return best_reply(game, player, belief)
    return logit_response(expected_payoff(game, player, belief), precision)
