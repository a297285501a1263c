"""Products in the types of databases, and named with blanks or as numbers, are those that the data know."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

import estimation as est

DRAWS = 50


@pytest.fixture(scope="module")
def fit():
    rng = np.random.default_rng(5)
    rows = [
        {"subject": who, "alternative": label, "price": rng.uniform(1, 5), "colour": rng.choice(["red", "blue"])}
        for who in range(60)
        for label in (1, 2)
    ]
    frame = pd.DataFrame(rows).assign(situation=1, chosen=rng.integers(0, 2, 120))
    frame.loc[frame["subject"].map(frame.groupby("subject")["chosen"].sum()) == 2, "chosen"] = 0
    table = est.read_choices(frame, outside="none")
    return est.fit(est.MultinomialLogit(["np.log(price)", "colour", "none"]), table, draws=DRAWS, chains=2)


PRODUCTS = pd.DataFrame({"alternative": ["1", "x"], "price": [1.0, 2.0], "colour": ["red", "blue"]})
PRINTED = PRODUCTS.assign(alternative=["1 ", " x"], colour=["red ", " blue"])
NONE = pd.DataFrame({"alternative": ["none "], "price": [9.0], "colour": ["red"]})
FORMS = {
    "with marks of nothing": PRODUCTS.convert_dtypes(),
    "of Arrow": PRODUCTS.convert_dtypes(dtype_backend="pyarrow"),
    "categories": PRODUCTS.astype({"colour": "category", "alternative": "category"}),
    "decimals": PRODUCTS.assign(price=[Decimal("1.00"), Decimal("2.00")]),
    "blanks": PRINTED,
    "nothing with blanks": pd.concat([PRODUCTS, NONE]),
    "a number as name": PRODUCTS.assign(alternative=[1.0, "x"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_shares_are_the_closed_form_whatever_products_are_stored_as(fit, form):
    found = est.shares(fit, est.scenario(fit.table, FORMS[form])).draws
    assert set(found["alternative"].to_numpy()) == {"1", "x", "none"}
    names = ("np.log(price)", "colour[T.red]", "none")
    weight = {name: fit.draws[f"coefficients[{name}]"].to_numpy() for name in names}
    odds = np.exp(np.stack([weight["colour[T.red]"], weight["np.log(price)"] * np.log(2.0), weight["none"]]))
    expected = odds / odds.sum(axis=0)
    for place, label in enumerate(("1", "x", "none")):
        np.testing.assert_allclose(found.sel(alternative=label), expected[place], rtol=1e-9)


@pytest.mark.parametrize("form", ["with marks of nothing", "of Arrow"])
def test_what_products_are_worth_is_so_too(fit, form):
    plain = fit.product_weights(PRODUCTS.set_index("alternative"), draws=20)
    np.testing.assert_array_equal(fit.product_weights(FORMS[form].set_index("alternative"), draws=20), plain)


def test_changes_and_new_products_may_be_truth_values_decimals_and_labels_with_blanks(fit):
    market = est.scenario(fit.table, PRODUCTS)
    for changed, plain in (
        (market.change("x", price=True), market.change("x", price=1.0)),
        (market.change("x", price=[True] * 60), market.change("x", price=1.0)),
        (market.change("x", colour=" red "), market.change("x", colour="red")),
        (market.adding("y", price=Decimal("1.5"), colour="red "), market.adding("y", price=1.5, colour="red")),
        (market.adding("y", like="x", price=True), market.adding("y", like="x", price=1.0)),
    ):
        pd.testing.assert_frame_equal(changed.frame, plain.frame)


def test_a_product_is_listed_twice_if_only_blanks_tell_two_apart(fit):
    with pytest.raises(est.ChoiceError, match="a product is listed twice"):
        est.scenario(fit.table, PRODUCTS.assign(alternative=["x", "x "]))
