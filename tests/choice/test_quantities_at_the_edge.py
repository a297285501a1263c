"""Quantities of choices at the edge: what has no answer is refused by name, and what has one does not hang on names.

About 2 processor seconds; those that fit something are slow and take 8.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from choice_grid import LABELS, case_of, fitted, frame_of

import estimation as est
from estimation import cli

PEOPLE = case_of(est.MultinomialLogit(["price", "quality", "brand", "none"], random="all"), differ=True)
SCALED = case_of(
    est.HeteroscedasticLogit(["price", "quality"], scale=["income"]),
    further={"scale": (("group",), np.array([[1.1], [0.9], [1.0]]))},
    coords={"group": ["income"]},
)
SQUARED = case_of(est.MultinomialLogit(["price", "quality"]), weight=None)
COMPONENTS = case_of(
    est.MultinomialLogit(["price"], random="all", covariance="diagonal", error_components={"close": ["1", "10"]}),
    differ=True,
    outside=None,
)
OFFERED = est.scenario(PEOPLE.fit.table)
PRODUCTS = pd.DataFrame({"alternative": ["1", "2"], "price": [1.0, 2.0], "quality": [0.0, 1.0], "brand": "Aro"})


def strangers():
    frame = frame_of().assign(subject=lambda rows: "new " + rows["subject"])
    return est.scenario(est.read_choices(frame, outside="none"))


def market(**columns):
    return est.scenario(PEOPLE.fit.table, PRODUCTS.assign(**columns))


def bent(term):
    model = est.MultinomialLogit(["price", term, "quality"])
    fit = fitted(model, SQUARED.fit.table, {"coefficients": (("coefficient",), [[-1.0, 0.1, 1.0]])}, {})
    return lambda: est.willingness_to_pay(fit)


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        (lambda: est.shares(PEOPLE.fit, strangers()), "people of whom the fit knows nothing"),
        (lambda: est.surplus(PEOPLE.fit, strangers()), "people of whom the fit knows nothing"),
        (lambda: market(situation_weight=2.0), "'situation_weight' says who chooses"),
        (lambda: market(choice_stage=-1.0), "'choice_stage' says who chooses"),
        (lambda: market(subject="001"), "'subject' says who chooses"),
        (lambda: est.scenario(PEOPLE.fit.table, PRODUCTS.iloc[:0]), "there are no products"),
        (lambda: OFFERED.change("none", price=1.0), "'none' is the outside option, whose utility is zero"),
        (lambda: OFFERED.adding("11", like="none"), "'none' is the outside option, whose utility is zero"),
        (lambda: OFFERED.change(situation_weight=2.0), "no attribute 'situation_weight'"),
        (lambda: OFFERED.change("4", price=1.0), "'4' is not offered; there are"),
        (lambda: est.elasticities(PEOPLE.fit, "brand"), "'brand' holds labels"),
        (lambda: est.elasticities(PEOPLE.fit, "size"), r"does not read 'size'; it reads \['brand', 'price'"),
        (lambda: est.elasticities(PEOPLE.fit, "alternative"), "no attribute 'alternative'"),
        (lambda: est.elasticities(SCALED.fit, "income"), "scale of all utilities of a situation depends on 'income'"),
        (lambda: est.price_curve(PEOPLE.fit, "1", [1.0], price="size"), "does not read 'size'"),
        (
            lambda: COMPONENTS.fit.product_weights(PRODUCTS.set_index("alternative"), instead={"price": 2.0}),
            "instead= is none of the alternatives",
        ),
        (bent("I(price**2)"), r"terms \['I\(price\*\*2\)'\] read 'price', too"),
        (bent("price:3"), r"terms \['price:3'\] read 'price', too"),
        (lambda: est.surplus(PEOPLE.fit, OFFERED, market()), "18 and 6 situations; make both from the same"),
    ],
)
def test_what_has_no_answer_is_refused(asks, said):
    with pytest.raises(est.ChoiceError, match=said):
        asks()


def test_gains_are_between_the_same_situations():
    rows = [("1", "ab"), ("2", "cd"), ("3", "ac")]
    frame = pd.DataFrame(
        [
            (situation, label, label == own[0], place, place**2)
            for situation, own in rows
            for place, label in enumerate(own)
        ],
        columns=["situation", "alternative", "chosen", "price", "quality"],
    ).assign(subject="p")
    fit = case_of(est.MultinomialLogit(["price", "quality"])).fit
    table = est.read_choices(frame.astype({"chosen": int}))
    offered = est.scenario(table)
    with pytest.raises(est.ChoiceError, match="hold 2 and 2 situations, and not the same"):
        est.surplus(fit, offered.without(["a", "b"]), offered.without(["c", "d"]))


def test_numbered_alternatives_keep_their_order_in_every_scenario():
    assert OFFERED.alternatives == [*LABELS, "none"]
    assert OFFERED.without("3").alternatives == ["1", "2", "10", "none"]
    assert OFFERED.adding("4", like="1").alternatives == ["1", "2", "3", "4", "10", "none"]


def test_fewer_draws_are_some_of_the_draws():
    np.testing.assert_array_equal(est.shares(PEOPLE.fit, draws=1).draws, est.shares(PEOPLE.fit).draws[:1])


ODD = {
    "price": "price per kg",
    "source": "self",
    "quality": "mean",
    "size": "draw",
    "income": "coefficient",
    "brand": "it's a 'brand'",
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """The same fit under plain and under odd names of columns, and the odd one kept in a file."""
    path = tmp_path_factory.mktemp("odd")
    how = {"seed": 3, "draws": 400, "chains": 2}
    plain = est.read_choices(frame_of(people=6, tasks=3), outside="none", weight="w")
    table = est.read_choices(frame_of(people=6, tasks=3).rename(columns=ODD), outside="none", weight="w")
    terms = ["price", "quality", "size", "price:income"]
    known = {"price": "price per kg", "quality": "mean", "size": "draw", "price:income": "price per kg:coefficient"}
    first = est.fit(est.MultinomialLogit(terms), plain, **how)
    second = est.fit(est.MultinomialLogit(list(known.values())), table, path=path / "odd.nc", **how)
    return first, second, path / "odd.nc"


def quantities(fit, price):
    offered = est.scenario(fit.table)
    cheaper = offered.change("10", **{price: 0.5} | ({"self": "a"} if "self" in offered.attributes else {}))
    return {
        "shares": est.shares(fit, cheaper),
        "elasticities": est.elasticities(fit, price),
        "diversion": est.diversion(fit),
        "curve": est.price_curve(fit, "2", [1.0, 2.0], price=price),
        "worth": est.willingness_to_pay(fit, price),
        "importances": est.attribute_importances(fit),
        "surplus": est.surplus(fit, cheaper, offered, price=price),
    }


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::estimation.UnstableRatioWarning")
def test_names_of_columns_change_nothing_and_a_kept_fit_says_the_same(odd):
    first, second, path = odd
    plain, named, kept = (
        quantities(first, "price"),
        quantities(second, "price per kg"),
        quantities(est.load_fit(path), "price per kg"),
    )
    for name, quantity in plain.items():
        np.testing.assert_allclose(named[name].draws, quantity.draws, rtol=1e-7, atol=1e-12)
        np.testing.assert_array_equal(named[name].draws, kept[name].draws)


@pytest.mark.slow
def test_the_command_line_says_what_python_says(odd, capsys, tmp_path):
    _, fit, path = odd
    how = [
        "market",
        str(path),
        "--without",
        "3",
        "--change",
        "10:mean=2",
        "--curve",
        "10=1:2",
        "--price",
        "price per kg",
    ]
    with pytest.raises(SystemExit) as ended:
        cli.main([*how, "--json"])
    printed = capsys.readouterr()
    assert ended.value.code == 0, printed.err
    found, offered = json.loads(printed.out), est.scenario(fit.table)
    scenarios = {"the data": offered, "10:mean=2": offered.change("10", mean=2.0), "without 3": offered.without("3")}
    expected = est.share_table(fit, scenarios).table["median"]
    shares = {(row["scenario"], row["alternative"]): row["median"] for row in found["shares"]}
    for label, value in expected.items():
        assert shares[label] == (None if np.isnan(value) else pytest.approx(value, rel=1e-9))
    curve = est.price_curve(fit, "10", np.linspace(1, 2, 9), price="price per kg").table["median"]
    assert [row["median"] for row in found["curves"]["10"]] == pytest.approx(curve.tolist(), rel=1e-9)
    importances = est.attribute_importances(fit).table["median"]
    assert {row["attribute"]: row["median"] for row in found["importances"]} == pytest.approx(importances.to_dict())
