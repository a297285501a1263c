"""The decisions of one person, and their likelihood under a theory at many parameter values at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

import numpy as np

from estimation.arrays import Array
from estimation.data.tables.table import Table
from estimation.games.game import Game, grid_index
from estimation.names import ACTION, CONDITION, MESSAGE, ROLE, ROLES, SENDER, STATE, SUBJECT
from estimation.population.design import Slope
from estimation.population.memory import histories_in_roles
from estimation.theories.beliefs.history import Decided, History
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.messages.theory import Theory
from estimation.theories.parameter import Parameter
from estimation.theories.responses.response import LAPSE, RESPONSES

CHUNK = 160_000  # numbers in a temporary array: fewer, and calls take longer than sums; more, and caches overflow
FIXED = 10  # times as many, where payoffs are the same at all nodes or read from tables: then there are no such arrays


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
    slopes
        Slope → its centred column, (decision,); see `population.formulas`.
    history
        What the person knew and had seen before each decision, for theories that need it (`Theory.remembers`).
    """

    game: Game
    role: str
    condition: str
    given: Array
    chosen: Any
    rows: Any
    slopes: Mapping[str, Array] = field(default_factory=dict)
    history: History | None = None

    @cached_property
    def situations(self) -> tuple[Array, Any]:
        """What the person saw, each value once (situation,), and the situation of each decision (decision,).

        Decisions in which the person differs (slopes, history) are situations of their own.
        """
        if self.slopes or self.history is not None:
            return self.given, np.arange(len(self.given))
        return np.unique(self.given, return_inverse=True)

    @property
    def options(self) -> Array:
        """The options of this role, game units."""
        return self.game.messages if self.role == SENDER else self.game.actions

    @property
    def decided(self) -> Decided:
        """The decisions with what came before each, of people who were read with their histories."""
        return Decided(self.given, self.chosen, cast("History", self.history))

    def at(self, decisions: Any) -> Block:
        """Return the block with some of its decisions (positions)."""
        pieces = {name: getattr(self, name)[decisions] for name in ("given", "chosen", "rows")}
        slopes = {name: column[decisions] for name, column in self.slopes.items()}
        history = None if self.history is None else self.history.at(decisions)
        return replace(self, **pieces, slopes=slopes, history=history)

    def after(self, found: tuple[Any, History]) -> Block:
        """Return the block after a history: a person's rows in the table, and what came before each."""
        rows, history = found
        mine = history.at(np.searchsorted(rows, self.rows))
        return replace(self, history=mine.within(self.condition, self.game))

    def asked(self, given: Array) -> Block:
        """Return a block of other states or messages (decision,), as they would be met in the middle of this one."""
        middle = np.full(len(given), len(self.given) // 2)
        slopes = {name: np.full(len(given), column.mean()) for name, column in self.slopes.items()}
        return replace(self.at(middle), given=given, slopes=slopes)


@dataclass(frozen=True, eq=False)
class Person:
    """One person and everything they decided."""

    subject: str
    blocks: tuple[Block, ...]

    @property
    def decisions(self) -> int:
        """How many decisions the person made."""
        return sum(len(block.chosen) for block in self.blocks)


def people(
    table: Table,
    slopes: Mapping[str, Array] | None = None,
    remember: bool = False,
    unseen: bool = False,
    heard: Table | None = None,
) -> list[Person]:
    """Return the people of a table in the order of `table.subjects`.

    Parameters
    ----------
    slopes
        Slope → its centred column, (row,) of the table.
    remember
        Whether to collect what each person had seen before each decision.
    unseen
        Whether what they heard counts where its truth never came out.
    heard
        Where what they heard stands, if the table holds one of their roles only.
    """
    frame = table.frame.reset_index(drop=True)
    games = table.games
    histories = histories_in_roles(table, table if heard is None else heard, unseen) if remember else {}
    found: dict[str, list[Block]] = {subject: [] for subject in table.subjects}
    numbers = {column.name: frame[column.name].to_numpy(float) for column in (STATE, MESSAGE, ACTION)}
    met: dict[Any, Any] = frame.groupby([SUBJECT.name, ROLE.name, CONDITION.name]).indices
    for (subject, role, condition), where in sorted(met.items()):
        game = games[str(condition)]
        seen, did = (STATE, MESSAGE) if role == SENDER else (MESSAGE, ACTION)
        options = game.messages if role == SENDER else game.actions
        given, chosen = numbers[seen.name][where], grid_index(options, numbers[did.name][where])
        varying = {name: column[where] for name, column in (slopes or {}).items()}
        block = Block(game, str(role), str(condition), given, chosen, where, varying)
        found[str(subject)].append(block.after(histories[str(subject)]) if remember else block)
    return [Person(subject, tuple(blocks)) for subject, blocks in found.items()]


def log_likelihood(theory: Theory, kind: int, person: Person, parameters: tuple[Parameter, ...], nodes: Array) -> Array:
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
        step = max(1, at_once(theory, kind, block.game, block.role, parameters) // (len(seen) * len(block.options)))
        for start in range(0, nodes.shape[1], step):
            part = slice(start, start + step)
            values = natural_values(parameters, nodes[:, part], block.slopes)
            total[part] += decision_log_probability(
                theory, block.game, block.role, kind, values, seen, block.chosen, rows=rows, history=block.history
            ).sum(axis=-1)
    return total


def at_once(theory: Theory, kind: int, game: Game, role: str, parameters: tuple[Parameter, ...]) -> int:
    """Return how many numbers (node, situation, option) of a kind of person in a role are handled together."""
    noise = {LAPSE.name, *(f"{role}_{RESPONSES[theory.response].width}" for role in ROLES)}
    no_arrays = theory.component(kind, {}, role)[0].is_unread(game, role) or {p.name for p in parameters} <= noise
    return CHUNK * (FIXED if no_arrays else 1)


def option_probabilities(
    theory: Theory, effects: tuple[Parameter, ...], kinds: Any, theta: Array, block: Block
) -> Array:
    """Return how likely people with given kinds (person,) and effects are to take each option.

    Parameters
    ----------
    theta
        Effects of each person, (person, dim), or at each decision of the block, (person, decision, dim).

    Returns
    -------
    (person, decision, option) array
        What each would do in the situations of the block.
    """
    result = np.empty((len(kinds), len(block.given), len(block.options)))
    for kind in np.unique(kinds):
        mine = kinds == kind
        values = natural_values(effects, np.moveaxis(theta[mine], -1, 0), block.slopes)
        result[mine] = np.exp(
            decision_log_probability(
                theory, block.game, block.role, int(kind), values, block.given, history=block.history
            )
        )
    return result


def values_at(
    theory: Theory, effects: tuple[Parameter, ...], name: str, kinds: Any, theta: Array, block: Block
) -> Array:
    """Return a parameter of people in each decision of a block; `kinds` and `theta` as in `option_probabilities`.

    Returns
    -------
    (person, decision) array, natural scale; NaN for people to whose kind the parameter does not matter
    """
    result = np.full((len(kinds), len(block.given)), np.nan)
    for kind in np.unique(kinds):
        mine = kinds == kind
        if name in (*theory.relevant_parameters(int(kind), [block.game], ROLES), *theory.derived):
            values = natural_values(effects, np.moveaxis(theta[mine], -1, 0), block.slopes)
            result[mine] = theory.values_at_decisions(int(kind), values, block.history)[name][..., 0]
    return result


def natural_values(
    effects: tuple[Parameter, ...], nodes: Array, slopes: Mapping[str, Array] | None = None
) -> dict[str, Array]:
    """Return parameter name → natural values, ready for a theory: (node, 1, 1), or (node, decision, 1) where they vary.

    Parameters
    ----------
    effects
        Parameters and slopes, in the order of the rows of `nodes`: (dim, node) of a person, or (dim, node, decision) of
        whoever decides; transformed scale.
    slopes
        Slope → its centred column, (decision,); without it slopes count for nothing, as in the average decision.
    """
    value = {
        e.name: nodes[index].reshape(*nodes.shape[1:], *([1] * (4 - nodes.ndim))) for index, e in enumerate(effects)
    }
    for effect in effects:
        if isinstance(effect, Slope) and slopes:
            column = slopes[effect.name]
            column = column[:1] if np.ptp(column) == 0 else column
            value[effect.of] = value[effect.of] + value[effect.name] * column[None, :, None]
    return {e.name: e.natural(value[e.name]) for e in effects if not isinstance(e, Slope)}
