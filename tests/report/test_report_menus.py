"""Pages and figures of a decision about menus: the numbers of the frontier, readable without seeing, self-contained."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.figure import Figure

import estimation as est
from estimation.drawing import BLUE, VERMILION
from estimation.report.notable import notable_menus, products_that_matter

SECTIONS = ["lever", "problem", "frontier", "exchange", "menus", "reversals", "methods", "citations", "provenance"]


class Page(HTMLParser):
    """Sections, pictures and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.sections, self.pictures, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "section" and attrs["id"] != "verdict":
            self.sections.append(attrs["id"])
        if tag == "img":
            self.pictures.append(attrs)

    def handle_data(self, data):
        self.text += " " + " ".join(data.replace("\N{NO-BREAK SPACE}", " ").split())


def problem(label="shop (SYNTHETIC)", count=14):
    rng = np.random.default_rng(61)
    u = rng.uniform(size=count)
    names = [f"product {place}" for place in range(count)]
    weight = 9 * (1 - u) / (1 - u).sum()
    made = est.Assortment(10 * u**2 * rng.uniform(0.75, 1.25, count), weight, products=names, label=label)
    return made.subject_to(est.AtMost(8))


@pytest.fixture(scope="module")
def frontier():
    return problem().frontier()


@pytest.fixture(scope="module")
def tradeoff():
    shop = problem()
    rng = np.random.default_rng(62)
    draws = shop.catalogue.weight * np.exp(0.7 * rng.normal(size=(30, 3, len(shop.catalogue))))
    return est.under_draws(shop, draws).frontier([0.0, 1.0, 4.0])


def page_of(study, tmp_path):
    return Page(est.report(study, tmp_path / "menus.html").read_text(encoding="utf-8"))


def test_a_frontier_becomes_a_page_with_its_numbers_its_demands_and_its_sources(frontier, tmp_path):
    page = page_of(frontier, tmp_path)
    assert page.sections == SECTIONS
    assert "at most 8 of 14 products" in page.text
    assert f"exact, {len(frontier)} menus" in page.text
    for row in frontier.table.itertuples():
        assert f"{row.revenue:#.4g}" in page.text
    assert "10.1287" in page.text or "67(5):2845-2869" in page.text


def test_the_page_says_synthetic_only_where_numbers_are_made_up(frontier, tmp_path):
    assert "SYNTHETIC." in page_of(frontier, tmp_path).text
    assert "SYNTHETIC" not in page_of(problem(label="my shop").frontier(), tmp_path).text


@pytest.mark.parametrize("study", ["frontier", "tradeoff"])
def test_pages_are_self_contained_and_every_picture_is_described(study, request, tmp_path):
    path = est.report(request.getfixturevalue(study), tmp_path / "menus.html")
    page = Page(path.read_text(encoding="utf-8"))
    assert len(page.pictures) >= 2
    for picture in page.pictures:
        assert picture["src"].startswith("data:image/svg+xml;base64,")
        assert len(picture["alt"]) > 40
        assert re.search(r"\d", picture["alt"])
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", path.read_text(encoding="utf-8"))
    assert [file.name for file in tmp_path.iterdir()] == ["menus.html"]


def test_under_a_posterior_the_page_says_so_first_and_tells_what_the_mean_alone_loses(tradeoff, tmp_path):
    page = page_of(tradeoff, tmp_path)
    assert page.sections == ["lever", "problem", "posterior", *SECTIONS[2:]]
    assert "mixture of logits" in page.text
    assert "using the posterior mean alone" in page.text
    assert "30 draws of 3 people each" in page.text
    assert "perfect information" in page.text
    assert "Frontier at the mean utilities" in page.text


def test_what_would_change_the_decision_is_about_the_menus_chosen_under_the_posterior(tradeoff, tmp_path):
    text = page_of(tradeoff, tmp_path).text
    chosen = [frozenset(decision.products) for decision in tradeoff.decisions]
    last = max(place for place in range(len(chosen)) if len(set(chosen[: place + 1])) == 1)
    levers = tradeoff.table.index
    assert f"chosen at weight 0 is chosen up to a weight of {levers[last]:.3g}, of the weights" in text
    assert "stays best up to a weight" not in text
    assert "follow from one logit" not in text
    assert f"{len(set(chosen))} for {len(chosen)} weights, found by search and bounded" in text


def test_a_menu_that_is_chosen_at_several_weights_is_one_menu():
    shop = problem()
    draws = shop.catalogue.weight * np.exp(0.1 * np.random.default_rng(5).normal(size=(20, 1, len(shop.catalogue))))
    study = est.under_draws(shop, draws).frontier([0.0, 1e-9, 4.0, 4.0000001])
    menus = est.interactive(study).view.data["menus"]
    assert [len(values) for values in menus.values()] == [2] * len(menus)
    assert (menus["weight_low"], menus["weight_high"]) == ([0.0, 4.0], [1e-9, 4.0000001])
    best = study.table["probability_best"].to_numpy()
    assert menus["best_low"] == [min(best[:2]), min(best[2:])]
    assert menus["best_high"] == [max(best[:2]), max(best[2:])]
    assert menus["gap"] == [max(study.table["gap"].iloc[:2]), max(study.table["gap"].iloc[2:])]
    assert menus["revenue"] == pytest.approx(study.table["revenue"].iloc[[0, 2]].tolist(), rel=1e-12)


def test_the_menus_that_matter_are_the_ends_the_bend_and_what_small_losses_buy():
    found = problem(count=300).frontier()
    table, letters = found.table, notable_menus(found)
    places = [place for place, _ in letters.values()]
    assert places == sorted(set(places))
    assert (places[0], places[-1]) == (0, len(table) - 1)
    for loss in (0.01, 0.05, 0.1):
        allowed = np.flatnonzero(table["revenue"] >= (1 - loss) * table["revenue"].iloc[0])
        assert allowed[-1] in places
    assert sum("bend" in words for _, words in letters.values()) == 1


def test_each_bar_of_a_product_is_its_membership_of_the_menus(frontier):
    for label, offered in products_that_matter(frontier).items():
        assert offered.tolist() == [label in menu.products for menu in frontier.menus]


@pytest.mark.parametrize("name", ["plot_frontier", "plot_menus", "plot_tradeoff", "plot_bands"])
def test_figures_draw_on_the_axes_given_and_give_them_back(name, frontier, tradeoff):
    study = frontier if name in ("plot_frontier", "plot_menus") else tradeoff
    axes = Figure().subplots()
    assert getattr(est, name)(study, axes) is axes
    assert axes.get_xlabel()
    assert axes.get_ylabel()
    assert axes.get_title() == "SYNTHETIC"
    assert getattr(est, name)(study).figure is not axes.figure


def test_the_curve_goes_through_every_menu_and_letters_mark_those_that_matter(frontier):
    axes = est.plot_frontier(frontier)
    curve = axes.lines[0]
    np.testing.assert_allclose(curve.get_xdata(), frontier.table["utility"])
    np.testing.assert_allclose(curve.get_ydata(), frontier.table["revenue"])
    assert {text.get_text() for text in axes.texts} == set(notable_menus(frontier))
    assert {line.get_color() for line in axes.lines} == {BLUE, VERMILION}


def test_bands_hold_nine_draws_in_ten(tradeoff):
    table, draws = tradeoff.table, tradeoff.draws
    for decision, row in zip(tradeoff.decisions, table.itertuples(), strict=True):
        chosen = tradeoff.problem.catalogue.chosen(decision.products)[None]
        revenue = draws.measures(chosen)[0][:, 0]
        inside = np.mean((row.revenue_low <= revenue) & (revenue <= row.revenue_high))
        assert 0.85 <= inside <= 0.95


def test_one_menu_alone_and_an_empty_one_make_a_page(tmp_path):
    single = est.Assortment([1.0], [1.0], products=["only"]).frontier()
    assert "one menu only" in page_of(single, tmp_path).text
    est.report(est.Assortment([], []).frontier(), tmp_path / "menus.html")


def test_figures_of_menus_do_not_wait_for_the_sampler_or_its_diagnostics():
    code = (
        "import estimation as est, sys; est.plot_frontier; "
        "print([m for m in ('pymc', 'arviz', 'numba', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_of_a_long_frontier_products_are_taken_from_menus_evenly_and_never_far_from_their_own():
    count = 900
    long = est.Assortment(np.linspace(10, 1, count), np.linspace(1, 2, count)).frontier()
    found = products_that_matter(long)
    assert len(found) == 30
    for label, offered in found.items():
        exact = np.array([label in menu.products for menu in long.menus])
        assert len(offered) == len(exact) > 400
        assert np.sum(offered != exact) <= 3
        assert np.sum(np.diff(offered.astype(int)) != 0) == np.sum(np.diff(exact.astype(int)) != 0)


def test_where_the_most_profitable_menu_is_empty_no_change_in_per_cent_of_nothing_is_told():
    frontier = est.Assortment([-1.0, -2.0], [1.0, 1.0], products=["a", "b"]).frontier()
    assert frontier.table["revenue"].iloc[0] == frontier.table["utility"].iloc[0] == 0
    said = [words for _, words in notable_menus(frontier).values()]
    assert said[-1] == "largest utility"
    assert not any("%" in words for words in said)
