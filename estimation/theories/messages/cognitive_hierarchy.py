"""Poisson cognitive hierarchy (Camerer, Ho and Chong 2004, QJE 119(3):861-898) for cheap talk.

Numbers of steps of thought are Poisson with mean τ; whoever thinks k steps believes that all others think fewer, in the
right proportions among themselves:

    f(k) = e^-τ τ^k / k!,     g_k(h) = f(h) / Σ_{l<k} f(l),   h < k.

Step 0 is a truthful sender and a credulous receiver, as in level-k for cheap talk; uniform step-0 players would make
every message meaningless from the start. A sender of step k best-responds to the mixture of the receivers R_0..R_{k-1},
a receiver of step k to the mixture of the senders S_0..S_{k-1} by Bayes' rule, both under g_k. Among tied messages
the smallest lie is sent. Others reply exactly; only a person's own choices are noisy, unless `beliefs` says that people
know others to err as well. Then everybody in mind replies by the logit rule (`noisy_chain`).

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
from estimation.names import RECEIVER, SENDER
from estimation.theories.messages.beliefs import (
    BELIEFS,
    BELIEVED_PRECISION,
    EXACT,
    SEPARATE,
    beliefs_problems,
    precision_in_mind,
    stakes,
)
from estimation.theories.messages.levels import BY_LEVEL, Levels
from estimation.theories.messages.theory import Values
from estimation.theories.parameter import Parameter, mean_steps
from estimation.theories.replies.chain import solved_chain
from estimation.theories.replies.chain_tables import ChainTables, Payoffs
from estimation.theories.replies.noisy_chain import PRECISION, noisy_chain
from estimation.theories.responses.logit import Terms
from estimation.theories.responses.tabulated import Axis

# Best replies jump in τ, so payoffs are joined by straight lines; noisy ones do not.
AXIS = Axis(1.5, 25)
NOISY_AXIS = Axis(1.5, 13, smooth=True)

MEAN_LEVEL = mean_steps(
    "mean_level",
    "mean number of steps of thought that the person thinks people make",
    "0.4 to 6 steps for the middle 95 % of typical people; estimates for other games lie between 0.5 and 3",
)


@dataclass(frozen=True)
class CognitiveHierarchy(Levels):
    """Poisson cognitive hierarchy, with steps of thought up to a highest one.

    Parameters
    ----------
    max_level
        The largest number of steps; the Poisson distribution is cut off there.
    depth
        ``"person"``: a person is of one step, with unknown shares; ``"decision"``: steps are Poisson at each decision.
    beliefs
        As in `LevelK`: others reply exactly (``"exact"``), as noisily as oneself (``"own"``), or with a precision that
        is a parameter of its own (``"separate"``).
    precision
        As in `LevelK`; not ``"by level"`` if steps change from decision to decision.
    response, lapse
        See `Theory`.

    Raises
    ------
    TheoryError
        If an option is unknown, or others are to share the precision of a response that has none.
    """

    max_level: int = 4
    depth: str = "person"
    beliefs: str = EXACT

    name: ClassVar[str] = "cognitive hierarchy"
    citation: ClassVar[str] = "Camerer, Ho & Chong (2004), Quarterly Journal of Economics 119(3):861-898"
    least: ClassVar[Mapping[str, int]] = {"max_level": 1}
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **Levels.among,
        "depth": ("person", "decision"),
        "beliefs": BELIEFS,
    }

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        problem = "steps change from decision to decision, so that nobody has the precision of one; use depth='person'"
        changing = [problem] * (self.depth == "decision" and self.precision == BY_LEVEL)
        return super().problems() + changing + beliefs_problems(self.beliefs, self.response)

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

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return τ, and the precision that others are thought to have, if it is separate."""
        return (MEAN_LEVEL, BELIEVED_PRECISION) if self.beliefs == SEPARATE else (MEAN_LEVEL,)

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return all parameters, without what is thought of others for steps whose payoffs do not depend on it."""
        names = super().relevant_parameters(kind, games, roles)
        if self.depth == "decision":
            return names
        tables = [self.tables(game) for game in games]
        matters = {
            MEAN_LEVEL.name: any(table.depends(role, kind, -1) for table in tables for role in roles),
            BELIEVED_PRECISION.name: kind > 0,
        }
        return tuple(name for name in names if matters.get(name, True))

    def tables(self, game: Game) -> ChainTables:
        """Return the payoffs of every step over what is thought of others."""
        return (_exact if self.beliefs == EXACT else _noisy)(game, self.max_level)

    def sender_terms(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Terms:
        """Return what each message earns against fewer steps; lies cost nothing."""
        return self._read(game, SENDER, kind, values, grid_index(game.states, state), xp)

    def receiver_terms(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Terms:
        """Return what each action earns against fewer steps."""
        return self._read(game, RECEIVER, kind, values, grid_index(game.messages, message), xp)

    def _read(self, game: Game, role: str, kind: int, values: Values, row: Numbers, xp: Module) -> Terms:
        noise = [] if self.beliefs == EXACT else [precision_in_mind(game, role, self.beliefs, values)]
        return Terms(self.tables(game).read(role, kind, [*noise, values.get(MEAN_LEVEL.name)], row, xp))


def steps_believed(steps: int, tau: float) -> Array:
    """Return g_k(0..k-1): the shares of fewer steps in the mind of somebody who thinks `steps` ≥ 1 of them."""
    log_weight = np.arange(steps) * np.log(max(tau, 1e-300)) - [math.lgamma(h + 1) for h in range(steps)]
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


@lru_cache(maxsize=16)
def _exact(game: Game, max_level: int) -> ChainTables:
    def solve(tau: float) -> Payoffs:
        return solved_chain(game, max_level, "C", "min", "literal", shares=partial(steps_believed, tau=tau)).payoffs

    return ChainTables((AXIS,), solve)


@lru_cache(maxsize=16)
def _noisy(game: Game, max_level: int) -> ChainTables:
    def solve(scaled: float, tau: float) -> Payoffs:
        return noisy_chain(game, max_level, "C", scaled / stakes(game), shares=partial(steps_believed, tau=tau))

    return ChainTables((PRECISION, NOISY_AXIS), solve)
