"""Quantities of choices at the edge: what has no answer is refused by name, and what has one does not hang on names.

About 7 processor seconds.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from choice_grid import LABELS, case_of, fitted, frame_of
from oracles import market_loops as loops

import estimation as est
from estimation import cli
from estimation.choice.sampling.people import weighted_median

PEOPLE = case_of(est.MultinomialLogit(["price", "quality", "brand", "none"], random="all"), differ=True)
SCALED = case_of(
    est.HeteroscedasticLogit(["price", "quality"], scale=["income"]),
    further={"scale": (("group",), np.array([[1.1], [0.9], [1.0]]))},
    coords={"group": ["income"]},
)
SQUARED = case_of(est.MultinomialLogit(["price", "quality"]), weight=None)
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
    np.testing.assert_array_equal(est.shares(PEOPLE.fit, draws=2).draws, est.shares(PEOPLE.fit).draws[[0, 2]])


def test_the_median_over_people_is_that_of_so_many_copies_of_each():
    rng = np.random.default_rng(1)
    values, weight = rng.normal(size=(4, 7, 2)), np.array([1, 2, 3, 1, 4, 2, 1])
    copies = np.repeat(values, weight, axis=1)
    np.testing.assert_allclose(weighted_median(values, weight / 7), np.median(copies, axis=1))
    np.testing.assert_allclose(weighted_median(values[:, :6], np.ones(6)), np.median(values[:, :6], axis=1))


@pytest.fixture(scope="module")
def markets():
    """Counts of three markets, the same choices one by one, and fits of both with the same draws of markets."""
    rng = np.random.default_rng(3)
    counts = pd.DataFrame(
        [
            {"market": market, "alternative": label, "price": rng.uniform(1, 4), "quality": rng.normal(), "count": n}
            for market, own in enumerate([(5, 1, 3), (2, 2, 6), (1, 8, 2)])
            for label, n in zip("abc", own, strict=True)
        ]
    )
    table = est.choices_from_counts(counts)
    single = [
        row
        | {
            "subject": row["market"],
            "situation": f"{row['market']}-{label}-{n}",
            "chosen": int(row["alternative"] == label),
        }
        for _, own in counts.groupby("market")
        for label, count in zip(own["alternative"], own["count"], strict=True)
        for n in range(count)
        for row in own.drop(columns="count").to_dict("records")
    ]
    single = est.read_choices(pd.DataFrame(single).drop(columns="market"))
    model, weights = est.MultinomialLogit(["price", "quality"], random="all"), rng.normal([-1, 1], 0.3, (60, 3, 2))
    posterior = {"mean": (("coefficient",), weights.mean(axis=1))}
    return [fitted(model, one, posterior, {}, weights) for one in (table, single)]


def test_counted_choices_are_predicted_and_checked_as_one_by_one(markets):
    counted, single = markets
    np.testing.assert_allclose(est.part_worth_table(counted)["RLH"], est.part_worth_table(single)["RLH"])
    table, other = (est.hit_rates(fit).table for fit in markets)
    pd.testing.assert_frame_equal(table, other, rtol=1e-9)
    facts, others = (est.predictive_check(fit).set_index(["statistic", "group"]) for fit in markets)
    shares = facts["observed"]["share of choices"]
    assert shares.to_dict() == pytest.approx({"a": 8 / 30, "b": 11 / 30, "c": 11 / 30})
    pd.testing.assert_series_equal(facts["observed"], others["observed"])
    spread = np.sqrt(0.25 / 30 / 50)  # of a share of 30 choices, averaged over the draws of the check
    gap = (facts["predicted"] - others["predicted"])["share of choices"]
    assert gap.abs().max() < 6 * spread


def test_root_likelihoods_and_hit_rates_count_choices_by_their_weights():
    chances = {}
    for one in PEOPLE.situations:
        label = next(row["alternative"] for row in one["rows"] if row["chosen"])
        each = [loops.predicted(one, PEOPLE.utility(draw), loops.logit)[0] for draw in range(3)]
        own = {name: np.mean([draw[name] for draw in each]) for name in each[0]}
        chances.setdefault(one["person"], []).append((one["weight"], own[label], own[label] == max(own.values())))
    found = est.part_worth_table(PEOPLE.fit)["RLH"]
    for who, own in chances.items():
        assert found[who] == pytest.approx(np.exp(np.mean([np.log(chance) for _, chance, _ in own])))
    flat = [each for own in chances.values() for each in own]
    table = est.hit_rates(PEOPLE.fit, PEOPLE.fit.table).table["estimate"]
    weights = [weight for weight, _, _ in flat]
    assert table["hit rate"] == pytest.approx(np.average([hit for *_, hit in flat], weights=weights))
    logs = np.average([np.log(chance) for _, chance, _ in flat], weights=weights)
    assert table["root likelihood"] == pytest.approx(np.exp(logs))


def test_best_worst_choices_are_predicted_choice_by_choice():
    rng, rows = np.random.default_rng(2), []
    for task in range(12):
        best, worst = rng.choice(4, 2, replace=False)
        for place, label in enumerate("abcd"):
            row = {
                "subject": task // 4,
                "situation": task,
                "alternative": label,
                "price": rng.uniform(),
                "quality": rng.normal(),
            }
            rows.append(row | {"best": int(place == best), "worst": int(place == worst)})
    table = est.read_best_worst(
        pd.DataFrame(rows), subject="subject", situation="situation", attributes=["price", "quality"]
    )
    fit = est.fit(est.MultinomialLogit(["price", "quality"]), table, draws=50, chains=2, seed=1)
    beta = fit.tree["posterior"].dataset["coefficients"].to_numpy().reshape(-1, 2)
    hits = est.hit_rates(fit, table).choices
    expected = []
    for task in range(12):
        own = [row for row in rows if row["situation"] == task]
        for sign, name in ((1, "best"), (-1, "worst")):
            value = np.exp(sign * np.array([[row["price"], row["quality"]] for row in own]) @ beta.T)
            place = next(k for k, row in enumerate(own) if row[name])
            expected.append(float((value[place] / value.sum(axis=0)).mean()))
            own = [row for row in own if not row["best"]]
    order = [f"{task}{end}" for task in range(12) for end in ("", ", worst")]
    np.testing.assert_allclose(hits["probability"].loc[order], expected)
    assert len(est.predictive_check(fit)) > 0


def test_levels_that_six_digits_do_not_tell_apart_have_all_of_theirs():
    frame = frame_of(None).assign(quality=lambda rows: 1234567.0 + (rows.index % 3))
    table = est.read_choices(frame)
    fit = case_of(est.MultinomialLogit(["quality"], random="all"), differ=True, outside=None).fit
    problem = est.MultinomialLogit(["quality"], random="all").on(table)
    found = est.part_worth_table(type(fit)(problem, fit.tree, {}))
    levels = [name for name in found if name.startswith("quality")]
    assert levels == [f"quality: {value}.0" for value in (1234567, 1234568, 1234569)]


ODD = {"price": "price per kg", "quality": "mean", "size": "draw", "income": "coefficient", "brand": "it's a 'brand'"}


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
    cheaper = offered.change("10", **{price: 0.5})
    return {
        "shares": est.shares(fit, cheaper),
        "elasticities": est.elasticities(fit, price),
        "diversion": est.diversion(fit),
        "curve": est.price_curve(fit, "2", [1.0, 2.0], price=price),
        "worth": est.willingness_to_pay(fit, price),
        "importances": est.attribute_importances(fit),
        "surplus": est.surplus(fit, cheaper, offered, price=price),
    }


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
