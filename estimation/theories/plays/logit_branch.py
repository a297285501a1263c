"""The principal branch of logit equilibria: from even play at precision zero to wherever it leads.

Log play x of both players, stacked, solves x = log response(x, λ). By the implicit function theorem its slope is

    dx/dλ = (I - λ (B - M) diag(p))^-1 (B - M) p,    p = exp x,

with B the payoff matrices off the diagonal and M their averages over each player's own options. In logarithms, options
that are hardly ever chosen lose no digits. A step along the branch follows the slope, then Newton's method corrects it;
a step that would leave the branch is halved.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special
from scipy.interpolate import CubicHermiteSpline

from estimation.arrays import Array, Numbers
from estimation.errors import TheoryError
from estimation.games.normal_form import PLAYERS, NormalForm

RESIDUAL = 1e-12  # of log play, relative to precision times payoffs, to which a point of the branch is solved
SHORTEST = 1e-6  # step relative to the precision at which following the branch is given up
CROSSING = 1e10  # condition of the equations above which branches cross; the least slope is that of the one gone along
LOGITS = (1e-3, 500.0)  # the tabulated branch: precision times the largest difference of payoffs at its beginning, and
# times the smallest at its end
SMALLEST = 1e-6  # difference of payoffs relative to the largest: less is rounding
PER_FACTOR_TEN = 105  # points of the tabulated branch, even in log precision
PURE = -40.0  # log play of all other options at which a player's choice is certain


@dataclass(frozen=True, eq=False)
class Branch:
    """A tabulated branch: log play of both players, stacked, between points of log precision by Hermite's cubic.

    Parameters
    ----------
    log_play
        Of log precision.
    onward : (option,) array, payoff units
        Slope of log play in precision beyond the end: where the choices of both are certain there, each option's
        loss against them; zero where play stands still.
    """

    log_play: CubicHermiteSpline
    onward: Array

    @property
    def end(self) -> float:
        """The precision up to which the branch is followed."""
        return float(np.exp(self.log_play.x[-1]))

    def stands_still(self, precision: float) -> bool:
        """Return whether play at a precision is that of the end, where it was not certain yet."""
        return precision > self.end and not self.onward.any()

    def before(self, precision: float) -> tuple[Array, float] | None:
        """Return the last tabulated point up to a precision, log play and its precision; None before the first."""
        place = int(np.searchsorted(self.log_play.x, np.log(max(precision, 1e-300)), side="right")) - 1
        if place < 0:
            return None
        there = self.log_play.x[place]
        return np.asarray(self.log_play(there)), float(np.exp(there))

    def at(self, precision: Numbers) -> Array:
        """Return play of both players, stacked, (..., option), also beyond the end of the branch."""
        inside = np.clip(np.log(np.maximum(precision, 1e-300)), *self.log_play.x[[0, -1]])
        beyond = np.maximum(np.asarray(precision, float) - self.end, 0.0)[..., None]
        return np.asarray(np.exp(self.log_play(inside) + beyond * self.onward))


@lru_cache(maxsize=512)
def branch(game: NormalForm) -> Branch:
    """Return the principal branch of a game, computed once and kept.

    It ends where choices are certain, or it turns back, or the least difference of payoffs is worth 500 logits.
    """
    system, precisions = System(game), _precisions(game)
    log_play, slopes, reached = [system.even()], [], 0.0
    for precision in precisions.tolist():
        try:
            log_play.append(system.walk(log_play[-1], reached, precision))
        except TheoryError:
            break
        reached = precision
        slopes.append(reached * system.tangent(log_play[-1], reached))
        if system.is_pure(log_play[-1]):
            break
    onward = system.losses(log_play[-1]) if system.is_pure(log_play[-1]) else np.zeros(system.size)
    return Branch(CubicHermiteSpline(np.log(precisions[: len(slopes)]), log_play[1:], slopes), onward)


def _precisions(game: NormalForm) -> Array:
    """Return the precisions at which the branch is tabulated.

    What counts is by how much own options differ given what the other does. A gift that the other may make, whatever
    one does, is no reason to choose one thing or another, and players may be paid in different units.
    """
    payoffs = [np.sort(game.payoff(player), axis=0) for player in PLAYERS]
    largest = [float(np.ptp(payoff, axis=0).max()) for payoff in payoffs]
    steps = [np.diff(payoff, axis=0) for payoff in payoffs]
    least = [step[step > SMALLEST * most].min() for step, most in zip(steps, largest, strict=True) if most > 0]
    start, end = LOGITS[0] / max(*largest, 1e-12), LOGITS[1] / min(least, default=1e-12)
    return np.geomspace(start, end, round(PER_FACTOR_TEN * np.log10(end / start)))


class System:
    """The fixed-point equations of a game, log play of both players stacked."""

    def __init__(self, game: NormalForm) -> None:
        rows, columns = game.row.shape
        self.parts = (slice(0, rows), slice(rows, rows + columns))
        self.size = rows + columns
        self.payoff = np.zeros((self.size, self.size))
        for part, player in zip(self.parts, PLAYERS, strict=True):
            payoff = game.payoff(player)  # less what the other gives anyway, whose digits would cover the differences
            self.payoff[part, self.parts[1 - PLAYERS.index(player)]] = payoff - payoff.mean(axis=0)

    def even(self) -> Array:
        """Return even play of both players."""
        return self._normalised(np.zeros(self.size))

    def tangent(self, log_play: Array, precision: float) -> Array:
        """Return d log play / d precision at a point of the branch."""
        play = np.exp(log_play)
        centred = self._centred(play)
        matrix, uphill = np.eye(self.size) - precision * centred * play, centred @ play
        if np.linalg.cond(matrix) < CROSSING:
            return np.asarray(np.linalg.solve(matrix, uphill))
        return np.asarray(np.linalg.lstsq(matrix, uphill, rcond=1 / CROSSING)[0])

    def walk(self, log_play: Array, start: float, end: float) -> Array:
        """Return the point of the branch at `end`, following it from `log_play` at `start`.

        Raises
        ------
        TheoryError
            If the branch turns back before `end`.
        """
        position, step = start, end - start
        while position < end:
            step = min(step, end - position)
            guess = log_play + step * self.tangent(log_play, position)
            solved = self.newton(guess, position + step)
            if solved is not None and self._distance(solved, guess) < 1.0:
                log_play, position, step = solved, position + step, 2 * step
                continue
            step /= 2
            if step < SHORTEST * end:
                problem = f"it turns back near precision {position:.6g}"
                raise TheoryError("The branch of logit equilibria cannot be followed:", [problem])
        return log_play

    def newton(self, guess: Array, precision: float, most: int = 30) -> Numbers:
        """Return the equilibrium near log play `guess`, or None if Newton's method does not get there."""
        log_play = self._normalised(guess)
        for _ in range(most):
            play = np.exp(log_play)
            payoff = self.payoff @ play
            response = self._normalised(precision * payoff)
            gap = response - log_play
            if np.abs(gap).max() < RESIDUAL * max(1.0, precision * np.abs(payoff).max()):
                return response
            try:
                slope = np.eye(self.size) - precision * self._centred(np.exp(response)) * play
                step = np.linalg.solve(slope, gap)
            except np.linalg.LinAlgError:
                return None
            log_play = self._normalised(log_play + np.clip(step, -10, 10))
        return None

    def is_pure(self, log_play: Array) -> bool:
        """Return whether each player is certain to choose one option."""
        return all(np.delete(own, own.argmax()).max(initial=PURE) <= PURE for own in (log_play[p] for p in self.parts))

    def losses(self, log_play: Array) -> Array:
        """Return by how much each option earns less than the one most often played, (option,), payoff units."""
        payoff = self.payoff @ np.exp(log_play)
        return np.concatenate([payoff[part] - payoff[part][log_play[part].argmax()] for part in self.parts])

    def _centred(self, play: Array) -> Array:
        """Return the payoff matrices less their averages over own options, weighed by `play`, (size, size)."""
        centred = self.payoff.copy()
        for part in self.parts:
            centred[part] -= play[part] @ self.payoff[part]
        return centred

    def _distance(self, log_play: Array, guess: Array) -> float:
        """Return how far two plays are apart in log probability, where either is played at all."""
        floor = np.log(1e-6)
        other = self._normalised(guess)
        return float(np.abs(np.maximum(log_play, floor) - np.maximum(other, floor)).max())

    def _normalised(self, log_play: Array) -> Array:
        return np.concatenate([special.log_softmax(log_play[part]) for part in self.parts])
