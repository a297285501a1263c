"""An equilibrium at one precision is on the branch that begins at even play, however far that is to go."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special

import estimation as est

STEPS = 400


def walked(game: est.NormalForm, precision: float) -> np.ndarray:
    """Follow play in small steps of precision by SciPy's solver, an independent route."""
    row, column = game.payoff("row"), game.payoff("column")
    rows = len(row)
    play = np.concatenate([np.full(rows, 1 / rows), np.full(len(column), 1 / len(column))])
    for here in np.linspace(0, precision, STEPS + 1)[1:]:

        def gap(at, here=here):
            return at - np.concatenate(
                [special.softmax(here * row @ at[rows:]), special.softmax(here * column @ at[:rows])]
            )

        found = optimize.root(gap, play, tol=1e-12)
        assert found.success
        assert np.abs(found.x - play).max() < 0.1, "no step leaves the branch"
        play = found.x
    return play


@pytest.mark.data("callaway_3x3_individual")
@pytest.mark.parametrize("name", ["positive 9", "positive 29", "positive 41"])
def test_long_steps_from_even_play_do_not_lead_to_another_branch(name):
    """One long step from precision zero ended on another branch, off by up to .76."""
    game = est.load("callaway_3x3_individual").games[name]
    (row, column), (slope, _) = est.logit_equilibrium(game, 1.0)
    np.testing.assert_allclose(np.concatenate([row, column]), walked(game, 1.0), atol=1e-8)
    up, down = (est.logit_equilibrium(game, 1.0 + step)[0][0] for step in (1e-5, -1e-5))
    np.testing.assert_allclose(slope, (up - down) / 2e-5, atol=1e-5)
