"""Quantities are asked of fits that have draws, and scenarios of tables, products and values that fit; else refused.

About 2 processor seconds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_grid import case_of

import estimation as est

CASE = case_of(est.MultinomialLogit(["price", "quality"]), weight=None)
FIT, TABLE = CASE.fit, CASE.fit.table
OFFERED = est.scenario(TABLE)
ROWS = int((TABLE.rows["alternative"] == "1").sum())
MODE = est.mode(est.MultinomialLogit(["price", "quality"]), TABLE)

ASKED = {
    "shares": est.shares,
    "elasticities": est.elasticities,
    "diversion": est.diversion,
    "willingness to pay": est.willingness_to_pay,
    "importances": est.attribute_importances,
    "part-worths": est.part_worths,
    "table of part-worths": est.part_worth_table,
    "hit rates": est.hit_rates,
    "surplus": lambda fit: est.surplus(fit, OFFERED),
    "curve": lambda fit: est.price_curve(fit, "1", [1.0]),
    "table of shares": lambda fit: est.share_table(fit, {"today": OFFERED}),
    "substitution": lambda fit: est.substitution({"logit": fit}, "1"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_every_quantity_follows_from_draws_and_not_from_an_estimate_or_a_table(asked):
    with pytest.raises(est.ChoiceError, match=r"not a Mode; what est\.mode returns has no draws"):
        ASKED[asked](MODE)
    with pytest.raises(est.ChoiceError, match=r"give a fit of choices.*not a ChoiceTable"):
        ASKED[asked](TABLE)


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        (lambda: est.shares(FIT, TABLE), r"scenario must be a scenario, as est\.scenario\(choices\) makes it"),
        (lambda: est.elasticities(FIT, scenario=TABLE), "scenario must be a scenario"),
        (lambda: est.elasticities(FIT, np.array(["price"])), "there is no attribute array"),
        (lambda: est.diversion(FIT, "today"), "scenario must be a scenario, .* not a str"),
        (lambda: est.surplus(FIT, None), "scenario must be a scenario, .* not a NoneType"),
        (lambda: est.surplus(FIT, OFFERED, TABLE), "baseline must be a scenario"),
        (lambda: est.share_table(FIT, {"today": TABLE}), "today must be a scenario"),
        (lambda: est.share_table(FIT, [OFFERED]), "give name → scenario"),
        (lambda: est.substitution(FIT, "1"), "give name → fit"),
        (lambda: est.substitution({"logit": FIT}, "1", truth={"2": 0.5}), "truth does not say what share goes to"),
        (lambda: OFFERED.change("1", price=[1.0, 2.0]), f"'price' has 2 values for {ROWS:,} rows"),
        (lambda: OFFERED.change("1", price=lambda old: old.to_numpy()[:1]), f"'price' has 1 values for {ROWS:,} rows"),
        (lambda: OFFERED.change("1", price={"1": 2.0}), "give one value, or a list"),
        (lambda: OFFERED.change("1", price=pd.Series(1.0, range(-ROWS, 0))), "other labels of rows than the scenario"),
        (lambda: OFFERED.adding("11", like="1", price=[1.0, 2.0]), f"'price' has 2 values for {ROWS:,} rows"),
        (lambda: OFFERED.adding(None, like="1"), "the alternative needs a name, not None"),
        (lambda: OFFERED.adding(" ", like="1"), "the alternative needs a name, not ' '"),
        (lambda: OFFERED.without(5), "alternative 5 is not offered"),
        (lambda: est.scenario(TABLE.frame), "choices must be a table of choices"),
        (lambda: est.scenario(TABLE, {"alternative": ["1"], "price": [1.0]}), "products must be a frame"),
        (lambda: est.scenario(TABLE, "products.csv"), "products must be a frame"),
    ],
)
def test_what_is_no_scenario_or_does_not_fit_into_one_is_refused(asks, said):
    with pytest.raises(est.ChoiceError, match=said):
        asks()


def test_values_may_be_given_row_by_row():
    new = np.linspace(1.0, 2.0, ROWS)
    changed = OFFERED.change("1", price=new).frame
    assert changed.loc[changed["alternative"] == "1", "price"].tolist() == new.tolist()
    old = OFFERED.frame[OFFERED.frame["alternative"] == "1"]["price"]
    twice = OFFERED.change("1", price=old * 2).frame
    assert twice.loc[twice["alternative"] == "1", "price"].tolist() == (2 * old).tolist()
