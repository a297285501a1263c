"""Rivals on a few people of the real experiment: they fit, they are comparable, and suspicion beats belief."""

from __future__ import annotations

import pytest

import estimation as est

OPTIONS = {"seed": 1, "draws": 200, "tune": 200, "chains": 2, "accuracy": 0.4, "progress": False}


@pytest.mark.data
@pytest.mark.parametrize("count", [4, pytest.param(10, marks=pytest.mark.slow)])
def test_receivers_are_better_described_by_suspicion_than_by_belief(oey_table, count):
    condition = "over-quadratic"
    frame = oey_table.frame
    few = frame[(frame["condition"] == condition) & (frame["role"] == "receiver")]
    people = sorted(few["subject"].unique())[:count]
    table = est.Table.from_frame(
        few[few["subject"].isin(people)], {condition: oey_table.games[condition]}, name="oey_few_receivers"
    )
    theories = {"costly lying": est.CostlyLying(), "honest": est.Honest()}
    fits = {name: est.fit(theory, table, **OPTIONS) for name, theory in theories.items()}
    elpd = est.compare(fits).table["elpd"]
    assert elpd["costly lying"] > elpd["honest"] + count
