"""Poisson cognitive hierarchy (Camerer, Ho and Chong 2004, QJE 119(3):861-898) for cheap talk.

Numbers of steps of thought are Poisson with mean τ; whoever thinks k steps believes that all others think fewer, in the
right proportions among themselves:

    f(k) = e^-τ τ^k / k!,     g_k(h) = f(h) / Σ_{l<k} f(l),   h < k.

Step 0 is a truthful sender and a credulous receiver, as in level-k for cheap talk; uniform step-0 players would make
every message meaningless from the start. A sender of step k best-responds to the mixture of the receivers R_0..R_{k-1},
a receiver of step k to the mixture of the senders S_0..S_{k-1} by Bayes' rule, both under g_k. Among tied messages
the smallest lie is sent. Best replies are exact; only a person's own choices are noisy.

Two ways in which a person can have a depth (`depth`):

* ``"person"``: each person is of one step, whose shares are free. τ is how deep the person thinks others are. That is
  the hierarchy's theory of beliefs without the restriction that true shares are Poisson, which can then be looked at.
* ``"decision"``: steps are drawn anew at each decision from Poisson(τ), with the person's own τ (as in Goldfarb and
  Xiao 2011, AER 101(7):3130-3161): the theory with all its restrictions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game, grid_index
from estimation.theories.description import Parameter, mean_steps
from estimation.theories.messages.chain import solved_chain, tables_of
from estimation.theories.messages.equivalence import Tables, grouped_by_tables, sides_played
from estimation.theories.messages.tabulated import Axis, interpolated
from estimation.theories.messages.theory import Theory, Values

# Best replies jump in τ, so payoffs are joined by straight lines.
AXIS = Axis(1.5, 25)

MEAN_LEVEL = mean_steps(
    "mean_level",
    "mean number of steps of thought that the person thinks people make",
    "0.4 to 6 steps for the middle 95 % of typical people; estimates for other games lie between 0.5 and 3",
)


@dataclass(frozen=True)
class CognitiveHierarchy(Theory):
    """Poisson cognitive hierarchy with steps 0..max_level.

    Parameters
    ----------
    max_level
        The largest number of steps; the Poisson distribution is cut off there.
    depth
        ``"person"``: a person is of one step, with unknown shares; ``"decision"``: steps are Poisson at each decision.
    response, lapse
        See `Theory`.

    Raises
    ------
    TheoryError
        If an option is unknown.
    """

    max_level: int = 4
    depth: str = "person"

    name: ClassVar[str] = "cognitive hierarchy"
    citation: ClassVar[str] = "Camerer, Ho & Chong (2004), Quarterly Journal of Economics 119(3):861-898"
    traits: ClassVar[tuple[Parameter, ...]] = (MEAN_LEVEL,)
    least: ClassVar[Mapping[str, int]] = {"max_level": 1}
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {"depth": ("person", "decision")}

    @property
    def types(self) -> tuple[str, ...]:
        """``step 0`` … ``step max_level``, or everyone if steps change from decision to decision."""
        if self.depth == "decision":
            return ("everyone",)
        return tuple(f"step {step}" for step in range(self.max_level + 1))

    def kinds_at_decision(self, kind: int, values: Values, xp: Module = np) -> list[tuple[int, Numbers]]:
        """Return each step with its log probability at a decision."""
        if self.depth == "person":
            return super().kinds_at_decision(kind, values, xp)
        tau, steps = values[MEAN_LEVEL.name], range(self.max_level + 1)
        terms = [step * xp.log(tau) - math.lgamma(step + 1) for step in steps]
        total = xp.log(sum(xp.exp(term) for term in terms))
        return [(step, term - total) for step, term in zip(steps, terms, strict=True)]

    def observationally_equivalent(self, games: list[Game], roles: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the steps in groups of the same payoffs in every game and role, whatever τ."""
        return grouped_by_tables(len(self.types), [_hierarchy(game, self.max_level) for game in games], roles)

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return all parameters, without τ for steps whose payoffs are the same whatever others are thought to do."""
        names = super().relevant_parameters(kind, games, roles)
        sides = sides_played([_hierarchy(game, self.max_level) for game in games], roles)
        depends = self.depth == "decision" or any(side[kind].ndim == 3 for side in sides)
        return tuple(name for name in names if depends or name != MEAN_LEVEL.name)

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return what each message earns against fewer steps, (..., decision, message), payoff units."""
        table, row = _hierarchy(game, self.max_level)[0][kind], grid_index(game.states, state)
        return interpolated(table, [AXIS], [values.get(MEAN_LEVEL.name)], row, xp)

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each action earns against fewer steps, (..., decision, action), payoff units."""
        table, row = _hierarchy(game, self.max_level)[1][kind], grid_index(game.messages, message)
        return interpolated(table, [AXIS], [values.get(MEAN_LEVEL.name)], row, xp)


def steps_believed(steps: int, tau: float) -> Array:
    """Return g_k(0..k-1): the shares of fewer steps in the mind of somebody who thinks `steps` ≥ 1 of them."""
    log_weight = np.arange(steps) * np.log(max(tau, 1e-300)) - [math.lgamma(h + 1) for h in range(steps)]
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


@lru_cache(maxsize=16)
def _hierarchy(game: Game, max_level: int) -> Tables:
    """Return senders' payoffs (τ, state, message) and receivers' (τ, message, action) of each step."""
    believed = [partial(steps_believed, tau=tau) for tau in AXIS.values]
    return tables_of(solved_chain(game, max_level, "C", "min", "literal", shares=shares) for shares in believed)
