"""Four forms, one report: the same sections, tables and figures, and the same silence where numbers are not sound."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote

import numpy as np
import pytest
from markdown_it import MarkdownIt
from matplotlib.figure import Figure
from PIL import Image

from estimation.errors import ReportError
from estimation.report.blocks import Bullets, Document, Facts, Gallery, Paragraph, Section, Verdict
from estimation.report.document import write
from estimation.report.picture import Picture
from estimation.report.writers.html import page as page_of
from estimation.report.writers.latex import LATEX, tex
from estimation.report.writers.markdown import MARKDOWN, plain
from estimation.report.writers.pdf import as_data, pages, pdf
from estimation.report.writers.text import ROOM, widths
from estimation.text.table import TextTable

NASTY = r"50 % of x_y & z < 3 | #1 {a} \b ~ ^ $5 *not bold* [no](link) `code` τ̂ ≥ −1 α β₂ m² → “quoted” #strong[x]"


def text_of_data(part):
    """Everything that the PDF's template is given, in order."""
    if isinstance(part, dict):
        return " ".join(text_of_data(value) for key, value in part.items() if key != "svg")
    if isinstance(part, list):
        return " ".join(map(text_of_data, part))
    return str(part)


WORDS = {
    "html": lambda request: words_of_page(request.getfixturevalue("page")),
    "pdf": lambda request: text_of_data(as_data(request.getfixturevalue("good"))),
    "tex": lambda request: request.getfixturevalue("latex"),
    "md": lambda request: request.getfixturevalue("markdown"),
}
FAILED_WORDS = {
    "html": lambda request: words_of_page(request.getfixturevalue("failed_page")),
    "pdf": lambda request: text_of_data(as_data(request.getfixturevalue("bad"))),
    "tex": lambda request: LATEX.written(request.getfixturevalue("bad"), "figures").content.decode(),
    "md": lambda request: MARKDOWN.written(request.getfixturevalue("bad"), "figures").content.decode(),
}


def words_of_page(page):
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)


@pytest.mark.parametrize("form", FAILED_WORDS)
def test_a_failed_diagnosis_leads_every_form_and_the_verdict_is_withheld(form, request):
    text = FAILED_WORDS[form](request)
    lead = text.index("The diagnosis failed: no verdict is given.")
    assert lead < text.index("R-hat is 1.23") < text.index("fingerprint")
    assert "predicts a new person better" not in text
    assert "elpd" not in text
    assert "What level-k says about people" not in text
    assert "What trust-embedded says about people" in text


@pytest.mark.parametrize("form", WORDS)
def test_a_sound_report_gives_its_verdict_in_every_form(form, good, study, request):
    text = WORDS[form](request).replace(r"\_\allowbreak{}", "_").replace("\N{ZERO WIDTH SPACE}", "")
    text = " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "predicts a new person better" in text
    assert text.index("A simulation made these data") < text.index("predicts a new person better")
    for section in good.sections:
        assert section.title in text
    for parameter in study.fits["trust-embedded"].problem.parameters:
        assert parameter.name in text


@pytest.mark.parametrize("suffix", [".tex", ".md"])
def test_figures_lie_beside_the_file_and_stale_ones_go(suffix, tmp_path):
    drawn = Gallery(tuple(Picture(Figure(), "what it shows", "a caption") for _ in range(2)))
    report = Document("question", "subject", Verdict("verdict"), (Section("a", "A", (drawn,)),))
    target = tmp_path / f"paper{suffix}"
    folder = tmp_path / "paper_figures"
    folder.mkdir()
    form = {".tex": ".pdf", ".md": ".svg"}[suffix]
    (folder / f"figure-99{form}").write_bytes(b"old")
    (folder / "mine.txt").write_text("mine")
    write(report, target)
    named = sorted(path.name for path in folder.iterdir())
    assert named == [f"figure-01{form}", f"figure-02{form}", "mine.txt"]
    text = target.read_text(encoding="utf-8")
    assert all(f"paper_figures/{name}" in text for name in named[:-1])
    assert sorted(path.name for path in tmp_path.iterdir()) == [target.name, "paper_figures"]


@pytest.mark.parametrize("stem", ["paper", "my paper (1)", "100% <a> [b] #1", "Zürich"])
def test_markdown_finds_its_figures_whatever_the_file_is_called(stem, tmp_path):
    drawn = Gallery((Picture(Figure(), "what it shows", "a caption"),))
    report = Document("question", "subject", Verdict("verdict"), (Section("a", "A", (drawn,)),))
    text = write(report, tmp_path / f"{stem}.md").read_text(encoding="utf-8")
    marks = [mark for block in MarkdownIt().parse(text) for mark in block.children or ()]
    (address,) = [str(mark.attrs["src"]) for mark in marks if mark.type == "image"]
    assert (tmp_path / unquote(address)).is_file()


def test_latex_that_would_not_find_its_figures_is_refused(tmp_path):
    report = Document("question", "subject", Verdict("verdict"), ())
    with pytest.raises(ReportError, match=r"'100% #1.tex' contains '#' '%'.*rename"):
        write(report, tmp_path / "100% #1.tex")
    assert not list(tmp_path.iterdir())


def test_the_pdf_is_accessible_and_whole(good, tmp_path):
    made = pdf(good)
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" in made
    assert b"/StructTreeRoot" in made or b"/MarkInfo" in made


def test_no_page_of_the_pdf_has_ink_in_its_margins(good, bad):
    for report in (good, bad):
        found = pages(report, resolution=50)
        assert len(found) > 1
        for content in found:
            grey = np.asarray(Image.open(io.BytesIO(content)).convert("L"))
            margin = round(50 * 1.8 / 2.54)
            assert grey[:, :margin].min() > 250
            assert grey[:, -margin:].min() > 250


def test_nothing_in_a_text_is_read_as_markup():
    table = TextTable(NASTY, (NASTY, "b"), ((NASTY, "1"), ("c", NASTY)), (1,), ((0, 1),))
    blocks = (Paragraph(NASTY, NASTY), Bullets((("", NASTY), (NASTY, NASTY))), Facts(((NASTY, NASTY),)), table)
    report = Document(NASTY, NASTY, Verdict(NASTY), (Section("a", NASTY, blocks),), NASTY)
    assert pdf(report).startswith(b"%PDF-")
    assert "*not bold*" not in MARKDOWN.written(report, "f").content.decode()
    assert "&lt; 3" in page_of(report)
    made = LATEX.written(report, "f").content.decode()
    assert not re.search(r"(?<!\\)[#]", made.split(r"\begin{document}")[1])
    for row in re.findall(r"^.*\\\\$", made.split(r"\endlastfoot")[1], flags=re.MULTILINE):
        assert len(re.findall(r"(?<!\\)&", row)) == 1


def test_the_latex_is_balanced_and_its_tables_have_as_many_cells_as_columns(latex):
    made = latex
    assert made.count("{") - made.count(r"\{") == made.count("}") - made.count(r"\}")
    begun, ended = (re.findall(rf"\\{word}{{(\w+)}}", made) for word in ("begin", "end"))
    assert sorted(begun) == sorted(ended)
    body = made.split(r"\begin{document}")[1]
    assert body.replace(r"\dots", "").isascii() or re.findall(r"[^\x00-\x7f]", body)
    assert not re.findall(r"[\u0370-\u03ff\u2212\u2264\u2265]", body)
    for table in re.findall(r"\\begin{longtable}.*?\\end{longtable}", made, flags=re.DOTALL):
        rows = [line for line in table.splitlines() if line.endswith(r" \\")]
        assert len({len(re.findall(r"(?<!\\)&", row)) for row in rows}) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("α", r"$\alpha$"),
        ("Γ λ", r"$\Gamma$ $\lambda$"),
        ("β₂ m²", r"$\beta$$_{2}$ m$^{2}$"),
        ("50 %", r"50~\%"),
        ("a_b", r"a\_\allowbreak{}b"),
        ("Özer", "Özer"),
    ],
)
def test_signs_become_their_commands(text, wanted):
    assert tex(text) == wanted


def test_names_keep_their_underscores_in_markdown():
    assert plain("simulated_forecast_sharing") == "simulated_forecast_sharing"
    assert plain("_x_ *y* | z") == r"\_x\_ \*y\* \| z"


def test_columns_share_the_page_and_short_tables_keep_their_own_widths():
    short = TextTable("", ("a", "b"), (("1", "2"),))
    long = TextTable("", ("a", "b"), (("1", "word " * 40),))
    assert widths(short) is None
    shares = widths(long)
    assert sum(shares) == pytest.approx(1)
    assert shares[1] > shares[0]


def test_a_column_is_wide_enough_for_its_longest_word():
    head = ("parameter", "unit", "prior", "why")
    row = ("receiver_precision", "probability", "on the logit scale " * 4, "between half and two hundred logits " * 5)
    shares = widths(TextTable("a table", head, (row,)))
    assert sum(shares) == pytest.approx(1)
    for share, word in zip(shares, ("precision", "probability", "logit", "hundred"), strict=True):
        assert share * ROOM >= len(word) + 1
    assert shares[3] > shares[2] > shares[1]
