"""Figures and tables have numbers, the same in every form, and text refers to each of them."""

from __future__ import annotations

import re

import pytest
from matplotlib.figure import Figure

import estimation as est
from estimation.report.blocks import Document, Gallery, Paragraph, Section, Verdict
from estimation.report.contents import document
from estimation.report.numbering import Numbers
from estimation.report.picture import Picture
from estimation.report.writers.pdf import pdf
from estimation.report.writers.text import caption_of
from estimation.text.table import TextTable

TABLES = [TextTable(f"table {place}", ("a",), (("1",),)) for place in range(4)]
TRICK = "{shown} is a name"


def gallery(count: int) -> Gallery:
    return Gallery(tuple(Picture(Figure(), "what it shows", "a caption") for _ in range(count)))


def report(*sections: Section) -> Document:
    return Document("question", "subject", Verdict("verdict"), sections)


def referred(*shown):
    """Return how a text refers to tables and figures of a report that has these only."""
    paragraph = Paragraph("see {shown}!", shown=shown)
    return Numbers(report(Section("a", "A", (paragraph, *shown)))).text(paragraph)


def test_tables_and_figures_are_counted_apart_in_the_order_of_the_page():
    figures = gallery(2)
    inner = Section("", "inner", (TABLES[1],))
    found = Numbers(report(Section("a", "A", (TABLES[0], figures), (inner,)), Section("b", "B", (TABLES[2],))))
    assert [found.of(table).name for table in TABLES[:3]] == ["Table 1", "Table 2", "Table 3"]
    assert [found.of(picture).name for picture in figures.pictures] == ["Figure 1", "Figure 2"]


def test_references_read_as_in_a_paper():
    assert referred(TABLES[0]) == "see Table 1!"
    assert referred(*TABLES[:2]) == "see Tables 1 and 2!"
    assert referred(*TABLES[:3]) == "see Tables 1 to 3!"
    assert referred(TABLES[0], gallery(4)) == "see Table 1 and Figures 1 to 4!"
    apart = Paragraph("{shown}", shown=(TABLES[0], TABLES[1], TABLES[3]))
    assert Numbers(report(Section("a", "A", (apart, *TABLES)))).text(apart) == "Tables 1, 2 and 4"


def test_a_name_that_looks_like_a_reference_stays_a_name():
    assert Numbers(report()).text(Paragraph(TRICK)) == TRICK
    mixed = Paragraph(f"{TRICK}, see {{shown}}.", shown=(TABLES[0],))
    assert Numbers(report(Section("a", "A", (mixed, TABLES[0])))).text(mixed) == f"{TRICK}, see Table 1."


@pytest.mark.parametrize("name", ["study", "menus"])
def test_every_table_and_figure_of_a_report_is_referred_to(name, good):
    found = good if name == "study" else document(est.Assortment([4.0, 7.0], [1.8, 1.1]).frontier())
    numbers = Numbers(found)
    paragraphs = [block for section in found.sections for block in section.content if isinstance(block, Paragraph)]
    named = {number.name for paragraph in paragraphs for number in numbers.named(paragraph)}
    assert named == {number.name for number in numbers.all}


def test_all_forms_give_a_figure_or_table_the_same_number(good, page, latex, markdown):
    found, numbers = good, Numbers(good)
    tables = [block for section in found.sections for block in section.content if isinstance(block, TextTable)]
    captions = {numbers.of(table).name: caption_of(table, found).split(" (")[0].split(" [")[0] for table in tables}
    html = re.sub(r"<[^>]+>", "", page).replace("\N{NO-BREAK SPACE}", " ")
    lines = markdown.replace("\\", "")
    labels = re.findall(r"\\caption\{(.*)\}\\label\{(table-\d+)\}", latex.replace(r"\_\allowbreak{}", "_"))
    for name, caption in captions.items():
        assert f"{name}. {caption}" in html
        assert f"*{name}. {caption}" in lines
    for place, (caption, label) in enumerate(labels, 1):  # LaTeX counts captions itself
        assert label == f"table-{place}"
        assert caption.startswith(captions[f"Table {place}"].split("~")[0][:12])
    assert len(labels) == len(tables)


def test_links_lead_to_what_they_name(page):
    anchors = set(re.findall(r'href="#((?:table|figure)-\d+)"', page))
    assert anchors
    assert anchors <= set(re.findall(r'id="([a-z]+-\d+)"', page))
    assert pdf(report(Section("a", "A", (Paragraph("{shown}", shown=(TABLES[0],)), TABLES[0])))).startswith(b"%PDF")
