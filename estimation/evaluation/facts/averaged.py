"""What is averaged over people's choices: numbers of each option, for facts and for habits that belong to no theory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from estimation.arrays import Array, Indices
from estimation.data.tables.table import Table
from estimation.evaluation.facts.advised import advised_facts
from estimation.evaluation.facts.facts import DOUBTERS, LIARS, suspicion_of
from estimation.games.game import grid_index
from estimation.inference.problem import MessageFit
from estimation.names import ACTION, CONDITION, MESSAGE, PERIOD, RECEIVER, ROLE, SENDER
from estimation.population.people import Block, option_probabilities
from estimation.theories.responses.habits import rounding

MEMORY = 64_000_000  # probabilities that are held at a time
DRAWS = (8, 40)  # of each person, at least and at most
TRUE, LITERAL, DRIFT = "true messages", "messages taken literally", "drift over periods"
Tilt = Callable[["Choices"], Array]
"""From the decisions of a person to T, (decision, option)."""


@dataclass(frozen=True, eq=False)
class Choices:
    """The decisions of a person in a role and condition, what the theory expects, and what all people there did.

    Attributes
    ----------
    chance : (decision, draw, option) array
        By draws of the person from the posterior.
    mean_gap, mean_given, mean_period
        Averages over the decisions of all people in the role and condition.
    """

    block: Block
    period: Array
    chance: Array
    mean_gap: float = 0.0
    mean_given: float = 0.0
    mean_period: float = 0.0

    @cached_property
    def gap(self) -> Array:
        """Exaggeration or correction of each option, (decision, option), game units; 0 or 1 without a direction."""
        block = self.block
        if not block.game.direction:
            lies = block.game.untruth if block.role == SENDER else 1 - np.eye(len(block.options))[block.game.literal]
            seen = block.game.states if block.role == SENDER else block.game.messages
            return np.asarray(lies[grid_index(seen, block.given)] > 0, dtype=float)
        if block.role == SENDER:
            return np.asarray(block.game.direction * (block.options - block.given[:, None]))
        literal = block.options[block.game.literal[grid_index(block.game.messages, block.given)]]
        return np.asarray(suspicion_of(block.game) * (literal[:, None] - block.options))

    @cached_property
    def before(self) -> Indices:
        """The option chosen in the decision before, (decision,); -1 in the first."""
        order = np.argsort(self.period, kind="stable")
        last = np.full(len(order), -1)
        last[order[1:]] = self.block.chosen[order[:-1]]
        return last

    def taken(self, table: Array) -> Array:
        """Return what a table (decision, option) holds of the options chosen, (decision,)."""
        return np.asarray(table[np.arange(len(self.period)), self.block.chosen])


def choices_of(fit: MessageFit, role: str, condition: str, seed: int) -> list[Choices]:
    """Return the decisions of each person in a role and condition."""
    problem, rng = fit.problem, np.random.default_rng([seed, 4])
    people = fit.tree["people"].dataset
    theta, kind = people["theta"].transpose("sample", "subject", "parameter").to_numpy(), people["kind"].to_numpy()
    period = problem.table.frame[PERIOD.name].to_numpy(float)
    there = [
        (position, block)
        for position, person in enumerate(problem.crowd.people)
        for block in person.blocks
        if (block.role, block.condition) == (role, condition)
    ]
    size = sum(len(block.given) * len(block.options) for _, block in there)
    draws = int(np.clip(MEMORY // max(size, 1), *DRAWS))
    found = []
    for position, block in there:
        some = rng.permutation(len(theta))[:draws]
        mine, (seen, rows) = (kind[some, position], theta[some, position]), block.situations
        chance = option_probabilities(problem.theory, problem.parameters, *mine, replace(block, given=seen))
        found.append(Choices(block, period[block.rows], np.swapaxes(chance, 0, 1)[rows].astype("float32")))
    if not found:
        return []
    gap, given, at = (
        float(np.concatenate(part).mean())
        for part in zip(*((one.taken(one.gap), one.block.given, one.period) for one in found), strict=True)
    )
    return [replace(one, mean_gap=gap, mean_given=given, mean_period=at) for one in found]


def _chosen(one: Choices) -> Array:
    """Return the options themselves, (1, option)."""
    return one.block.options[None, :]


def _far_end(one: Choices) -> Array:
    return np.asarray(_chosen(one) == one.block.options[-1 if one.block.game.direction > 0 else 0])


FACTS: Mapping[str, Tilt] = {
    "mean exaggeration": lambda one: one.gap,
    "sd of exaggeration": lambda one: (one.gap - one.mean_gap) ** 2,
    "share of true messages": lambda one: one.gap == 0,
    "share of messages at the far end": _far_end,
    "slope of message on state": lambda one: _chosen(one) * (one.block.given - one.mean_given)[:, None],
    "mean correction": lambda one: one.gap,
    "sd of correction": lambda one: (one.gap - one.mean_gap) ** 2,
    "share of messages taken literally": lambda one: one.gap == 0,
    "slope of action on message": lambda one: _chosen(one) * (one.block.given - one.mean_given)[:, None],
}
"""Facts of the predictive check → what is averaged over decisions."""


BETWEEN: Mapping[str, Tilt] = {
    "sd of people's mean exaggeration": lambda one: one.gap,
    "sd of people's mean correction": lambda one: one.gap,
    LIARS: lambda one: one.gap,
    DOUBTERS: lambda one: one.gap,
}
"""Facts of how people differ → what is averaged by person."""


def advised_tilts(table: Table, role: str, condition: str) -> dict[str, Tilt]:
    """Return facts of people who are advised → what is averaged over decisions, weights included."""
    if role != RECEIVER:
        return {}
    frame = table.frame.reset_index(drop=True)
    there = ((frame[ROLE.name] == role) & (frame[CONDITION.name] == condition)).to_numpy()
    found, place = advised_facts(table.games[condition], frame[there]), np.cumsum(there) - 1
    return {
        name: lambda one, fact=fact: fact.by_option(place[one.block.rows], one.block.options)  # type: ignore[misc]
        for name, fact in found.items()
    }


def habits_of(block: Block) -> dict[str, Tilt]:
    """Return what people may do beside any theory, in words → what is averaged."""
    options, found = block.options, dict[str, Tilt]()
    did = MESSAGE.name if block.role == SENDER else ACTION.name
    for table in rounding(block.game, block.role):
        is_round = table.any(axis=0)
        step = np.diff(options[is_round])[0]
        found[f"multiples of {step:g}"] = lambda _, is_round=is_round: is_round[None, :]  # type: ignore[misc]
    if did in block.game.labels:
        for place, word in enumerate(block.game.labels[did]):
            found[f"{did}s of {word!r}"] = lambda one, place=place: _chosen(one) == place  # type: ignore[misc]
    else:
        found[f"{did}s of {options[0]:g} (the lowest)"] = lambda one: _chosen(one) == options[0]
        found[f"{did}s of {options[-1]:g} (the highest)"] = lambda one: _chosen(one) == options[-1]
    found[TRUE if block.role == SENDER else LITERAL] = lambda one: one.gap == 0
    found["repeating the last choice"] = lambda one: np.arange(len(options)) == one.before[:, None]
    if did not in block.game.labels:
        found[DRIFT] = lambda one: _chosen(one) * (one.period - one.mean_period)[:, None]
    return found
