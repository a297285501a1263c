"""The documentation site: nothing is forgotten, and no link leads nowhere. Read from its pages, without building it."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

import estimation as est
from estimation.cli import COMMANDS
from estimation.evaluation import diagnosis
from estimation.fits import checks
from estimation.population.likelihoods import TOLERATED
from estimation.text.fragments import InLatex

pytestmark = pytest.mark.usefixtures("site")

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def pages(site):
    source = importlib.import_module("pages")
    return source.written() | source.generated()


def test_what_prints_parts_of_papers_says_so_in_the_reference(site):
    api = importlib.import_module("api_pages")
    classes = [getattr(est, name) for name in api.public_names(ROOT) if name[0].isupper()]
    printed = {one for one in classes if isinstance(one, type) and issubclass(one, InLatex)}
    named = tuple(getattr(est, name) for name in api.PRINTED)
    assert named
    assert all(issubclass(one, named) for one in printed), "give it a place in PRINTED of docs/site/api_pages.py"
    assert "automethod:: to_latex" in api.api_pages(ROOT)["api/inference.md"]


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, by GitHub's rule."""
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)|`", r"\1", found) for found in HEADING.findall(CODE.sub("", text)))
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in plain}


def relative_links(text: str) -> list[str]:
    found = LINK.findall(re.sub(r"`[^`\n]*`|\$\$?[^$]*\$\$?", "`code`", CODE.sub("", text)))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def test_every_page_is_in_the_table_of_contents_once(pages):
    contents = importlib.import_module("contents")
    listed = [f"{entry}.md" for entries in contents.CONTENTS.values() for entry in entries]
    folders = [page.split("/")[0] for page in pages if page.endswith("/README.md")]
    listed += [f"{folder}/{name}.md" for folder in folders for name in contents.below(folder, pages)]
    assert sorted([*listed, "index.md"]) == sorted(pages)


def test_pages_that_come_first_exist(pages):
    contents = importlib.import_module("contents")
    named = [f"{folder}/{name}.md" for folder, names in contents.FIRST.items() for name in names]
    assert set(named) <= set(pages)


def test_no_relative_link_is_broken(pages):
    broken = []
    for page, text in pages.items():
        for link in relative_links(text):
            path, _, anchor = link.partition("#")
            target = (Path("/site") / page).parent.joinpath(path).resolve().relative_to("/site") if path else Path(page)
            place = target.as_posix()
            missing = place not in pages and not (ROOT / "docs" / place).is_file()
            if missing or (anchor and anchor not in anchors(pages[place])):
                broken.append((page, link))
    assert broken == []


def test_every_public_name_is_on_a_page_of_the_reference(pages):
    reference = "".join(text for page, text in pages.items() if page.startswith("api/"))
    assert [name for name in est.__all__ if f":: estimation.{name}\n" not in reference] == []
    assert [name for name in est.__all__ if f"<estimation.{name}>" not in pages["api/README.md"]] == []


def test_every_command_and_every_data_set_is_described(pages):
    assert [name for name in COMMANDS if f"\n## {name}\n" not in pages["commands.md"]] == []
    folders = [path.parent.name for path in (ROOT / "datasets").glob("*/README.md")]
    assert [name for name in folders if f"data/{name}.md" not in pages] == []


def test_the_page_of_commands_names_no_type_of_python_as_their_help(pages):
    text = pages["commands.md"]
    assert [kind for kind in ("int", "float", "str", "path") if f"‹{kind}›" in text] == []
    assert [line for line in text.splitlines() if line.startswith("estimation ") and "{" in line] == []
    assert "`--seed N`" in text
    assert "‹sender \\| receiver \\| both›" in text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<mo>|</mo><mi>x</mi><mo>|</mo>", '<mo form="prefix">|</mo><mi>x</mi><mo form="postfix">|</mo>'),
        (
            "<mi>k</mi><mo>|</mo><mi>x</mi><mo>|</mo>",
            '<mi>k</mi><mo form="prefix">|</mo><mi>x</mi><mo form="postfix">|</mo>',
        ),
        ("<mo>(</mo><mo>−</mo><mi>x</mi><mo>)</mo>", '<mo>(</mo><mo form="prefix">−</mo><mi>x</mi><mo>)</mo>'),
        ("<mi>x</mi><mo>−</mo><mn>1</mn>", "<mi>x</mi><mo>−</mo><mn>1</mn>"),
        ("<mi>x</mi><mi>~</mi><mi>N</mi>", "<mi>x</mi><mo>∼</mo><mi>N</mi>"),
        ("<mi>log</mi><mi>x</mi>", '<mi>log</mi><mspace width="0.167em" /><mi>x</mi>'),
        ("<mi>log</mi><mo>(</mo><mi>x</mi><mo>)</mo>", "<mi>log</mi><mo>(</mo><mi>x</mi><mo>)</mo>"),
    ],
)
def test_signs_in_formulas_are_spaced_by_what_they_do(given, shown, site):
    assert importlib.import_module("spacing").spaced(f"<math>{given}</math>") == f"<math>{shown}</math>"


def notebook(cells):
    return json.dumps({"cells": cells, "nbformat": 4})


def test_notebooks_are_pages_with_outputs_where_they_were_run_and_without_where_not(tmp_path):
    notebook_pages = importlib.import_module("notebook_pages").notebook_pages
    words = {"cell_type": "markdown", "source": ["# Quick start\n", "\n", "Who wins? See [next](more.ipynb)."]}
    code = {"cell_type": "code", "source": ["print(1)"], "metadata": {"alt": "a curve"}, "outputs": []}
    (tmp_path / "start.ipynb").write_text(notebook([words, code]))
    plain = notebook_pages(tmp_path, tmp_path / "nowhere")
    assert "[Quick start](start.md): Who wins?" in plain["notebooks/README.md"]
    assert "make notebooks" in plain["notebooks/README.md"]
    assert "```python\nprint(1)\n```" in plain["notebooks/start.md"]
    assert "(more.md)" in plain["notebooks/start.md"]
    ran, outputs = (
        tmp_path / "ran",
        [{"text": ["one\n"]}, {"data": {"image/png": "iVBO"}}, {"data": {"text/html": "<b>2</b>"}}],
    )
    ran.mkdir()
    (ran / "start.ipynb").write_text(notebook([words, code | {"outputs": outputs}]))
    shown = notebook_pages(tmp_path, ran)
    assert "make notebooks" not in shown["notebooks/README.md"]
    for part in ("text\none\n", '<img alt="a curve" src="data:image/png;base64,iVBO">', "<b>2</b>"):
        assert part in shown["notebooks/start.md"]
    (ran / "start.ipynb").write_text(notebook([words, code | {"source": ["print(2)"], "outputs": outputs}]))
    assert "one" not in notebook_pages(tmp_path, ran)["notebooks/start.md"], "outputs of other code are not shown"


def test_the_gallery_prints_the_code_that_draws_its_pictures(site):
    figures = importlib.import_module("gallery").FIGURES
    page = (ROOT / "docs" / "reports" / "gallery.md").read_text(encoding="utf-8")
    assert re.findall(r"```python\n(.*?)\n```", page, re.DOTALL) == [code for code, _ in figures.values()], (
        "make gallery"
    )
    assert re.findall(r"\((\w+)\.png\)", page) == list(figures)
    used = {name for code, _ in figures.values() for name in re.findall(r"est\.(\w+)", code)}
    assert used <= set(est.__all__)


def test_the_page_of_checks_has_every_check_with_its_threshold():
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    source = (ROOT / "estimation" / "evaluation" / "diagnosis.py").read_text(encoding="utf-8")
    named = set(re.findall(r'\("([\w -]+)", [\w.(), ]+, f?"', source)) | {
        "Pareto k of proposals",
        "effective draws",
        "integral error",
    }
    assert {"R-hat", "bulk ESS", "E-BFMI", "missed peaks"} <= named
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert [name for name in named if not any(name.split()[0] in row for row in rows)] == []
    for name, threshold in {
        "R-hat": f"at most {checks.RHAT}",
        "ESS": f"at least {checks.ESS_PER_CHAIN} per chain",
        "Pareto k of proposals": f"below {checks.GOOD_K}",
        "effective draws": f"at least {checks.EFFECTIVE}",
        "E-BFMI": f"at least {diagnosis.BFMI}",
        "effective nodes": f"at least {diagnosis.EFFECTIVE_NODES}",
        "missed peaks": f"log(people / {diagnosis.FALSE_ALARM})",
        "integral error": f"at most {TOLERATED}",
    }.items():
        assert any(name in row and threshold in row for row in rows), name


def test_the_check_of_the_built_site_finds_what_is_broken(tmp_path):
    check_site = importlib.import_module("links").check_site
    (tmp_path / "there.html").write_text('<h1 id="top">There</h1>')
    (tmp_path / "page.html").write_text(
        '<a href="there.html#top">1</a><a href="there.html#bottom">2</a><a href="gone.html">3</a>'
        '<a href="https://example.org">4</a><script src="https://example.org/x.js"></script>'
    )
    broken, outside = check_site(tmp_path)
    assert broken == [
        "page.html fetches https://example.org/x.js",
        "page.html: there.html#bottom leads nowhere",
        "page.html: gone.html leads nowhere",
    ]
    assert outside == ["https://example.org"]


def test_the_atlas_says_what_the_pages_of_studies_say_of_every_real_experiment_on_talk():
    atlas = importlib.import_module("atlas")
    assert sorted(atlas.EXPERIMENTS) == sorted(atlas.talk())
    assert (ROOT / "docs" / "studies" / "atlas.md").read_text(encoding="utf-8") == atlas.page(), (
        "run docs/site/atlas.py"
    )
