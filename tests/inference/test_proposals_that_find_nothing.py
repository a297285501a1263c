"""Proposals of which none is possible: chains run instead, nothing is drawn from them, nothing ends in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from engine import trust_experiment

import estimation as est
from estimation.inference import importance
from estimation.inference.fit import leave_out
from estimation.inference.importance import IMPOSSIBLE, NothingFoundError, Weighted
from estimation.inference.problem import MessageProblem
from estimation.population.batch import Batch
from estimation.population.structure import Coordinates, PopulationDraws

QUICK = {"draws": 100, "tune": 100, "chains": 2, "progress": False}
CORRELATED = est.RolesApart(est.FixedDiscount(lapse=False), correlated=True)


@pytest.fixture(scope="module")
def receivers():
    return trust_experiment(people=6, decisions=6, roles=("receiver",))[0]


@pytest.fixture
def impossible(monkeypatch):
    """Every population has so small a density that it is impossible, as singular matrices of correlations have."""
    monkeypatch.setattr(importance, "summed_over_people", lambda _, draws, __: np.full(len(draws), -np.inf))


def coordinates(table):
    return Coordinates(MessageProblem(est.TrustEmbedded(), table).structure)


def batch(table, possible):
    size = len(possible)
    vector = np.random.default_rng(1).normal(size=(1, 1, len(coordinates(table)), size))
    value = np.where(possible, 0.0, IMPOSSIBLE)[None, None]
    return Batch(np.zeros(1, dtype="int64"), vector, value, np.zeros_like(value), ())


@pytest.mark.usefixtures("impossible")
def test_chains_are_run_where_no_proposal_is_possible(receivers):
    fit = est.fit(est.TrustEmbedded(), receivers, seed=1, **QUICK)
    assert fit.manifest["sampler"]["name"] == "NUTS, because proposals do not cover the posterior"
    assert "R-hat" in est.diagnose(fit).table.index


@pytest.mark.usefixtures("impossible")
def test_who_asks_for_proposals_alone_is_told_that_they_find_nothing(receivers):
    with pytest.raises(est.EstimationError, match=r"(?s)no possible population.*leave method out"):
        est.fit(est.TrustEmbedded(), receivers, seed=1, method="importance", **QUICK)


def test_somebody_is_left_out_by_chains_where_no_proposal_is_possible(receivers, request):
    fit = est.fit(est.TrustEmbedded(), receivers, seed=1, **QUICK)
    request.getfixturevalue("impossible")
    left = leave_out(fit, receivers.subjects[:1], draws=100, tune=100)
    assert np.isfinite(list(left.scores.values())).all()


def test_weights_that_are_even_because_nothing_is_possible_cover_nothing(receivers):
    with pytest.raises(NothingFoundError):
        Weighted.of(batch(receivers, np.zeros(50, bool)), coordinates(receivers))


def test_what_is_impossible_is_never_drawn(receivers):
    possible = np.arange(400) % 100 == 0  # fewer than the tail that is smoothed
    weighted = Weighted.of(batch(receivers, possible), coordinates(receivers))
    assert (weighted.log_weight[~possible] == -np.inf).all()
    assert np.exp(weighted.log_weight).sum() == pytest.approx(1)


def test_nodes_serve_populations_whose_correlations_have_inverses_and_are_else_as_drawn():
    table = trust_experiment(people=6, decisions=4)[0]
    structure = MessageProblem(CORRELATED, table).structure
    dims, pairs = len(structure.effects), len(structure.pairs)
    correlation = np.stack([np.ones(pairs), np.zeros(pairs)])
    draws = PopulationDraws(
        structure, {"mean": np.zeros((2, dims)), "sd": np.ones((2, dims)), "correlation": correlation}
    )
    singular, independent = draws.some(2)
    assert np.isfinite(singular.whitener).all()
    np.testing.assert_allclose(singular.correlation, np.ones((dims, dims)), atol=1e-3)
    np.testing.assert_array_equal(independent.correlation, np.eye(dims))
