"""Choices in partitions whose attributes are far from zero: what is wrong is said, in the mode and in the fit."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from choice_builders import choice_frame

import estimation as est
from estimation.inference.choice_partitions import logit

MODEL = est.MultinomialLogit(["price", "quality"])


@pytest.fixture
def far(tmp_path):
    """Prices of which numbers keep few digits; whether a search still ends is a matter of chance."""
    frame = choice_frame(people=20, situations=5)
    frame["price"] += 1e8
    (tmp_path / "parts").mkdir()
    frame.to_parquet(tmp_path / "parts" / "all.parquet")
    return est.choice_partitions(tmp_path / "parts")


def lost(*_, **__):
    raise np.linalg.LinAlgError


def refused(*_, before_chains, **__):
    before_chains()


def test_a_search_that_does_not_end_asks_for_attributes_near_zero(far, monkeypatch):
    monkeypatch.setattr(logit, "maximise", lambda *_, **__: SimpleNamespace(converged=False))
    with pytest.raises(est.ChoiceError, match=r"'price' is near 1e\+08 and differs by .* only.* subtract a number"):
        est.mode(MODEL, far)


@pytest.mark.parametrize("ends", [lost, refused])
def test_a_fit_that_cannot_be_drawn_asks_for_attributes_near_zero(far, tmp_path, monkeypatch, ends):
    monkeypatch.setattr(logit, "maximise", lambda *_, **__: SimpleNamespace(parameters=np.zeros(2)))
    monkeypatch.setattr(logit, "sample_top", ends)
    with pytest.raises(est.ChoiceError, match=r"'price' is near 1e\+08 and differs by .* only.* subtract a number"):
        est.fit(MODEL, far, path=tmp_path / "store", seed=1, progress=False)
