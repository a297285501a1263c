"""What predictions, checks and simulations refuse, in words; and what they say where everything is in order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import theory_grid as grid
from theory_grid import Pulling

import estimation as est

FRAME = grid.decisions()


@pytest.fixture(scope="module")
def fit():
    return grid.with_draws(Pulling(lapse=False), grid.table_of(FRAME))


def test_effects_need_the_same_groups_in_both_scenarios(fit):
    other = grid.table_of(FRAME.assign(country="C"))
    assert len(est.effect(fit, fit.table, fit.table, by="country", draws=3)) == 2
    with pytest.raises(est.FitError, match="the scenarios have different groups of 'country'"):
        est.effect(fit, other, fit.table, by="country", draws=3)


def test_columns_to_average_by_are_one_or_several_in_any_form(fit):
    one = est.predict(fit, by="country", draws=3)
    for by in (["country"], np.array(["country"]), pd.Index(["country"]), ("country",)):
        pd.testing.assert_frame_equal(est.predict(fit, by=by, draws=3), one)
        assert len(est.effect(fit, fit.table, fit.table, by=by, draws=3)) == len(one)
    pd.testing.assert_frame_equal(est.predict(fit, by=None, draws=3), est.predict(fit, draws=3))
    with pytest.raises(est.FitError, match="there is no column 3 to average by"):
        est.predict(fit, by=3, draws=3)


def test_scenarios_are_tables(fit):
    with pytest.raises(est.FitError, match=r"the scenarios must be tables.*not a DataFrame"):
        est.effect(fit, fit.table.frame, fit.table, draws=3)


def test_roles_that_a_fit_has_not_seen_are_not_predicted():
    both = grid.table_of(FRAME)
    receivers = grid.with_draws(Pulling(lapse=False), both.only("receiver"))
    with pytest.raises(est.FitError, match="the fit has seen no senders; leave their decisions out of the scenario"):
        est.predict(receivers, both, people="new", draws=3)


def test_checks_know_two_kinds_of_people_and_need_a_table_for_a_theory(fit):
    with pytest.raises(est.FitError, match="who must be 'known' or 'new', not 'old'"):
        est.predictive_check(fit, who="old")
    with pytest.raises(est.FitError, match="a theory needs the table whose situations it is to play"):
        est.predictive_check(Pulling())


def test_new_people_are_checked_whom_the_fit_does_not_know(fit):
    """The facts that were observed are those of the table; simulated people are drawn from the population."""
    renamed = grid.table_of(FRAME.assign(subject=FRAME["subject"].map(lambda who: f"{who}'")))
    known = est.predictive_check(fit, draws=4)
    with pytest.raises(est.FitError, match=r"the fit does not know 007', 1', .*; use who='new'"):
        est.predictive_check(fit, renamed, draws=4)
    new = est.predictive_check(fit, renamed, draws=4, who="new")
    assert new["statistic"].tolist() == known["statistic"].tolist()
    np.testing.assert_allclose(new["observed"], known["observed"])
    assert (new["predicted"] - known["predicted"]).abs().max() > 0


def test_a_theory_of_play_does_not_talk(fit):
    with pytest.raises(est.TheoryError, match="a theory of messages with a Table, not a NormalFormLevelK with a Table"):
        est.simulate(est.NormalFormLevelK(1), fit.table, {}, seed=1)
