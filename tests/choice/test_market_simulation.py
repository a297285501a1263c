"""Importances, part-worths, hit rates, price curves: against loops, closed forms and what was really left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from choice_builders import choice_table, with_outside
from oracles.choice_loops import logit_shares

import estimation as est
from estimation.fits.fit import Fit

RNG = np.random.default_rng(4)
BRANDS = est.ChoiceTable.from_frame(
    with_outside(8, 4).frame.assign(
        brand=lambda rows: rows["alternative"].map({"a": "Acme", "b": "Bora", "c": "Cusp"})
    ),
    outside="nothing",
    synthetic=True,
)
MODEL = est.MultinomialLogit(["price", "quality", "brand", "nothing"], random="all")
NAMES = ["nothing", "price", "quality", "brand[T.Bora]", "brand[T.Cusp]"]
OWN = RNG.normal([0.3, -0.8, 1.2, 0.5, -0.4], 0.3, size=(6, 8, 5))


def made(model, table, weights) -> Fit:
    """Return a fit whose draws of people's weights, (sample, person, coefficient), are known."""
    names = model.on(table).coefficients
    mean = xr.DataArray(weights.mean(axis=1)[None], dims=("chain", "draw", "coefficient"))
    coords = {"subject": table.subjects, "coefficient": names}
    people = xr.Dataset({"coefficients": (("sample", "subject", "coefficient"), weights)}, coords)
    groups = {"/": xr.Dataset(), "posterior": xr.Dataset({"mean": mean}, {"coefficient": names}), "people": people}
    return Fit(model.on(table), xr.DataTree.from_dict(groups), {})


FIT = made(MODEL, BRANDS, OWN)
INSIDE = BRANDS.frame.query("alternative != 'nothing'")
SPAN = {name: np.ptp(INSIDE[name]) for name in ("price", "quality")}


def ranges_in_loops(own):
    """Return the ranges of price, quality and brand for one person's weights."""
    brand = [0.0, own[3], own[4]]
    return [abs(own[1]) * SPAN["price"], abs(own[2]) * SPAN["quality"], max(brand) - min(brand)]


def test_importances_are_shares_of_ranges_person_by_person_and_draw_by_draw():
    assert FIT.problem.coefficients == NAMES
    found = est.attribute_importances(FIT)
    assert [str(name) for name in found.draws["attribute"].to_numpy()] == ["price", "quality", "brand"]
    for sample in range(6):
        shares = [np.array(ranges_in_loops(own)) / sum(ranges_in_loops(own)) for own in OWN[sample]]
        np.testing.assert_allclose(found.draws[sample], np.mean(shares, axis=0))


def test_part_worths_have_mean_zero_within_attributes_and_ranges_of_a_hundred_each():
    table = est.part_worth_table(FIT)
    levels = pd.Series([name.partition(": ")[0] for name in table.columns], table.columns)
    brand = table[levels.index[levels == "brand"]]
    assert list(brand) == ["brand: Acme", "brand: Bora", "brand: Cusp"]
    np.testing.assert_allclose(brand.sum(axis=1), 0, atol=1e-9)
    mean = OWN.mean(axis=0)
    total = np.array([sum(ranges_in_loops(own)) for own in mean])
    np.testing.assert_allclose(
        np.ptp(brand.to_numpy(), axis=1),
        [300 * ranges_in_loops(own)[2] / t for own, t in zip(mean, total, strict=True)],
    )
    raw = est.part_worth_table(FIT, "raw")
    np.testing.assert_allclose(raw["brand: Bora"] - raw["brand: Acme"], mean[:, 3])
    np.testing.assert_allclose(raw["nothing"], mean[:, 0])


def test_scaled_part_worths_choose_as_the_weights_do():
    """Sums of part-worths differ from utilities by one constant and one factor per person: nothing included."""
    table, mean = est.part_worth_table(FIT), OWN.mean(axis=0)
    rows = INSIDE[INSIDE["price"] == INSIDE["price"].max()].iloc[0]
    for place in range(8):
        own, worth = mean[place], table.iloc[place]
        factor = 300 / sum(ranges_in_loops(own))
        dearest = worth[[name for name in table if name.startswith("price")]].iloc[-1]
        gap = factor * own[1] * (rows["price"] - np.mean(sorted(set(INSIDE["price"]))))
        assert dearest == pytest.approx(gap)
        centres = (
            own[1] * INSIDE["price"].drop_duplicates().mean() + own[2] * INSIDE["quality"].drop_duplicates().mean()
        )
        assert worth["nothing"] == pytest.approx(factor * (own[0] - centres - (own[3] + own[4]) / 3))


def test_the_root_likelihood_of_a_person_is_a_geometric_mean():
    found = est.part_worth_table(FIT)["RLH"]
    chances = []
    for _, rows in BRANDS.frame.query("subject == 's1'").groupby("situation", observed=True):
        x = np.column_stack(
            [
                -(rows["alternative"] != "nothing").astype(float),
                *(rows[name].fillna(0) * (rows["alternative"] != "nothing") for name in ("price", "quality")),
                *((rows["brand"] == brand).astype(float) for brand in ("Bora", "Cusp")),
            ]
        )
        draws = [logit_shares(list(x @ own[0]))[int(np.flatnonzero(rows["chosen"])[0])] for own in OWN]
        chances.append(np.mean(draws))
    assert found["s1"] == pytest.approx(np.exp(np.mean(np.log(chances))))


def test_what_describes_people_shifts_importances_and_forbids_a_common_table():
    model = est.MultinomialLogit(["price", "income:price", "quality"], random="all")
    weights = np.tile([-0.5, -0.1, 1.0], (2, 8, 1))
    fitted = made(model, BRANDS, weights)
    income = BRANDS.frame.groupby("subject", observed=True)["income"].first().loc[BRANDS.subjects].to_numpy()
    price, quality = (0.5 + 0.1 * income) * SPAN["price"], SPAN["quality"]
    found = est.attribute_importances(fitted).table["median"]
    assert found["price"] == pytest.approx(np.mean(price / (price + quality)))
    with pytest.raises(est.ChoiceError, match="depends on covariates of people"):
        est.part_worth_table(fitted)


def test_constants_are_an_attribute_and_the_reference_is_its_level():
    table = choice_table(8, 4)
    fitted = made(
        est.MultinomialLogit(["price"], constants=True, random="all"), table, np.tile([0.7, -0.2, -0.5], (2, 8, 1))
    )
    assert [name for name in est.part_worth_table(fitted) if name.startswith("alt")] == [
        "alternative: a",
        "alternative: b",
        "alternative: c",
    ]
    found = est.attribute_importances(fitted).table["median"]
    assert found["alternative"] == pytest.approx(0.9 / (0.9 + 0.5 * np.ptp(table.frame["price"])))


PRODUCTS = pd.DataFrame(
    {"alternative": ["x", "y"], "price": [2.0, 3.0], "quality": [0.5, 1.0], "brand": ["Acme", "Bora"]}
)
MARKET = est.scenario(BRANDS, PRODUCTS)


def test_price_curves_and_tables_of_scenarios_are_the_shares_of_each_scenario():
    curve = est.price_curve(FIT, "x", [1.0, 2.5], MARKET)
    for price in (1.0, 2.5):
        alone = est.shares(FIT, MARKET.change("x", price=price))
        np.testing.assert_allclose(curve.draws.sel(price=price), alone.draws)
    table = est.share_table(FIT, {"today": MARKET, "alone": MARKET.without("y")})
    np.testing.assert_allclose(table.draws.sel(scenario="today"), est.shares(FIT, MARKET).draws)
    assert np.isnan(table.draws.sel(scenario="alone", alternative="y")).all()
    own = [logit_shares([own @ [-1, 1.0, 0.5, 0, 0], own @ [-1, 3.0, 1.0, 1, 0], 0.0])[0] for own in OWN[0]]
    assert float(est.price_curve(FIT, "x", [1.0], MARKET).draws[0, 0].sel(alternative="x")) == pytest.approx(
        np.mean(own)
    )
    for wrong in ({"alternative": "z"}, {"alternative": "nothing"}, {"prices": []}):
        with pytest.raises(est.ChoiceError):
            est.price_curve(FIT, **{"alternative": "x", "prices": [1.0], "scenario": MARKET} | wrong)


def test_figures_show_every_curve_with_a_band_and_every_attribute_with_an_interval():
    axes = est.plot_price_curve(est.price_curve(FIT, "x", [1.0, 2.0, 3.0], MARKET))
    assert [line.get_label() for line in axes.lines] == ["nothing", "x", "y"]
    assert len(axes.collections) == 3
    assert axes.get_xlabel() == "price of x"
    assert axes.get_title() == "SYNTHETIC"
    bars = est.plot_importances(est.attribute_importances(FIT)).patches
    assert sum(bar.get_width() for bar in bars) == pytest.approx(100, abs=10)


@pytest.fixture(scope="module")
def apart():
    """Choices of 120 people; the fit has not seen one of each."""
    table = with_outside(120, 6, seed=12)
    model = est.MultinomialLogit(["price", "quality"])
    kept, out = est.hold_out(table, seed=3)
    return table, est.fit(model, table, seed=1, draws=200), est.fit(model, kept, seed=1, draws=200), out


def test_choices_that_are_left_out_are_one_of_each_person_and_the_others_stay(apart):
    table, _, fitted, out = apart
    assert (len(out), len(fitted.table)) == (120, 600)
    assert set(out.situations) | set(fitted.table.situations) == set(table.situations)
    with pytest.raises(est.ChoiceError, match="nobody made more than 6 choices"):
        est.hold_out(table, 6)


def test_left_out_choices_are_predicted_as_a_loop_predicts_them(apart):
    _, _, fitted, out = apart
    found = est.hit_rates(fitted, out)
    draws = (
        fitted.posterior["coefficients"].stack(sample=("chain", "draw")).transpose("sample", "coefficient").to_numpy()
    )
    for situation, rows in list(out.frame.groupby("situation", observed=True))[:12]:
        x = rows[["price", "quality"]].to_numpy() * (rows["alternative"] != "nothing").to_numpy()[:, None]
        x = np.nan_to_num(x)
        share = np.mean([logit_shares(list(x @ draw)) for draw in draws[::2]], axis=0)
        place = int(np.flatnonzero(rows["chosen"])[0])
        row = found.choices.loc[str(situation)]
        assert row["probability"] == pytest.approx(share[place], abs=0.01)
        if np.diff(np.sort(share))[-1] > 0.02:
            assert row["hit"] == (place == share.argmax())


def test_leaving_out_by_weights_agrees_with_leaving_out_by_refits(apart):
    """One fit, reweighted, against a second one that has not seen the choices: the same choices, within draws."""
    _, whole, fitted, out = apart
    by_weights = est.hit_rates(whole).choices.loc[out.situations]
    by_refit = est.hit_rates(fitted, out).choices
    difference = np.log(by_weights["probability"] / by_refit["probability"])
    assert abs(difference.mean()) < 0.02  # the refit lacks all 120 at once
    assert by_weights["hit"].mean() == pytest.approx(by_refit["hit"].mean(), abs=0.05)
    table = est.hit_rates(whole).table
    assert table.loc["hit rate", "low"] > table.loc["hit rate", "by guessing"]
    assert 0.2 < table.loc["root likelihood", "by guessing"] < table.loc["root likelihood", "estimate"] < 1


def test_people_whom_the_fit_does_not_know_are_not_taken_for_others():
    stranger = choice_table(9, 4)
    fitted = made(est.MultinomialLogit(["price", "quality"], random="all"), choice_table(8, 4), np.ones((2, 8, 2)))
    with pytest.raises(est.ChoiceError, match="does not know 1 of these people"):
        est.hit_rates(fitted, stranger)
