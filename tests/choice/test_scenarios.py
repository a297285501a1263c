"""Scenarios add, change and withdraw products, and what is not possible is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_table
from market_of_three import MARKET, POOLED, PRODUCTS, TABLE

import estimation as est


def test_scenarios_add_change_and_withdraw():
    added = MARKET.adding("d", like="b", price=0.5)
    assert added.alternatives == ["a", "b", "c", "d", "nothing"]
    rows = added.frame[added.frame["alternative"] == "d"]
    assert (rows["price"] == 0.5).all()
    assert (rows["quality"] == 1.5).all()
    assert len(rows) == len(TABLE.subjects)
    assert MARKET.without(["a", "b"]).alternatives == ["c", "nothing"]
    assert (MARKET.change("a", price=9.0).frame.groupby("alternative", observed=True)["price"].max()["a"]) == 9.0
    assert est.scenario(TABLE).change(price=0.0).frame.loc[lambda f: f["alternative"] != "nothing", "price"].eq(0).all()
    before = MARKET.frame.copy()
    pd.testing.assert_frame_equal(MARKET.frame, before)
    income = est.scenario(choice_table(), PRODUCTS).adding("d", price=1.0, quality=1.0).frame
    assert (income.groupby("subject", observed=True)["income"].std() == 0).all()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: MARKET.without("z"), "'z' is not offered"),
        (lambda: MARKET.without(["a", "b", "c", "nothing"]), "nothing is left"),
        (lambda: MARKET.change("a", prise=1.0), "no attribute 'prise'"),
        (lambda: MARKET.adding("a", price=1.0), "is there already"),
        (lambda: MARKET.adding("d", price=1.0), r"\['quality'\] of 'd' are not given"),
        (lambda: est.scenario(TABLE, PRODUCTS.drop(columns="alternative")), "'alternative' of the products is missing"),
        (lambda: est.scenario(TABLE, PRODUCTS.assign(price=np.inf)), "'price' must be a finite number, not inf"),
        (lambda: est.diversion(POOLED, MARKET.without(["a", "b", "c"])), "one alternative only"),
        (lambda: est.elasticities(POOLED, "prise", MARKET), "no attribute 'prise'"),
        (lambda: est.surplus(POOLED, MARKET, est.scenario(TABLE)), "make both from the same"),
    ],
)
def test_scenarios_that_are_not_possible_are_refused(wrong, said):
    with pytest.raises(est.ChoiceError, match=said):
        wrong()


def test_new_products_need_models_without_constants():
    fit = est.fit(est.MultinomialLogit(["price", "quality"], constants=True), TABLE, draws=50)
    with pytest.raises(est.ChoiceError, match=r"nothing is known about the constants of \['d'\]"):
        est.shares(fit, MARKET.adding("d", price=1.0, quality=1.0))
