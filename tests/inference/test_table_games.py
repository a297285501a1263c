"""What made simulated decisions in games by their tables is found again."""

from __future__ import annotations

import pandas as pd
import pytest
from table_games import GAMES, played

import estimation as est

PRECISION = {"deception": 2.0, "biased": 0.1, "opposed": 0.5}  # about two logits for what is at stake


def recovered(theory, name, truth, **crowd):
    """How many standard errors estimates of what everybody shares lie from the truth."""
    situations = est.design({name: played(name)}, 40, 10, seed=1)
    population = {parameter: (value, 0.01) for parameter, value in truth.items() if " " not in parameter}
    table, _ = est.simulate(theory, situations, population, seed=2, **crowd)
    found = est.mode(theory, table, pooled=True).summary
    return (found["estimate"] - pd.Series(truth)) / found["standard_error"]


@pytest.mark.parametrize("name", GAMES)
def test_precisions_and_shares_of_levels_are_found_again(name):
    """Two levels in the shares 60 and 40 % of 40 people lie within four standard errors."""
    truth = {"sender_precision": PRECISION[name], "receiver_precision": PRECISION[name], "level 0": 0.6, "level 1": 0.4}
    theory = est.LevelK(max_level=1, lapse=False)
    z = recovered(theory, name, truth, shares={"level 0": 0.6, "level 1": 0.4})
    assert (z.abs() < 4).all(), z


def test_the_chance_of_taking_messages_at_their_word_is_found_again():
    """Trust and how carefully receivers decide lie within four standard errors.

    Every lie costs the same there, so that senders' decisions tell one chance: many pairs of a cost of lying and a
    precision are equally likely, and neither has a standard error.
    """
    truth = {"trust": 0.7, "lying_cost": 1.0, "sender_precision": 1.0, "receiver_precision": 1.5}
    z = recovered(est.TrustEmbedded(lapse=False), "opposed", truth)
    assert (z[["trust", "receiver_precision"]].abs() < 4).all(), z
    assert z[["lying_cost", "sender_precision"]].isna().all()
