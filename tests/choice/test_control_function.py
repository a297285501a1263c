"""Endogenous prices: what they do to a logit, the correction, and its errors by equations and by bootstrap."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special

import estimation as est

MODEL = est.MultinomialLogit(["price", "size"])


def made(people: int = 500, seed: int = 1, situations: int = 2) -> pd.DataFrame:
    """Quality that is not seen raises prices and utility: price is cost + .8 quality + noise, its weight is -1."""
    rng = np.random.default_rng(seed)
    count = people * situations
    cost, size, luck, quality = rng.normal(size=(4, count, 3))
    price = cost + 0.8 * quality + 0.4 * size + 0.5 * luck
    utility = -price + 0.5 * size + 0.7 * (0.8 * quality + 0.5 * luck) + rng.gumbel(size=(count, 3))
    chosen = utility.argmax(axis=1)
    frame = {
        "subject": np.repeat(np.arange(people), situations * 3),
        "situation": np.repeat(np.arange(count), 3),
        "alternative": np.tile(list("abc"), count),
        "chosen": (np.arange(3) == chosen[:, None]).astype(int).ravel(),
    }
    return pd.DataFrame(frame | {"price": price.ravel(), "size": size.ravel(), "cost": cost.ravel()})


@pytest.fixture(scope="module")
def table():
    return est.read_choices(made())


@pytest.fixture(scope="module")
def found(table):
    return est.control_function(MODEL, table, "price", "cost")


def test_a_price_that_follows_unseen_quality_gets_its_weight_back(found, table):
    naive = est.mode(MODEL, table)
    assert (naive.coefficients["price"] + 1) / naive.standard_errors["price"] > 4
    assert abs(found.mode.coefficients["price"] + 1) < 3.5 * found.mode.standard_errors["price"]
    assert abs(found.mode.coefficients["price_residual"] - 0.7) < 3.5 * found.mode.standard_errors["price_residual"]
    assert found.mode.summary.loc["price_residual", "z"] > 4
    assert found.strength > 100
    assert "Assumed: cost move price but are worth nothing themselves" in repr(found)


def test_both_stages_are_those_written_out(found, table):
    """Least squares, then a logit, and the sandwich of all estimating equations, derivatives by differences."""
    frame = table.frame
    w = np.column_stack([np.ones(len(frame)), frame["size"], frame["cost"]])
    price, x = frame["price"].to_numpy(), frame[["price", "size"]].to_numpy()
    delta = np.linalg.lstsq(w, price, rcond=None)[0]
    np.testing.assert_allclose(found.first_stage["estimate"], delta, rtol=1e-8)
    chosen = frame["chosen"].to_numpy().reshape(-1, 3)

    def moments(theta):
        """First-stage and logit scores of each person, (person, equation)."""
        left = price - w @ theta[:3]
        design = np.column_stack([x, left]).reshape(-1, 3, 3)
        share = special.softmax(design @ theta[3:], axis=1)
        scores = ((chosen - share)[:, :, None] * design).sum(axis=1)
        first = (w * left[:, None]).reshape(-1, 3, 3).sum(axis=1)
        return np.column_stack([first, scores]).reshape(len(table.subjects), -1, 6).sum(axis=1)

    theta = np.concatenate([delta, found.mode.coefficients])
    assert np.abs(moments(theta).sum(axis=0)).max() < 1e-5
    step = 1e-6 * np.eye(6)
    slope = np.array([(moments(theta + e) - moments(theta - e)).sum(axis=0) / 2e-6 for e in step]).T
    inverse, each = np.linalg.inv(slope), moments(theta)
    people = len(each)
    covariance = inverse @ (each.T @ each) @ inverse.T * people / (people - 1)
    np.testing.assert_allclose(found.mode.covariance, covariance[3:, 3:], rtol=1e-4)
    np.testing.assert_allclose(found.first_stage["standard_error"], np.sqrt(np.diag(covariance)[:3]), rtol=1e-6)


@pytest.mark.slow
def test_errors_are_those_of_a_bootstrap_of_people():
    """The first stage is short here, so that errors without the correction are a tenth too small and more."""
    frame = made(120, seed=5)
    names, rng, draws = frame["subject"].unique(), np.random.default_rng(2), []
    groups = dict(list(frame.groupby("subject")))
    for _ in range(200):
        parts = [groups[name].assign(subject=k) for k, name in enumerate(rng.choice(names, len(names)))]
        again = pd.concat(parts).assign(situation=lambda rows: rows["subject"] * 10_000 + rows["situation"])
        draws.append(est.control_function(MODEL, est.read_choices(again), "price", "cost").mode.coefficients)
    found = est.control_function(MODEL, est.read_choices(frame), "price", "cost").mode
    ratio = np.std(draws, axis=0) / found.standard_errors
    np.testing.assert_allclose(ratio, 1.0, atol=0.25)  # 200 draws: 5 %, and what is beyond first order


def test_outside_options_have_no_residual_and_the_second_stage_can_be_sampled():
    frame = made(60)
    choices = est.read_choices(frame, outside="none")
    table = est.simulate_choices(MODEL, choices, {"price": -1.0, "size": 0.5}, seed=1)
    found = est.control_function(MODEL, table, "price", ["cost"], errors="robust")
    inside = (table.frame["alternative"] != "none").to_numpy()
    w = np.column_stack([np.ones(inside.sum()), table.frame.loc[inside, ["size", "cost"]]])
    delta = np.linalg.lstsq(w, table.frame.loc[inside, "price"], rcond=None)[0]
    np.testing.assert_allclose(found.first_stage["estimate"], delta, rtol=1e-8)
    assert (found.table.frame.loc[~inside, "price_residual"] == 0).all()
    fit = est.fit(found.model, found.table, draws=100, chains=2)
    assert list(fit.problem.coefficients) == ["price", "size", "price_residual"]


def test_constants_of_everything_but_the_outside_option_leave_no_intercept_to_be_told():
    """Least squares with a dummy for each product; with an intercept beside them nothing would be identified."""
    model = est.MultinomialLogit(["price", "size"], constants=True)
    known = {"a": 1.0, "b": 0.5, "c": 0.0, "price": -1.0, "size": 0.5}
    table = est.simulate_choices(model, est.read_choices(made(150), outside="none"), known, seed=1)
    found, rows = est.control_function(model, table, "price", "cost"), table.frame
    rows = rows[rows["alternative"] != "none"]
    dummies = (rows["alternative"].astype(str).to_numpy()[:, None] == list("abc")).astype(float)
    delta = np.linalg.lstsq(np.column_stack([dummies, rows[["size", "cost"]]]), rows["price"], rcond=None)[0]
    names = ["a", "b", "c", "size", "cost"]
    np.testing.assert_allclose(found.first_stage.loc[names, "estimate"], delta, rtol=1e-7)
    assert len(found.first_stage) == len(names)


def test_tasks_of_several_choices_are_refused():
    """Attributes of the worst are reversed there: one price would be regressed on what it is not."""
    frame = made(20).rename(columns={"chosen": "best"})
    frame = frame.assign(worst=(frame.groupby("situation")["best"].shift(1, fill_value=0)))
    frame["worst"] = frame["worst"].where(
        frame.groupby("situation")["worst"].transform("sum") > 0, (frame["alternative"] == "a").astype(int)
    )
    table = est.read_best_worst(frame, subject="subject", situation="situation", attributes=["price", "size", "cost"])
    with pytest.raises(est.ChoiceError, match="take the choice of the best alone"):
        est.control_function(MODEL, table, "price", "cost")


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (lambda t: est.control_function(MODEL, t, "prize", "cost"), "'prize' is no column of numbers"),
        (lambda t: est.control_function(MODEL, t, "cost", "price"), "in no term of the utility"),
        (lambda t: est.control_function(MODEL, t, "price", "size"), "say nothing that the other terms"),
        (lambda t: est.control_function(MODEL, t, "price", []), "instruments are missing"),
        (
            lambda t: est.control_function(est.NestedLogit(["price"], nests={"n": ["a", "b"]}), t, "price", "cost"),
            "take a MultinomialLogit",
        ),
        (lambda t: est.control_function(MODEL, t, "price", "cost", errors="information"), "first stage"),
    ],
)
def test_what_cannot_be_instrumented_is_refused(table, run, said):
    with pytest.raises(est.ChoiceError, match=said):
        run(table)
