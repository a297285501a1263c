"""Logit equilibria of a message game with a cost of lying: fixed points, followed along a branch.

Sender and receiver reply to each other with logit noise of one standardised precision Λ (the agent quantal-response
equilibrium of McKelvey and Palfrey 1998, Experimental Economics 1(1):9-41), λ_S = Λ / scale_S and λ_R = Λ / scale_R:

    P(m | s) ∝ exp λ_S [ Σ_a P(a | m) u_S(a, s) - β lie(m, s) ],
    P(a | m) ∝ exp λ_R [ Σ_s P(s | m) u_R(a, s) ],     P(s | m) ∝ prior(s) P(m | s):

every message has a positive probability, so Bayes' rule holds on each. The unknown is the table of what each message
earns in each state. It is followed from a point where it is known, by predictor steps and Newton's method, whose linear
systems are solved by GMRES with exact products of the Jacobian (Turocy 2005, Games and Economic Behavior 51(2):243-263,
follows the same branch). Damped iteration of the replies alone would not do: at high precision they chase each other
round. Where the branch turns back, the equilibrium beyond that slowly moving replies come to is taken. They are
followed by implicit steps that grow into Newton's (pseudo-transient continuation; Kelley and Keyes 1998, SIAM Journal
on Numerical Analysis 35(2):508-523).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special
from scipy.sparse.linalg import LinearOperator, lgmres

from estimation.arrays import Array
from estimation.errors import TheoryError
from estimation.games.game import Game
from estimation.names import RECEIVER, SENDER

TOLERANCE = 1e-6  # of the fixed point, relative to the sender's margin times the range of actions
SHORTEST = 1e-3  # step along the branch, as a share of the way to the next goal, at which it has turned back
SETTLING = 200  # implicit steps after the branch has turned back
NEWTON = 8  # steps of Newton's method before the step along the branch is halved


@dataclass(frozen=True, eq=False)
class MessageGame:
    """The tables of a game that equilibria are made of.

    Attributes
    ----------
    log_prior : (state,) array
    sender : (action, state) array, payoff units
    receiver : (action, state) array, payoff units
    lie : (state, message) array, game units
    scales : sender's and receiver's standard deviation of payoffs over options, payoff units
    unit : float, payoff units
        The sender's margin times the range of actions, or the range of a table: what precision of the fixed point is
        measured against.
    """

    log_prior: Array
    sender: Array
    receiver: Array
    lie: Array
    scales: tuple[float, float]
    unit: float

    @classmethod
    def of(cls, game: Game, states: slice, messages: slice, actions: slice) -> MessageGame:
        """Return the tables of a game on some of its states, messages and actions."""
        prior = game.prior[states] / game.prior[states].sum()
        return cls(
            np.log(np.maximum(prior, 1e-300)),
            game.sender_table[actions, states],
            game.receiver_table[actions, states],
            game.lie_size(game.messages[None, messages], game.states[states, None]),
            (game.payoff_scale(SENDER), game.payoff_scale(RECEIVER)),
            float(game.margin * np.ptp(game.actions) if game.continuous else np.ptp(game.sender_table)),
        )


class Replies:
    """Both sides' logit replies at one precision and cost, and the derivative of going round once.

    Parameters
    ----------
    precision : float
        Λ.
    lying_cost : float, payoff per unit
        β.
    """

    def __init__(self, game: MessageGame, precision: float, lying_cost: float) -> None:
        self.game, self.cost = game, lying_cost * game.lie
        self.sender_precision, self.receiver_precision = (precision / scale for scale in game.scales)

    def around(self, earned: Array) -> Array:
        """Return what messages earn, (state, message), if senders reply to `earned` and receivers to them."""
        log_sender = special.log_softmax(self.sender_precision * (earned - self.cost), axis=1)
        self.sender = np.exp(log_sender)
        self.belief = special.softmax(self.game.log_prior[:, None] + log_sender, axis=0).T
        self.receiver_payoff = self.belief @ self.game.receiver.T
        self.receiver = special.softmax(self.receiver_precision * self.receiver_payoff, axis=1)
        return np.asarray((self.receiver @ self.game.sender).T)

    def derivative(self, change: Array) -> Array:
        """Return how `around` changes with its argument at the last one, in the direction of `change`."""
        log_sender = self.sender_precision * _centred(change, self.sender)
        belief = self.belief * _centred(log_sender.T, self.belief)
        payoff = self.receiver_precision * belief @ self.game.receiver.T
        return np.asarray(((self.receiver * _centred(payoff, self.receiver)) @ self.game.sender).T)


def _centred(table: Array, weight: Array) -> Array:
    return np.asarray(table - (weight * table).sum(axis=1, keepdims=True))


def follow(at: Callable[[float], Replies], start: Array, goals: Sequence[float]) -> list[Array]:
    """Return the fixed points at `goals` on the branch through the one at ``goals[0]``, (state, message) each.

    Where the branch turns back, the walk goes on from the equilibrium that slowly moving replies come to.

    Parameters
    ----------
    at
        A point on the path → the replies there.
    start : (state, message) array
        The fixed point at the first goal, or near it.
    goals
        Points on the path in the order of the walk.

    Raises
    ------
    TheoryError
        If nothing converges at the first goal, or near a later one after the branch has turned back before it.
    """
    first = _solved(at(goals[0]), start)
    if first is None:
        raise TheoryError("The equilibrium cannot be found:", [f"nothing converges at {goals[0]}"])
    found, before, step = [first], None, abs(goals[-1] - goals[0])
    for here, goal in itertools.pairwise(goals):
        point, before, step = _walked(at, here, goal, found[-1], before, step)
        found.append(point)
    return found


Place = tuple[float, Array]
"""A point on the path and the fixed point there."""


def _walked(
    at: Callable[[float], Replies], here: float, goal: float, point: Array, before: Place | None, longest: float
) -> tuple[Array, Place | None, float]:
    """Return the fixed point at the goal, the place before it, and how long a step may be next."""
    shortest = SHORTEST * abs(goal - here)
    while here != goal:
        step = min(longest, abs(goal - here))
        there = goal if step == abs(goal - here) else here + step * np.sign(goal - here)
        guess = point if before is None else point + (point - before[1]) * (there - here) / (here - before[0])
        new = _solved(at(there), guess)
        if new is None and step < shortest:
            there, new = goal, _settled(at(goal), point)
        if new is None:
            longest, before = step / 4, None
            continue
        before, here, point, longest = (here, point), there, new, 2 * step
    return point, before, longest


def _settled(replies: Replies, point: Array) -> Array:
    """Return the fixed point to which replies that move slowly come: where to go on after the branch has turned back.

    Solves d point / dt = around(point) - point by implicit Euler steps. They lengthen as the gap closes, and shorten
    where it opens.
    """
    time, gap = 1.0, replies.around(point) - point
    for _ in range(SETTLING):
        size = _size(gap, replies)
        if size < TOLERANCE:
            return point
        tried = point + _newton_step(replies, gap, 1 / time)
        left = replies.around(tried) - tried
        if not _size(left, replies) < 3 * size:
            time, gap = time / 4, replies.around(point) - point
            continue
        time *= np.clip(1.2 * size / _size(left, replies), 0.25, 2.0)
        point, gap = tried, left
    raise TheoryError("The equilibrium is lost:", ["its branch turns back, and no other is near"])


def _solved(replies: Replies, guess: Array) -> Array | None:
    """Return the fixed point near a guess by Newton's method, or None if it does not converge."""
    point, last = guess, np.inf
    for _ in range(NEWTON):
        gap = replies.around(point) - point
        size = _size(gap, replies)
        if size < TOLERANCE:
            return point
        if not size < 2 * last:
            return None
        last = size
        point = point + _newton_step(replies, gap)
    return None


def _size(gap: Array, replies: Replies) -> float:
    return float(np.abs(gap).max() / replies.game.unit)


def _newton_step(replies: Replies, gap: Array, held: float = 0.0) -> Array:
    """Return the step that closes the gap to first order; `held` back as by an implicit step of time 1 / held."""

    def product(flat: Array) -> Array:
        change = flat.reshape(gap.shape)
        return ((1 + held) * change - replies.derivative(change)).ravel()

    operator = LinearOperator((gap.size, gap.size), matvec=product, dtype=float)
    # Plain GMRES, as nothing is carried over to a next round; SciPy's `gmres` takes half as long again for the same
    step, _ = lgmres(operator, gap.ravel(), rtol=1e-2, atol=0.0, inner_m=80, outer_k=0, maxiter=1)
    return np.asarray(step.reshape(gap.shape))
