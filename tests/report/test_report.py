"""Pages: whole, readable without seeing, self-contained, and silent where the numbers are not sound."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from builders import estimation_game, make_table
from small_study import small_fits, small_study, with_checks

import estimation as est
from estimation.report import contents, document
from estimation.report.theories.played import game_section
from estimation.report.writers import html

VOID = {"meta", "img", "br", "hr", "link", "input"}
ORDER = [
    *("data", "game", "models", "diagnosis", "estimates", "comparison", "checks", "people"),
    *("reversals", "methods", "citations", "provenance"),
]


class Outline(HTMLParser):
    """What stands where in a page, and whether each element is closed."""

    def __init__(self, page):
        super().__init__()
        self.open, self.elements, self.text = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def words_of(page):
    return " ".join("".join(Outline(page).text).split())


@pytest.fixture(params=["page", "failed_page"])
def any_page(request):
    return request.getfixturevalue(request.param)


def test_the_page_is_well_formed(any_page):
    outline = Outline(any_page)
    assert outline.open == []
    document = re.sub(r"^\s*<!DOCTYPE html>", "", any_page.strip())
    assert ET.fromstring(document).tag == "html"


def test_every_picture_says_what_it_shows(any_page):
    pictures = [attributes for tag, attributes in Outline(any_page).elements if tag in ("img", "svg")]
    assert pictures
    for attributes in pictures:
        assert len(attributes.get("alt", "").split()) >= 10
        assert "SYNTHETIC" in attributes["alt"]


def test_nothing_is_loaded_from_elsewhere(any_page):
    for tag, attributes in Outline(any_page).elements:
        for name in ("src", "href", "srcset", "data", "action"):
            assert re.match(r"data:|#|$", attributes.get(name) or ""), (tag, attributes[name][:80])
        assert tag not in ("script", "link", "iframe")
    assert "@import" not in any_page
    assert "url(" not in any_page


def test_identifiers_are_unique_and_links_lead_somewhere(any_page):
    elements = Outline(any_page).elements
    names = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(names) == len(set(names))
    assert {attributes["href"][1:] for tag, attributes in elements if tag == "a"} <= set(names)


def test_tables_have_captions_and_headings(any_page):
    elements = Outline(any_page).elements
    tables = sum(tag == "table" for tag, _ in elements)
    assert tables == sum(tag == "caption" for tag, _ in elements) > 0
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in elements if tag == "th")


def test_the_verdict_leads_and_diagnosis_comes_before_every_number(page):
    names = [attributes["id"] for tag, attributes in Outline(page).elements if tag == "section"]
    assert names == ["verdict", *ORDER]


def test_a_page_on_simulated_data_says_so_before_anything_else(page):
    text = words_of(page)
    assert text.index("SYNTHETIC. A simulation made these data") < text.index(small_study().verdict[:30])


def test_the_verdict_and_the_comparison_are_given_when_all_checks_passed(page, study):
    text = words_of(page)
    assert study.verdict in text
    assert "expected log predictive density" in text
    assert "The unit is a person." in text


def test_a_failed_diagnosis_leads_and_withholds_verdict_and_comparison(failed_page):
    text = words_of(failed_page)
    assert "The diagnosis failed: no verdict is given." in text
    assert text.index("R-hat is 1.23") < text.index("Data")
    assert "predicts a new person better" not in text
    assert "elpd" not in text
    assert "Withheld, because the diagnosis failed: level-k." in text
    assert "What level-k says about people" not in text
    assert "What trust-embedded says about people" in text


def test_rough_integrals_withhold_estimates_and_let_the_comparison_stand(study):
    from estimation.report.document import render

    rough = with_checks(study, rough="level-k")
    text = words_of(render(rough))
    assert rough.verdict in text
    assert "no verdict is given" not in text
    assert "some estimates are withheld:" in text
    assert text.index("integral error is 0.36") < text.index("Data")
    assert "Withheld, because the diagnosis failed: level-k." in text
    assert with_checks(study).reservations == []


def test_scores_that_cannot_be_trusted_withhold_the_verdict_too(study):
    from dataclasses import replace

    from estimation.report.document import render

    best = str(study.table.index[0])
    scores = study.scores | {best: replace(study.scores[best], is_sound=False)}
    unscored = replace(study, scores=scores, table=study.table.assign(ok=[False, True]))
    text = words_of(render(unscored))
    assert f"{best}: refits did not pass their checks" in text
    assert "predicts a new person better" not in text


def test_every_parameter_stands_with_meaning_unit_prior_and_reason(page, study):
    text = words_of(page)
    for fit in study.fits.values():
        for parameter in fit.problem.parameters:
            for part in (parameter.meaning, parameter.unit, parameter.why):
                assert part in text


def test_provenance_and_citations_are_there(page, study):
    text = words_of(page)
    assert study.fits["level-k"].fingerprint[:16] in text
    for fit in study.fits.values():
        assert fit.theory.citation in text
        assert fit.manifest["versions"]["pymc"] in text


def test_a_single_fit_can_be_reported(tmp_path):
    path = est.report(small_fits()["trust-embedded"], tmp_path / "fit.html")
    text = words_of(path.read_text(encoding="utf-8"))
    assert "Stacking" not in text.split("What to cite")[0]
    assert [file.name for file in tmp_path.iterdir()] == ["fit.html"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("report.docx", "'.docx'; supported are .html, .pdf, .tex, .md"),
        ("report", "supported"),
        ("absent/report.html", "does not exist"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_the_work(tmp_path, name, words):
    with pytest.raises(est.ReportError, match="cannot be written") as caught:
        est.report(with_checks(small_study()), tmp_path / name)
    assert words in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_breaks_leaves_the_old_one_in_place(tmp_path, study, monkeypatch):
    target = tmp_path / "report.html"
    target.write_text("old")

    def broken(report, folder):
        raise ZeroDivisionError

    monkeypatch.setattr(document, "document", lambda *_, **__: None)
    monkeypatch.setattr(html, "written", broken)
    with pytest.raises(ZeroDivisionError):
        est.report(study, target)
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
    assert target.read_text() == "old"


def test_the_cost_of_lies_is_explained_where_it_does_not_grow_in_proportion():
    (part,) = game_section(make_table()).parts
    said = part.content[0].text
    assert part.title == "over, under"
    assert "In under, a lie of size d costs the effort of one of size 10 (d/10)^2." in said
    straight = game_section(make_table(games={"over": estimation_game()})).parts[0]
    assert "a lie of size d" not in straight.content[0].text


def test_a_report_of_theories_that_all_failed_holds_no_checks_and_no_people(study):
    failed = {name: replace(one, table=one.table.assign(passed=False)) for name, one in study.diagnoses.items()}
    page = contents.document(replace(study, diagnoses=failed, table=study.table.assign(ok=False)))
    names = [section.name for section in page.sections]
    assert {"data", "game", "models", "diagnosis", "reversals"} <= set(names)
    assert not {"comparison", "checks", "people"} & set(names)
    assert page.verdict.withheld
