"""A fact surprises if it lies beyond what was simulated, and not more often than is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

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
