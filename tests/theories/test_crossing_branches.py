"""Logit equilibria where branches cross, and searches that nothing stops. All data SYNTHETIC."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from estimation.data import PlayTable
from estimation.games import NormalForm
from estimation.inference.mode import mode
from estimation.theories import LogitEquilibrium, NormalFormLevelK, logit_equilibrium


@pytest.mark.parametrize("noise", [0.0, 1e-16, 1e-13])
@pytest.mark.parametrize("unit", [0.1, 1.0, 3e5])
def test_where_branches_cross_even_play_goes_on(unit, noise):
    """In a game of coordination two more branches leave even play at precision 2."""
    table = unit * (np.eye(2) + noise * np.random.default_rng(0).standard_normal((2, 2)))
    for precision in (1.0, 2.0, 2.0 + 1e-12, 3.0):
        (row, _), (slope, _) = logit_equilibrium(NormalForm(table, table), precision / unit)
        np.testing.assert_allclose(row, 0.5, atol=1e-3)
        assert np.isfinite(slope).all()


@pytest.mark.parametrize("theory", [LogitEquilibrium(), NormalFormLevelK(per="choice")], ids=["equilibrium", "levels"])
@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_where_nobody_ever_errs_the_mode_is_a_number_from_any_start(theory, unit):
    game = NormalForm.symmetric(unit * np.array([[3.0, 0.0], [5.0, 1.0]]), ["cooperate", "defect"])
    rows = [{"subject": f"s{n}", "game": "g", "player": "row", "choice": "defect"} for n in range(10)]
    plays = PlayTable.from_frame(pd.DataFrame(rows), {"g": game}, name="defectors", synthetic=True)
    for seed in range(3):
        found = mode(theory, plays, seed=seed)
        assert np.isfinite(found.parameters).all()
        assert found.log_likelihood == pytest.approx(0, abs=1e-6)
