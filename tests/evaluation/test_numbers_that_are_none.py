"""A diagnosis fails where a single draw, or one person's Pareto k, is no number; other checks would pass over it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from choice_builders import choice_table

import estimation as est
from estimation.evaluation.scores.loo import LeaveOneOut


@pytest.fixture(scope="module")
def fit():
    return est.fit(est.MultinomialLogit(["price"]), choice_table(20), draws=200, seed=1)


def changed(fit, group, variable, value):
    tree, data = fit.tree.copy(), fit.tree[group].to_dataset().copy(deep=True)
    numbers = data[variable].to_numpy().copy()
    numbers.flat[7] = value
    tree[group] = xr.DataTree(data.assign({variable: data[variable].copy(data=numbers)}))
    return replace(fit, tree=tree)


@pytest.mark.parametrize(("group", "variable"), [("posterior", "coefficients"), ("log_likelihood", "people")])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_one_draw_that_is_no_number_fails(fit, group, variable, value):
    assert est.diagnose(fit).ok
    found = est.diagnose(changed(fit, group, variable, value))
    assert not found.ok
    assert "missing numbers is 1 (0)" in found.verdict


def test_one_persons_pareto_k_that_is_no_number_fails(fit):
    trust = {"k": ("subject", [0.1, np.nan]), "effective": ("subject", [100.0, 100.0])}
    tree = fit.tree.copy()
    tree["integration"] = xr.DataTree(xr.Dataset(trust))
    found = est.diagnose(replace(fit, tree=tree))
    assert not found.ok
    assert "Pareto k is nan" in found.verdict


def test_a_score_with_a_pareto_k_that_is_no_number_is_not_trusted():
    k = pd.Series([0.1, np.nan, 0.9], ["a", "b", "c"])
    assert LeaveOneOut(k, k, ("c",), 0.7, 0.0, True, k).unresolved == 1
