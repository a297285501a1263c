"""The parts of a game that is given by its table: each is read, or it is said what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from estimation.arrays import Array, Mask
from estimation.errors import GameError
from estimation.games.game import grid_index
from estimation.games.options import Options, as_item, read_options

UNIFORM, EMPIRICAL = "uniform", "empirical"
COLUMNS = ("state", "action", "sender", "receiver")


def read_parts(
    states: Any, messages: Any, actions: Any, sender: Any, receiver: Any, prior: Any, meanings: Any, lies: Any
) -> tuple[dict[str, Any], list[str]]:
    """Return the parts by name, as the functions below read them, and everything that is wrong with them."""
    problems: list[str] = []

    def kept(found: tuple[Any, list[str]]) -> Any:
        problems.extend(found[1])
        return found[0]

    seen, done = kept(read_options("states", states)), kept(read_options("actions", actions))
    if messages is None:
        said = Options("messages", seen.items) if seen else None
    else:
        said = kept(read_options("messages", messages))
    parts = {"states": seen, "messages": said, "actions": done}
    if seen and done:
        parts["sender"] = kept(read_payoffs("sender", sender, seen, done))
        parts["receiver"] = kept(read_payoffs("receiver", receiver, seen, done))
    if seen:
        parts["prior"] = kept(read_prior(prior, seen))
    if seen and said:
        parts["meanings"] = means = kept(read_meanings(meanings, seen, said))
        parts["lies"] = None if means is None else kept(read_lies(lies, seen, said, means))
    return parts, problems


def read_payoffs(name: str, given: Any, states: Options, actions: Options) -> tuple[Array | None, list[str]]:
    """Return a player's payoffs (state, action) from an array, or from a function of action and state."""
    if callable(given):
        given = [[given(action, state) for action in actions.items] for state in states.items]
    table, problems = read_matrix(name, given, states, actions)
    if table is not None and not np.ptp(table, axis=1).any():
        problems = [f"the {name} earns the same whatever is done: there is nothing to explain"]
    return table, problems


def read_matrix(name: str, given: Any, down: Options, across: Options) -> tuple[Array | None, list[str]]:
    """Return a table of finite numbers."""
    size = f"a row for each of the {len(down.items)} {down.name} with {len(across.items)} {across.name} in each"
    if hasattr(given, "columns"):
        return None, [f"{name} is a frame, whose order is not sure: use from_frame, or give {size}"]
    try:
        table = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        return None, [f"{name} must be numbers, {size}"]
    if table.shape != (len(down.items), len(across.items)):
        return None, [f"{name} must have {size}, not the shape {table.shape}"]
    return (table, []) if np.isfinite(table).all() else (None, [f"{name} must be finite"])


def read_prior(given: Any, states: Options) -> tuple[Array | None, list[str]]:
    """Return the probabilities of the states, (state,); nothing if they are to be counted from a table."""
    if isinstance(given, str):
        known = given in (UNIFORM, EMPIRICAL)
        problem = f"prior must be {UNIFORM!r}, {EMPIRICAL!r} or the probabilities of the states, not {given!r}"
        even = np.full(len(states.items), 1 / len(states.items))
        return (even if given == UNIFORM else None), [] if known else [problem]
    if isinstance(given, Mapping):
        unknown = [f"prior: {states.unknown(item)}" for item in given if states.place(item) is None]
        by_item = {as_item(item): weight for item, weight in given.items()}
        unknown += [f"prior says nothing of state {item!r}" for item in states.items if item not in by_item]
        if unknown:
            return None, unknown
        given = [by_item[item] for item in states.items]
    try:
        weights = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        return None, [f"prior must be numbers, not {given!r}"]
    if weights.shape != (len(states.items),):
        return None, [f"prior needs {len(states.items)} probabilities, one for each state, not {weights.size}"]
    if not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
        return None, ["prior must be finite, not negative, and not all zero"]
    return weights / weights.sum(), []


def known_prior(prior: Array | None, family: str) -> Array:
    """Return the probabilities of the states, or raise `GameError` if they are yet to be counted."""
    if prior is None:
        problem = f"it is {EMPIRICAL!r}: read the game with a table of decisions that holds states, or give the prior"
        raise GameError(f"The prior of the {family} game is not known:", [problem])
    return prior


def counted(options: Array, states: Array) -> tuple[float, ...]:
    """Return how often each state came up, (state,)."""
    return tuple(np.bincount(grid_index(options, states), minlength=len(options)).astype(float).tolist())


def read_meanings(given: Any, states: Options, messages: Options) -> tuple[Mask | None, list[str]]:
    """Return which states each message says are possible, (message, state): itself, unless it is given."""
    problems: list[str] = []
    if isinstance(given, Mapping):
        problems += [f"meanings: {messages.unknown(item)}" for item in given if messages.place(item) is None]
        said = {as_item(item): meant for item, meant in given.items()}
    else:
        listed = [] if given is None else list(given) if isinstance(given, Sequence) else [given]
        if given is not None and (isinstance(given, str) or len(listed) != len(messages.items)):
            return None, [f"meanings must say for each of the {len(messages.items)} messages which state it means"]
        said = dict(zip(messages.items, listed, strict=False))
    means = np.zeros((len(messages.items), len(states.items)), dtype=bool)
    for row, message in enumerate(messages.items):
        meant = said.get(message, message)
        places = [(item, states.place(item)) for item in (meant if isinstance(meant, list | tuple) else [meant])]
        if message not in said and places[0][1] is None:
            problems.append(f"message {message!r} is the name of no state; say in meanings which states it means")
        elif not places:
            problems.append(f"meanings: {message!r} rules every state out; name all states if it says nothing")
        else:
            problems += [f"meanings of {message!r}: {states.unknown(item)}" for item, at in places if at is None]
        means[row, [at for _, at in places if at is not None]] = True
    return (None, problems) if problems else (means, [])


def read_lies(given: Any, states: Options, messages: Options, means: Mask) -> tuple[Array | None, list[str]]:
    """Return the size of each lie, (state, message): for words 0 or 1, for numbers the distance to what is meant."""
    if given is None:
        distance = np.abs(np.subtract.outer(states.values, states.values))
        distance = np.minimum(distance, 1.0) if states.labels else distance
        given = np.where(means[None], distance[:, None, :], np.inf).min(axis=2)
    lies, problems = read_matrix("lies", given, states, messages)
    if lies is not None and ((lies < 0).any() or not lies.any()):
        return None, ["lies must be 0 for the truth and positive for lies, and there must be some: no message is a lie"]
    return lies, problems


def tables_from_columns(columns: Mapping[str, Sequence[Any]]) -> tuple[dict[str, Any], list[str]]:
    """Return states, actions, payoffs and perhaps the prior from columns: a row for each state and action.

    Words stand in the order in which they appear, numbers by size. A prior must be the same in all rows of a state.
    """
    needed = f"a payoff table has the columns {', '.join(COLUMNS)}, and perhaps prior"
    missing = [f"column {name!r} is missing: {needed}" for name in COLUMNS if name not in columns]
    if missing:
        return {}, missing
    pairs = list(zip(*(map(as_item, columns[name]) for name in COLUMNS[:2]), strict=True))
    states, actions = _in_order(pair[0] for pair in pairs), _in_order(pair[1] for pair in pairs)
    problems = [f"{_row(pair)} is there {count} times" for pair, count in Counter(pairs).items() if count > 1]
    problems += [f"{_row(pair)} is missing" for pair in product(states, actions) if pair not in set(pairs)]
    numbers = {name: list(map(as_item, columns[name])) for name in (*COLUMNS[2:], "prior") if name in columns}
    for name, cells in numbers.items():
        wrong = [repr(cell) for cell in cells if not isinstance(cell, float)]
        problems += [f"column {name!r} must hold numbers, not {', '.join(wrong[:3])}"] if wrong else []
    if problems:
        return {}, problems
    tables = {name: dict(zip(pairs, numbers[name], strict=True)) for name in numbers}
    found: dict[str, Any] = {"states": states, "actions": actions}
    found |= {name: [[tables[name][one, other] for other in actions] for one in states] for name in COLUMNS[2:]}
    if "prior" in tables:
        weights = [{tables["prior"][one, other] for other in actions} for one in states]
        problems = [f"state {one!r} has several priors" for one, w in zip(states, weights, strict=True) if len(w) > 1]
        found["prior"] = [max(w) for w in weights]
    return found, problems


def _row(pair: tuple[Any, Any]) -> str:
    return f"the row of state {pair[0]!r} with action {pair[1]!r}"


def _in_order(items: Iterable[Any]) -> list[Any]:
    once = list(dict.fromkeys(items))
    return sorted(once) if all(isinstance(item, float) for item in once) else once


def meant(means: Array, prior: Array, payoffs: Array) -> Array:
    """Return payoffs (state, action) by the prior over the states that messages leave possible, (message, action)."""
    weight = np.where(means, prior, 0.0)
    weight = np.where(weight.sum(axis=1, keepdims=True) > 0, weight, means)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True) @ payoffs)
