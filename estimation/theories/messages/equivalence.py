"""Which kinds of people, of whatever theory, do the same in given games: their shares cannot be told apart.

Kinds are compared by the tables of what options are worth to them. A response rule sees differences of payoffs within a
decision only, and a person's precision is free, so two tables are the same if they agree up to a constant for each
decision and one positive factor. `overlaps` finds, for example, that level 0 is the honest sender and the
trust-embedded one of endless lying cost; that the credulous receiver is the trust-embedded one of full trust; and that
level 1 is the trust-embedded sender who is believed (α^m = 1) and lies for nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from estimation.arrays import Array
from estimation.games.game import Game
from estimation.names import ROLES, SENDER
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter
from estimation.theories.replies.chain_tables import ChainTables
from estimation.theories.responses.response import LAPSE

SAME = 1e-6  # difference of standardised payoffs below which tables agree
REACH = 18.0  # on the transformed scale, to either side of a prior's centre: as good as the limits


@dataclass(frozen=True)
class Component:
    """One kind of person of a theory, at given values of the theory's own parameters.

    Parameters
    ----------
    theory, kind
        The theory, and the position in its `types`.
    values
        Natural values by name; noise is not needed.
    """

    theory: Theory
    kind: int = 0
    values: Values = field(default_factory=dict)

    def __str__(self) -> str:
        kind = f" ({self.theory.types[self.kind]})" if len(self.theory.types) > 1 else ""
        values = ", ".join(f"{name}={value:.3g}" for name, value in self.values.items())
        return f"{self.theory.name}{kind}" + (f" at {values}" if values else "")

    def payoff(self, game: Game, role: str) -> Array:
        """Return what each option is worth, (given, option), payoff units."""
        values = {name: np.array([[value]], float) for name, value in self.values.items()}
        seen, options = (game.states, game.messages) if role == SENDER else (game.messages, game.actions)
        payoff = np.asarray(getattr(self.theory, f"{role}_payoff")(game, self.kind, values, seen, np), float)
        return np.broadcast_to(payoff, (len(seen), len(options)))


def same_payoffs(one: Array, other: Array, tolerance: float = SAME) -> bool:
    """Return whether two tables of payoffs (given, option) agree up to a constant a row and one positive factor."""
    a, b = _standardised(one), _standardised(other)
    return a.shape == b.shape and bool(np.abs(a - b).max() <= tolerance)


def coincide(
    one: Component, other: Component, games: Sequence[Game], roles: Sequence[str], tolerance: float = SAME
) -> bool:
    """Return whether two components want the same in every game and role."""
    return all(
        same_payoffs(one.payoff(game, role), other.payoff(game, role), tolerance)
        for game in games
        for role in ROLES
        if role in roles
    )


def grouped(items: Iterable[int], same: Callable[[int, int], bool]) -> tuple[tuple[int, ...], ...]:
    """Return items in groups whose members are the same as the first of the group, in order of appearance."""
    groups: list[list[int]] = []
    for item in items:
        home = next((group for group in groups if same(group[0], item)), None)
        if home is None:
            groups.append([item])
        else:
            home.append(item)
    return tuple(map(tuple, groups))


def grouped_by_tables(kinds: int, tables: Sequence[ChainTables], roles: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Return kinds in groups of the same payoffs in every game and role that is played."""
    sides = [table.side(role) for table in tables for role in ROLES if role in roles]
    return grouped(range(kinds), lambda one, other: all(_alike(side[one], side[other]) for side in sides))


def _alike(one: Array, other: Array) -> bool:
    """Return whether tables are the same up to a constant for each situation, which no choice depends on.

    They are compared piece by piece from the most precise others, where levels differ most.
    """
    pieces = zip(*(table[::-1] for table in np.broadcast_arrays(one, other)), strict=True)
    return all(np.allclose(_centred(piece), _centred(same), rtol=1e-9, atol=1e-9) for piece, same in pieces)


def _centred(payoff: Array) -> Array:
    return np.asarray(payoff - payoff.mean(axis=-1, keepdims=True))


def groups(components: Sequence[Component], games: Sequence[Game], roles: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Return the positions of components in groups that coincide: only the share of a group can be learnt."""
    return grouped(
        range(len(components)), lambda one, other: coincide(components[one], components[other], games, roles)
    )


def overlaps(
    theories: Sequence[Theory], games: Sequence[Game], roles: Sequence[str], tolerance: float = 1e-3
) -> list[tuple[Component, Component]]:
    """Return pairs of components of different theories that coincide: shares of such kinds are not identified.

    Kinds without parameters of their own are compared with each other and with every other theory at the limits and the
    centre of its parameters; of several matches with one kind the first is given.
    """
    free = [[Component(theory, kind, at) for kind, at in _corners(theory, games, roles)] for theory in theories]
    pairs = []
    for (i, first), (j, second) in itertools.permutations(enumerate(free), 2):
        for component in (fixed for fixed in first if not fixed.values):
            for kind in range(len(theories[j].types)):
                matches = (
                    other
                    for other in second
                    if other.kind == kind and coincide(component, other, games, roles, tolerance)
                )
                match = next(matches, None)
                if match is not None and not (j < i and not match.values and not component.values):
                    pairs.append((component, match))
    return pairs


def _corners(theory: Theory, games: Sequence[Game], roles: Sequence[str]) -> list[tuple[int, dict[str, float]]]:
    """Return each kind with no values if it needs none, else at every combination of limits and centre."""
    parameters = _wanted(theory, games, roles)
    steps = [[p.natural(np.float64(p.centre + step)) for step in (REACH, 0.0, -REACH)] for p in parameters]
    points = [dict(zip((p.name for p in parameters), at, strict=True)) for at in itertools.product(*steps)]
    found: list[tuple[int, dict[str, float]]] = []
    for kind in range(len(theory.types)):
        plain = needs_nothing(Component(theory, kind), games, roles)
        found += [(kind, {})] if plain else [(kind, point) for point in points]
    return found


def _wanted(theory: Theory, games: Sequence[Game], roles: Sequence[str]) -> tuple[Parameter, ...]:
    """Return the parameters on which payoffs depend: the theory's own, and noise if people think others share it."""
    own = theory.own_parameters(list(games), tuple(roles))
    centre = {p.name: float(p.natural(np.float64(p.centre))) for p in own}
    if all(needs_nothing(Component(theory, kind, centre), games, roles) for kind in range(len(theory.types))):
        return own
    return tuple(p for p in theory.parameters(list(games), tuple(roles)) if p.name != LAPSE.name)


def needs_nothing(component: Component, games: Sequence[Game], roles: Sequence[str]) -> bool:
    """Return whether a component's payoffs can be had without any further parameter."""
    try:
        for game in games:
            for role in roles:
                component.payoff(game, role)
    except (KeyError, TypeError):
        return False
    return True


def _standardised(payoff: Array) -> Array:
    centred = _centred(payoff)
    size = centred.std()
    return np.asarray(centred / size if size > 1e-12 * (1 + np.abs(payoff).max()) else 0.0 * centred)
