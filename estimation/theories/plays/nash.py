"""Nash equilibrium of two-player games by support enumeration, and as a theory with careless choices.

For each pair of supports of equal size, each player's mixture must make the other indifferent over the other's support,
and nobody may gain by leaving it (Nisan et al. 2007, Algorithmic Game Theory, section 3.3). In nondegenerate games that
finds every equilibrium; in degenerate ones it finds those with supports of equal size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Numbers
from estimation.errors import TheoryError
from estimation.games.normal_form import PLAYERS, NormalForm
from estimation.theories.parameter import Parameter
from estimation.theories.plays.best_reply import expected_payoff
from estimation.theories.plays.theory import PlayTheory, Values

LARGEST = 8  # options up to which supports are enumerated
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
    """Return equilibria as (row's mixture, column's mixture), pure ones first.

    Raises
    ------
    TheoryError
        If there are more than eight options on a side, or no equilibrium with supports of equal size.
    """
    if max(game.row.shape) > LARGEST:
        problem = f"a player has {max(game.row.shape)} options; supports are tried up to {LARGEST}"
        raise TheoryError("Equilibria cannot be enumerated:", [problem])
    found, scale = [], max(np.ptp(game.row), np.ptp(game.column), 1.0)
    for rows, columns in _supports(*game.row.shape):
        row = _indifferent(game.column.T[np.ix_(columns, rows)], rows, game.row.shape[0])
        column = _indifferent(game.row[np.ix_(rows, columns)], columns, game.row.shape[1])
        if row is not None and column is not None and regret(game, row, column) < 1e-9 * scale:
            found.append((row, column))
    if not found:
        raise TheoryError("No equilibrium was found:", ["all have supports of different sizes"])
    return tuple(found)


def regret(game: NormalForm, row: Array, column: Array) -> float:
    """Return how much a player could gain at most by another option: zero in equilibrium, payoff units."""
    to_row, to_column = expected_payoff(game, "row", column), expected_payoff(game, "column", row)
    return float(max(to_row.max() - row @ to_row, to_column.max() - column @ to_column))


def _supports(rows: int, columns: int) -> Iterator[tuple[list[int], list[int]]]:
    for size in range(1, min(rows, columns) + 1):
        for chosen, others in product(combinations(range(rows), size), combinations(range(columns), size)):
            yield list(chosen), list(others)


def _indifferent(payoff: Array, support: list[int], options: int) -> Numbers:
    """Return the mixture on `support` that equalises the rows of `payoff` (other's support, support), or None."""
    size = len(support)
    system = np.zeros((size + 1, size + 1))
    system[:size, :size], system[:size, size], system[size, :size] = payoff, -1.0, 1.0
    try:
        solution = np.linalg.solve(system, np.eye(size + 1)[size])[:size]
    except np.linalg.LinAlgError:
        return None
    if (solution < -1e-12).any():
        return None
    mixture = np.zeros(options)
    mixture[support] = solution
    return mixture
