"""People under a theory: the likelihood of each at many values of their parameters.

For few nodes a call of a theory takes longer than what it computes, so several people share one: their situations in
one game and role stand one after another, each with the parameters of the person who met it. People who remember share
one if their theory has a loop for it (`OnePass`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from estimation.arrays import Array, Indices
from estimation.games.game import Game
from estimation.population.design import Slope
from estimation.population.people import Block, Person, at_once, log_likelihood, natural_values
from estimation.progress import Advance
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.messages.one_pass import OnePass
from estimation.theories.messages.theory import Theory
from estimation.theories.parameter import Parameter

TOGETHER = 12  # people whose likelihoods are computed by one thread before it takes up others

Mine = tuple[int, Block]
"""A person, by position, and decisions of theirs."""


@dataclass(frozen=True, eq=False)
class Participants:
    """People under a theory.

    Attributes
    ----------
    effects
        Everything that differs between people: parameters and slopes.
    """

    theory: Theory
    people: list[Person]
    effects: tuple[Parameter, ...]

    def __len__(self) -> int:
        return len(self.people)

    def evaluate(self, kind: int, person: int, nodes: Array, dims: tuple[int, ...] | None = None) -> Array:
        """Return the log likelihood of a person at nodes (dim, node) → (node,), nats.

        Parameters
        ----------
        dims
            Which of `effects` the nodes hold: all if left out, else at least those that matter to the kind.
        """
        return np.asarray(self.evaluate_each(kind, np.array([person]), nodes[None], dims)[0])

    def evaluate_each(self, kind: int, people: Indices, nodes: Array, dims: tuple[int, ...] | None = None) -> Array:
        """Return the same of several people (positions), each at nodes of their own (person, dim, node) → (…, node)."""
        total, held = np.zeros((len(people), nodes.shape[2])), self._held(dims)
        for (game, role), blocks in _by_game([self.people[who] for who in people]).items():
            for piece in _pieces(blocks, nodes.shape[2], at_once(self.theory, kind, game, role, held)):
                whose, theirs = [position for position, _ in piece], [block for _, block in piece]
                total[whose] += self._of_blocks(kind, theirs, held, nodes[whose])
        return total

    def evaluate_kinds(
        self,
        kinds: Sequence[int],
        people: Indices,
        nodes: Array,
        dims: tuple[int, ...],
        cores: int,
        advance: Advance | None = None,
    ) -> Array:
        """Return the same for several kinds (kind, person, dim, node) → (kind, person, node), on several cores.

        `advance` is called after each person. Groups of people go side by side: NumPy frees the lock.
        """
        value = np.empty((len(kinds), len(people), nodes.shape[-1]))

        def some(here: slice) -> None:
            for place, kind in enumerate(kinds):
                value[place, here] = self.evaluate_each(kind, people[here], nodes[place, here], dims)
            for _ in people[here]:
                if advance is not None:
                    advance()

        if cores == 1:
            some(slice(None))
        else:
            groups = [slice(start, start + TOGETHER) for start in range(0, len(people), TOGETHER)]
            with ThreadPoolExecutor(cores) as pool:
                list(pool.map(some, groups))
        return value

    def _of_blocks(self, kind: int, blocks: list[Block], held: tuple[Parameter, ...], nodes: Array) -> Array:
        """Return the log likelihood of a block of each of some people in one game and role, (person, node), nats."""
        part = self.theory.component(kind, {}, blocks[0].role)[0]
        if not part.remembers:
            return _together(self.theory, kind, blocks, held, nodes)
        if not (isinstance(part, OnePass) and part.in_one_pass) or any(block.slopes for block in blocks):
            alone = [Person("", (block,)) for block in blocks]
            both = zip(alone, nodes, strict=True)
            return np.array([log_likelihood(self.theory, kind, person, held, own) for person, own in both])
        values = self.theory.component(kind, _of_people(held, nodes), blocks[0].role)[2]
        return part.log_likelihoods(blocks[0].game, [self._record(part, block) for block in blocks], values)

    def _record(self, part: OnePass, block: Block) -> Any:
        """Return what a person saw and did in a block, which a theory need not read twice."""
        if (part, block) not in self._records:
            self._records[part, block] = part.record(block.decided)
        return self._records[part, block]

    @cached_property
    def _records(self) -> dict[tuple[OnePass, Block], Any]:
        return {}

    def _held(self, dims: tuple[int, ...] | None) -> tuple[Parameter, ...]:
        return self.effects if dims is None else tuple(self.effects[dim] for dim in dims)


def _by_game(people: list[Person]) -> dict[tuple[Game, str], list[Mine]]:
    """Return everybody's decisions by game and role."""
    found: dict[tuple[Game, str], list[Mine]] = {}
    for position, person in enumerate(people):
        for block in person.blocks:
            found.setdefault((block.game, block.role), []).append((position, block))
    return found


def _pieces(blocks: list[Mine], nodes: int, at_most: int) -> Iterator[list[Mine]]:
    """Return people who fit into one call: each once, and not so many that temporary arrays leave the cache."""
    piece: list[Mine] = []
    room = at_most
    for position, block in blocks:
        needs = nodes * len(block.situations[0]) * len(block.options)
        if piece and (needs > room or piece[-1][0] == position):
            yield piece
            piece, room = [], at_most
        piece.append((position, block))
        room -= needs
    yield piece


def _together(theory: Theory, kind: int, blocks: list[Block], parameters: tuple[Parameter, ...], nodes: Array) -> Array:
    """Return the log likelihood of a block of each of some people, (person, node), nats."""
    if len(blocks) == 1:
        alone = Person("", tuple(blocks))
        return log_likelihood(theory, kind, alone, parameters, nodes[0])[None]
    seen, rows = zip(*(block.situations for block in blocks), strict=True)
    lengths = np.array([len(each) for each in seen])
    starts = np.cumsum(lengths) - lengths
    where = np.concatenate([row + start for row, start in zip(rows, starts, strict=True)])
    chosen = np.concatenate([block.chosen for block in blocks])
    slopes = {name: np.concatenate([block.slopes[name] for block in blocks]) for name in blocks[0].slopes}
    values = _values(parameters, nodes, np.repeat(np.arange(len(blocks)), lengths), slopes)
    game, role = blocks[0].game, blocks[0].role
    value = decision_log_probability(theory, game, role, kind, values, np.concatenate(seen), chosen, rows=where)
    decisions = np.array([len(block.chosen) for block in blocks])
    return np.asarray(np.add.reduceat(value, np.cumsum(decisions) - decisions, axis=1).T)


def _values(
    parameters: tuple[Parameter, ...], nodes: Array, owner: Any, slopes: Mapping[str, Array]
) -> dict[str, Array]:
    """Return natural values of the owner of each situation, (node, situation, 1)."""
    if slopes:
        return natural_values(parameters, nodes[owner].transpose(1, 2, 0), slopes)
    theirs = _of_people(parameters, nodes)
    return {name: np.ascontiguousarray(value[owner].T)[..., None] for name, value in theirs.items()}


def _of_people(parameters: tuple[Parameter, ...], nodes: Array) -> dict[str, Array]:
    """Return natural values of people, (person, node)."""
    return {p.name: p.natural(nodes[:, dim]) for dim, p in enumerate(parameters) if not isinstance(p, Slope)}
