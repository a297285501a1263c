"""Maxima over populations of whom some did nothing that ends their parameter: likelihoods that are flat to one side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sandwiches import information, sandwich
from scipy import special

import estimation as est

STATES = np.arange(3.0)
Z = np.linspace(-7, 7, 1401)


@pytest.fixture(scope="module")
def table():
    """Honest senders of whom a third never err, so that no precision is too high for them."""
    payoff = [[-abs(state - action) for action in STATES] for state in STATES]
    sender = [[action - 0.5 * abs(state - action) for action in STATES] for state in STATES]
    game, rng = est.SenderReceiverGame(STATES.tolist(), STATES.tolist(), sender, payoff), np.random.default_rng(3)
    rows = []
    for person in range(14):
        precision = np.exp(np.log(1.2) + 0.8 * rng.normal())
        for period in range(8):
            state = float(rng.integers(3))
            chance = special.softmax(-1.5 * np.abs(STATES - state) * precision)
            message = float(rng.choice(STATES, p=chance))
            rows.append((f"p{person}", "sender", period, "game", state, message, np.nan))
    names = ["subject", "role", "period", "condition", "state", "message", "action"]
    return est.Table.from_frame(pd.DataFrame(rows, columns=names), {"game": game}, name="honest", synthetic=True)


def by_person(table, log_precision):
    """Log likelihoods written out, (person, precision)."""
    logits = -1.5 * np.abs(STATES[:, None] - STATES)[None] * np.exp(log_precision)[:, None, None]
    log_chance = special.log_softmax(logits, axis=-1)
    people = [rows for _, rows in table.frame.groupby("subject")]
    where = [(rows["state"].to_numpy(int), rows["message"].to_numpy(int)) for rows in people]
    return np.array([log_chance[:, state, message].sum(axis=1) for state, message in where])


@pytest.mark.parametrize("seed", [0, 1])
def test_estimates_and_their_errors_are_those_of_an_integral_over_a_grid(table, seed):
    found = est.mode(est.Honest(lapse=False), table, seed=seed)
    weight = special.log_softmax(-0.5 * Z**2)

    def integrals(vector):
        return special.logsumexp(by_person(table, vector[0] + np.exp(vector[1]) * Z) + weight, axis=1)

    at = np.log(found.summary["estimate"].to_numpy())
    score, covariance = sandwich(integrals, at)
    error = np.sqrt(np.diag(covariance))
    moved = np.linalg.solve(information(integrals, at), score.sum(axis=1))
    assert (np.abs(moved) < 0.05 * error).all(), "where the search ended, the likelihood is at its maximum"
    np.testing.assert_allclose(found.summary["standard_error"] / found.summary["estimate"], error, rtol=0.08)
    assert found.log_likelihood == pytest.approx(integrals(at).sum(), abs=0.03)
