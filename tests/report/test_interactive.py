"""Pages that move, without a browser: no name in them is read as a mark, and what they cannot do is said."""

from __future__ import annotations

import base64
import json
import re
import sys
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from markets_to_move import HOSTILE, MARKETS, PLACED, menus
from small_study import with_checks

import estimation as est
from estimation.report.document import render
from estimation.report.interactive.scripts import as_json, asset


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
