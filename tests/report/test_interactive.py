"""Pages that move, without a browser: what they hold is Python's, and no name in them is read as a mark."""

from __future__ import annotations

import base64
import json
import re
import sys
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from markets_to_move import (
    CHANGED,
    HOSTILE,
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
from small_study import with_checks
from table_games import HIDING, played

import estimation as est
from estimation.fits.fit import Fit
from estimation.report.document import render
from estimation.report.documents.market import moving_market
from estimation.report.interactive import weights
from estimation.report.interactive.levels import columns_of
from estimation.report.interactive.scripts import as_json, asset
from estimation.report.interactive.weights import page_weights


class Page(HTMLParser):
    """The marks of a page, its scripts, and its text."""

    def __init__(self, content):
        super().__init__()
        self.marks, self.scripts, self.data, self.policy, self.inside = [], [], [], "", None
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.marks.append((tag, found))
        self.inside = ("data" if found.get("type") == "application/json" else "script") if tag == "script" else None
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]

    def handle_endtag(self, tag):
        self.inside = None if tag == "script" else self.inside

    def handle_data(self, text):
        if self.inside:
            (self.data if self.inside == "data" else self.scripts).append(text)


@pytest.fixture(scope="module")
def frontier():
    return menus().frontier()


@pytest.fixture(scope="module")
def tradeoff():
    return uncertain_menus()


def test_no_name_is_a_mark_and_one_script_may_run_and_nothing_be_fetched(frontier):
    made = est.interactive(frontier).html
    found = Page(made)
    assert HOSTILE in json.loads("".join(found.data))["names"]
    assert HOSTILE in frontier.path.catalogue.products
    assert {tag for tag, _ in found.marks} & {"img", "iframe", "link", "base", "object"} == set()
    assert [
        name for _, attrs in found.marks for name in attrs if name.startswith("on") or name in ("src", "href")
    ] == []
    assert len(found.scripts) == 1
    digest = base64.b64encode(sha256(found.scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in found.policy
    assert found.policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in found.policy.split("script-src")[1]


def test_scripts_write_text_only_and_fetch_nothing():
    for name in ("base.js", "lever.js", "market.js", "people.js"):
        script = asset(name)
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch\(|XMLHttp", script
        )
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|import\s|</script", script)


@pytest.mark.parametrize("text", [HOSTILE, "<!--", "]]>", "\u2028", "漢字", "&amp;", "\ud800"])
def test_data_come_back_as_they_were_and_end_no_element(text):
    written = as_json({"name": text})
    assert json.loads(written)["name"] == text
    assert written.isascii()
    assert not set("<>&") & set(written)


def test_reports_of_menus_carry_the_lever_and_other_reports_no_script(frontier, page):
    found = Page(render(frontier))
    assert len(found.scripts) == 1
    assert any(tag == "noscript" for tag, _ in found.marks)
    still = Page(page)
    assert still.scripts == []
    assert "script-src 'none'" in still.policy


def test_without_scripts_the_table_is_there(frontier):
    made = est.interactive(frontier)
    text = made.html.split("<script")[0]
    for row in made.view.tables[0].rows:
        assert f">{row[2]}<" in text


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


def test_what_failed_its_diagnosis_says_so_first(study):
    failed = with_checks(study, failed="level-k")
    made = est.interactive(failed, draws=5)
    assert made.view.warnings == (failed.diagnoses["level-k"].verdict,)
    assert made.html.index("The diagnosis failed") < made.html.index("data-interactive")
    assert est.interactive(study, draws=5).view.warnings == ()


def test_what_cannot_be_moved_is_refused_with_the_way_out(frontier, tmp_path):
    fit, products = MARKETS["tastes"], PLACED["tastes"]
    with pytest.raises(est.ReportError, match="say what is offered: products="):
        est.interactive(fit)
    with pytest.raises(est.ReportError, match=r"'speed' is no option of menus; there are price_coefficient"):
        est.interactive(frontier, speed=2)
    with pytest.raises(est.ReportError, match="give a frontier of menus, a fit of choices"):
        est.interactive(3)
    with pytest.raises(est.ReportError, match="price_coefficient is -1"):
        est.interactive(frontier, price_coefficient=-1)
    with pytest.raises(est.ChoiceError, match="'brand' has no slider; there are"):
        est.interactive(fit, products, levels={"brand": [1]})
    with pytest.raises(est.ChoiceError, match=r"price 'brand' is none of the numbers \['price', 'quality'\]"):
        est.interactive(fit, products, price="brand")
    with pytest.raises(est.ReportError, match="must end in \\.html"):
        est.interactive(frontier).save(tmp_path / "page.pdf")
    assert list(tmp_path.iterdir()) == []


def test_in_a_notebook_the_page_stands_in_a_frame_of_its_own(frontier):
    shown = est.interactive(frontier)._repr_html_()
    (frame,) = Page(shown).marks
    assert frame[0] == "iframe"
    assert frame[1]["sandbox"] == "allow-scripts"
    assert frame[1]["srcdoc"] == est.interactive(frontier).html


def test_a_widget_has_the_script_of_the_page_and_its_state(frontier):
    pytest.importorskip("anywidget")
    made = est.interactive(frontier)
    widget = made.widget()
    assert asset("base.js") in widget._esm
    assert asset("lever.js") in widget._esm
    assert "export default" in widget._esm
    assert widget.data["names"] == made.view.data["names"]
    assert widget.data["before"] == ["shop (SYNTHETIC)"]
    widget.state = {"menu": 2}
    assert widget.get_state("state")["state"] == {"menu": 2}


def test_without_the_extra_a_widget_says_what_to_install(frontier, monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(est.ReportError, match=r"pip install 'estimation\[widgets\]'"):
        est.interactive(frontier).widget()


def test_a_page_of_many_people_keeps_fewer_draws_before_it_leaves_anybody_out(monkeypatch):
    fit = made(est.MultinomialLogit(["price", "quality"], random="all"), SHOP, draws=300)
    _, whole = page_weights(fit, (), "known", None, None, 0)
    assert whole.shape == (300, 8, 2)
    monkeypatch.setattr(weights, "MOST", 8 * 2 * 100)
    _, fewer = page_weights(fit, (), "known", None, None, 0)
    assert fewer.shape == (100, 8, 2)
    _, asked = page_weights(fit, (), "known", 250, None, 0)
    assert asked.shape[0] == 250
