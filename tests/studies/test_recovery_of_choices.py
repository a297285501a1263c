"""Recovery of models of choice: truths from the prior are found again, and what is no design is refused."""

from __future__ import annotations

import numpy as np
import pytest
from choice_builders import choice_frame
from oracles.calibrated import cases

import estimation as est

QUIET = {"progress": False}


def test_weights_of_a_model_of_choice_are_found_again_without_bias():
    """Estimates are off by about as much as posteriors say."""
    model, table = cases()["scale by group"]
    study = est.recovery(model, table, simulations=12, seed=2, **QUIET)
    found = study.table
    assert found.index.tolist() == ["x0", "x1", "scale of old"]
    assert found.loc[["x0", "x1"], "correlation"].min() > 0.9
    chi = 12 * (found["rmse"] / found["sd"]) ** 2  # about chi squared, 12 degrees of freedom
    assert chi.between(2, 40).all()
    assert "12 simulations" in study.verdict
    assert study.trials["truth"].unstack().std().min() > 0


def test_simulations_that_no_fit_accepts_are_counted_and_left_out():
    model, table = cases()["classes by covariate"]
    study = est.recovery(model, table, simulations=8, **QUIET)
    count = study.trials.index.get_level_values("simulation").nunique()
    assert 0 < count < 8
    assert f"{8 - count} more simulation" in study.verdict
    assert f"in {count} simulation" in study.verdict
    assert np.isfinite(study.table["bias"]).all()


@pytest.mark.parametrize("study", [est.recovery, est.calibrate])
@pytest.mark.parametrize(
    ("model", "table", "said"),
    [
        ("choices", "talk", "not a MultinomialLogit with a Table"),
        ("theory", "choices", "not a TrustEmbedded with a ChoiceTable"),
        ("choices", None, "give a table of situations"),
        ("theory", None, "give a table of situations"),
    ],
)
def test_a_model_without_a_design_of_its_kind_is_refused(study, model, table, said):
    models = {"choices": cases()["pooled"][0], "theory": est.TrustEmbedded()}
    tables = {"choices": cases()["pooled"][1], "talk": est.load("simulated_forecast_sharing"), None: None}
    with pytest.raises(est.StudyError, match=said):
        study(models[model], tables[table], simulations=20, **QUIET)


def test_truths_of_choices_come_from_the_prior_alone():
    model, table = cases()["pooled"]
    with pytest.raises(est.StudyError, match="leave `population` out"):
        est.recovery(model, table, {"x0": (1.0, 0.0)}, **QUIET)
    fit = est.fit(model, table, draws=50, chains=2, progress=False)
    for study in (est.recovery, est.calibrate):
        with pytest.raises(est.StudyError, match=r"give `fit\.model` and a table"):
            study(fit, **QUIET)


def test_a_design_on_which_no_fit_is_ever_accepted_says_nothing_and_should_be_larger():
    table = est.read_choices(choice_frame(1, 1))
    said = r"(?s)all 3 simulations made data that no fit accepts \(.*depend on each other.*\); use a larger design"
    with pytest.raises(est.StudyError, match=said):
        est.recovery(est.MultinomialLogit(["price", "quality"]), table, simulations=3, **QUIET)
