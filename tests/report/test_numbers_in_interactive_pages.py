"""Pages that move hold the numbers of Python: menus under a lever, markets under sliders, people and their kinds."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from markets_to_move import (
    CHANGED,
    LEVELS,
    MARKETS,
    PLACED,
    SHOP,
    float_exact,
    made,
    market,
    menus,
    read_market,
    shares_in_loops,
    uncertain_menus,
)
from table_games import HIDING, played

import estimation as est
from estimation.fits.fit import Fit
from estimation.report.documents.market import moving_market
from estimation.report.interactive import weights
from estimation.report.interactive.levels import columns_of
from estimation.report.interactive.weights import page_weights


@pytest.fixture(scope="module")
def frontier():
    return menus().frontier()


@pytest.fixture(scope="module")
def tradeoff():
    return uncertain_menus()


def test_the_lever_holds_the_frontier_digit_by_digit(frontier):
    data = est.interactive(frontier).view.data
    held, table = data["menus"], frontier.table
    for name, column in {"revenue": "revenue", "none": "no_purchase", "cost_low": "shift"}.items():
        assert held[name] == table[column].tolist()
    assert held["weight_high"][-1] is None
    there = set(data["first"])
    for place, menu in enumerate(frontier.menus):
        there ^= set(data["changes"][place - 1]) if place else set()
        assert [data["names"][product] for product in sorted(there)] == list(menu.products)
    for lever in (0.0, 0.3, 0.9, 4.0, 50.0):
        worth = np.array(held["revenue"]) + lever * np.array(held["utility"])
        assert held["revenue"][worth.argmax()] == pytest.approx(frontier.best(lever).revenue, rel=1e-12)


def test_long_frontiers_are_thinned_evenly_and_that_is_said():
    count = 900
    weight = np.linspace(1, 2, count)
    long = est.Assortment(np.linspace(10, 1, count), weight).frontier()
    assert len(long) > 400
    view = est.interactive(long).view
    kept = len(view.data["menus"]["revenue"])
    assert kept <= 410
    assert view.notes == (f"{kept} of {len(long):,} menus are in this page, evenly.",)
    assert view.data["menus"]["revenue"][-1] == long.table["revenue"].iloc[-1]


def test_of_very_many_products_those_most_in_demand_are_named():
    count = 5000
    rng = np.random.default_rng(3)
    many = est.Assortment(
        rng.uniform(1, 10, count), rng.uniform(size=count), products=[f"p{at}" for at in range(count)]
    )
    frontier = many.approximate(0.05)
    view = est.interactive(frontier).view
    assert len(view.data["names"]) == 2000
    assert any("the 2,000 most in demand are named" in note for note in view.notes)
    weight = pd.Series(frontier.path.catalogue.weight, frontier.path.catalogue.products)
    assert weight[view.data["names"]].min() > np.quantile(weight, 0.5)
    assert view.data["menus"]["size"] == frontier.table["size"].tolist()


def test_under_a_posterior_the_lever_holds_intervals_of_menus_and_of_their_differences(tradeoff):
    held = est.interactive(tradeoff).view.data["menus"]
    draws, menu_at = tradeoff.draws, [decision.products for decision in tradeoff.decisions]
    catalogue = tradeoff.problem.catalogue

    def revenue(menu, draw):
        rows = [catalogue.place[label] for label in menu]
        own = draws.weights[draw][:, rows]
        return np.mean((own @ catalogue.revenue[rows]) / (1 + own.sum(axis=1)))

    values = np.array([[revenue(menu, draw) for menu in menu_at] for draw in range(len(draws))])
    np.testing.assert_allclose(held["revenue"], values.mean(axis=0))
    np.testing.assert_allclose(held["revenue_low"], np.quantile(values, 0.05, axis=0))
    np.testing.assert_allclose(
        held["revenue_change_high"], np.quantile(values - values[:, :1], 0.95, axis=0), atol=1e-12
    )
    assert held["revenue_change_low"][0] == 0.0


@pytest.mark.parametrize("name", list(MARKETS))
def test_a_market_computed_from_its_page_is_that_of_python_at_the_start_and_wherever_sliders_stand(name):
    fit, products = float_exact(MARKETS[name]), PLACED[name]
    view = market(fit, products, draws=400, levels=LEVELS).view
    held = read_market(view.data)
    base = est.scenario(fit.table, products)
    for changes in ({}, *CHANGED[name]):
        offered = base
        for product, columns in changes.items():
            offered = offered.change(product, **columns)
        wanted = est.shares(fit, offered).draws
        found = shares_in_loops(held, changes)
        for label, values in found.items():
            np.testing.assert_allclose(values, wanted.sel(alternative=label).to_numpy(), atol=1e-12)


def test_what_a_page_leaves_out_and_what_that_changes_is_said():
    fit, products = MARKETS["tastes"], PLACED["tastes"]
    view = market(fit, products, draws=3, most_people=4).view
    assert (view.data["draws"], view.data["people"]) == (3, 4)
    held = read_market(view.data)
    full = est.shares(fit, est.scenario(fit.table, products)).table["median"]
    error = max(abs(np.median(values) - full[label]) for label, values in shares_in_loops(held, {}).items())
    said = float(re.search(r"differ by ([\d.]+) percentage points", view.notes[0])[1])
    assert said == pytest.approx(100 * error, rel=0.06)
    assert "3 draws" in view.notes[0]
    assert "4 of 8 people" in view.notes[0]


def test_reports_with_products_carry_the_first_market_that_a_page_can_compute():
    fits = {name: MARKETS[name] for name in ("tastes", "constants")}
    (view,) = moving_market(fits, PLACED["tastes"], "price")
    assert view.data["products"] == ["a", "b", "c"]
    assert moving_market(fits, None, "price") == ()
    nested = Fit(est.NestedLogit(["price"], nests={"ab": ["a", "b"]}).on(fits["tastes"].table), fits["tastes"].tree, {})
    assert moving_market({"nested": nested}, PLACED["tastes"], None) == ()
    with pytest.raises(est.ChoiceError, match="is no mixture of logits, which a page could compute"):
        market(nested, PLACED["tastes"])


def test_sliders_stand_at_round_numbers_and_at_what_products_have():
    rows = pd.DataFrame({"price": [1.0, 2.2, 4.9], "size": [0.0, 1.0, 1.0]})
    own = pd.DataFrame({"price": [3.333], "size": [1.0]})
    price, size = columns_of(["price", "size"], rows, own, {})
    assert {1.0, 3.333, 4.9, 2.5} <= set(price.places)
    assert 30 < len(price.places) < 60
    assert all(a < b for a, b in pairwise(price.places))
    assert size.places == (0.0, 1.0)
    (given,) = columns_of(["price"], rows, own, {"price": [5, 2]})
    assert given.places == (2.0, 3.333, 5.0)


def test_a_viewer_of_people_holds_their_decisions_expectations_and_probabilities(study):
    view = est.interactive(study, draws=20).view
    data, table = view.data, study.fits["level-k"].table
    expected = est.predict(study.fits["level-k"], draws=20)
    chances = study.frequencies.people
    columns = {column["name"]: column["values"] for column in data["columns"]}
    for place, person in enumerate(data["persons"]):
        rows = slice(*person["rows"])
        own = table.frame[table.frame["subject"].astype(str) == person["name"]]
        panels = [data["panels"][panel]["title"] for panel in data["decisions"]["panel"][rows]]
        senders = [place for place, title in enumerate(panels) if title.startswith("senders")]
        sent = own[own["role"] == "sender"].sort_values("period")
        assert [data["decisions"]["given"][rows][at] for at in senders] == sent["state"].tolist()
        assert [data["decisions"]["chosen"][rows][at] for at in senders] == sent["message"].tolist()
        means = expected.loc[table.frame.index.get_indexer(sent.index), "mean"]
        level = data["decisions"]["expected"][data["theories"].index("level-k")][rows]
        np.testing.assert_allclose([level[at] for at in senders], means, rtol=1e-3)
        follow = columns["probability of following level-k"][place]
        assert follow == pytest.approx(chances.loc[person["name"], "level-k"], rel=1e-3, abs=1e-4)
    assert len(data["persons"]) == len(table.subjects)
    assert view.tables[0].rows[0][0] == table.subjects[0]


def test_people_who_choose_words_are_shown_by_whether_they_chose_the_plain_one():
    population = {"sender_precision": (0.5, 0.3), "receiver_precision": (0.5, 0.3), "lapse": (0.05, 0.3)}
    table = est.simulate(est.Honest(), est.design({"hide": played("opposed")}, 4, 6, seed=1), population, seed=2)[0]
    fit = est.fit(est.Honest(), table, pooled=True, seed=3, draws=50, chains=2, progress=False)
    data = est.interactive(fit, draws=10).view.data
    panel = next(place for place, panel in enumerate(data["panels"]) if panel["title"] == "senders, hide")
    assert data["panels"][panel]["words"] == {str(place): word for place, word in enumerate(HIDING)}
    held = data["decisions"]
    own = table.frame[table.frame["role"] == "sender"].sort_values(["subject", "period"])
    senders = [place for place, at in enumerate(held["panel"]) if at == panel]
    assert [held["chosen"][at] for at in senders] == (own["message"] == own["state"]).astype(float).tolist()
    follow = est.predict(fit, what="follow", draws=10)["mean"].to_numpy()[table.frame.index.get_indexer(own.index)]
    np.testing.assert_allclose([held["expected"][0][at] for at in senders], follow, rtol=1e-3)


def test_one_fit_shows_kinds_and_few_people_are_chosen_evenly(study):
    view = est.interactive(study.fits["level-k"], most_people=3, draws=5).view
    assert [person["name"] for person in view.data["persons"]] == [
        study.fits["level-k"].table.subjects[at] for at in (0, 2, 5)
    ]
    assert "probability of level 1" in {column["name"] for column in view.data["columns"]}
    assert "3 of 6 people are in this page, evenly." in view.notes


def test_a_page_of_many_people_keeps_fewer_draws_before_it_leaves_anybody_out(monkeypatch):
    fit = made(est.MultinomialLogit(["price", "quality"], random="all"), SHOP, draws=300)
    _, whole = page_weights(fit, (), "known", None, None, 0)
    assert whole.shape == (300, 8, 2)
    monkeypatch.setattr(weights, "MOST", 8 * 2 * 100)
    _, fewer = page_weights(fit, (), "known", None, None, 0)
    assert fewer.shape == (100, 8, 2)
    _, asked = page_weights(fit, (), "known", 250, None, 0)
    assert asked.shape[0] == 250
