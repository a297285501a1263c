"""Nash equilibrium of two-player games by enumeration, and as a theory with careless choices.

A player's mixture is extreme if no other mixture has the same options in use and the same best replies to it: it is the
only one on its support that makes the other indifferent over as many best replies. Extreme equilibria are the pairs of
extreme mixtures in which nobody gains by another option (Nisan et al. 2007, Algorithmic Game Theory, section 3.3;
Avis, Rosenberg, Savani and von Stengel 2010, Economic Theory 42(1):9-37). In nondegenerate games these are all
equilibria; in degenerate ones there is at least one, and every other equilibrium is a mixture of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import ClassVar

import numpy as np

from estimation.arrays import Array
from estimation.errors import TheoryError
from estimation.games.normal_form import PLAYERS, NormalForm
from estimation.theories.parameter import Parameter
from estimation.theories.plays.best_reply import expected_payoff
from estimation.theories.plays.theory import PlayTheory, Values

LARGEST = 8  # options up to which supports are enumerated
EXACT = 1e-9  # of probabilities, and of payoffs whose range is one: less is rounding
SINGULAR = 1e10  # condition of the equations of a support above which they have no single solution
CARELESS = Parameter(
    "careless",
    "ε",
    "share of choices that are even over the options",
    "probability",
    "logit",
    -1.0,
    1.5,
    1.0,
    "2 to 87 % for the middle 95 % of typical people: exact equilibrium play is rare",
)


@dataclass(frozen=True)
class Nash(PlayTheory):
    """Equilibrium play with a share ε of careless choices; several equilibria count alike."""

    name: ClassVar[str] = "Nash equilibrium"
    citation: ClassVar[str] = "Nash (1951), Annals of Mathematics 54(2):286-295"
    traits: ClassVar[tuple[Parameter, ...]] = (CARELESS,)

    def choice_probability(self, game: NormalForm, player: str, kind: int, values: Values) -> Array:
        """Return P of each option, (..., option): (1 - ε) times the average equilibrium, plus ε evenly."""
        careless = np.asarray(values["careless"], float)[..., None]
        play = np.mean([equilibrium[PLAYERS.index(player)] for equilibrium in equilibria(game)], axis=0)
        return np.asarray((1 - careless) * play + careless / len(play))


@lru_cache(maxsize=512)
def equilibria(game: NormalForm) -> tuple[tuple[Array, Array], ...]:
    """Return the extreme equilibria as (row's mixture, column's mixture), each once, pure ones first.

    Without ties these are all equilibria of the game; with ties every other one is a mixture of them.

    Raises
    ------
    TheoryError
        If there are more than eight options on a side.
    """
    if max(game.row.shape) > LARGEST:
        problem = f"a player has {max(game.row.shape)} options; supports are tried up to {LARGEST}"
        raise TheoryError("Equilibria cannot be enumerated:", [problem])
    to_row, to_column = _of_range_one(game.row), _of_range_one(game.column)
    rows, columns = _extreme(to_column), _extreme(to_row.T)
    best_row, best_column = (to_row @ columns.T).max(axis=0), (rows @ to_column).max(axis=1)
    gains = (best_row - rows @ to_row @ columns.T, best_column[:, None] - rows @ to_column @ columns.T)
    found = [(rows[one], columns[other]) for one, other in np.argwhere(np.maximum(*gains) < EXACT)]
    return tuple(sorted(found, key=lambda pair: np.count_nonzero(pair[0]) + np.count_nonzero(pair[1])))


def regret(game: NormalForm, row: Array, column: Array) -> float:
    """Return how much a player could gain at most by another option: zero in equilibrium, payoff units."""
    to_row, to_column = expected_payoff(game, "row", column), expected_payoff(game, "column", row)
    return float(max(to_row.max() - row @ to_row, to_column.max() - column @ to_column))


def _of_range_one(payoff: Array) -> Array:
    """Return payoffs from 0 to 1: neither their unit nor their origin changes equilibria."""
    return np.asarray((payoff - payoff.min()) / (np.ptp(payoff) or 1.0))


def _extreme(payoff: Array) -> Array:
    """Return the extreme mixtures, (mixture, own option), from what the other earns, (own option, other's option)."""
    sizes = range(1, min(payoff.shape) + 1)
    found: list[Array] = []
    for mixture in np.vstack([_indifferent(payoff, size) for size in sizes]):
        if all(np.abs(mixture - other).max() > EXACT for other in found):
            found.append(mixture)
    return np.stack(found)


def _indifferent(payoff: Array, size: int) -> Array:
    """Return the mixtures over `size` options to which `size` replies earn alike and no other earns more."""
    pairs = list(product(*(combinations(range(options), size) for options in payoff.shape)))
    support, replies = np.array(pairs).swapaxes(0, 1)
    system = np.zeros((len(pairs), size + 1, size + 1))
    system[:, :size, :size] = payoff[support[:, None, :], replies[:, :, None]]
    system[:, :size, size], system[:, size, :size] = -1.0, 1.0
    regular = np.linalg.cond(system) < SINGULAR
    solution = np.linalg.solve(system[regular], np.eye(size + 1)[size])
    mixture = np.zeros((len(solution), len(payoff)))
    np.put_along_axis(mixture, support[regular], solution[:, :size], axis=1)
    sound = (mixture.min(axis=1) > -EXACT) & ((mixture @ payoff).max(axis=1) - solution[:, size] < EXACT)
    mixture = np.where(mixture[sound] > EXACT, mixture[sound], 0.0)
    return np.asarray(mixture / mixture.sum(axis=1, keepdims=True))
