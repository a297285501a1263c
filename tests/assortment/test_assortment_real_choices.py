"""From real choices to a menu and its report: cameras with a no-purchase option, and contracts without one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from oracles.assortment_brute_force import all_menus

import estimation as est
from estimation.commands import demo_assortment

FEATURES = ["canon", "sony", "nikon", "panasonic", "pixels", "zoom", "video", "swivel", "wifi", "price"]
LEVERS = (0.0, 0.5, 2.0)
SHELF = 12


@pytest.fixture(scope="module")
def shop():
    """Fit the camera study, and make the problem of a shop with the cameras shown most often (revenue is the price)."""
    choices = est.load("camera")
    fitted = est.fit(est.MultinomialLogit(FEATURES), choices, seed=1)
    inside = choices.rows[choices.rows["alternative"] != choices.outside]
    shown = inside.groupby(FEATURES).size().sort_values(ascending=False, kind="stable").index[:SHELF]
    products = shown.to_frame(index=False).rename(lambda place: f"camera {place}")
    return est.Assortment.from_fit(fitted, products, "price", draws=100).subject_to(est.AtMost(4))


@pytest.mark.data("camera")
def test_a_camera_shop_decides_as_well_as_trying_every_menu_on_every_draw(shop):
    under = est.under_draws(shop)
    menus = all_menus(SHELF)
    menus = menus[menus.sum(1) <= 4]
    for lever in LEVERS:
        total = 1 + under.draws.logits @ menus.T
        value = ((under.draws.logits * shop.catalogue.revenue) @ menus.T / total + lever * np.log(total)).mean(0)
        decision = under.solve(lever)
        assert decision.objective == pytest.approx(value.max(), rel=1e-12)
        assert decision.bound >= value.max()
        assert decision.gap < 0.01 * decision.objective


@pytest.mark.data("camera")
def test_with_everybody_alike_and_5312_choices_the_posterior_mean_alone_loses_next_to_nothing(shop):
    """Stated because it is what such data show: 0.02 % of the objective at most."""
    under = est.under_draws(shop)
    losses = [decision.plug_in_loss / decision.objective for decision in map(under.solve, LEVERS)]
    assert min(losses) >= 0
    assert max(losses) < 2e-4


@pytest.mark.data("camera")
def test_the_report_of_the_camera_shop_states_that_loss_and_is_not_labelled_synthetic(shop, tmp_path):
    page = est.report(est.under_draws(shop).frontier(LEVERS), tmp_path / "cameras.html").read_text(encoding="utf-8")
    assert "using the posterior mean alone" in page
    assert "multinomial logit on camera" in page
    assert "SYNTHETIC" not in page


def test_contracts_for_people_who_chose_among_suppliers_are_priced_against_what_they_have_otherwise():
    fitted = est.fit(est.MultinomialLogit(["pf", "cl", "loc", "wk", "tod", "seas"]), est.load("electricity"), seed=1)
    problem = demo_assortment.contracts(fitted)
    mean = fitted.tree["posterior"].dataset["coefficients"].mean(["chain", "draw"]).to_series()
    offers = demo_assortment.offers()
    utility = (offers[list(mean.index)] - pd.Series(demo_assortment.STANDARD)) @ mean
    np.testing.assert_allclose(np.log(problem.catalogue.weight), utility, atol=0.02)
    decision = est.under_draws(problem).solve(1.0)
    assert len({contract for contract, _ in decision.products}) == len(decision.products) == demo_assortment.MOST
    assert decision.gap < 1e-3 * decision.objective
    with pytest.raises(est.ChoiceError, match="no outside option"):
        fitted.product_weights(offers)
    with pytest.raises(est.ChoiceError, match=r"lacks the attributes \['cl'"):
        fitted.product_weights(offers, instead={"pf": 9.0})
