"""The benchmark without economics predicts people it has not seen, and completeness is a share of the way to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders import estimation_game, make_frame

import estimation as est
from estimation.data import Table
from estimation.errors import ComparisonError
from estimation.evaluation.comparison import benchmark
from estimation.evaluation.comparison.benchmark import (
    BENCHMARK,
    NOTHING,
    Flexibility,
    benchmark_scores,
    cells_of,
    learnt,
)
from estimation.evaluation.comparison.completeness import explained
from estimation.report.theories import tables

SMALL = Flexibility(classes=2, seen=2.0, apart=0.5)


@pytest.fixture(autouse=True)
def _few_trials(monkeypatch):
    """Try few ways to be flexible: what is chosen is not the claim here."""
    for name, values in (("CLASSES", (2,)), ("SEEN", (2.0,)), ("APART", (0.5,))):
        monkeypatch.setattr(benchmark, name, values)


def senders(message, people=12, periods=20, directions=("over",), highest=20):
    """People whose messages follow a rule: (state, person, condition) → message."""
    games = {name: estimation_game(name, highest=highest) for name in directions}
    frame = make_frame(subjects=people, periods=periods, games=games)
    frame = frame[frame["role"] == "sender"].copy()
    place = frame["subject"].str[1:].astype(int)
    values = zip(frame["state"], place, frame["condition"], strict=True)
    frame["message"] = np.clip([message(*row) for row in values], 0, highest)
    frame["action"] = np.nan
    return Table.from_frame(frame, games, name="rule", synthetic=True)


def test_tables_are_distributions_and_nothing_is_impossible():
    cells = cells_of(senders(lambda state, *_: state + 3))
    for table in learnt(cells, np.arange(12), SMALL, np.random.default_rng(1)).tables:
        np.testing.assert_allclose(np.exp(table).sum(axis=-1), 1)
        assert np.exp(table).min() >= benchmark.UNIFORM / 21 * 0.99


def test_a_rule_that_everybody_follows_is_predicted_of_people_left_out():
    table = senders(lambda state, *_: state + 3)
    score = benchmark_scores(table) / 10  # nats a decision; chance is log 21 = 3.0
    assert (score > -0.8).all()


def test_kinds_of_people_are_told_apart_by_what_they_do():
    """Half add 2 and half take 5 off: who is known to be of which kind costs log 2 once, and not at each decision."""
    table = senders(lambda state, person, _: state + 2 if person % 2 else state - 5, people=24)
    shares = learnt(cells_of(table), np.arange(24), SMALL, np.random.default_rng(1)).shares
    assert shares.min() > 0.3
    assert benchmark_scores(table).mean() / 10 > -1.3


def test_conditions_of_opposed_interests_are_mirrored():
    def one_sided(state, _, condition):
        return state + 3 if condition == "over" else state - 3

    both = cells_of(senders(one_sided, directions=("over", "under")))
    assert len(both) == 1
    one = cells_of(senders(one_sided))
    apart = [np.argwhere(cell.counts.sum(axis=0)) @ [-1, 1] for cell in (*both, *one)]
    for gap in apart:
        assert set(gap) <= {0, 1, 2, 3}  # less than 3 at the end of the scale only


def test_nobody_is_predicted_by_their_own_choices():
    table = senders(lambda state, *_: state + 3)
    frame = table.frame.copy()
    mine = (frame["subject"] == "s01").to_numpy()
    frame.loc[mine, "message"] = 20 - frame.loc[mine, "message"]
    other = benchmark_scores(Table.from_frame(frame, table.games, name="rule", synthetic=True))
    assert other[0] < benchmark_scores(table)[0] - 10  # what was learnt from others does not fit any more


def test_completeness_is_the_share_of_the_way_from_babbling_to_the_benchmark():
    table = senders(lambda state, *_: state + 3, people=8, periods=12)
    quick = {"accuracy": 0.25, "draws": 200, "chains": 2, "samples": 20, "progress": False}
    theories = {"honest": est.Honest(), "constant": est.FixedDiscount()}
    fits = {name: est.fit(theory, table, **quick) for name, theory in theories.items()}
    rows = est.completeness(fits)
    assert set(rows.index) == {"honest", "constant", "flexible benchmark", "babbling"}
    assert rows["elpd"].is_monotonic_decreasing
    assert rows.loc["babbling", "explained"] == 0
    assert rows.loc["flexible benchmark", "explained"] == 1
    gained = rows["elpd"] - rows.loc["babbling", "elpd"]
    np.testing.assert_allclose(rows["explained"], gained / gained["flexible benchmark"])
    assert rows.loc["honest", "explained"] < rows.loc["constant", "explained"]
    assert rows["se"].between(0, 0.5).all()
    assert rows["ok"]["flexible benchmark"]
    scale = est.benchmark(table)
    np.testing.assert_allclose(scale.sum(), rows["elpd"][scale.columns], rtol=1e-6)
    assert est.completeness(fits, benchmark=scale)["explained"].equals(rows["explained"])
    study = est.compare(fits, benchmark=scale, progress=False)
    np.testing.assert_allclose(study.table["explained"], rows["explained"][study.table.index])
    np.testing.assert_allclose(study.table["explained_se"], rows["se"][study.table.index])
    share = f"{100 * study.table['explained'].iloc[0]:.0f} %"
    assert f"constant explains {share}" in study.verdict
    assert "explained" in tables.comparison_table(study).head
    assert "explained" not in est.compare(fits, progress=False).table
    with pytest.raises(ComparisonError, match="not of these people"):
        est.compare(fits, benchmark=scale.iloc[1:])
    with pytest.raises(ComparisonError, match="new people"):
        est.compare(fits, "period", benchmark=True)
    failed = {"honest": fits["honest"], "constant": misfit(fits["constant"])}
    assert not est.completeness(failed)["ok"]["constant"]


def misfit(fit):
    """A fit in which somebody's nodes say nothing: its diagnosis fails."""
    tree = fit.tree.copy()
    quality = tree["integration"].dataset.copy(deep=True)
    quality["effective"][0] = 1.0
    tree["integration"] = xr.DataTree(quality)
    return replace(fit, tree=tree)


def test_what_has_no_completeness_is_refused():
    with pytest.raises(ComparisonError):
        est.completeness({})
    scale = pd.DataFrame({BENCHMARK: [-9.0, -8.0], NOTHING: [-8.0, -9.0]}, index=["a", "b"])
    with pytest.raises(ComparisonError, match="the benchmark explains no more than babbling here"):
        explained(pd.DataFrame({"honest": [-7.0, -7.0]}, index=["a", "b"]), scale)
