"""Names come from files: none is read as a mark, a formula or a command, and none vanishes without a word."""

from __future__ import annotations

import csv
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame
from markdown_it import MarkdownIt
from matplotlib.figure import Figure

import estimation as est
from estimation.report.blocks import Bullets, Document, Facts, Paragraph, Section, Verdict
from estimation.report.picture import Picture
from estimation.report.writers.html import page
from estimation.report.writers.latex import LATEX, SET, tex
from estimation.report.writers.markdown import MARKDOWN, plain
from estimation.report.writers.pdf import pdf
from estimation.text.page import as_html
from estimation.text.signs import in_brackets
from estimation.text.table import TextTable

SCRIPT = "<script>alert(1)</script>"
HOSTILE = [
    *("a|b", "a\n# heading", "# heading", "- item", "1. item", "===", "---", "| x |", "`code`", "[a](b)", "&lt;"),
    *("$x^$", "<b>x</b>", SCRIPT, "a\r\nb", "a\u2028b", "\x07bell", "a\\|b", "\\", "%", "a--b", "[T]", "*"),
    *("50% & _x_ #1 {y}", "漢字", "😀", "👩\u200d👧", "שלום", "Привет", "العربية", "ไทย", "Ä ß ő ș", "Αα Ωω ά ϟ"),
    *("x⁽²⁾ ₔ", "\u202eabc", "ﬁ"),
]


class Text(HTMLParser):
    """The marks of a page, and its text."""

    def __init__(self, content):
        super().__init__()
        self.marks, self.text = set(), ""
        self.feed(content)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 - as the parser calls it
        self.marks.add(tag)

    def handle_data(self, data):
        self.text += data


def document_of(name):
    table = TextTable(name, (name, "value"), ((name, "1"), ("other", name)), (1,), ((0, 0),))
    blocks = (Paragraph(name, name), Bullets(((name, name),)), Facts(((name, name),)), table)
    return Document(name, name, Verdict(name), (Section("a", name, blocks),))


@pytest.fixture(scope="module")
def named():
    """Choices whose columns, alternatives and data set are called like marks."""
    frame = choice_frame(30).rename(columns={"price": SCRIPT})
    frame["alternative"] = "<i>" + frame["alternative"]
    return est.read_choices(frame, name="<b>shop</b>")


@pytest.fixture(scope="module")
def fits(named):
    models = {SCRIPT: [SCRIPT, "quality"], "<b>two</b>": [SCRIPT]}
    return {name: est.fit(est.MultinomialLogit(terms), named, draws=100, seed=1) for name, terms in models.items()}


def test_notebooks_show_names_as_text(named, fits):
    fit = fits[SCRIPT]
    random = est.MultinomialLogit([SCRIPT, "quality"], random="all")
    modes = [est.mode(model, named, seed=1) for model in (fit.model, random)]
    quantities = est.willingness_to_pay(fit, price=SCRIPT), est.elasticities(fit, "quality")
    shown = [named, fit, est.diagnose(fit), est.compare(fits), *modes, *quantities]
    for thing in shown:
        content = thing._repr_html_()
        found = Text(content)
        assert found.marks <= {"p", "table", "thead", "tbody", "tr", "th", "td", "div"}, type(thing)
        assert SCRIPT in found.text or "<b>shop</b>" in found.text, type(thing)


def test_one_function_makes_all_pages_of_notebooks():
    package = Path(est.__file__).parent
    sources = {path.name: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    assert [name for name, source in sources.items() if re.search(r"<p>|to_html\(", source)] == ["page.py"]


def test_a_sentence_a_table_and_notes_are_escaped_as_html():
    table = pd.DataFrame([[SCRIPT]], pd.MultiIndex.from_tuples([(SCRIPT, "<b>")]), ["<i>"])
    found = Text(as_html("<u>", table, ["<s>"]))
    assert found.marks == {"p", "table", "thead", "tbody", "tr", "th", "td"}
    assert found.text.count(SCRIPT) == 2
    assert all(name in found.text for name in ("<b>", "<i>", "<u>", "<s>"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_makes_no_heading_row_or_list_of_markdown(name):
    made, usual = (MARKDOWN.written(document_of(text), "f").content.decode() for text in (name, "name"))
    read = MarkdownIt("gfm-like", {"linkify": False}).parse
    kinds, wanted = ([token.type for token in read(text) if token.type != "inline"] for text in (made, usual))
    assert kinds == wanted
    parts = [child for token in read(plain(name)) for child in token.children or ()]
    assert {part.type for part in parts} <= {"text", "text_special"}
    shown = "".join(part.content for part in parts)
    assert "".join(shown.split()) == "".join(re.sub(r"[\x00-\x1f\u2028\u202e]", " ", name).split())


@pytest.mark.parametrize("name", HOSTILE)
def test_latex_sets_every_sign_or_names_it(name):
    made, usual = (LATEX.written(document_of(text), "f").content.decode() for text in (name, "name"))
    body = made.split(r"\begin{document}")[1]
    assert all(sign.isascii() or sign in SET for sign in body)
    assert len(made.splitlines()) == len(usual.splitlines())
    assert made.count("{") - made.count(r"\{") == made.count("}") - made.count(r"\}")
    assert not re.search(r"(\\\\|\\toprule|\\addlinespace\[2pt\])\n[\[*]", body)
    for row in (line for line in body.splitlines() if line.endswith(r" \\")):
        assert len(re.findall(r"(?<!\\)&", row)) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("漢", "[CJK UNIFIED IDEOGRAPH-6F22]"),
        ("😀", "[GRINNING FACE]"),
        ("ש", "[HEBREW LETTER SHIN]"),
        ("👩\u200d👧", "[WOMAN][GIRL]"),
        ("e\u0301", "é"),
        ("Α ω ς", r"$A$ $\omega$ [GREEK SMALL LETTER FINAL SIGMA]"),
        ("`a'", r"\textasciigrave{}a'"),
        ("a---b", "a-{}-{}-b"),
        ("\ue000", "[U+E000]"),
    ],
)
def test_signs_that_latex_cannot_set_stand_as_their_names(text, wanted):
    assert tex(text) == wanted


def test_the_pdf_has_the_names_of_signs_that_its_fonts_do_not_have():
    absent = "漢😀ไ"
    assert pdf(document_of(absent)) == pdf(document_of("".join(map(in_brackets, absent))))
    for name in HOSTILE:
        assert pdf(document_of(name)).startswith(b"%PDF-")


def test_the_page_shows_names_as_text():
    for name in HOSTILE:
        found = page(document_of(name))
        assert SCRIPT not in found
        assert " ".join(re.sub(r"[\x00-\x1f\u2028\u202e]", " ", name).split()) in " ".join(unescape(found).split())


def test_figures_show_dollars_as_dollars_and_name_what_their_font_lacks():
    figure = Figure(layout="constrained")
    axes = figure.subplots()
    axes.set(title="漢 $x^$", xlabel="$1 to $2")
    axes.set_yticks([0, 1], ["字", "$y^$"])
    image = Picture(figure, "a\nb", "").image("svg").decode()
    for name in ("[CJK UNIFIED IDEOGRAPH-6F22] $x^$", "[CJK UNIFIED IDEOGRAPH-5B57]", "$y^$", "$1 to $2"):
        assert f"<!-- {name} -->" in image


def test_spreadsheets_read_no_label_as_a_formula(tmp_path):
    labels = ["=1+1", "@sum", "+x", "-x", "\tx", "\rx", "-3", "+2.5", "plain", "a=b"]
    weight = np.linspace(1, 2, len(labels))
    for label in labels:
        shop = est.Assortment([5.0], [1.0], products=[label], label="shop")
        path = shop.frontier().to_csv(tmp_path / "menus.csv")
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        is_active = label[0] in "=@+-\t\r" and label not in ("-3", "+2.5")
        assert rows[0]["products"] == ("'" if is_active else "") + label
        assert not any(cell.startswith(("=", "@")) for row in rows for cell in row.values())
    frontier = est.Assortment(10 * weight, weight, products=labels, label="shop").frontier()
    assert set(frontier.listing()["enters"].iloc[0].split("; ")) <= set(labels)
