"""Calibration on the road of choices: every model's prior can be drawn, simulated, fitted and ranked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import estimation as est
from estimation.jobs.unit import Unit
from estimation.studies.calibration import calibration_of
from estimation.studies.choice_trial import ChoiceTrial


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(90, 3, 2))
    rows = [
        {"subject": f"s{t // 6:02d}", "situation": t, "alternative": "abc"[j], "chosen": int(j == 0)}
        | {"x0": x[t, j, 0], "x1": x[t, j, 1], "age": 20.0 + t // 6, "source": "ab"[t // 6 % 2]}
        for t in range(90)
        for j in range(3)
    ]
    return est.read_choices(pd.DataFrame(rows), name="situations")


MODELS = {
    "pooled": est.MultinomialLogit(["x0", "x1"]),
    "nested": est.NestedLogit(["x0", "x1"], nests={"near": ("a", "b")}),
    "classes": est.LatentClassLogit(["x0", "x1"], classes=2),
    "known weight": est.MultinomialLogit(["x0"], fixed={"x1": 0.5}),
    "scales": est.HeteroscedasticLogit(["x0", "x1"], scale=["source"], prior_scale=2.0),
    "above one": est.NestedLogit(["x0", "x1"], nests={"near": ("a", "b")}, above_one=True),
    "classes by age": est.LatentClassLogit(["x0", "x1"], classes=2, covariates=["age"]),
    "tastes": est.MultinomialLogit(["x0", "x1"], random="all"),
    "diagonal, one fixed, one log-normal": est.MultinomialLogit(
        ["x0", "x1"], random=["x0"], distributions={"x0": "lognormal"}, covariance="diagonal"
    ),
}


SLOW = "tastes"  # people differ in the last one too


@pytest.mark.parametrize(
    "model",
    [pytest.param(one, id=name, marks=pytest.mark.slow if name == SLOW else ()) for name, one in MODELS.items()],
)
def test_each_quantity_of_the_prior_has_a_rank_in_the_posterior(model, table):
    found = ChoiceTrial(model, table, seed=2)(Unit("simulation 1"))["quantities"]
    assert all(0 < row["rank"] < 1 and row["sd"] > 0 for row in found.values()), found


def test_a_logit_is_calibrated_by_the_public_road(table):
    large = est.MultinomialLogit(["x0", "x1"], prior_scale=10.0)
    study = est.calibrate(large, table, simulations=40, progress=False)
    assert study.ok, study
    assert len(study.ranks) < 40
    assert "more were of data that no fit accepts" in study.verdict  # separation, which data alone decide
    assert list(study.table.index) == ["x0", "x1"]


def test_too_few_data_that_a_fit_accepts_are_an_error():
    refused = [{"refused": "x0 separates perfectly"}] * 19
    accepted = {"quantities": {"x0": {"truth": 0.0}}, "ok": True}
    with pytest.raises(est.StudyError, match=r"19 of 38 .*x0 separates perfectly"):
        calibration_of("label", [*refused, *[accepted] * 19], {"simulations": 38})


def test_effects_of_covariates_are_refused(table):
    model = est.MultinomialLogit(["x0", "x1"], random="all", covariates=["age"])
    with pytest.raises(est.StudyError, match="leave them out"):
        est.calibrate(model, table, simulations=40, progress=False)
