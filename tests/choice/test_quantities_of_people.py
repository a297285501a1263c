"""Quantities over people who differ: those who are known, new ones of a population, and what tastes do to markets."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from market_of_three import MARKET, POOLED, ROWS, made
from oracles.choice_loops import logit_shares

import estimation as est
from estimation.fits.fit import Fit

MIXED = est.MultinomialLogit(["price", "quality"], random="all", distributions={"price": "-lognormal"})


PEOPLE = np.random.default_rng(4).normal([-1.0, 1.0], 0.3, (5, 8, 2))
MEAN, COVARIANCE = np.array([[-0.2, 1.0]] * 400), np.array([[[0.16, -0.1], [-0.1, 1.0]]] * 400)
POPULATION = {"mean": (("coefficient",), MEAN), "covariance": (("coefficient", "other"), COVARIANCE)}


def test_known_people_choose_with_their_own_weights():
    fit = made(MIXED, POPULATION, PEOPLE)
    found = est.shares(fit, MARKET, people="known").draws
    rows = np.array(list(ROWS.values()))
    for place in range(5):
        each = [logit_shares(list(rows @ PEOPLE[place, person])) for person in range(8)]
        for label, share in zip(ROWS, np.mean(each, axis=0), strict=True):
            assert found.sel(alternative=label)[place] == pytest.approx(share)


def test_new_people_are_drawn_from_the_population_with_its_correlations_and_signs():
    fit = made(MIXED, POPULATION, PEOPLE)
    found = est.shares(fit, MARKET, people="new").draws.mean("sample")
    rng = np.random.default_rng(9)
    latent = rng.multivariate_normal(MEAN[0], COVARIANCE[0], 200_000)
    latent[:, 0] = -np.exp(latent[:, 0])
    value = np.exp(latent @ np.array(list(ROWS.values())).T)
    expected = (value / value.sum(axis=1, keepdims=True)).mean(axis=0)
    spread = (value / value.sum(axis=1, keepdims=True)).std(axis=0)
    for label, share, sd in zip(ROWS, expected, spread, strict=True):
        assert found.sel(alternative=label) == pytest.approx(share, abs=4 * sd / np.sqrt(400 * 8))
    with pytest.raises(est.ChoiceError, match="people must be '"):
        est.shares(fit, MARKET, people="all")


def test_new_people_of_latent_classes_belong_to_one_class_each():
    classes = np.array([[[-1.0, 3.0], [-1.0, -3.0]]] * 400)
    posterior = {"coefficients": (("class", "coefficient"), classes), "share": (("class",), [[0.3, 0.7]] * 400)}
    fit = made(est.LatentClassLogit(["price", "quality"]), posterior, PEOPLE)
    found = est.willingness_to_pay(fit, people="new").draws
    assert set(np.unique(found)) <= {-3.0, 0.0, 3.0}
    shares = est.shares(fit, MARKET, people="new").draws.mean("sample")
    rows = np.array(list(ROWS.values()))
    expected = 0.3 * np.array(logit_shares(list(rows @ classes[0, 0]))) + 0.7 * np.array(
        logit_shares(list(rows @ classes[0, 1]))
    )
    np.testing.assert_allclose(shares.sel(alternative=list(ROWS)), expected, atol=0.03)


def test_a_price_that_is_negative_by_construction_needs_no_warning():
    fit = made(MIXED, POPULATION, -np.abs(PEOPLE))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = est.willingness_to_pay(fit, people="new")
    assert np.isfinite(found.draws).all()


def test_part_worths_are_those_of_each_person():
    table = est.part_worths(made(MIXED, POPULATION, PEOPLE))
    assert len(table) == 16
    assert table.loc[("s3", "quality"), "mean"] == pytest.approx(PEOPLE[:, 2, 1].mean())
    with pytest.raises(est.ChoiceError, match="gives everybody the same weights"):
        est.part_worths(POOLED)


def test_correlated_tastes_make_close_products_closer_substitutes():
    products = pd.DataFrame(
        {"alternative": ["ballpoint", "fountain", "pencil"], "ink": [1.0, 1, 0], "lead": [0.0, 0, 1]}
    )
    rows = products.merge(pd.DataFrame({"situation": range(400)}), how="cross").assign(chosen=0)
    rng = np.random.default_rng(2)
    weights = pd.DataFrame({"ink": rng.normal(1, 3, 400), "lead": rng.normal(1, 3, 400)}, index=range(400))
    table = est.read_choices(rows, outside="nothing")
    model = est.MultinomialLogit(["ink", "lead"], random="all")
    groups = {"coefficients": (("sample", "subject", "coefficient"), weights.to_numpy()[None])}
    people = xr.Dataset(groups, {"subject": table.subjects, "coefficient": ["ink", "lead"]})
    posterior = xr.Dataset(
        {"mean": (("chain", "draw", "coefficient"), np.ones((1, 1, 2)))}, {"coefficient": ["ink", "lead"]}
    )
    fit = Fit(model.on(table), xr.DataTree.from_dict({"posterior": posterior, "people": people}), {})
    share = est.shares(fit).draws[0]
    found = est.diversion(fit).draws[0].sel(removed="fountain")
    proportional = share / (1 - share.sel(alternative="fountain"))
    assert found.sel(alternative="ballpoint") > 1.4 * proportional.sel(alternative="ballpoint")
    assert found.sel(alternative="pencil") < 0.8 * proportional.sel(alternative="pencil")
