"""A fact surprises if it lies beyond what was simulated, and not more often than is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from builders import estimation_game

import estimation as est
from estimation.evaluation.facts.predictive import SURPRISING, _predicted_facts

FACTS = 4000


@pytest.mark.parametrize("draws", [5, 20, 50, 200])
def test_data_that_are_one_more_simulation_surprise_at_most_as_often_as_is_said(draws):
    """Without the data among the experiments, a third of all facts surprised where there were five draws."""
    rng = np.random.default_rng(draws)
    observed = pd.DataFrame({"statistic": np.arange(FACTS), "value": rng.normal(size=FACTS)})
    found = _predicted_facts(observed, rng.normal(size=(draws, FACTS)))
    share = found["surprising"].mean()
    assert share < SURPRISING + 3 * np.sqrt(SURPRISING / FACTS)
    assert (share > 0) == (draws >= 2 / SURPRISING)  # of fewer none can be so rare


def test_the_tail_is_that_of_the_data_among_the_simulations():
    observed = pd.DataFrame({"statistic": ["far", "middle", "tied"], "value": [9.0, 0.5, 1.0]})
    simulated = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 1.0], [2.0, np.nan, 1.0]])
    assert _predicted_facts(observed, simulated)["tail"].tolist() == pytest.approx([0.5, 1.0, 1.0])


def test_experiments_of_which_the_cut_leaves_nothing_have_no_facts_and_spoil_none_of_others():
    """All decisions of a few people may be at the end at which the file is cut: one simulation in ten here."""
    frame = pd.DataFrame({"subject": "one", "role": "sender", "period": range(20), "condition": "over"})
    frame = frame.assign(state=np.arange(20) % 10, message=17 + np.arange(20) % 3, action=np.nan)
    games = {"over": estimation_game(highest=20)}
    table = est.Table.from_frame(frame, games, name="cut", source=est.Source(title="a test"), synthetic=True)
    found = est.predictive_check(est.LevelK(), table, draws=100).set_index("statistic")
    mean = (frame["message"] - frame["state"]).mean()
    assert found["observed"]["mean exaggeration"] == pytest.approx(mean)
    assert found[["predicted", "low", "high", "tail"]].notna().to_numpy().all()
