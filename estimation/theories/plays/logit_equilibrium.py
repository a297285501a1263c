"""Logit quantal-response equilibrium of normal-form games (McKelvey and Palfrey 1995, GEB 10(1):6-38).

Everybody chooses by a logit of precision λ over payoffs that are expected against how the others really choose:

    p(a) ∝ exp{ λ Σ_b u_row(a, b) q(b) },    q(b) ∝ exp{ λ Σ_a u_col(b, a) p(a) }.

Several pairs may solve this; play follows the branch that starts at even choices for λ = 0. Where that branch turns
back, play stays as it is at the turn; and where play still mixes when the least difference of payoffs is worth 500
logits, it stays as it is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, is_real
from estimation.errors import TheoryError, raise_all
from estimation.games.normal_form import ROW, NormalForm
from estimation.theories.parameter import Parameter
from estimation.theories.plays.logit_branch import System, branch
from estimation.theories.plays.theory import PlayTheory, Values, precision_parameter

DISTINCT = 1e-4
"""Probabilities by which two equilibria differ at least; the tabulated branch errs by less."""


@dataclass(frozen=True)
class LogitEquilibrium(PlayTheory):
    """Logit equilibrium on the principal branch; a person plays as if everybody had the same precision."""

    name: ClassVar[str] = "logit equilibrium"
    citation: ClassVar[str] = "McKelvey & Palfrey (1995), Games and Economic Behavior 10(1):6-38"

    def parameters(self, games: Sequence[NormalForm]) -> tuple[Parameter, ...]:
        """Return the precision."""
        return (precision_parameter(games),)

    def choice_probability(self, game: NormalForm, player: str, kind: int, values: Values) -> Array:
        """Return P of each option, (..., option)."""
        play = branch(game).at(np.asarray(values["precision"], float))
        rows = len(game.row_options)
        own = play[..., :rows] if player == ROW else play[..., rows:]
        return np.asarray(own / own.sum(axis=-1, keepdims=True))

    def reservations(self, games: Mapping[str, NormalForm], values: Mapping[str, float]) -> list[str]:
        """Say in which games there are equilibria beside the one that is taken, and in which play stands still."""
        precision = values.get("precision")
        if not precision:
            return []
        several = [name for name, game in games.items() if len(equilibria_near_pure(game, precision)) > 1]
        still = [name for name, game in games.items() if branch(game).stands_still(precision)]
        other = f"Other branches of logit equilibria exist at this precision (in {_named(several)})"
        ended = f"The branch is not followed up to this precision (in {_named(still)})"
        said = [f"{other}; play is that of the principal one."] * bool(several)
        return said + [f"{ended}; play is that where it ends, and says nothing about higher precisions."] * bool(still)


def _named(games: list[str]) -> str:
    return ", ".join(games[:3]) + (f" and {len(games) - 3} more" if len(games) > 3 else "")


def equilibria_near_pure(game: NormalForm, precision: float) -> list[Array]:
    """Return play of both players, stacked, at the logit equilibria that are near pure play, and on the branch."""
    system, found = System(game), [branch(game).at(precision)]
    for pure in np.ndindex(game.row.shape):
        start = np.full(system.size, np.log(1e-3))
        start[[pure[0], game.row.shape[0] + pure[1]]] = 0.0
        solved = system.newton(start, precision)
        if solved is not None and all(np.abs(np.exp(solved) - other).max() > DISTINCT for other in found):
            found.append(np.exp(solved))
    return found


def logit_equilibrium(game: NormalForm, precision: float) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Return the equilibrium on the principal branch at one precision, and its derivative in the precision.

    Returns
    -------
    (row's, column's) mixture, solved to the last digits, and its derivative, by the implicit function theorem

    Raises
    ------
    TheoryError
        If the precision is no number of at least zero, or the branch turns back before it.
    """
    problem = f"precision must be a finite number of at least zero, not {precision!r}"
    raise_all([] if is_real(precision) and precision >= 0 else [problem], TheoryError, "There is no equilibrium:")
    system, rows = System(game), len(game.row_options)
    log_play, reached = branch(game).before(precision) or (system.even(), 0.0)
    log_play = system.walk(log_play, reached, float(precision))
    play = np.exp(log_play)
    slope = play * system.tangent(log_play, float(precision))
    return (play[:rows], play[rows:]), (slope[:rows], slope[rows:])
