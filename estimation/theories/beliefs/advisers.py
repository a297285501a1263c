"""Advisers by name: whom a person faces or has met, and what trust in each is called."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Numbers
from estimation.errors import TheoryError
from estimation.games.advice import AdviceGame
from estimation.games.judge_advisor import JudgeAdvisor
from estimation.theories.beliefs.history import History
from estimation.theories.parameter import Parameter

EACH, EVERYONE, NOBODY = "each", "everyone", "nobody"
TRUST = "trust"


def trusted(name: str) -> Parameter:
    """Return the parameter of trust in advisers, or in one of them (``trust_`` and who it is)."""
    whose = "a message" if name == TRUST else f"what adviser {name.removeprefix(f'{TRUST}_')} says"
    meaning = f"weight that the person gives to {whose}"
    why = "flat to the eye on (0, 1) for a typical person"
    return Parameter(name, "α", meaning, "weight in (0, 1)", "logit", 0.0, 1.5, 1.5, why, steady=True)


def advisers_of(partners: Numbers, history: History, game: AdviceGame | JudgeAdvisor) -> Numbers:
    """Return the places of partners (numbers, as the history has them) in the game's list of advisers.

    Raises
    ------
    TheoryError
        If the game lists advisers, and somebody else advised.
    """
    if not game.advisers:
        return np.zeros(len(partners), dtype="int64")
    places = np.array([game.advisers.index(n) if n in game.advisers else -1 for n in (*history.names, "")])[partners]
    if (places < 0).any():
        strange = sorted({(*history.names, "")[partner] for partner in np.asarray(partners)[places < 0]})
        listed = f"not among the advisers {list(game.advisers)}; fill it in, or list them"
        raise TheoryError("Some advice comes from nobody:", [f"column 'partner' names {strange}, {listed}"])
    return places


def of_person(value: Numbers) -> Array:
    """Return a parameter of which each person has one value throughout, (node,)."""
    return np.asarray(value)[..., 0, 0]
