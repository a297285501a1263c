"""Every quantity under every model against loops over draws, people, situations and alternatives.

Ragged situations with alternatives that are numbers, weights of people, labels, an offset, an interaction with who
chooses. About 10 processor seconds; the models that are slow add 25.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from choice_grid import DRAWS, LABELS, TERMS
from choice_grid_models import CASES, made
from oracles import market_loops as loops

import estimation as est

CHANGES = {"price": lambda value: value * 1.3, "quality": lambda value: value - 0.5}
MARKET = pd.DataFrame({"alternative": ["10", "2", "new"], "price": [1.5, 2.5, 0.0], "quality": [0.3, -0.2, 5.0]})
MARKET = MARKET.assign(brand=["Bora", "Aro", "Cusp"], size=[1.0, 2.0, 1.5], source="b")


QUICK = {"offset and income", "people", "nests with constants", "noise by source"}


@pytest.fixture(params=[pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in CASES])
def case(request):
    return made(request.param)


def hold(found, expected, rel=1e-9):
    """Compare draws of a quantity with what loops say of each draw: label → value."""
    for draw, values in enumerate(expected):
        own = found.draws.isel(sample=draw)
        at = {label: float(own.sel(dict(zip(own.dims, label, strict=True)))) for label in values}
        assert at == pytest.approx(values, rel=rel, abs=rel)


def of_shares(case, situations):
    found = (loops.shares(situations, case.utility(draw), case.choices[draw]) for draw in range(DRAWS))
    return [{(label,): share for label, share in one.items()} for one in found]


def test_shares_of_the_data_and_of_changes(case):
    offered, situations = est.scenario(case.fit.table), case.situations
    hold(est.shares(case.fit), of_shares(case, situations))
    for alternative in ("10", None):
        name = "price" if alternative else "quality"
        if name in offered.attributes and name in case.fit.model.columns_read(case.fit.table):
            change = CHANGES[name]
            now = loops.changed(situations, alternative, name, change)
            hold(est.shares(case.fit, offered.change(alternative, **{name: change})), of_shares(case, now))
    hold(est.shares(case.fit, offered.without("2")), of_shares(case, loops.without(situations, "2")))


def test_tables_and_curves_are_those_of_each_scenario(case):
    offered = est.scenario(case.fit.table)
    table = est.share_table(case.fit, {"today": offered, "gone": offered.without("3")})
    expected = zip(of_shares(case, case.situations), of_shares(case, loops.without(case.situations, "3")), strict=True)
    hold(
        table,
        [
            {("today", *label): v for label, v in a.items()} | {("gone", *label): v for label, v in b.items()}
            for a, b in expected
        ],
    )
    prices = [0.0, 2.5, 40.0]
    curve = est.price_curve(case.fit, "10", prices)
    at = [of_shares(case, loops.changed(case.situations, "10", "price", lambda _, to=price: to)) for price in prices]
    hold(
        curve,
        [
            {(p, *label): v for p, own in zip(prices, at, strict=True) for label, v in own[k].items()}
            for k in range(DRAWS)
        ],
    )


def test_elasticities_are_differences_of_shares(case):
    found, every = est.elasticities(case.fit), [*LABELS, *([case.outside] if case.outside else [])]
    for draw in range(DRAWS):
        own = loops.elasticity(case.situations, case.utility(draw), case.choices[draw], "price", LABELS)
        at = {(i, j): float(found.draws[draw].sel(alternative=i, changed=j)) for i, j in own}
        assert at == pytest.approx(own, rel=1e-6, abs=1e-8)
    if case.outside:
        assert (found.draws.sel(changed=case.outside) == 0).all()
    assert list(found.draws["alternative"].to_numpy()) == sorted(
        every, key=lambda label: (not label.isdigit(), label.zfill(3))
    )


def test_diversion_is_what_happens_without_each(case):
    labels = [*LABELS, *([case.outside] if case.outside else [])]
    choices = [(case.utility(draw), case.choices[draw]) for draw in range(DRAWS)]
    hold(est.diversion(case.fit), [loops.diversion(case.situations, *own, labels) for own in choices], rel=1e-8)


def rate(case, draw):
    """Return what one more unit of price takes from utility, for the person in the row."""
    about = [name for name in case.own(draw, case.subjects[0]) if "price" in name.split(":")]
    unit = {"price": 1.0}
    return lambda person, row: sum(case.own(draw, person)[name] * TERMS[name](row | unit) for name in about)


def test_surplus_is_the_logsum_in_money(case):
    offered, situations = est.scenario(case.fit.table), case.situations
    cheaper = offered.change("10", price=lambda price: price - 0.5)
    now = loops.changed(situations, "10", "price", lambda price: price - 0.5)
    if getattr(case.fit.model, "unscaled", False):
        with pytest.raises(est.ChoiceError, match="logsum is no utility"):
            est.surplus(case.fit, cheaper, offered)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gain = est.surplus(case.fit, cheaper, offered).draws
    for draw in range(DRAWS):
        how = case.utility(draw), case.choices[draw], rate(case, draw)
        assert float(gain[draw]) == pytest.approx(loops.surplus(now, *how, situations), rel=1e-9)
        if case.outside:
            level = float(est.surplus(case.fit, offered).draws[draw])
            assert level == pytest.approx(loops.surplus(situations, *how), rel=1e-9)
    everything = est.surplus(case.fit, offered.change(price=lambda price: price - 1), offered).draws
    if not case.outside:
        np.testing.assert_allclose(everything, 1.0, rtol=1e-9)  # a unit of money less for whatever is taken


def test_willingness_to_pay_is_the_median_over_people_who_count_by_their_weights(case):
    found, subjects = est.willingness_to_pay(case.fit).draws, case.subjects
    first = {one["person"]: one for one in case.situations}
    repeats = {who: round(2 * one["weight"]) for who, one in first.items()}  # weights are 0.5, 1.5, …, or 1
    for draw in range(DRAWS):
        for name in (str(label) for label in found["coefficient"].to_numpy()):
            each = [-case.own(draw, who)[name] / rate(case, draw)(who, first[who]["rows"][0]) for who in subjects]
            copies = np.repeat(each, [repeats[who] for who in subjects])
            assert float(found[draw].sel(coefficient=name)) == pytest.approx(-np.median(-copies), rel=1e-9)
    assert not {"price", "price:income", "close"} & set(found["coefficient"].to_numpy().tolist())


def test_importances_are_ranges_of_levels_averaged_over_people_by_their_weights(case):
    found, subjects = est.attribute_importances(case.fit).draws, case.subjects
    inside = case.frame[case.frame["alternative"] != case.outside]
    columns = {str(name): str(name) for name in found["attribute"].to_numpy()}
    weight = {one["person"]: one["weight"] for one in case.situations}
    for draw in range(DRAWS):
        total = dict.fromkeys(columns, 0.0)
        for who in subjects:
            income = float(inside.loc[inside["subject"] == who, "income"].iloc[0])
            spans = {}
            for name in columns:
                worth = []
                for row in inside.drop_duplicates(name).assign(income=income).to_dict("records"):
                    terms = [term for term in case.own(draw, who) if columns_of(term) == name]
                    worth.append(sum(case.own(draw, who)[term] * TERMS[term](row) for term in terms))
                spans[name] = max(worth) - min(worth)
            for name in columns:
                total[name] += weight[who] / sum(weight.values()) * spans[name] / sum(spans.values())
        at = {name: float(found[draw].sel(attribute=name)) for name in columns}
        assert at == pytest.approx(total, rel=1e-9)


def columns_of(term):
    """Return the attribute that a coefficient is about."""
    return {"np.log(size)": "size", "price:income": "price", **dict.fromkeys(LABELS, "alternative")}.get(
        term, term.partition("[")[0]
    )


def test_a_market_of_products_is_one_situation_for_each_person_who_counts_by_weight(case):
    fit, frame = case.fit, case.frame
    products = MARKET if case.outside and not getattr(fit.model, "nests", None) else MARKET.iloc[:2]
    rows = [*products.to_dict("records"), *([{"alternative": "none"}] if case.outside else [])]
    people = frame.drop_duplicates("subject").to_dict("records")
    situations = [
        {
            "person": who["subject"],
            "weight": who.get("w", 1.0) if case.weight else 1.0,
            "rows": [row | {"income": who["income"]} for row in rows],
        }
        for who in people
    ]
    if "source" in fit.model.columns_read(fit.table):
        for one in situations:
            one["rows"] = [row | {"source": "b"} for row in one["rows"]]
    market = est.scenario(fit.table, products)
    hold(est.shares(fit, market), of_shares(case, situations))
    choices = [(case.utility(draw), case.choices[draw]) for draw in range(DRAWS)]
    labels = [row["alternative"] for row in rows]
    hold(est.diversion(fit, market), [loops.diversion(situations, *own, labels) for own in choices], rel=1e-8)
    priced = [row["alternative"] for row in rows if "price" in row]
    for draw, own in enumerate(choices):
        for place in range(len(situations)):
            situations[place]["rows"] = [
                row if "price" in row else row | {"price": 0.0} for row in situations[place]["rows"]
            ]
        expected = loops.elasticity(situations, *own, "price", priced)
        found = est.elasticities(fit, "price", market).draws[draw]
        at = {(i, j): float(found.sel(alternative=i, changed=j)) for i, j in expected}
        assert at == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_products_of_menus_have_the_weights_of_loops(case):
    fit = case.fit
    products = MARKET.iloc[:2].assign(income=3.0).set_index("alternative", drop=False).drop(columns="source")
    if not (case.outside and fit.model.is_mixture_of_logits):
        with pytest.raises(est.ChoiceError, match=r"no mixture of logits|no outside option"):
            fit.product_weights(products)
        return
    found, people = fit.product_weights(products, most_people=17), case.subjects
    if case.weight and case.weights.shape[1] > 1:
        people = [standing_at((place + 0.5) / 17, case) for place in range(17)]
    assert found.shape[1] == (len(people) if case.weights.shape[1] > 1 else 1)
    for draw in range(DRAWS):
        for place, who in enumerate(people[: found.shape[1]]):
            expected = [np.exp(case.utility(draw)(who, row)) for row in products.to_dict("records")]
            np.testing.assert_allclose(found[draw, place], expected, rtol=1e-9)


def standing_at(share, case):
    """Return who stands where so much of all weight has been passed, in the order of people."""
    weights = {one["person"]: one["weight"] for one in case.situations}
    passed = 0.0
    for who in case.subjects:
        passed += weights[who] / sum(weights.values())
        if share < passed:
            return who
    raise AssertionError
