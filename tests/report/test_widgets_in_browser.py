"""Widgets of notebooks in a real browser, without the notebook: state, keys and labels. Skipped without a browser."""

from __future__ import annotations

import json

import pytest
from browser import Browser, find_browser
from markets_to_move import MARKETS, PLACED, float_exact, market, menus

import estimation as est
from estimation.report.interactive.scripts import as_json, asset, widget_script

PATH = find_browser()
pytestmark = pytest.mark.skipif(PATH is None, reason="no Chromium on this machine: widgets are not moved")


@pytest.fixture(scope="module")
def browser():
    with Browser(PATH) as running:
        yield running


@pytest.fixture(scope="module")
def data(study):
    """Return what each kind of widget is given, as JSON."""
    moving = {
        "lever": est.interactive(menus().frontier(), price_coefficient=0.5),
        "market": market(float_exact(MARKETS["tastes"]), PLACED["tastes"]),
        "people": est.interactive(study, draws=10),
    }
    return {kind: as_json(each.view.data) for kind, each in moving.items()}


@pytest.mark.parametrize("kind", ["lever", "market", "people"])
def test_the_script_of_a_widget_shows_the_view_and_follows_its_state(browser, data, tmp_path, kind):
    state = {"lever": {"menu": 1}, "market": {"offered": [True, False, True]}, "people": {"person": 1}}[kind]
    harness = f"""
    const kept = {{ data: {{ ...{data[kind]}, before: ["before"], after: [] }}, state: {{}} }}, heard = {{}};
    const model = {{ get: (name) => kept[name], set: (name, value) => (kept[name] = value), save_changes() {{}},
      on: (name, does) => (heard[name] = does), off: (name) => delete heard[name] }};
    const leave = widget.render({{ model, el: document.body }});
    const range = document.querySelector("input[type=range]");
    range.value = Number(range.value) + 2;
    range.dispatchEvent(new Event("input"));
    window.own = kept.state;
    model.set("state", {json.dumps(state)});
    heard["change:state"]();
    leave();
    window.left = Object.keys(heard).length;"""
    visit = browser.visit(_with_widget(tmp_path / "widget.html", kind, harness), 1280)
    moved = visit.run("window.own")
    assert moved["menu"] == 2 if kind == "lever" else moved
    texts = {"lever": "menu 2 of 8", "market": "not offered", "people": "Person s2"}
    assert texts[kind] in visit.run("document.querySelector('.interactive').textContent")
    assert visit.run("document.querySelector('p').textContent") == "before"
    assert visit.run("window.left") == 0
    assert visit.complaints == []
    visit.close()


def test_a_notebook_does_not_take_the_keys_of_a_widget_but_those_of_its_own(browser, data, tmp_path):
    harness = f"""
    const all = {{ ...{data["lever"]}, before: [], after: [] }};
    const model = {{ get: (name) => (name === "data" ? all : {{}}), set() {{}},
      save_changes() {{}}, on() {{}}, off() {{}} }};
    window.taken = [];
    document.addEventListener("keydown", (event) => {{ window.taken.push(event.key); event.preventDefault(); }});
    widget.render({{ model, el: document.body }});
    document.querySelector("input[type=range]").focus();"""
    visit = browser.visit(_with_widget(tmp_path / "keys.html", "lever", harness), 1280)
    visit.press("ArrowRight", "ArrowRight")
    assert visit.run("document.querySelector('input[type=range]').value") == "2"
    save = {"key": "s", "code": "KeyS", "windowsVirtualKeyCode": 83, "modifiers": 2}
    visit.ask("Input.dispatchKeyEvent", type="rawKeyDown", **save)
    assert visit.run("window.taken") == ["s"]
    visit.close()


def test_two_widgets_of_a_notebook_have_labels_of_their_own(browser, data, tmp_path):
    harness = f"""
    const all = {{ ...{data["market"]}, before: [], after: [] }};
    const model = {{ get: (name) => (name === "data" ? all : {{}}), set() {{}},
      save_changes() {{}}, on() {{}}, off() {{}} }};
    widget.render({{ model, el: document.body }});"""
    page = _with_widget(tmp_path / "two.html", "market", harness)
    module = page.read_text("utf-8").partition("<body>")[2]
    page.write_text(page.read_text("utf-8") + module, "utf-8")  # each widget loads the script anew
    visit = browser.visit(page, 1280)
    panels = "[...document.querySelectorAll('.interactive')]"
    inside = "[...p.querySelectorAll('label')].every(l => p.contains(l.control))"
    assert visit.run(f"{panels}.map(p => {inside} && p.querySelectorAll('label').length > 5)") == [True, True]
    visit.close()


def _with_widget(page, kind, harness):
    """Write a page that holds a widget's script and what starts it, as a notebook would."""
    module = widget_script(kind).replace("export default", "const widget =") + harness
    style = f"<style>{asset('interactive.css')}</style>"
    script = f'<script type="module">{module}</script>'
    page.write_text(f'<!DOCTYPE html><meta charset="utf-8">{style}<body>{script}', "utf-8")
    return page
