"""Posterior means that stand beside published estimates: of weights that differ, and of weights that all share."""

from __future__ import annotations

import pytest
from choice_builders import choice_table

import estimation as est
from estimation.replication.mixed_choice import SEED, posterior_means


def test_weights_that_differ_have_a_mean_and_an_sd_and_shared_ones_a_value_under_the_names_of_the_table():
    model, table = est.MultinomialLogit(["price", "quality"], random=["quality"]), choice_table(20)
    found = posterior_means(model, table, {"price": "cost"})
    assert set(found) == {"cost", "mean of quality", "sd of quality"}
    posterior = est.fit(model, table, seed=SEED, progress=False).tree["posterior"].dataset
    for name, kind, coefficient in (("cost", "mean", "price"), ("sd of quality", "sd", "quality")):
        draws = posterior[kind].sel(coefficient=coefficient)
        assert found[name].value == pytest.approx(float(draws.mean()))
        assert 0 < found[name].error < float(draws.std())
