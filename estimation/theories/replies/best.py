"""Exact best replies in a message game: what level-k, cognitive hierarchy and their relatives think that others do.

A sender's strategy is a table (state, message) of probabilities, a receiver's one of (message, action). Best options
are found by trying all; where a theory names a target, options are worth less the farther from it they lie.
"""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Indices, Module, Numbers
from estimation.errors import TheoryError
from estimation.games.best import best_option, tied_options
from estimation.games.game import Game, grid_index
from estimation.names import ACTION, MESSAGE, SENDER

TIES = ("min", "max", "uniform")
OFF_PATH = ("ignore", "literal", "skeptical")


def truth_payoff(game: Game) -> Array:
    """Return minus the size of each lie, (state, message), payoff units: what an honest sender wants."""
    return -game.margin * game.untruth


def payoff_given_sender(game: Game, sender: Array, off_path: str, others: Array) -> Array:
    """Return the receiver's expected payoff by Bayes' rule against a sender, (message, action), payoff units.

    Parameters
    ----------
    sender : (state, message) array, probability
    off_path
        What to think of a message that is never sent: ``"ignore"`` it and go by the prior, take it ``"literal"``, or be
        ``"skeptical"`` and think of the state that the sender would least like to admit.
    others : (message, action) array, probability
        What other receivers do, if there are any.
    """
    joint = game.prior[:, None] * game.suspected(sender)
    mass = joint.sum(axis=0)
    posterior = (joint / np.where(mass > 0, mass, 1.0)).T
    payoff = game.replied(posterior, others)
    worst = np.argmin(game.direction * game.states)
    unheard = {
        "ignore": game.replied(np.broadcast_to(game.prior, posterior.shape), others),
        "literal": game.credulous,
        "skeptical": np.broadcast_to(game.receiver_table[:, worst], payoff.shape),
    }[off_path]
    return np.where((mass > 1e-12)[:, None], payoff, unheard)


def sender_reply(game: Game, payoff: Array, ties: str) -> Array:
    """Return the sender's best messages as probabilities, (state, message); with ``ties="uniform"`` all of them.

    Otherwise the smallest lie among ties (``"min"``), or the largest in the sender's interest (``"max"``). Where
    messages are words, no order chooses between equal lies: they are equally likely.
    """
    best = tied_options(payoff)
    if MESSAGE.name in game.labels and ties == "min":
        best = best * tied_options(np.where(best, -game.untruth, -np.inf))
    elif ties != "uniform":
        return np.asarray(np.eye(len(game.messages))[_best_message(game, payoff, game.states, ties)])
    return np.asarray(best / best.sum(axis=1, keepdims=True))


def receiver_reply(game: Game, payoff: Array) -> Array:
    """Return the receiver's best action as probabilities, (message, action); the middle one of several.

    Where actions are words, of which none is in the middle, equally good ones are equally likely.
    """
    if ACTION.name in game.labels:
        best = tied_options(payoff)
        return np.asarray(best / best.sum(axis=1, keepdims=True))
    return np.asarray(np.eye(payoff.shape[1])[middle_best(payoff)])


def middle_best(payoff: Array) -> Indices:
    """Return the best option's index along the last axis; the middle one of several."""
    tied = tied_options(payoff)
    return np.asarray((np.cumsum(tied, axis=-1) * 2 <= tied.sum(axis=-1, keepdims=True)).sum(axis=-1))


def best_message(game: Game, payoff: Numbers, state: Array, ties: str = "min") -> Array:
    """Return the best message, (..., decision, 1), game units; among ties as `sender_reply`, if not ``"uniform"``.

    `payoff` (..., decision, message) payoff units; `state` (decision,) game units.
    """
    return np.asarray(game.messages[_best_message(game, np.asarray(payoff), state, ties)][..., None])


def best_action(game: Game, payoff: Numbers) -> Array:
    """Return the best action, (..., decision, 1), game units; the middle one of several.

    `payoff` (..., decision, action) payoff units.
    """
    return np.asarray(game.actions[middle_best(np.asarray(payoff))][..., None])


def distance_payoff(game: Game, role: str, target: Numbers, xp: Module) -> Numbers:
    """Return what a role's options are worth by their distance from a target, (..., decision, option), payoff units.

    A unit off the target costs what a unit of action can earn the sender at most: whatever the unit, the precision of
    choices has the same prior. Words are all one unit apart.

    Raises
    ------
    TheoryError
        Unless the target has the shape (..., decision, 1).
    """
    if xp is np and np.shape(target)[-1:] != (1,):
        problem = f"its shape is {np.shape(target)}; write state[:, None] or message[:, None]"
        raise TheoryError("A target needs the shape (..., decision, 1):", [problem])
    options, column = (game.messages, MESSAGE) if role == SENDER else (game.actions, ACTION)
    distance = xp.abs(options - target)
    return -game.margin * (xp.minimum(distance, 1.0) if column.name in game.labels else distance)


def searchable(payoff: Numbers) -> Array:
    """Return payoffs whose best option can be searched for.

    Raises
    ------
    TheoryError
        If they are symbolic: the result would have no gradient.
    """
    if not isinstance(payoff, np.ndarray):
        problem = "a best reply found by search has no gradient; use response='logit', or method='automatic'"
        raise TheoryError("Best options found by search have no joint model:", [problem])
    return payoff


def _best_message(game: Game, payoff: Array, state: Array, ties: str) -> Array:
    """Return the index of the best message; among ties the largest (``"max"``), else the smallest lie."""
    smallest_lie = -game.untruth[grid_index(game.states, state)]
    largest = np.broadcast_to(game.direction * game.messages, smallest_lie.shape)
    return best_option(payoff, largest if ties == "max" else smallest_lie)
