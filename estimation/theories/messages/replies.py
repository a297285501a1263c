"""Exact best replies in a message game: what level-k, cognitive hierarchy and their relatives think that others do.

A sender's strategy is a table (state, message) of probabilities, a receiver's one of (message, action).
"""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Indices, Numbers
from estimation.games.game import Game, best_option, tied_options

TIES = ("min", "max", "uniform")
OFF_PATH = ("ignore", "literal", "skeptical")


def truth_payoff(game: Game) -> Array:
    """Return minus the size of each lie, (state, message), payoff units: what an honest sender wants."""
    return -game.margin * np.abs(game.messages[None, :] - game.states[:, None])


def literal_payoff(game: Game) -> Array:
    """Return the receiver's payoff if every message were true, (message, action), payoff units."""
    return np.asarray(game.receiver_payoff(game.actions[None, :], game.messages[:, None]))


def payoff_given_sender(game: Game, sender: Array, off_path: str) -> Array:
    """Return the receiver's expected payoff by Bayes' rule against a sender, (message, action), payoff units.

    Parameters
    ----------
    sender : (state, message) array, probability
    off_path
        What to think of a message that is never sent: ``"ignore"`` it and go by the prior, take it ``"literal"``, or be
        ``"skeptical"`` and think of the state that the sender would least like to admit.
    """
    joint = game.prior[:, None] * sender
    mass = joint.sum(axis=0)
    posterior = (joint / np.where(mass > 0, mass, 1.0)).T
    payoff = posterior @ game.receiver_table.T
    worst = np.argmin(game.direction * game.states)
    unheard = {
        "ignore": np.broadcast_to(game.prior @ game.receiver_table.T, payoff.shape),
        "literal": literal_payoff(game),
        "skeptical": np.broadcast_to(game.receiver_table[:, worst], payoff.shape),
    }[off_path]
    return np.where((mass > 1e-12)[:, None], payoff, unheard)


def sender_reply(game: Game, payoff: Array, ties: str) -> Array:
    """Return the sender's best messages as probabilities, (state, message).

    Among ties the smallest lie (``"min"``), the largest in the sender's interest (``"max"``), or all (``"uniform"``).
    """
    if ties == "uniform":
        tied = tied_options(payoff)
        return np.asarray(tied / tied.sum(axis=1, keepdims=True))
    smallest_lie = -np.abs(game.messages[None, :] - game.states[:, None])
    preference = smallest_lie if ties == "min" else np.broadcast_to(game.direction * game.messages, payoff.shape)
    return np.asarray(np.eye(len(game.messages))[best_option(payoff, preference)])


def receiver_reply(payoff: Array) -> Array:
    """Return the receiver's best action as probabilities, (message, action); the middle one of several."""
    return np.asarray(np.eye(payoff.shape[1])[middle_best(payoff)])


def middle_best(payoff: Array) -> Indices:
    """Return the best option's index along the last axis; the middle one of several."""
    tied = tied_options(payoff)
    return np.asarray((np.cumsum(tied, axis=-1) * 2 <= tied.sum(axis=-1, keepdims=True)).sum(axis=-1))


def worth_against(game: Game, receiver: Array) -> Array:
    """Return what each message earns against a receiver (message, action), (state, message), payoff units."""
    return np.asarray((receiver @ game.sender_table).T)


def option_problems(options: Numbers) -> list[str]:
    """Return what is wrong with the `max_level`, `convention`, `ties` and `off_path` of a theory of levels."""
    problems = []
    if isinstance(options.max_level, bool) or not isinstance(options.max_level, int) or options.max_level < 0:
        problems.append(f"max_level must be a whole number from 0, not {options.max_level!r}")
    for option, allowed in [("convention", ("W", "C")), ("ties", TIES), ("off_path", OFF_PATH)]:
        if getattr(options, option) not in allowed:
            problems.append(f"{option} must be one of {allowed}, not {getattr(options, option)!r}")
    if options.ties == "uniform" and options.response == "normal":
        problems.append("ties='uniform' has no single best message; use response='logit', or ties='min' or 'max'")
    return problems
