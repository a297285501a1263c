"""Choices in partitions: what the example leads to expect of all choices is checked where they are read."""

from __future__ import annotations

import pytest
from choice_builders import choice_frame

import estimation as est


def written(frame, folder):
    return est.write_choice_partitions(est.read_choices(frame), folder, 2)


def test_a_column_that_varies_within_situations_outside_of_the_example_only_is_not_taken_for_constant(tmp_path):
    frame = choice_frame(people=400, situations=3, seed=5)
    parts = written(frame, tmp_path / "constant")
    key = ["subject", "situation"]
    seen = parts.example.frame[key].astype(str).apply(tuple, axis=1)
    unseen = ~frame[key].astype(str).apply(tuple, axis=1).isin(set(seen))
    assert 0.2 < unseen.mean() < 0.9
    frame.loc[frame.index[unseen][0], "income"] += 1
    varies = written(frame, tmp_path / "varies")
    model = est.MultinomialLogit(["price", "income:alternative"])
    est.mode(model, parts)
    with pytest.raises(est.EstimationError, match=r"no coefficient for 'a'.* differs between those of situation"):
        est.mode(model, varies)
