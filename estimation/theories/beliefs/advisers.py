"""Advisers by name: whom a person faces or has met, and what trust in each is called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.arrays import Array, Indices, Numbers
from estimation.errors import TheoryError
from estimation.games.advice import AdviceGame
from estimation.games.judge_advisor import JudgeAdvisor
from estimation.theories.beliefs.history import History
from estimation.theories.parameter import Parameter

EACH, EVERYONE, NOBODY = "each", "everyone", "nobody"
TRUST = "trust"
NO_REPUTATION = -1


def trusted(name: str) -> Parameter:
    """Return the parameter of trust in advisers, or in one of them (``trust_`` and who it is)."""
    whose = "a message" if name == TRUST else f"what adviser {name.removeprefix(f'{TRUST}_')} says"
    meaning = f"weight that the person gives to {whose}"
    why = "flat to the eye on (0, 1) for a typical person"
    return Parameter(name, "α", meaning, "weight in (0, 1)", "logit", 0.0, 1.5, 1.5, why, steady=True)


def advisers_of(facing: Numbers, history: History, game: AdviceGame | JudgeAdvisor) -> Numbers:
    """Return the places of whom people face (numbers, as the history has them) in the game's list of advisers.

    Raises
    ------
    TheoryError
        If the game lists advisers, and somebody else advised.
    """
    if not game.advisers:
        return np.zeros(len(facing), dtype="int64")
    places = _places(history, game)[facing]
    if (places < 0).any():
        strange = sorted({(*history.names, "")[partner] for partner in np.asarray(facing)[places < 0]})
        listed = f"not among the advisers {list(game.advisers)}; fill it in, or list them"
        raise TheoryError("Some advice comes from nobody:", [f"column 'partner' names {strange}, {listed}"])
    return places


def advisers_met(history: History, game: AdviceGame | JudgeAdvisor) -> Indices:
    """Return the place of each event's adviser in a game's list, (event,); -1: whom another game lists, and this not.

    Each event is a decision, too, where it was met: there its adviser must be listed (`advisers_of`).
    """
    return _places(history, game)[history.partner]


def reputations_met(history: History, game: AdviceGame, reputations: Sequence[int], about: str) -> Indices:
    """Return the reputation in a game to which each event adds, (event,); -1 if to none.

    About each adviser, it is that of who advised, if the game lists them, too. About everyone, it is the one that
    there is, unless people were told, where they met the event, how often its adviser is right.

    Parameters
    ----------
    reputations
        Adviser's place → the place of the reputation that trust in them follows; -1: trust stays.
    """
    if about != EVERYONE:
        return np.array([*reputations, NO_REPUTATION])[advisers_met(history, game)]
    found = np.full(len(history.partner), max(reputations))
    for met, here in history.events_by_game:
        is_told = np.array([name in getattr(met, "accuracies", {}) for name in (*history.names, "")])
        found[here & is_told[history.partner]] = NO_REPUTATION
    return found


def _places(history: History, game: AdviceGame | JudgeAdvisor) -> Indices:
    """Return partner's number → the place in the game's list, -1 if not listed; the last is nobody's."""
    return np.array([game.advisers.index(n) if n in game.advisers else -1 for n in (*history.names, "")], "int64")


def of_person(value: Numbers) -> Array:
    """Return a parameter of which each person has one value throughout, (node,)."""
    return np.asarray(value)[..., 0, 0]
