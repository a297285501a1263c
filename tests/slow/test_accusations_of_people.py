"""All 212 people of the accusation experiment: people who differ against people who are all alike."""

from __future__ import annotations

import numpy as np
import pytest

import estimation as est
from estimation.evaluation.scores.loo import leave_people_out

pytestmark = [pytest.mark.slow, pytest.mark.data("oey_rational_lying")]
PRECISION = {"receiver_precision": "sender_precision"}


@pytest.mark.parametrize("theory", [est.NaiveAccusation(), est.RecursiveAccusation()], ids=lambda theory: theory.name)
def test_hierarchical_versions_beat_the_pooled_ones_by_leave_one_subject_out(theory):
    table = est.load("oey_rational_lying")
    differing = leave_people_out({"": est.fit(theory, table, seed=1, progress=False)})[""].elpd
    pooled = est.fit(theory, table, pooled=True, equal=PRECISION, seed=1)
    alike = leave_people_out({"": pooled})[""].elpd
    gain = differing - alike[differing.index]
    assert gain.sum() > 10 * np.sqrt(len(gain)) * gain.std()


def test_the_prior_moves_the_mean_level_and_not_the_prediction():
    """Two priors, one posterior for everything but the level: what is said about the level is the prior's."""
    table = est.load("oey_rational_lying")
    theories = [est.RecursiveAccusation(typical_mean_level=level) for level in (3.0, 8.0)]
    one, other = (est.fit(theory, table, pooled=True, equal=PRECISION, seed=1) for theory in theories)
    assert est.diagnose(one).ok
    assert est.diagnose(other).ok
    for name in ("lie_aversion", "accusation_aversion", "sender_precision"):
        assert one.summary.loc[name, "median"] == pytest.approx(other.summary.loc[name, "median"], rel=0.02)
    assert other.summary.loc["mean_depth", "median"] > 1.15 * one.summary.loc["mean_depth", "median"]
    scores = leave_people_out({"one": one, "other": other})
    assert abs(scores["one"].elpd.sum() - scores["other"].elpd.sum()) < 2


def test_a_simulated_crowd_is_recovered():
    """SYNTHETIC: 30 people with known typical aversions; truth inside the central 99 % interval."""
    theory = est.NaiveAccusation()
    games = {"red": est.AccusationGame("over", 0.5), "blue": est.AccusationGame("under", 0.5)}
    truth = {
        "sender_precision": (0.4, 0.3),
        "receiver_precision": (0.4, 0.3),
        "lie_aversion": (6.0, 0.5),
        "accusation_aversion": (5.0, 0.5),
        "careful": (0.9, 0.5),
    }
    crowd, _ = est.simulate(theory, est.design(games, 30, 40, seed=5), truth, seed=5)
    result = est.fit(theory, crowd, seed=5, progress=False)
    draws = result.tree["posterior"].dataset["mean"]
    for p in result.problem.parameters:
        low, high = np.quantile(draws.sel(parameter=p.name), [0.005, 0.995])
        assert low < p.transformed(truth[p.name][0]) < high, p.name
