"""What can be wrong with a game of somebody's own: its options, its prior and its payoffs, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

GRIDS = ("states", "messages", "actions")
ARRAYS = (*GRIDS, "prior")
CLOSE = 1e-9  # by how much the probabilities of a prior may miss one: they are written in decimals


def take_lists(game: type) -> None:
    """Make arrays of options and probabilities that a class gives as lists of numbers; fields stay as they are."""
    for name in ARRAYS:
        given = vars(game).get(name)
        if isinstance(given, list | tuple) and name not in vars(game).get("__annotations__", {}):
            values = np.asarray(given)
            if values.dtype.kind in "iuf":
                setattr(game, name, values.astype(float))


def class_problems(game: Any, taken: Collection[str]) -> list[str]:
    """Return what is wrong with a class: a family that is taken, options or probabilities that it gives as arrays."""
    if not game.origin:
        return []
    twice = f"it has the family {game.family!r} of a game of the package; choose another name"
    given = {name: vars(game)[name] for name in ARRAYS if isinstance(vars(game).get(name), np.ndarray)}
    return [twice] * (game.family in taken) + _array_problems(given)


def game_problems(game: Any) -> list[str]:
    """Return what is wrong with a game, whose payoffs are tried at all of its options."""
    problems = _array_problems({name: getattr(game, name) for name in ARRAYS})
    if problems:
        return problems
    if not any(game.direction == sign for sign in (-1, 0, 1)):
        problems.append(f"direction must be 1, -1 or 0, not {game.direction!r}")
    return problems + [text for role in ("sender", "receiver") for text in _payoff_problems(game, role)]


def _array_problems(given: Mapping[str, Any]) -> list[str]:
    problems = [
        f"{name} must be an array of finite numbers, as np.array([…])" for name in given if not _is_numbers(given[name])
    ]
    if problems:
        return problems
    for name in (name for name in GRIDS if name in given):
        if len(given[name]) < 1 or not (np.diff(given[name]) > 0).all():
            problems.append(f"{name} must be different numbers, the smallest first")
    if "prior" not in given:
        return problems
    prior = given["prior"]
    if "states" in given and len(prior) != len(given["states"]):
        problems.append(f"prior needs {len(given['states'])} probabilities, one for each state, not {len(prior)}")
    if (prior < 0).any():
        problems.append(f"prior has probabilities below zero ({prior[prior < 0][0]:g}); correct them")
    elif abs(prior.sum() - 1) > CLOSE:
        problems.append(f"the probabilities of the prior sum to {prior.sum():g}; divide them by it")
    return problems


def _is_numbers(values: Any) -> bool:
    """Return whether something is an array of finite numbers, side by side."""
    is_array = isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind in "iuf"
    return is_array and bool(np.isfinite(values).all())


def _payoff_problems(game: Any, role: str) -> list[str]:
    """Return why a payoff cannot be used: it gives no numbers, or not one for each action and state."""
    actions, states = game.actions[:, None], game.states[None, :]
    how = "it takes (action, state, xp=np) and gives a payoff for each pair of two arrays (np.where instead of if)"
    try:
        found = np.asarray(getattr(game, f"{role}_payoff")(actions, states, np), dtype=float)
    except Exception as problem:  # it is somebody's own code, which raises whatever it does
        return [f"{role}_payoff cannot be computed ({type(problem).__name__}: {problem}); {how}"]
    if found.shape != (len(game.actions), len(game.states)):
        return [f"{role}_payoff gives shape {found.shape}, not {(len(game.actions), len(game.states))}; {how}"]
    if not np.isfinite(found).all():
        action, state = np.argwhere(~np.isfinite(found))[0]
        return [
            f"{role}_payoff is {found[action, state]} for action {game.actions[action]:g} in state {states[0, state]:g}"
        ]
    return []
