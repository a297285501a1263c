"""Shares, elasticities, diversion, willingness to pay, surplus: closed forms, loops and limits."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from choice_builders import choice_table, with_outside
from oracles.choice_loops import logit_shares, nested_shares

import estimation as est
from estimation.fits.fit import Fit

PRODUCTS = pd.DataFrame({"alternative": list("abc"), "price": [1.0, 2.0, 1.5], "quality": [0.2, 1.5, 0.4]})
ROWS = {"a": (1.0, 0.2), "b": (2.0, 1.5), "c": (1.5, 0.4), "nothing": (0.0, 0.0)}
TABLE = with_outside(8, 4)
MNL = est.MultinomialLogit(["price", "quality"])
NESTED = est.NestedLogit(["price", "quality"], nests={"near": ["a", "b"]})
MIXED = est.MultinomialLogit(["price", "quality"], random="all", distributions={"price": "-lognormal"})


def made(model, posterior, people=None) -> Fit:
    """Return a fit with draws of our own: variables as (draw, …) with names of dimensions."""
    data = {
        name: (("chain", "draw", *dims), np.asarray(values, dtype=float)[None])
        for name, (dims, values) in posterior.items()
    }
    coords = {"coefficient": ["price", "quality"], "other": ["price", "quality"], "nest": ["near"], "class": ["0", "1"]}
    used = {dim for dims, _ in posterior.values() for dim in dims}
    groups = {"/": xr.Dataset(), "posterior": xr.Dataset(data, {name: coords[name] for name in used})}
    if people is not None:
        dims = ("sample", "subject", "coefficient")
        own = {"coefficients": (dims, people)}
        groups["people"] = xr.Dataset(own, {"subject": TABLE.subjects, "coefficient": ["price", "quality"]})
    return Fit(model.on(TABLE), xr.DataTree.from_dict(groups), {})


DRAWS = np.array([[-0.8, 1.2], [-1.0, 0.5], [-0.5, 0.9]])
POOLED = made(MNL, {"coefficients": (("coefficient",), DRAWS)})
TAU = np.array([[0.3], [0.8], [0.6]])
NEST = made(NESTED, {"coefficients": (("coefficient",), DRAWS), "dissimilarity": (("nest",), TAU)})
MARKET = est.scenario(TABLE, PRODUCTS)


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


PEOPLE = np.random.default_rng(4).normal([-1.0, 1.0], 0.3, (5, 8, 2))
MEAN, COVARIANCE = np.array([[-0.2, 1.0]] * 400), np.array([[[0.16, -0.1], [-0.1, 1.0]]] * 400)
POPULATION = {"mean": (("coefficient",), MEAN), "covariance": (("coefficient", "other"), COVARIANCE)}


def test_known_people_choose_with_their_own_weights():
    fit = made(MIXED, POPULATION, PEOPLE)
    found = est.shares(fit, MARKET, people="known").draws
    rows = np.array(list(ROWS.values()))
    for place in range(5):
        each = [logit_shares(list(rows @ PEOPLE[place, person])) for person in range(8)]
        for label, share in zip(ROWS, np.mean(each, axis=0), strict=True):
            assert found.sel(alternative=label)[place] == pytest.approx(share)


def test_new_people_are_drawn_from_the_population_with_its_correlations_and_signs():
    fit = made(MIXED, POPULATION, PEOPLE)
    found = est.shares(fit, MARKET, people="new").draws.mean("sample")
    rng = np.random.default_rng(9)
    latent = rng.multivariate_normal(MEAN[0], COVARIANCE[0], 200_000)
    latent[:, 0] = -np.exp(latent[:, 0])
    value = np.exp(latent @ np.array(list(ROWS.values())).T)
    expected = (value / value.sum(axis=1, keepdims=True)).mean(axis=0)
    spread = (value / value.sum(axis=1, keepdims=True)).std(axis=0)
    for label, share, sd in zip(ROWS, expected, spread, strict=True):
        assert found.sel(alternative=label) == pytest.approx(share, abs=4 * sd / np.sqrt(400 * 8))
    with pytest.raises(est.ChoiceError, match="people must be one of"):
        est.shares(fit, MARKET, people="all")


def test_new_people_of_latent_classes_belong_to_one_class_each():
    classes = np.array([[[-1.0, 3.0], [-1.0, -3.0]]] * 400)
    posterior = {"coefficients": (("class", "coefficient"), classes), "share": (("class",), [[0.3, 0.7]] * 400)}
    fit = made(est.LatentClassLogit(["price", "quality"]), posterior, PEOPLE)
    found = est.willingness_to_pay(fit, people="new").draws
    assert set(np.unique(found)) <= {-3.0, 0.0, 3.0}
    shares = est.shares(fit, MARKET, people="new").draws.mean("sample")
    rows = np.array(list(ROWS.values()))
    expected = 0.3 * np.array(logit_shares(list(rows @ classes[0, 0]))) + 0.7 * np.array(
        logit_shares(list(rows @ classes[0, 1]))
    )
    np.testing.assert_allclose(shares.sel(alternative=list(ROWS)), expected, atol=0.03)


def test_a_price_that_is_negative_by_construction_needs_no_warning():
    fit = made(MIXED, POPULATION, -np.abs(PEOPLE))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = est.willingness_to_pay(fit, people="new")
    assert np.isfinite(found.draws).all()


def test_part_worths_are_those_of_each_person():
    table = est.part_worths(made(MIXED, POPULATION, PEOPLE))
    assert len(table) == 16
    assert table.loc[("s3", "quality"), "mean"] == pytest.approx(PEOPLE[:, 2, 1].mean())
    with pytest.raises(est.ChoiceError, match="gives everybody the same weights"):
        est.part_worths(POOLED)


def test_correlated_tastes_make_close_products_closer_substitutes():
    products = pd.DataFrame(
        {"alternative": ["ballpoint", "fountain", "pencil"], "ink": [1.0, 1, 0], "lead": [0.0, 0, 1]}
    )
    rows = products.merge(pd.DataFrame({"situation": range(400)}), how="cross").assign(chosen=0)
    rng = np.random.default_rng(2)
    weights = pd.DataFrame({"ink": rng.normal(1, 3, 400), "lead": rng.normal(1, 3, 400)}, index=range(400))
    table = est.read_choices(rows, outside="nothing")
    model = est.MultinomialLogit(["ink", "lead"], random="all")
    groups = {"coefficients": (("sample", "subject", "coefficient"), weights.to_numpy()[None])}
    people = xr.Dataset(groups, {"subject": table.subjects, "coefficient": ["ink", "lead"]})
    posterior = xr.Dataset(
        {"mean": (("chain", "draw", "coefficient"), np.ones((1, 1, 2)))}, {"coefficient": ["ink", "lead"]}
    )
    fit = Fit(model.on(table), xr.DataTree.from_dict({"posterior": posterior, "people": people}), {})
    share = est.shares(fit).draws[0]
    found = est.diversion(fit).draws[0].sel(removed="fountain")
    proportional = share / (1 - share.sel(alternative="fountain"))
    assert found.sel(alternative="ballpoint") > 1.4 * proportional.sel(alternative="ballpoint")
    assert found.sel(alternative="pencil") < 0.8 * proportional.sel(alternative="pencil")


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
