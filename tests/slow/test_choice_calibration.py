"""Two hundred simulations each: ranks of the truth are uniform under four models of choice."""

from __future__ import annotations

import numpy as np
import pytest
from oracles import choice_calibration
from scipy import stats

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("model", ["pooled", "nested", "latent_class", "hierarchical"])
def test_ranks_of_the_truth_are_uniform(model):
    """By the whole ECDF (Kolmogorov and Smirnov) and by ten bins, each quantity at one in a thousand over all."""
    ranks = getattr(choice_calibration, model)(200, seed=20)
    assert choice_calibration.chances(ranks).min() > 0.001 / ranks.shape[1]
    bins = [stats.chisquare(np.histogram(column, 10, (0, 1))[0]).pvalue for column in ranks.T]
    assert min(bins) > 0.001 / ranks.shape[1]
