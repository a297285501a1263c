"""What designs tell, against second differences of a log likelihood that is written out task by task."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_table

import estimation as est

STEP = 1e-3
LEVELS = {"price": [1, 2, 3], "quality": [0, 1, 2]}


def log_likelihood(tasks, weights, truth):
    """Expected log likelihood of weights if choices follow the truth, nats: a loop over tasks and alternatives."""
    total = 0.0
    for rows, times in tasks:
        utility = [[sum(row.get(name, 0) * by[name] for name in by) for row in rows] for by in (weights, truth)]
        chances = [[exp(value) / sum(map(exp, one)) for value in one] for one in utility]
        total += times * sum(true * log(found) for found, true in zip(*chances, strict=True))
    return total


def information(tasks, truth, free):
    """Minus the second differences of the expected log likelihood, (coefficient, coefficient)."""
    found = np.empty((len(free), len(free)))
    for i, one in enumerate(free):
        for j, other in enumerate(free):
            corners = 0.0
            for a in (1, -1):
                for b in (1, -1):
                    moved = dict(truth)
                    moved[one] += a * STEP
                    moved[other] += b * STEP
                    corners += a * b * log_likelihood(tasks, moved, truth)
            found[i, j] = -corners / (4 * STEP**2)
    return found


def d_error(tasks, truth, free):
    return np.linalg.det(information(tasks, truth, free)) ** (-1 / len(free))


def tasks_of(design, constants=()):
    """Every task of every version as rows of terms, once; an outside option has no term."""
    found = []
    for _, shown in design.frame.groupby(["version", "task"]):
        rows = [
            {name: row[name] for name in ("price", "quality") if name in row} | {row["alternative"]: 1.0}
            for row in shown.to_dict("records")
        ]
        rows = [{name: value for name, value in row.items() if name in LEVELS or name in constants} for row in rows]
        found.append(([*rows, *([{}] if design.outside else [])], 1))
    return found


def made(model, prior=None, **options):
    how = {"tasks": 6, "alternatives": 2, "outside": "none", "prior": prior, "starts": 1} | options
    return est.efficient_design(model, how.pop("levels", LEVELS), **how)


def test_fixed_weights_shape_choices_and_are_not_told():
    model, prior = est.MultinomialLogit(["price", "quality"], fixed={"price": -0.5}), {"quality": 0.4}
    design = made(model, prior)
    right = d_error(tasks_of(design), {"price": -0.5, "quality": 0.4}, ["quality"])
    assert design.error == pytest.approx(right, rel=1e-4)
    assert est.design_error(design, prior=prior) == pytest.approx(right, rel=1e-4)
    free = made(est.MultinomialLogit(["price", "quality"]), prior | {"price": -0.5})
    right = d_error(tasks_of(free), {"price": -0.5, "quality": 0.4}, ["quality"])
    assert est.design_error(free, model, prior) == pytest.approx(right, rel=1e-4)


def test_error_components_are_what_people_differ_by_and_no_coefficients():
    components = {"error_components": {"either": ("1", "2")}, "covariance": "diagonal"}
    model, prior = est.MultinomialLogit(["price", "quality"], **components), {"price": -0.5, "quality": 0.4}
    design = made(model, prior)
    right = d_error(tasks_of(design), prior, ["price", "quality"])
    assert (design.error, est.design_error(design, prior=prior)) == pytest.approx((right, right), rel=1e-4)
    assert est.design_precision(design, prior).worth.to_dict() == pytest.approx({"quality": 0.8})


def test_names_that_sort_oddly_keep_their_constants_and_versions_count_together():
    names = [str(place + 1) for place in range(11)]
    model = est.MultinomialLogit(["price"], constants=True)
    design = made(model, levels={"price": [1, 2, 3]}, tasks=7, alternatives=11, versions=2, outside=None)
    free = ["price", *names[1:]]
    right = d_error(tasks_of(design, names[1:]), dict.fromkeys(free, 0.0), free)
    assert (design.error, est.design_error(design)) == pytest.approx((right, right), rel=1e-3)


def test_a_distribution_beforehand_is_averaged_over_its_points():
    model, draws = (
        est.MultinomialLogit(["price", "quality"]),
        pd.DataFrame({"quality": [0.1, 1.0], "price": [-0.2, -1]}),
    )
    design = made(model, draws)
    each = [d_error(tasks_of(design), dict(row), ["price", "quality"]) for _, row in draws.iterrows()]
    assert design.error == pytest.approx(np.mean(each), rel=1e-4)


def test_the_width_of_an_amount_of_money_is_that_of_the_delta_method_by_differences():
    truth, people, reach = {"price": -0.5, "quality": 0.4}, 150, 1.6448536
    design = made(est.MultinomialLogit(["price", "quality"]), truth, versions=2)
    told = information(tasks_of(design), truth, ["price", "quality"]) / 2 * people  # two versions in turn
    worth = [-(0.4 + a * STEP) / (-0.5 + b * STEP) for a, b in ((0, 1), (0, -1), (1, 0), (-1, 0))]
    slope = np.array([worth[0] - worth[1], worth[2] - worth[3]]) / (2 * STEP)
    width = 2 * reach * np.sqrt(slope @ np.linalg.inv(told) @ slope)
    precision = est.design_precision(design, truth)
    assert precision.width(people)["quality"] == pytest.approx(width, rel=1e-4)
    assert precision.people_for(width * 1.0001)["quality"] == people


def test_choices_count_as_often_as_they_were_made():
    rows = [(1, "a", 1, 2.0, 3), (1, "b", 0, 1.0, 3), (2, "a", 0, 1.0, 1), (2, "b", 1, 3.0, 1)]
    columns = ["situation", "alternative", "chosen", "price", "situation_weight"]
    table = est.ChoiceTable.from_frame(pd.DataFrame(rows, columns=columns))
    tasks = [([{"price": 2.0}, {"price": 1.0}], 3), ([{"price": 1.0}, {"price": 3.0}], 1)]
    found = est.design_error(table, est.MultinomialLogit(["price"]), {"price": -0.3})
    assert found == pytest.approx(d_error(tasks, {"price": -0.3}, ["price"]), rel=1e-4)
    assert list(est.level_overlap(table).index) == ["price"]


def test_an_attribute_that_one_alternative_lacks_is_shared_by_nobody():
    tasks = {"situation": [1, 1, 2, 2], "alternative": ["car", "bus", "car", "bus"], "chosen": [1, 0, 1, 0]}
    table = est.ChoiceTable.from_frame(pd.DataFrame(tasks | {"range": [100, np.nan, 200, np.nan]}))
    assert est.level_overlap(table).loc["range", "all share"] == 0


@pytest.mark.parametrize("term", ["brand", "brand:price"])
def test_labels_that_would_be_read_as_numbers_are_refused(term):
    levels = {"brand": ["1", "2", "10"], "price": [1, 2, 3]}
    with pytest.raises(est.StudyError, match=r"write the term as 'C\(brand\)'"):
        made(est.MultinomialLogit([term, "price"]), levels=levels)
    assert np.isfinite(made(est.MultinomialLogit(["C(brand)", "price"]), levels=levels).error)


class Squared(est.ChoiceModel):
    """People whose utility is no weighted sum."""

    citation = "none"

    def utilities(self, x, first_row, weights):  # noqa: ARG002
        return -((x @ weights) ** 2)


def test_what_is_no_logit_is_not_judged_as_one():
    nested = made(est.NestedLogit(["price", "quality"], nests={"either": ["1", "2"]}))
    with pytest.raises(est.StudyError, match="choices of a nested logit are no mixture of logits"):
        est.design_precision(nested, {"price": -0.5, "quality": 0.4})
    with pytest.raises(est.StudyError, match="utility is no weighted sum"):
        made(Squared(["price", "quality"]))


def test_nobody_is_alone_in_a_condition_of_an_experiment():
    games = {name: est.EstimationGame(highest=5) for name in "abc"}
    theories = {"honest": est.Honest(), "trust": est.TrustEmbedded()}
    with pytest.raises(est.StudyError, match="5 people cannot be spread over 3 conditions; take 6 or more"):
        est.design_power(theories, games, people=(5, 12), decisions=(3,))


def test_choices_by_themselves_have_no_error_until_a_model_says_which_weights_are_wanted():
    table = choice_table()
    with pytest.raises(est.StudyError, match="name the model whose weights the design shall tell"):
        est.design_error(table)
    assert est.design_error(table, est.MultinomialLogit(["price", "quality"])) > 0


def test_a_search_that_is_ended_early_still_gives_a_design_with_its_own_error(monkeypatch):
    monkeypatch.setattr("estimation.studies.choice_designs.efficient_design.MOST_ROUNDS", 1)
    model = est.MultinomialLogit(["price", "quality"])
    found = est.efficient_design(model, LEVELS, tasks=6, seed=1)
    assert found.error == pytest.approx(est.design_error(found, model))
