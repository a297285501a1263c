"""Level-k among people who know that others err: a fit recovers what was simulated, and every option simulates."""

from __future__ import annotations

import numpy as np
import pytest

import estimation as est
from estimation.games import EstimationGame

GAMES = {"over": EstimationGame("over", highest=20), "under": EstimationGame("under", highest=20)}
OWN = {"lying_cost": (0.4, 0.5), "receiver_precision": (3.0, 0.4), "lapse": (0.03, 0.5)}
PEOPLE = 10
SHARES = {"level 0": 0.25, "level 1": 0.4, "level 2": 0.35}


@pytest.fixture(scope="module")
def situations():
    return est.design(GAMES, people=PEOPLE, decisions=24, seed=3, roles=("receiver",))


def test_levels_who_think_others_as_noisy_as_themselves_are_recovered(situations):
    theory = est.LevelKLying(2, beliefs="own")
    table, truth = est.simulate(theory, situations, OWN, shares=SHARES, seed=5)
    assert len(table) == PEOPLE * 24
    fit = est.fit(theory, table, seed=4, progress=False)
    assert est.diagnose(fit).ok, est.diagnose(fit).verdict
    posterior = fit.tree["posterior"].dataset
    for parameter in fit.problem.parameters:
        typical, spread = OWN[parameter.name]
        for name, true in (("mean", parameter.transformed(typical)), ("sd", spread)):
            low, high = np.quantile(posterior[name].sel(parameter=parameter.name), [0.005, 0.995])
            assert low < true < high, (parameter.name, name, low, true, high)
    for kind in SHARES:
        low, high = np.quantile(posterior["share"].sel(kind=kind), [0.005, 0.995])
        assert low < (truth["kind"] == kind).mean() < high, kind
    precision = np.log(fit.people["receiver_precision"]), np.log(truth["receiver_precision"])
    assert np.corrcoef(*precision)[0, 1] > 0.5


def test_levels_whose_thoughts_of_others_differ_by_condition_simulate(situations):
    frame = situations.frame
    frame["late"] = (frame["period"] > 12).astype(float)
    table = est.Table.from_frame(frame, situations.games)
    theory = est.LevelKLying(2, beliefs="own", formulas={"lying_cost": "~ late"})
    simulated, truth = est.simulate(theory, table, {**OWN, "lying_cost: late": (0.8, 0.2)}, shares=SHARES, seed=5)
    assert len(simulated) == len(table)
    assert set(truth["kind"]) == set(SHARES)


def test_levels_with_a_separate_thought_of_others_simulate(situations):
    theory = est.LevelKLying(2, beliefs="separate", believed_cost="separate")
    population = {"believed_precision": (8.0, 0.3), "believed_cost": (0.3, 0.3)}
    own = {name: value for name, value in OWN.items() if name != "lying_cost"}
    simulated, truth = est.simulate(theory, situations, {**own, **population}, shares=SHARES, seed=5)
    assert len(simulated) == len(situations)
    assert set(truth["kind"]) == set(SHARES)
