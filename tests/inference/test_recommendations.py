"""The worked example of docs/recommendations.md runs as printed, and its answer holds the truth of the simulation."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import estimation as est
from estimation.data.library.places import shipped_folder
from estimation.inference.problem import MessageProblem

EXAMPLE = Path(__file__).parents[2] / "docs" / "recommendations.md"
TRUTH = shipped_folder() / "simulated_recommendations" / "truth.csv"


@pytest.fixture(scope="module")
def example():
    blocks = re.findall(r"```python\n(.*?)```", EXAMPLE.read_text(encoding="utf-8"), flags=re.DOTALL)
    quick = partial(est.fit, draws=200, tune=200, chains=2, progress=False)
    found: dict = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(est, "fit", quick)
        exec(compile("\n".join(blocks), str(EXAMPLE), "exec"), found)
    return found


def true_trust(scenario):
    """Trust of every simulated seller in every week of a scenario, (seller, week)."""
    problem, truth = MessageProblem(est.DynamicTrust(), scenario), pd.read_csv(TRUTH, index_col="subject")
    paths = []
    for person in problem.crowd.people:
        values = {name: np.full((1, 1, 1), truth.loc[person.subject, name]) for name in truth.columns[1:]}
        (block,) = person.blocks
        paths.append(problem.theory.after_learning(values, block.history)["trust"][0, :, 0])
    return np.array(paths)


def test_better_recommendations_earn_as_much_trust_as_they_do_in_truth(example):
    better, worse = example["better"], example["worse"]
    effect = est.effect(example["moving"], better, worse, what="trust", by="period")
    true = (true_trust(better) - true_trust(worse)).mean(axis=0)
    error = (effect["high"] - effect["low"]).to_numpy() / 3.29
    assert effect.loc[0, "mean"] == pytest.approx(0, abs=1e-12)
    assert true[-1] > 0.1
    assert (np.abs(effect["mean"] - true)[1:] < 3.3 * error[1:]).all()
    assert effect["low"].iloc[-1] > 0.05


def test_known_people_are_predicted_better_than_new_ones(example):
    fit, true = example["moving"], true_trust(example["better"])
    known, new = (
        est.predict(fit, example["better"], what="trust", by="subject", people=people) for people in ("known", "new")
    )
    assert np.corrcoef(known["mean"], true.mean(axis=1))[0, 1] > 0.5
    assert ((new["high"] - new["low"]) > (known["high"] - known["low"])).mean() > 0.9


def test_predictions_of_choices_average_the_options_and_follow_is_a_probability(example):
    fit, table = example["moving"], example["table"]
    choice = est.predict(fit, by="fidelity")
    assert list(choice["fidelity"]) == [0.5, 0.75, 0.95]
    observed = table.frame.groupby("fidelity")["action"].mean().to_numpy()
    assert np.abs(choice["mean"].to_numpy() - observed).max() < 0.3
    follow = est.predict(fit, what="follow")
    assert len(follow) == len(table)
    assert follow["mean"].between(0, 1).all()


def test_intervals_are_as_wide_as_they_are_asked_for(example):
    fit, scenarios = example["moving"], (example["better"], example["worse"])
    usual, wide = (est.effect(fit, *scenarios, what="trust", interval=share).loc[0] for share in (0.9, 0.95))
    assert usual.equals(est.effect(fit, *scenarios, what="trust").loc[0])
    assert wide["low"] < usual["low"] < usual["high"] < wide["high"]
    with pytest.raises(est.FitError, match="between 0 and 1"):
        est.predict(fit, interval=95)


def test_what_cannot_be_predicted_is_said_at_once(example):
    fit, table = example["moving"], example["table"]
    frame = table.frame.assign(subject="nobody", period=range(len(table)))
    strangers = est.Table.from_frame(frame, table.games)
    with pytest.raises(est.FitError) as caught:
        est.predict(fit, strangers, what="faith", by="country", people="some")
    assert len(caught.value.problems) == 3
    with pytest.raises(est.FitError, match="are not in the fit; use people='new'"):
        est.predict(fit, strangers)
    with pytest.raises(est.FitError, match="different people"):
        est.effect(fit, strangers, table)
