"""Pages that move, moved in a real browser by mouse and keys: their numbers are Python's. Skipped without one."""

from __future__ import annotations

import json

import numpy as np
import pytest
from browser import Browser, find_browser
from markets_to_move import CHANGED, LEVELS, MARKETS, PLACED, float_exact, market, menus, places_after, uncertain_menus

import estimation as est
from estimation.report.document import render
from estimation.text.digits import fixed, number

PATH = find_browser()
pytestmark = pytest.mark.skipif(PATH is None, reason="no Chromium on this machine: pages are not moved")
VIEW = "document.querySelector('[data-interactive]').view"
PAGES = ("lever", "uncertain", "market", "people", "report")


@pytest.fixture(scope="module")
def browser():
    with Browser(PATH) as running:
        yield running


@pytest.fixture(scope="module")
def frontier():
    return menus().frontier()


@pytest.fixture(scope="module")
def folder(frontier, study, tmp_path_factory):
    place = tmp_path_factory.mktemp("moving")
    est.interactive(frontier, price_coefficient=0.5).save(place / "lever.html")
    est.interactive(uncertain_menus()).save(place / "uncertain.html")
    market(float_exact(MARKETS["tastes"]), PLACED["tastes"]).save(place / "market.html")
    est.interactive(study, draws=10).save(place / "people.html")
    (place / "report.html").write_text(render(frontier), encoding="utf-8")
    return place


@pytest.fixture
def visit(browser, folder):
    """Return a function that opens a page; at the end it must have complained of nothing and asked for nothing."""
    opened = []

    def visits(name, width=1280, **options):
        opened.append(browser.visit(folder / f"{name}.html", width, **options))
        return opened[-1]

    yield visits
    for each in opened:
        assert each.complaints == []
        assert each.fetched == []
        each.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_screens_of_any_width(browser, folder, name, width):
    seen = browser.look(folder / f"{name}.html", width)
    assert seen.facts["width"] <= width
    assert seen.facts["outside"] == []
    assert seen.complaints == []


def test_a_name_that_is_a_script_stays_a_name(visit):
    page = visit("lever")
    assert page.run("document.title") == "What to offer: revenue against utility: shop (SYNTHETIC)"
    assert page.run("document.images.length") == 0
    assert "</script><img src=x" in page.run("document.body.textContent")


def test_keys_move_the_lever_and_readers_of_screens_are_told(visit, frontier):
    page = visit("lever")
    page.press("Tab")
    assert page.run("document.activeElement.type") == "range"
    assert page.run("document.activeElement.labels[0].textContent") == "Lever: from revenue to customers"
    page.press("ArrowRight", "ArrowRight")
    assert page.run("document.activeElement.getAttribute('aria-valuetext')").startswith("menu 3 of 8")
    assert page.run("document.querySelector('[aria-live=polite]').textContent").startswith("menu 3 of 8")
    found = page.run(f"{VIEW}.numbers()")
    menu = frontier.menus[2]
    assert found["products"] == list(menu.products)
    assert found["revenue"] == pytest.approx(1000 * menu.revenue, rel=1e-12)
    assert found["leave"] == pytest.approx(1000 * menu.no_purchase, rel=1e-12)
    assert found["surplus"] == pytest.approx(1000 * menu.utility / 0.5, rel=1e-12)
    page.press("End")
    assert page.run(f"{VIEW}.numbers().menu") == len(frontier) - 1


def test_the_lever_is_dragged_and_weights_find_the_menu_that_python_finds(visit, frontier):
    page = visit("lever", 390)
    page.drag("input[type=range]", 0.02, 0.6)
    assert 3 <= page.run(f"{VIEW}.numbers().menu") <= 5
    for lever in (0.0, 0.5, 1.2, 9.0):
        page.run(f"(e => {{ e.value = {lever}; e.dispatchEvent(new Event('input')) }})({_field('a unit of utility')})")
        assert page.run(f"{VIEW}.numbers().products") == list(frontier.best(lever).products)
    cost = float(frontier.table["shift"].iloc[3] + frontier.table["shift_high"].iloc[3]) / 2
    page.run(f"(e => {{ e.value = {cost}; e.dispatchEvent(new Event('input')) }})({_field('a lost customer')})")
    assert page.run(f"{VIEW}.numbers().menu") == 3
    page.run(f"(e => {{ e.value = 50; e.dispatchEvent(new Event('input')) }})({_field('Customers')})")
    assert page.run(f"{VIEW}.numbers().revenue") == pytest.approx(50 * frontier.menus[3].revenue, rel=1e-12)


def test_an_amount_of_money_goes_once_the_menu_is_another_and_fields_follow_the_state(visit, frontier):
    page = visit("lever")
    worth, cost, customers = (_field(label) for label in ("a unit of utility", "a lost customer", "Customers"))
    page.run(f"(e => {{ e.value = 9; e.dispatchEvent(new Event('input')) }})({worth})")
    assert page.run(f"{worth}.value") == "9"
    page.run("document.querySelector('input[type=range]').focus()")
    page.press("Home")
    assert page.run(f"[{worth}.value, {cost}.value]") == ["", ""]
    page.run(f"{VIEW}.show({{menu: 2, customers: 50}})")
    assert page.run(f"{customers}.value") == "50"
    assert page.run(f"{VIEW}.numbers().revenue") == pytest.approx(50 * frontier.menus[2].revenue, rel=1e-12)


@pytest.mark.parametrize("name", ["lever", "uncertain"])
@pytest.mark.parametrize("width", [390, 320])
def test_the_table_fits_a_phone_once_the_lever_is_moved(visit, name, width):
    page = visit(name, width)
    page.press("Tab", "End")
    wide, room = page.run("(e => [e.scrollWidth, e.clientWidth])(document.querySelector('.lines'))")
    assert wide <= room
    ends = "[...document.querySelectorAll('.lines td')].map(e => e.getBoundingClientRect().right)"
    assert max(page.run(ends)) <= width


def test_pages_round_as_reports_do(visit):
    page = visit("lever")
    for value, places in (
        (0.945, 2),
        (0.125, 2),
        (0.375, 2),
        (2.5, 0),
        (1234.5, 0),
        (-0.001, 2),
        (1e6, 1),
        (-12.35, 1),
    ):
        assert page.run(f"fixed({value}, {places})") == fixed(value, places)


def test_under_a_posterior_a_worth_finds_the_best_menu_of_the_page(visit):
    page, found = visit("uncertain"), est.interactive(uncertain_menus()).view.data["menus"]
    for worth in (0.0, 0.7, 5.0, 100.0):
        page.run(f"(e => {{ e.value = {worth}; e.dispatchEvent(new Event('input')) }})({_field('a unit of utility')})")
        best = np.argmax(np.array(found["revenue"]) + worth * np.array(found["utility"]))
        assert page.run(f"{VIEW}.numbers().menu") == best


def _field(label):
    return f"[...document.querySelectorAll('label')].find(l => l.textContent.includes('{label}')).control"


@pytest.mark.parametrize("name", list(MARKETS))
def test_shares_in_the_browser_are_those_of_python_wherever_sliders_stand(browser, tmp_path, name):
    fit, products = float_exact(MARKETS[name]), PLACED[name]
    made = market(fit, products, draws=400, levels=LEVELS)
    page = browser.visit(made.save(tmp_path / "market.html"), 1280)
    base = est.scenario(fit.table, products)
    start = est.shares(fit, base)
    exact = 1e-8 if name == "of people" else 1e-12  # roots of incomes do not fit four bytes
    for changes in ({}, *CHANGED[name]):
        offered = base
        for product, columns in changes.items():
            offered = offered.change(product, **columns)
        places = places_after(made.view.data, changes)
        page.run(f"{VIEW}.show({json.dumps({'places': places})})")
        found, wanted = page.run(f"{VIEW}.numbers()"), est.shares(fit, offered)
        moved = wanted.draws - start.draws
        for at, label in enumerate(found["names"]):
            for level in ("low", "median", "high"):
                assert found["shares"][at][level] == pytest.approx(wanted.table.loc[label, level], abs=exact)
            high = np.quantile(moved.sel(alternative=label), 0.95)
            assert found["changes"][at]["high"] == pytest.approx(high, abs=exact)
    withdrawn = base.without("b")
    page.run(f"{VIEW}.show({json.dumps({'places': made.view.data['places'], 'offered': [True, False, True]})})")
    found, wanted = page.run(f"{VIEW}.numbers()"), est.shares(fit, withdrawn).table["median"]
    shares = dict(zip(found["names"], found["shares"], strict=True))
    assert shares["b"]["median"] == 0
    assert all(shares[label]["median"] == pytest.approx(share, abs=exact) for label, share in wanted.items())
    assert page.complaints == []
    page.close()


def test_prices_are_moved_by_keys_and_changes_are_measured_from_where_one_says(visit):
    page = visit("market")
    before = page.run(f"{VIEW}.numbers()")
    price = "document.querySelector('fieldset input[type=range]')"
    page.run(f"{price}.focus()")
    page.press(*["ArrowRight"] * 4)
    after = page.run(f"{VIEW}.numbers()")
    assert after["shares"][0]["median"] != before["shares"][0]["median"]
    assert after["changes"][0]["low"] != 0
    assert "nothing" in page.run("document.querySelector('[aria-live=polite]').textContent")
    page.run("[...document.querySelectorAll('button')][1].click()")
    page.settle()
    assert page.run(f"{VIEW}.numbers().changes.every(c => c.low === 0 && c.high === 0)")
    page.run("[...document.querySelectorAll('button')][0].click()")
    page.settle()
    assert page.run(f"{VIEW}.numbers()") == before


def test_one_key_leads_to_the_next_person_and_one_choice_to_anybody(visit, study):
    page, table = visit("people", 390), study.fits["level-k"].table
    page.press("Tab", "ArrowRight")
    assert page.run(f"{VIEW}.numbers().name") == table.subjects[1]
    page.run("[...document.querySelectorAll('button')].find(b => b.textContent === 'next').click()")
    assert page.run(f"{VIEW}.numbers().name") == table.subjects[2]
    page.run("[...document.querySelectorAll('button')].find(b => b.textContent === 'previous').focus()")
    page.press("Enter", "Enter")  # to the first person, before whom there is nobody: keys go on with the next
    assert page.run("document.activeElement.textContent") == "next"
    page.press("Enter", "Enter")
    assert page.run(f"{VIEW}.numbers().name") == table.subjects[2]
    own = table.frame[table.frame["subject"].astype(str) == table.subjects[2]]
    did = own["message"].where(own["role"] == "sender", own["action"])
    assert sorted(page.run(f"{VIEW}.numbers().chosen")) == sorted(did.tolist())
    by_chance = "[...document.querySelectorAll('option')].find(o => o.textContent.startsWith('by probability'))"
    page.run(f"(o => {{ o.parentNode.value = o.value; o.parentNode.dispatchEvent(new Event('change')) }})({by_chance})")
    chances = study.frequencies.people.iloc[:, 0]
    assert chances[page.run(f"{VIEW}.numbers().name")] == pytest.approx(chances.max(), rel=1e-3)


def test_without_scripts_the_tables_are_read_and_on_paper_controls_are_left_out(visit):
    still = visit("market", scripts=False).picture()
    assert len(still) > 20_000
    paper = visit("lever", paper=True)
    assert paper.run("getComputedStyle(document.querySelector('.controls')).display") == "none"


def test_numbers_are_written_as_reports_write_them(visit):
    page, rng = visit("lever"), np.random.default_rng(5)
    values = [0.0, 1e-9, -0.004217, 999.94, 123456.7, *(rng.normal(size=40) * 10.0 ** rng.integers(-5, 6, 40)).tolist()]
    for digits in (2, 3, 4):
        written = page.run(f"{json.dumps(values)}.map(v => number(v, {digits}))")
        assert written == [number(value, significant=digits) for value in values]
