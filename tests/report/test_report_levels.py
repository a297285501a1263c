"""Reports tell people who think about what others do from those who do not, whatever the number of levels."""

from __future__ import annotations

import numpy as np
import pytest
from engine import level_experiment

import estimation as est
from estimation.report.estimates import THINKING, share_table

QUICK = {"seed": 1, "draws": 200, "chains": 2, "accuracy": 0.5, "progress": False}


@pytest.fixture(scope="module")
def table():
    return level_experiment(people=12, decisions=12)[0].only("sender")


def test_levels_above_the_lowest_are_added_up(table):
    fit = est.fit(est.LevelK(max_level=2, beliefs="own"), table, **QUICK)
    rows = {row[0]: float(row[1]) for row in share_table(fit).rows}
    share = fit.tree["posterior"]["share"]
    assert rows[THINKING] == pytest.approx(100 * float(np.median(share[..., 1:].sum("kind"))), abs=1)


def test_a_mixture_knows_whose_kinds_think():
    theory = est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=2)])
    assert [theory.types[place] for place in theory.strategic] == ["level-k: level 1", "level-k: level 2"]


def test_nothing_is_added_where_levels_cannot_be_told_from_the_lowest_or_there_is_one_other(table):
    fit = est.fit(est.LevelK(max_level=1), table, **QUICK)
    assert THINKING not in [row[0] for row in share_table(fit).rows]
