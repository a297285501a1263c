"""Medians, root likelihoods, hit rates and checks where choices or people count more than once.

About 3 processor seconds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_grid import DRAWS, case_of, fitted, frame_of
from oracles import market_loops as loops

import estimation as est
from estimation.choice.sampling.people import weighted_median

PEOPLE = case_of(est.MultinomialLogit(["price", "quality", "brand", "none"], random="all"), differ=True)


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
        each = [loops.predicted(one, PEOPLE.utility(draw), loops.logit)[0] for draw in range(DRAWS)]
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
