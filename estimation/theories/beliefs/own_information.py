"""What a receiver believes without advice: the prior, a probability that they were told, or what they have seen."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Numbers
from estimation.errors import TheoryError
from estimation.games.advice import EXPERIENCE, NOTHING, TOLD, AdviceGame
from estimation.games.game import grid_index
from estimation.theories.beliefs.fading_counts import faded_counts, memory
from estimation.theories.beliefs.history import History

AS_IN_GAME, IGNORED = "as in the game", "ignored"
SOURCES = (AS_IN_GAME, TOLD, EXPERIENCE, IGNORED)
"""Where own information comes from: what the game says, one of two that may be asked for, or nowhere."""

FIRST_GUESS = 2.0  # outcomes that the prior is worth to who learns from outcomes: those of a uniform Beta

OWN_MEMORY = memory("own_memory", "ρ", "how much of what people saw of the states themselves is left one outcome later")


def source_of(game: AdviceGame, asked: str) -> str:
    """Return where receivers have own information from, ``"nothing"`` if from nowhere."""
    return NOTHING if asked == IGNORED or game.own == NOTHING else game.own if asked == AS_IN_GAME else asked


def own_belief(history: History, game: AdviceGame, source: str, kept: Numbers) -> Array:
    """Return what a person believes before advice, (node or 1, decision, state).

    Who learns from outcomes has a Dirichlet belief: the prior, worth `FIRST_GUESS` outcomes, and counts that fade.

    Parameters
    ----------
    kept : (node,) array
        Share of counts left after an outcome; not used unless people learn from outcomes.

    Raises
    ------
    TheoryError
        If what they were told is no probability.
    """
    if source == TOLD:
        told = history.known[game.column]
        if not ((told > 0) & (told < 1)).all():
            wrong = told[~((told > 0) & (told < 1))][0]
            problem = f"column {game.column!r} must hold probabilities between 0 and 1, not {wrong:g}"
            raise TheoryError("What people were told is no probability:", [problem])
        return np.stack([1 - told, told], axis=-1)[None]
    if source == EXPERIENCE:
        here = history.during == history.condition
        outcomes = np.eye(len(game.states))[grid_index(game.states, history.outcome[here])]
        before = np.concatenate([[0], np.cumsum(here)])[history.before]
        counts = FIRST_GUESS * game.prior[:, None] + faded_counts(outcomes, kept)[before]
        return np.ascontiguousarray(
            (counts / sum(counts[:, [state]] for state in range(len(game.states)))).transpose(2, 0, 1)
        )
    return np.broadcast_to(game.prior, (1, len(history.before), len(game.states)))


def news_of(history: History) -> Array:
    """Return how far each recommendation was right, (event,): if its truth never came out, by what people were told."""
    accuracy = history.accuracy
    unseen = np.isnan(accuracy)
    if not unseen.any():
        return accuracy
    told, last = history.beside_events("column"), history.of_events(lambda game: game.states[-1])
    return np.where(unseen, np.where(history.message == last, told, 1 - told), accuracy)
