"""The decisions of one person, and their likelihood under a theory at many parameter values at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from estimation.data.table import Table
from estimation.games.game import Array, Game
from estimation.games.grid import grid_index
from estimation.names import ACTION, CONDITION, MESSAGE, ROLE, SENDER, STATE, SUBJECT
from estimation.theories.parameter import Parameter
from estimation.theories.theory import Theory, decision_log_probability

_CHUNK = 80_000  # numbers in a temporary array: it should stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Block:
    """Decisions of one person in one role and one condition.

    Attributes
    ----------
    given : (decision,) array, game units
        States for a sender, messages for a receiver.
    chosen : (decision,) integer array
        Index of the message or action taken.
    rows : (decision,) integer array
        Positions in the table.
    """

    game: Game
    role: str
    condition: str
    given: Array
    chosen: Any
    rows: Any

    @cached_property
    def situations(self) -> tuple[Array, Any]:
        """What the person saw, each value once (situation,), and the situation of each decision (decision,)."""
        return np.unique(self.given, return_inverse=True)

    @property
    def options(self) -> Array:
        """The options of this role, game units."""
        return self.game.messages if self.role == SENDER else self.game.actions


@dataclass(frozen=True, eq=False)
class Person:
    """One person and everything they decided."""

    subject: str
    blocks: tuple[Block, ...]

    @property
    def decisions(self) -> int:
        """How many decisions the person made."""
        return sum(len(block.chosen) for block in self.blocks)


def people(table: Table) -> list[Person]:
    """Return the people of a table in the order of `table.subjects`."""
    frame = table.frame.reset_index(drop=True)
    found: dict[str, list[Block]] = {subject: [] for subject in table.subjects}
    for (subject, role, condition), rows in frame.groupby(
        [SUBJECT.name, ROLE.name, CONDITION.name], sort=True
    ):
        game = table.games[str(condition)]
        seen, did = (STATE, MESSAGE) if role == SENDER else (MESSAGE, ACTION)
        options = game.messages if role == SENDER else game.actions
        given, chosen = rows[seen.name].to_numpy(float), grid_index(options, rows[did.name].to_numpy(float))
        found[str(subject)].append(
            Block(game, str(role), str(condition), given, chosen, rows.index.to_numpy())
        )
    return [Person(subject, tuple(blocks)) for subject, blocks in found.items()]


def log_likelihood(
    theory: Theory, kind: int, person: Person, parameters: tuple[Parameter, ...], nodes: Array
) -> Array:
    """Return the log likelihood of all decisions of a person.

    Parameters
    ----------
    nodes : (dim, node) array
        Parameter values on the transformed scale, in the order of `parameters`.

    Returns
    -------
    (node,) array, nats
    """
    total = np.zeros(nodes.shape[1])
    for block in person.blocks:
        seen, rows = block.situations
        step = max(1, _CHUNK // (len(seen) * len(block.options)))
        for start in range(0, nodes.shape[1], step):
            part = slice(start, start + step)
            values = natural_values(parameters, nodes[:, part])
            total[part] += decision_log_probability(
                theory, block.game, block.role, kind, values, seen, block.chosen, rows=rows
            ).sum(axis=-1)
    return total


def natural_values(parameters: tuple[Parameter, ...], nodes: Array) -> dict[str, Array]:
    """Return parameter name → natural values shaped (node, 1, 1), ready for a theory."""
    return {p.name: p.natural(nodes[index])[:, None, None] for index, p in enumerate(parameters)}
