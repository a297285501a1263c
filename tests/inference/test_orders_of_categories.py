"""Formulas compare labels with the first of a column's categories: files of fits keep their order, or are refused."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from builders import games_of, make_frame
from engine import GAMES

import estimation as est
from estimation.data.stored import from_dataset, to_dataset
from estimation.data.tables.fingerprint import fingerprint
from estimation.fits.storage import read_tree, write_tree

QUICK = {"accuracy": 0.1, "draws": 50, "chains": 1, "samples": 20, "progress": False, "seed": 1}
THEORY = est.TrustEmbedded(lapse=False, trust="~ treat")


def labels(order):
    """Half of the people before a treatment, half after it."""
    frame = est.design(GAMES, people=12, decisions=6, seed=3, roles=("receiver",)).frame
    is_even = frame["subject"].str[1:].astype(int) % 2 == 0
    return frame.assign(treat=pd.Categorical(np.where(is_even, "control", "after"), categories=order))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    table = est.Table.from_frame(labels(["control", "after", "never"]), GAMES)
    population = {"trust": (0.5, 0.4), "receiver_precision": (3.0, 0.2)}
    answered, _ = est.simulate(THEORY, table, population, coefficients={"trust: treat[T.after]": 3.0}, seed=2)
    path = tmp_path_factory.mktemp("fits") / "treated.nc"
    return est.fit(THEORY, answered, path=path, **QUICK), path


def test_a_fit_read_back_predicts_what_it_predicted(saved):
    fit, path = saved
    read = est.load_fit(path)
    assert read.problem.design.covariates.names == ("trust: treat[T.after]",)
    asked = {"what": "trust", "by": "treat", "people": "new", "draws": 50}
    before, after = (est.predict(one, **asked).set_index("treat")["mean"] for one in (fit, read))
    assert before["after"] > before["control"] + 0.2  # as simulated
    pd.testing.assert_series_equal(before, after, check_index_type=False)


def test_an_older_file_that_lost_the_order_is_refused(saved, tmp_path):
    tree = read_tree(saved[1])
    rows = json.loads(tree["table"].attrs["rows"])
    rows["treat"] = {name: rows["treat"][name] for name in ("type", "values")}
    tree["table"].attrs["rows"] = json.dumps(rows)
    manifest = json.loads(tree.attrs["manifest"])
    manifest["data"]["fingerprint"] = est.Table.from_frame(
        saved[0].table.frame.assign(treat=lambda frame: frame["treat"].astype(str)), GAMES
    ).fingerprint
    tree.attrs["manifest"] = json.dumps(manifest)
    write_tree(tree, tmp_path / "older.nc")
    with pytest.raises(est.FitError, match=r"draws of \['trust: treat\[T.after\]'\].*order of categories is lost"):
        est.load_fit(tmp_path / "older.nc")


def test_a_fit_with_another_reference_is_another_fit(saved):
    fit, path = saved
    turned = fit.table.frame.assign(treat=lambda frame: frame["treat"].cat.reorder_categories(ORDER))
    again = est.fit_or_load(THEORY, est.Table.from_frame(turned, GAMES), path.with_name("other.nc"), **QUICK)
    assert "trust: treat[T.control]" in again.summary.index
    assert again.fingerprint != fit.fingerprint


ORDER = ["after", "control", "never"]

COLUMNS = {
    "words in an order of their own": pd.Categorical(["low", "high", None] * 8, ["low", "high"], ordered=True),
    "words sorted": pd.Categorical(["b", "a", "a"] * 8),
    "intervals": pd.cut([3, 7, 15] * 8, [0, 5, 10, 20]),
    "numbers": pd.Categorical([10, 9, 2] * 8),
    "numbers in an order of their own": pd.Categorical([10.5, 9.0, 2.0] * 8, [9.0, 10.5, 2.0]),
    "flags": pd.Categorical([True, False, False] * 8, [True, False]),
    "days": pd.Categorical(pd.to_datetime(["2024-03-01", "2024-01-01", "2024-02-01"] * 8)),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_categories_are_read_back_in_their_order(column):
    table = est.Table.from_frame(make_frame().assign(extra=COLUMNS[column]), games_of())
    read = from_dataset(to_dataset(table), table.spec())
    before, after = (one.frame["extra"].cat for one in (table, read))
    assert list(map(str, before.categories)) == list(map(str, after.categories))
    assert before.ordered == after.ordered
    assert before.codes.tolist() == after.codes.tolist()
    assert read.fingerprint == table.fingerprint


@pytest.mark.parametrize(
    ("values", "order", "is_sorted"),
    [
        (["b", "a", "c"], ["a", "b", "c"], True),
        (["b", "a", "c"], ["a", "b", "c", "0"], True),
        (["b", "a", "c"], ["b", "a", "c"], False),
        ([10, 9, 2], [2, 9, 10], True),
        ([10, 9, 2], [2, 10, 9], False),
    ],
)
def test_a_fingerprint_tells_orders_that_sorting_does_not_give(values, order, is_sorted):
    """Those of all other tables are what they were before orders counted."""
    plain = make_frame().assign(extra=[*map(str, values)] * 8)
    coded = plain.assign(extra=pd.Categorical(values * 8, categories=order))
    assert (fingerprint(plain, games_of()) == fingerprint(coded, games_of())) == is_sorted
