"""Latent classes: the mixture by loops, its derivatives, labels, recovery, and models side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from oracles.choice_calibration import chances, choices_of, design, latent_class
from scipy import special

import estimation as est
from estimation.choice.classes.draws import by_share, mode_of, relabelled
from estimation.choice.classes.target import Classes
from estimation.choice.fit import without

TERMS = ["price", "quality"]
WEIGHTS = np.array([[-2.0, 0.3], [-0.3, 2.0]])


def target_of(people=30, classes=3, covariates=1):
    rng = np.random.default_rng(41)
    choices = choices_of(design(rng, people=people), WEIGHTS[rng.integers(0, 2, people)], rng)
    z = np.column_stack([np.ones(people), rng.normal(size=(people, covariates))])
    return Classes(choices, np.full(2, 3.0), z, classes), rng


def test_a_persons_likelihood_is_the_mixture_of_the_classes():
    target, rng = target_of()
    parameters = rng.normal(size=3 * 2 + 2 * 2)
    weights, odds = parameters[:6].reshape(3, 2), np.vstack([parameters[6:].reshape(2, 2), np.zeros(2)])
    x, chosen = target.arrays.x.reshape(30, -1, 3, 2), target.arrays.chosen.reshape(30, -1) % 3
    for n in range(30):
        share = special.softmax(odds @ target.covariates[n])
        total = 0.0
        for c in range(3):
            p = special.softmax(x[n] @ weights[c], axis=-1)
            total += share[c] * p[np.arange(len(p)), chosen[n]].prod()
        np.testing.assert_allclose(target.people(parameters[:, None])[n, 0], np.log(total), rtol=1e-10)


def test_first_and_second_derivatives_equal_finite_differences():
    target, rng = target_of()
    here = rng.normal(size=10)
    value, slope = target.slope(here)
    np.testing.assert_allclose(value, target.many(here[:, None])[0], rtol=1e-12)
    information = target.information(here)
    for place in range(10):
        move = 1e-5 * np.eye(10)[place]
        (up, up_slope), (down, down_slope) = target.slope(here + move), target.slope(here - move)
        np.testing.assert_allclose(slope[place], (up - down) / 2e-5, atol=1e-6)
        np.testing.assert_allclose(information[place], (down_slope - up_slope) / 2e-5, atol=1e-5)


def test_every_order_of_the_classes_is_equally_likely_and_draws_get_the_modes_labels_back():
    target, rng = target_of(covariates=0)
    mode = by_share(target, mode_of(target).parameters)
    draws = mode + 0.05 * rng.normal(size=(20, len(mode)))
    weights, odds = target.split(draws.T)
    orders = [rng.permutation(3) for _ in range(20)]
    shuffled = np.array([target.joined(weights[o, :, i], odds[o, :, i]) for i, o in enumerate(orders)])
    np.testing.assert_allclose(target.many(shuffled.T), target.many(draws.T), rtol=1e-10)
    found, changed = relabelled(target, shuffled, mode)
    np.testing.assert_allclose(found, draws, atol=1e-10)
    assert changed == sum(not np.array_equal(order, np.arange(3)) for order in orders)


@pytest.fixture(scope="module")
def table():
    """Ninety SYNTHETIC people of two kinds: 60 % mind prices, 40 % want quality."""
    rng = np.random.default_rng(43)
    people, situations = 90, 8
    rows = people * situations * 3
    frame = pd.DataFrame(
        {
            "subject": np.repeat([f"s{n}" for n in range(people)], situations * 3),
            "situation": np.repeat(np.arange(people * situations), 3),
            "alternative": np.tile(["a", "b", "c"], people * situations),
            "chosen": np.tile([1, 0, 0], people * situations),
            "price": rng.normal(size=rows),
            "quality": rng.normal(size=rows),
        }
    )
    kind = (np.arange(people) >= 0.6 * people).astype(int)
    weights = pd.DataFrame(WEIGHTS[kind], columns=TERMS, index=[f"s{n}" for n in range(people)])
    situations = est.read_choices(frame)
    return est.simulate_choices(est.MultinomialLogit(TERMS), situations, weights, seed=1, name="two_kinds")


@pytest.fixture(scope="module")
def study(table):
    models = {
        "classes": est.LatentClassLogit(TERMS, classes=2),
        "mixed": est.MultinomialLogit(TERMS, random="all"),
        "nested": est.NestedLogit(TERMS, nests={"near": ("a", "b")}),
        "pooled": est.MultinomialLogit(TERMS),
    }
    return est.compare({name: est.fit(m, table, seed=2, chains=2, progress=False) for name, m in models.items()})


def test_two_kinds_of_people_are_found(study):
    fit = study.fits["classes"]
    assert est.diagnose(fit).ok, est.diagnose(fit)
    summary, names = fit.summary, ["class 1", "class 2"]
    truth = {f"coefficients[{names[c]}, {t}]": WEIGHTS[c, k] for c in range(2) for k, t in enumerate(TERMS)}
    truth["share[class 1]"] = 0.6
    z = [(summary.loc[name, "mean"] - value) / summary.loc[name, "sd"] for name, value in truth.items()]
    assert np.abs(z).max() < 3.5, z


def test_nested_mixed_and_latent_class_stand_in_one_comparison(study):
    assert list(study.table.index[:2]) == ["classes", "mixed"]
    assert set(study.table.index[2:]) == {"nested", "pooled"}
    assert study.table["ok"].all(), study.table
    assert "classes predicts a new person better" in study.verdict or "cannot be told apart" in study.verdict
    assert "SYNTHETIC" in study.verdict


@pytest.mark.parametrize("name", ["classes", pytest.param("mixed", marks=pytest.mark.slow), "nested", "pooled"])
def test_scores_equal_refits_without_people(study, name):
    """Nine people left out at once, so that the gap is at most what nine people in ninety can move."""
    fit, score = study.fits[name], study.scores[name]
    names = fit.table.subjects[::10]
    exact = without(fit.problem, names)
    assert exact.is_sound
    assert sum(exact.scores.values()) == pytest.approx(score.elpd[names].sum(), abs=2.0)


def test_people_are_scored_with_their_tastes_integrated_out(study):
    """Summed likelihoods given each person's own tastes flatter the mixed logit: they have seen the person."""
    known = est.compare({name: study.fits[name] for name in ("mixed", "pooled")}, unit="decision")
    assert known.table.loc["mixed", "elpd"] > study.table.loc["mixed", "elpd"] + 20
    assert known.pointwise.shape[0] == len(study.fits["mixed"].table)
    assert "decision" in known.verdict or "Pareto k" in known.verdict


def of_kinds(people: int, situations: int, odds: float, seed: int) -> est.ChoiceTable:
    """SYNTHETIC people of two kinds; the log odds of the second rise by `odds` with each year of age beyond 40."""
    rng = np.random.default_rng(seed)
    age = rng.normal(40, 10, people)
    kind = (rng.uniform(size=people) < special.expit(odds * (age - 40))).astype(int)
    rows = people * situations * 3
    frame = {
        "subject": np.repeat([f"s{n}" for n in range(people)], situations * 3),
        "situation": np.repeat(np.arange(people * situations), 3),
        "alternative": np.tile(["a", "b", "c"], people * situations),
        "chosen": np.tile([1, 0, 0], people * situations),
        "price": rng.normal(size=rows),
        "quality": rng.normal(size=rows),
        "age": np.repeat(age, situations * 3),
    }
    weights = pd.DataFrame(WEIGHTS[kind], columns=TERMS, index=[f"s{n}" for n in range(people)])
    return est.simulate_choices(est.MultinomialLogit(TERMS), est.read_choices(pd.DataFrame(frame)), weights, seed=seed)


@pytest.fixture(scope="module")
def aged():
    table = of_kinds(150, 8, 0.15, 7)
    model = est.LatentClassLogit(TERMS, classes=2, covariates=["age"])
    return est.fit(model, table, seed=1, progress=False)


def test_what_a_covariate_does_to_membership_is_found_and_reported(aged):
    assert est.diagnose(aged).ok, est.diagnose(aged)
    effect = aged.posterior["membership"].sel({"class": "class 1", "covariate": "age"}).to_numpy()
    first = aged.posterior["coefficients"].sel({"class": "class 1", "coefficient": "price"}).to_numpy().mean()
    sign = 1.0 if first > -1.0 else -1.0  # class 1 is the larger one
    assert abs(sign * effect.mean() - 0.15) < 3.5 * effect.std()
    assert float(np.abs(aged.posterior["membership"].sel({"class": "class 2"})).max()) == 0.0
    text = "\n".join(str(row) for row in aged.problem.estimates(aged.posterior, "x")[0].rows)
    assert "age: log odds against class 2, per unit" in text


def test_new_people_belong_to_classes_as_their_covariates_say(aged):
    rng = np.random.default_rng(1)
    weights = aged.problem.new_people(aged.posterior, 400, rng)
    minds_price = (weights[:, :, 0] < -1.0).mean(axis=0)
    age = aged.table.frame.groupby("subject", observed=True)["age"].first().loc[aged.table.subjects]
    expected = special.expit(-0.15 * (age - 40))
    assert np.abs(minds_price - expected).max() < 0.3  # what 150 people tell of one slope
    assert np.corrcoef(minds_price, expected)[0, 1] > 0.95


def test_truths_of_covariates_are_drawn_and_found_by_their_names(aged):
    truth = aged.problem.truth(np.random.default_rng(3))
    assert set(truth.quantities) == set(aged.problem.quantities(aged.posterior))
    assert "age: log odds of class 1" in truth.quantities


def test_a_class_too_many_is_refused_in_seconds_with_the_reason(aged):
    """Three classes where there are two: chains over all the forms of an empty class took minutes."""
    few = of_kinds(60, 8, 0.0, 9)
    with pytest.raises(est.ChoiceError, match=r"3 classes are \d+\.\d nats more likely than 2, with 3 more"):
        est.fit(est.LatentClassLogit(TERMS, classes=3), few, seed=1, draws=100, chains=2)


def test_one_class_is_the_pooled_logit(table):
    one = est.fit(est.LatentClassLogit(TERMS, classes=1), table, seed=3, progress=False).summary
    pooled = est.fit(est.MultinomialLogit(TERMS), table, seed=3, progress=False).summary
    for term in TERMS:
        ours, theirs = one.loc[f"coefficients[class 1, {term}]"], pooled.loc[f"coefficients[{term}]"]
        assert abs(ours["mean"] - theirs["mean"]) < 0.15 * theirs["sd"]
        assert ours["sd"] == pytest.approx(theirs["sd"], rel=0.1)


def test_ranks_of_the_truth_are_uniform():
    """Eight of the simulations of the slow test; five quantities."""
    assert chances(latent_class(8, seed=20)).min() > 0.001 / 5
