"""Scenarios, shares and menus are held to what the data know, and know what nothing is worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_oracles import COLUMNS, MOTORS
from scipy import special

import estimation as est


@pytest.fixture(scope="module")
def motors():
    table = est.read_choices(MOTORS, outside="4", attributes=["price", "motor"], **COLUMNS)
    return est.fit(est.MultinomialLogit(["C(price)", "motor", "4"]), table, draws=50, chains=2)


def test_levels_that_the_data_lack_are_refused_in_scenarios_shares_and_menus(motors):
    table = motors.table
    market = pd.DataFrame({"alternative": ["new"], "price": [20.0], "motor": ["Diesel"]})
    said = r"'Diesel' is no level of 'motor' in the data, which have \['EV', 'Gas', 'Hybrid'\]"
    for ask in (
        lambda: est.shares(motors, est.scenario(table, market)),
        lambda: est.shares(motors, est.scenario(table).change("1", motor="Diesel")),
        lambda: motors.product_weights(market.set_index("alternative")),
    ):
        with pytest.raises(est.ChoiceError, match=said):
            ask()
    with pytest.raises(est.ChoiceError, match="17"):
        est.shares(motors, est.scenario(table, market.assign(motor="Gas", price=17.0)))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"price": "cheap"}, "'price' must be a finite number, not 'cheap'"),
        ({"price": np.nan}, "'price' must be a finite number, not nothing"),
        ({"price": lambda old: np.log(old * 0 - 1)}, "'price' must be a finite number, not nothing"),
        ({"motor": 3.0}, "'motor' must be a label, not 3"),
        ({"motor": None}, "'motor' must be a label, not nothing"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_changes_to_text_or_nothing_are_refused(motors, changes, said):
    scenario = est.scenario(motors.table)
    with pytest.raises(est.ChoiceError, match=said):
        scenario.change("1", **changes)
    market = pd.DataFrame({"alternative": ["x"], "price": [20.0], "motor": ["EV"]})
    given = {name: value(market[name]) if callable(value) else [value] for name, value in changes.items()}
    with pytest.raises(est.ChoiceError, match=said):
        est.scenario(motors.table, market.assign(**given))


def test_a_level_may_change_to_another_that_the_data_have(motors):
    changed = est.scenario(motors.table).change("1", motor="Gas").frame
    assert set(changed.loc[changed["alternative"] == "1", "motor"]) == {"Gas"}
    assert (
        est.shares(motors, est.scenario(motors.table).change("1", motor="Gas")).draws.sum("alternative").min() > 0.999
    )


def test_shares_and_menus_know_what_nothing_is_worth():
    table = est.read_choices(MOTORS, outside="4", attributes=["price", "motor"], **COLUMNS)
    fit = est.fit(est.MultinomialLogit(["price", "motor", "4"]), table, draws=100, chains=2)
    market = pd.DataFrame({"alternative": ["new"], "price": [20.0], "motor": ["Gas"]})
    share = est.shares(fit, est.scenario(table, market)).draws.sel(alternative="new").to_numpy()
    weights = fit.draws.to_numpy()
    np.testing.assert_allclose(share, special.expit(weights @ [-1.0, 20.0, 1.0, 0.0]), rtol=1e-6)
    worth = fit.product_weights(market.set_index("alternative"), draws=400)[:, 0, 0]
    np.testing.assert_allclose(worth / (1 + worth), share, rtol=1e-6)
