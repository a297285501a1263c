"""Shares, elasticities, diversion, willingness to pay, surplus: closed forms, loops and limits."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from market_of_three import DRAWS, MARKET, MNL, NEST, POOLED, ROWS, TABLE, TAU, made
from oracles.choice_loops import logit_shares, nested_shares

import estimation as est
from estimation.fits.fit import Fit


def utilities(draw):
    return {label: draw @ np.array(row) for label, row in ROWS.items()}


def shares_in_loops(fit, place, rows=ROWS):
    """Return the shares of the market for one draw."""
    value = {label: DRAWS[place] @ np.array(row) for label, row in rows.items()}
    if fit is NEST:
        return nested_shares(value, {"near": ["a", "b"]}, {"near": TAU[place, 0]})
    return dict(zip(value, logit_shares(list(value.values())), strict=True))


@pytest.mark.parametrize("fit", [POOLED, NEST], ids=["logit", "nested"])
def test_shares_of_a_market_are_those_in_loops_draw_by_draw(fit):
    found = est.shares(fit, MARKET).draws
    for place in range(3):
        for label, share in shares_in_loops(fit, place).items():
            assert found.sel(alternative=label)[place] == pytest.approx(share, rel=1e-12)


def test_shares_of_the_data_are_averages_over_situations_with_their_weights():
    frame = TABLE.frame.assign(weight=np.where(TABLE.frame["subject"] == "s1", 3.0, 1.0))
    table = est.read_choices(frame, outside="nothing", weight="weight")
    fit = Fit(MNL.on(table), POOLED.tree, {})
    expected, total = dict.fromkeys(table.alternatives, 0.0), 0.0
    for _, rows in table.frame.groupby("situation", observed=True):
        value = logit_shares(list(rows[["price", "quality"]].to_numpy() @ DRAWS[1]))
        for label, share in zip(rows["alternative"], value, strict=True):
            expected[label] += share * rows["situation_weight"].iloc[0]
        total += rows["situation_weight"].iloc[0]
    found = est.shares(fit).draws[1]
    for label, share in expected.items():
        assert found.sel(alternative=label) == pytest.approx(share / total)


def test_elasticities_of_the_logit_are_the_closed_form():
    found = est.elasticities(POOLED, "price", MARKET).draws
    for place in range(3):
        share = shares_in_loops(POOLED, place)
        for i in ROWS:
            for j in ROWS:
                expected = DRAWS[place, 0] * ROWS[j][0] * ((i == j) - share[j])
                assert found.sel(alternative=i, changed=j)[place] == pytest.approx(expected, abs=1e-7)


def test_elasticities_of_the_nested_logit_are_those_of_differences():
    found = est.elasticities(NEST, "price", MARKET).draws
    for j in "ab":
        step = 1e-5
        up = {**ROWS, j: (ROWS[j][0] * (1 + step), ROWS[j][1])}
        down = {**ROWS, j: (ROWS[j][0] * (1 - step), ROWS[j][1])}
        base, high, low = (shares_in_loops(NEST, 0, rows) for rows in (ROWS, up, down))
        for i in ROWS:
            expected = (high[i] - low[i]) / (2 * step * base[i])
            assert found.sel(alternative=i, changed=j)[0] == pytest.approx(expected, abs=1e-6)


def test_without_nests_buyers_spread_in_proportion_to_shares():
    found = est.diversion(POOLED, MARKET).draws
    for place in range(3):
        share = shares_in_loops(POOLED, place)
        for j in "abc":
            for i in set(ROWS) - {j}:
                assert found.sel(removed=j, alternative=i)[place] == pytest.approx(share[i] / (1 - share[j]), rel=1e-9)
    np.testing.assert_allclose(found.sum("alternative", skipna=True), 1, rtol=1e-9)


def test_nests_make_close_products_closer_substitutes():
    found = est.diversion(NEST, MARKET).draws
    for place in range(3):
        share = shares_in_loops(NEST, place)
        assert found.sel(removed="a", alternative="b")[place] > share["b"] / (1 - share["a"])
        assert found.sel(removed="a", alternative="c")[place] < share["c"] / (1 - share["a"])
        gone = shares_in_loops(NEST, place, {label: row for label, row in ROWS.items() if label != "a"})
        assert found.sel(removed="a", alternative="b")[place] == pytest.approx((gone["b"] - share["b"]) / share["a"])


def test_willingness_to_pay_is_the_ratio_of_each_draw():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = est.willingness_to_pay(POOLED)
    np.testing.assert_allclose(found.draws.sel(coefficient="quality"), -DRAWS[:, 1] / DRAWS[:, 0])
    assert found.notes == ()
    with pytest.raises(est.ChoiceError, match="'prise' is none of the coefficients"):
        est.willingness_to_pay(POOLED, "prise")


def test_a_price_near_zero_is_warned_of_and_its_ratio_never_averaged():
    rng = np.random.default_rng(1)
    near_zero = np.column_stack([rng.normal(-0.02, 0.05, 4000), np.ones(4000)])
    fit = made(MNL, {"coefficients": (("coefficient",), near_zero)})
    with pytest.warns(est.UnstableRatioWarning, match="zero or positive in 3.* have no mean"):
        found = est.willingness_to_pay(fit, draws=4000)
    ratio = -1 / near_zero[:, 0]
    assert found.table.loc["quality", "median"] == pytest.approx(np.median(ratio))
    assert "mean" not in found.table.columns
    assert "no mean" in repr(found)
    with pytest.warns(est.UnstableRatioWarning):
        gain = est.surplus(fit, MARKET, MARKET.without("a"), draws=4000)
    assert np.isfinite(gain.table["median"]).all()


def test_the_surplus_of_the_logit_is_its_logsum_in_money():
    found = est.surplus(POOLED, MARKET)
    for place in range(3):
        logsum = np.log(sum(np.exp(value) for value in utilities(DRAWS[place]).values()))
        assert found.draws[place] == pytest.approx(-logsum / DRAWS[place, 0])
    gain = est.surplus(POOLED, MARKET.change("a", price=0.5), MARKET)
    dearer = est.surplus(POOLED, MARKET.change(price=lambda price: price + 1.0), MARKET)
    assert (gain.draws > 0).all()
    assert (gain.draws < 0.5).all()  # half a unit cheaper is worth at most half a unit, and that to its buyers only
    assert (dearer.draws > -1).all()


def test_levels_of_surplus_need_an_outside_option():
    without = est.read_choices(TABLE.without("nothing").frame)
    fit = Fit(MNL.on(without), POOLED.tree, {})
    offered = est.scenario(without)
    with pytest.raises(est.ChoiceError, match="only differences are known; give baseline="):
        est.surplus(fit, offered)
    assert est.surplus(fit, offered.change(price=lambda price: price - 1.0), offered).draws.to_numpy() == pytest.approx(
        1
    )
