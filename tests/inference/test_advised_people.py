"""People whose trust in advisers moves: fitted, compared with trust that stays, and asked what better advice does."""

from __future__ import annotations

import numpy as np
import pytest
from advised import RIGHT, advised

import estimation as est

PEOPLE = {
    "trust": (0.6, 0.5),
    "first_weight": (4.0, 0.3),
    "own_memory": (0.7, 0.4),
    "own_weight": (0.7, 0.3),
    "advice_weight": (1.3, 0.3),
    "lapse": (0.04, 0.3),
}
QUICK = {"seed": 1, "draws": 300, "accuracy": 0.2, "progress": False}
MOVING, FIXED = est.AdviserLearning(combine="log-odds"), est.AdviceTaking(combine="log-odds")


@pytest.fixture(scope="module")
def table():
    found, _ = est.simulate(MOVING, advised(people=12, decisions=30, own="experience"), PEOPLE, seed=5)
    return found


@pytest.fixture(scope="module")
def moving(table):
    return est.fit(MOVING, table, **QUICK)


def test_what_is_typical_is_found_again(moving):
    """Each truth is within two intervals' half-widths of the estimate, as it is in 999 of 1,000 experiments."""
    found = moving.summary
    for name, (true, _) in PEOPLE.items():
        low, median, high = found.loc[name, ["low", "median", "high"]].astype(float)
        assert median - 2 * (median - low) < true < median + 2 * (high - median), name


def test_advisers_are_trusted_in_the_order_of_their_accuracy(moving):
    """At the end, by intervals of the best and the worst that do not touch."""
    found = est.predict(moving, what="trust", by=["partner", "period"])
    late = found[found["period"] > 24].groupby("partner")[["low", "high"]].mean()
    good, _, bad = (late.loc[name] for name in RIGHT)
    assert good["low"] > bad["high"]


def test_ten_points_of_accuracy_move_trust_and_following(moving, table):
    better = est.with_accuracy(table, 0.1, seed=2)
    for what in ("trust", "follow"):
        effect = est.effect(moving, better, table, what=what).iloc[0]
        assert effect["low"] > 0, what


def test_people_who_never_see_what_came_out_learn_whom_their_own_information_bears_out():
    """Parameters are found again, and the adviser who is right most often ends as the most trusted one."""
    told = {name: value for name, value in PEOPLE.items() if name != "own_memory"}
    theory = est.AdviserLearning(combine="log-odds", unseen="agreement")
    design = advised(people=16, decisions=40, own="told")
    blind = est.Table.from_frame(design.frame.assign(state=np.nan), design.games, synthetic=True)
    table, _ = est.simulate(theory, blind, told, seed=6)
    assert table.frame["state"].isna().all()
    fit = est.fit(theory, table, **QUICK)
    for name, (true, _) in told.items():
        low, median, high = fit.summary.loc[name, ["low", "median", "high"]].astype(float)
        assert median - 2 * (median - low) < true < median + 2 * (high - median), name
    trust = est.predict(fit, what="trust", by=["partner", "period"])
    late = trust[trust["period"] > 32].groupby("partner")["mean"].mean()
    assert late["good"] > late["even"] > late["bad"]
    with pytest.raises(est.FitError, match="nothing ever turned out"):
        est.with_accuracy(table)


@pytest.mark.slow
def test_the_maker_is_sound_and_ahead_of_trust_that_stays():
    table, _ = est.simulate(MOVING, advised(people=40, decisions=60, own="experience"), PEOPLE, seed=5)
    fits = est.fit({"moving": MOVING, "fixed": FIXED}, table, **QUICK)
    study = est.compare(fits, unit=("subject", "period"))
    for one in (study, *study.others):
        assert one.table.loc["moving", "elpd"] > one.table.loc["fixed", "elpd"], one.unit


@pytest.mark.slow
@pytest.mark.parametrize("theory", [MOVING, FIXED, est.AdviceTaking(), est.AdviserLearning()], ids=str)
def test_parameters_are_recovered_in_simulated_experiments(theory):
    """Of 95 % intervals at most what chance allows (4 standard errors of a share) miss."""
    design = advised(people=30, decisions=45, own="experience")
    study = est.recovery(theory, design, simulations=10, seed=3, progress=False)
    assert study.table["coverage_95%"].mean() > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 10)
