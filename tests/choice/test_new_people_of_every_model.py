"""Shares among people whom nobody has seen, against populations that are simulated one person at a time.

About 2 processor seconds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_grid import fitted, frame_of

import estimation as est

DRAWS, EACH = 400, 3000
TABLE = est.read_choices(frame_of(), outside="none", weight="w")
PRODUCTS = pd.DataFrame({"alternative": ["1", "2", "10"], "price": [1.0, 2.0, 1.5], "quality": [0.2, 1.5, 0.4]})
X = {"price": [1.0, 2.0, 1.5, 0.0], "quality": [0.2, 1.5, 0.4, 0.0], "close": [1.0, 0.0, 1.0, 0.0]}
MEAN, COVARIANCE = np.array([-0.2, 0.5]), np.array([[0.16, -0.1], [-0.1, 0.5]])
TERMS = ["price", "quality"]
CLASSES, SHARE, MEMBERSHIP = np.array([[-1.5, 0.2], [-0.3, 1.5]]), np.array([0.4, 0.6]), np.array([[0.5], [0.0]])
SHIFT = np.array([[0.1, -0.3]])
MEANS = np.array([[-1.5, 1.5], [-0.2, -0.5]])
COVARIANCES = np.array([COVARIANCE, [[0.3, 0.2], [0.2, 0.4]]])


def normal(rng, income, mean=MEAN):
    return rng.multivariate_normal(mean, COVARIANCE, EACH)


def signs(rng, income):
    latent = normal(rng, income)
    return np.column_stack([-np.exp(latent[:, 0]), np.exp(latent[:, 1])])


def by_income(rng, income):
    return normal(rng, income, MEAN + SHIFT[0] * (income - 3.5))


def amounts(rng, income):
    latent = normal(rng, income)
    worth = np.exp(latent[:, 0])
    return np.column_stack([-worth, worth * latent[:, 1]])


def one_fixed(rng, income):
    return np.column_stack([rng.normal(MEAN[0], 0.4, EACH), np.full(EACH, MEAN[1])])


def components(rng, income):
    return np.column_stack([one_fixed(rng, income), rng.normal(0, 1.2, EACH)])


def mixture(rng, income):
    kind = rng.uniform(size=EACH) < SHARE[0]
    each = [rng.multivariate_normal(mean, own, EACH) for mean, own in zip(MEANS, COVARIANCES, strict=True)]
    return np.where(kind[:, None], *each)


def classes(rng, income):
    odds = SHARE[0] / SHARE[1] * np.exp(MEMBERSHIP[0, 0] * (income - 3.5))
    kind = rng.uniform(size=EACH) < odds / (1 + odds)
    return np.where(kind[:, None], *CLASSES)


NORMAL = {"mean": (("coefficient",), MEAN), "covariance": (("coefficient", "other"), COVARIANCE)}
FEW = {"mean": (("coefficient",), MEAN), "covariance": (("coefficient", "other"), np.diag([0.16, 0.0]))}
KINDS = {
    "normal": (est.MultinomialLogit(TERMS, random="all"), NORMAL, normal),
    "signs": (
        est.MultinomialLogit(TERMS, random="all", distributions={"price": "-lognormal", "quality": "lognormal"}),
        NORMAL,
        signs,
    ),
    "one fixed": (est.MultinomialLogit(TERMS, random=["price"]), FEW, one_fixed),
    "by income": (
        est.MultinomialLogit(TERMS, random="all", covariates=["income"]),
        NORMAL | {"shift": (("covariate", "coefficient"), SHIFT)},
        by_income,
    ),
    "amounts": (est.MultinomialLogit(TERMS, random="all", wtp_space="price"), NORMAL, amounts),
    "components": (
        est.MultinomialLogit(TERMS, random=["price"], covariance="diagonal", error_components={"close": ["1", "10"]}),
        {
            "mean": (("coefficient",), np.append(MEAN, 0.0)),
            "covariance": (("coefficient", "other"), np.diag([0.16, 0.0, 1.44])),
        },
        components,
    ),
    "mixture": (
        est.MultinomialLogit(TERMS, random="all", components=2),
        {
            "share": (("component",), SHARE),
            "component_mean": (("component", "coefficient"), MEANS),
            "component_covariance": (("component", "coefficient", "other"), COVARIANCES),
        },
        mixture,
    ),
    "classes": (
        est.LatentClassLogit(TERMS, classes=2, covariates=["income"]),
        {
            "coefficients": (("class", "coefficient"), CLASSES),
            "share": (("class",), SHARE),
            "membership": (("class", "covariate"), MEMBERSHIP),
        },
        classes,
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_shares_of_new_people_are_those_of_a_simulated_population(kind):
    model, posterior, population = KINDS[kind]
    coords = {"covariate": ["income"], "component": ["1", "2"], "class": ["1", "2"]}
    draws = {name: (dims, np.array([values] * DRAWS)) for name, (dims, values) in posterior.items()}
    people = np.zeros((2, len(TABLE.subjects), len(model.on(TABLE).coefficients)))
    fit = fitted(model, TABLE, draws, coords, people)
    found = est.shares(fit, est.scenario(TABLE, PRODUCTS), people="new").draws.sel(alternative=["1", "2", "10", "none"])
    rng, expected, error = np.random.default_rng(2), np.zeros(4), found.var("sample").to_numpy() / DRAWS
    first = frame_of().drop_duplicates("subject")
    for income, weight in zip(first["income"], first["w"] / first["w"].sum(), strict=True):
        weights = population(rng, income)
        x = np.column_stack([X[name] for name in fit.problem.coefficients])
        value = np.exp(weights @ x.T)
        share = value / value.sum(axis=1, keepdims=True)
        expected += weight * share.mean(axis=0)
        error = error + weight**2 * share.var(axis=0) / EACH
    assert (np.abs(found.mean("sample").to_numpy() - expected) < 4.5 * np.sqrt(error)).all()


def test_what_weights_depend_on_is_not_changed_by_a_scenario():
    model, posterior, _ = KINDS["by income"]
    draws = {name: (dims, np.array([values] * 2)) for name, (dims, values) in posterior.items()}
    fit = fitted(model, TABLE, draws, {"covariate": ["income"]}, np.ones((2, 6, 2)))
    offered = est.scenario(TABLE)
    for asks in (
        lambda: est.shares(fit, offered.change(income=9.0), people="new"),
        lambda: est.shares(fit, est.scenario(TABLE, PRODUCTS.assign(income=9.0))),
        lambda: est.elasticities(fit, "income"),
    ):
        with pytest.raises(
            est.ChoiceError, match=r"weights depend on 'income'.*est.scenario\(fit.table.of\(people\)\)"
        ):
            asks()
    rich = est.scenario(TABLE.of(["7", "é"]))
    assert est.shares(fit, rich).draws.shape == (2, 5)
